//! Subject tokens from files and URLs.

use super::super::testing::{form, header, issued, of_url, token, with};
use super::account;
use crate::transport::MockTransport;
use serde_json::{Value, json};
use std::path::PathBuf;

/// A file that is deleted at the end of a test.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, text: &str) -> Self {
        let name = format!("gapi-external-{}-{name}", std::process::id());
        let this = Self(std::env::temp_dir().join(name));
        this.write(text);
        this
    }

    fn write(&self, text: &str) {
        std::fs::write(&self.0, text).unwrap();
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

async fn subject_token(source: Value, mock: MockTransport) -> Result<String, String> {
    let mock = mock.respond(200, issued("google"));
    let file = with(of_url(), json!({"credential_source": source}));
    token(&account(&file), &mock).await?;
    let exchange = mock.requests().pop().unwrap();
    let form = form(&exchange).into_iter();
    let mut tokens = form.filter(|(name, _)| name == "subject_token");
    Ok(tokens.next().unwrap().1)
}

#[tokio::test]
async fn a_file_is_read_for_each_token() {
    let file = Temporary::new("token", "one");
    let source = json!({"file": file.0});
    let read = || subject_token(source.clone(), MockTransport::new());
    assert_eq!(read().await.unwrap(), "one");
    file.write("two\n");
    assert_eq!(read().await.unwrap(), "two");
    for (text, expected) in [("", "is empty"), (" \n", "is empty")] {
        file.write(text);
        let error = read().await.unwrap_err();
        assert!(error.contains(expected), "{error}");
        assert!(
            error.contains("`credential_source.file` of the external account"),
            "{error}"
        );
    }
    drop(file);
    let error = read().await.unwrap_err();
    assert!(
        error.contains("cannot be read") && error.contains("help: check the path"),
        "{error}"
    );
}

#[tokio::test]
async fn a_file_can_be_json() {
    let file = Temporary::new("token.json", r#"{"a": "one", "b": 2}"#);
    let source = |name: &str| json!({"file": file.0, "format": {"type": "json", "subject_token_field_name": name}});
    let read = |name| subject_token(source(name), MockTransport::new());
    assert_eq!(read("a").await.unwrap(), "one");
    for name in ["b", "c"] {
        let error = read(name).await.unwrap_err();
        assert!(error.contains("has no text in the member"), "{error}");
    }
    file.write("SECRET");
    let error = read("a").await.unwrap_err();
    assert!(
        error.contains("is not JSON") && !error.contains("SECRET"),
        "{error}"
    );
}

#[tokio::test]
async fn a_url_gets_the_headers_of_the_file() {
    let source = json!({
        "url": "http://169.254.169.254/metadata/identity/oauth2/token?resource=a%2Fb",
        "headers": {"Metadata": "True"},
        "format": {"type": "json", "subject_token_field_name": "access_token"},
    });
    let mock = MockTransport::new().respond(200, r#"{"access_token": "azure"}"#);
    assert_eq!(
        subject_token(source.clone(), mock.clone()).await.unwrap(),
        "azure"
    );
    let request = &mock.requests()[0];
    assert_eq!(header(request, "metadata"), "True");
    assert_eq!(
        request.uri(),
        "http://169.254.169.254/metadata/identity/oauth2/token?resource=a%2Fb"
    );

    for (status, body, expected) in [
        (404, "", "169.254.169.254:80 returned an error"),
        (200, "", "`credential_source.url` of the external account"),
        (200, "{}", "has no text in the member"),
    ] {
        let mock = MockTransport::new().respond(status, body);
        let error = subject_token(source.clone(), mock).await.unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

/// Headers of the file can be credentials of the identity provider.
#[tokio::test]
async fn headers_of_a_url_are_secret() {
    let source = json!({
        "url": "https://provider.example/token",
        "headers": {"Authorization": "Bearer SECRET-SECRET"},
    });
    let response = json!({"error": "no", "error_description": "SECRET-SECRET is not valid"});
    let mock = MockTransport::new().respond(401, response.to_string());
    let error = subject_token(source.clone(), mock).await.unwrap_err();
    assert!(
        error.contains("provider.example") && !error.contains("SECRET"),
        "{error}"
    );
    let file = with(of_url(), json!({"credential_source": source}));
    assert!(!format!("{:?}", account(&file)).contains("SECRET"));
}
