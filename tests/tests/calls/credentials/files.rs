//! Credentials as text or as the path of a file.

use super::found::{TOKEN, service_account, user, write};
use super::server::{Server, json};
use crate::credentials::{SECRET, call, identity, recorded};
use gapi::gapi_runtime::google_cloud_auth::credentials::service_account;
use gapi::gapi_runtime::{ClientBuilder, ErrorKind, install_tls_provider};
use gapi::spanner_v1::{Spanner, scopes};
use std::fs;

async fn authorization(builder: ClientBuilder<Spanner>) -> String {
    let (spanner, mock) = recorded(builder).await.unwrap();
    call(&spanner).await.unwrap();
    identity(&mock.requests()[0])[0].1.clone()
}

/// Returns the fix of an error in the table of the documentation.
fn advice(error: &str) -> String {
    let page = include_str!("../../../../docs/authentication.md");
    let row = page
        .lines()
        .find(|line| line.starts_with(&format!("| {error}")));
    let cells: Vec<&str> = row.expect("a row").split(" | ").collect();
    format!("help: {}", cells[1].trim_end_matches(" |"))
}

async fn rejection(builder: ClientBuilder<Spanner>) -> String {
    assert!(!format!("{builder:?}").contains(SECRET));
    let error = recorded(builder).await.map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(!format!("{error} {error:?}").contains(SECRET));
    error.to_string()
}

#[tokio::test]
async fn a_service_account_key_as_text_and_as_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = service_account(directory.path(), None);
    let key = fs::read_to_string(&file).unwrap();
    for builder in [
        Spanner::builder().service_account_key(&key),
        Spanner::builder().service_account_key(format!("\u{feff}{key}")),
        Spanner::builder().credentials_file(&file),
        Spanner::builder()
            .credentials_file(&file)
            .scopes([scopes::SPANNER_DATA]),
        // The last setting wins.
        Spanner::builder()
            .bearer_token("SECRET")
            .credentials_file(&file),
    ] {
        let authorization = authorization(builder).await;
        assert!(authorization.starts_with("Bearer ey"), "{authorization}");
    }
    let builder = Spanner::builder().service_account_key(key);
    assert_eq!(
        authorization(builder.bearer_token("SECRET")).await,
        "Bearer SECRET"
    );
}

#[tokio::test]
async fn an_authorized_user_as_text_and_as_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start([(); 3].map(|()| json(TOKEN))).await;
    let file = user(directory.path(), &server.url());
    let text = fs::read_to_string(&file).unwrap();
    for builder in [
        Spanner::builder().authorized_user(text.clone()),
        Spanner::builder().credentials_file(&file),
        Spanner::builder()
            .authorized_user(text)
            .scopes([scopes::SPANNER_DATA]),
    ] {
        assert_eq!(authorization(builder).await, "Bearer SECRET-access");
    }
    let requests = server.requests();
    let scope_of = |at: usize| requests[at].form().remove("scope");
    assert_eq!(scope_of(0), None);
    assert_eq!(scope_of(2).as_deref(), Some(scopes::SPANNER_DATA));
}

#[tokio::test]
async fn text_that_is_no_such_credentials() {
    let key = |text: &str| Spanner::builder().service_account_key(text);
    let user = |text: &str| Spanner::builder().authorized_user(text);
    for (builder, expected) in [
        (
            key("key.json"),
            "the service account key is not JSON: expected value",
        ),
        (
            key(""),
            "the service account key is not JSON: EOF while parsing",
        ),
        (
            key(r#""SECRET""#),
            "the service account key has no member `type`",
        ),
        (
            key(r#"{"type": 1, "private_key": "SECRET"}"#),
            "has a `type` that is not supported",
        ),
        (
            key(r#"{"type": "authorized_user"}"#),
            "has the `type` `authorized_user`, not `service_account`; help: pass the file to `credentials_file`",
        ),
        (
            key(r#"{"type": "service_account", "private_key": "SECRET"}"#),
            "the service account key cannot be used: missing field `client_email`",
        ),
        (
            user(r#"{"type": "service_account", "private_key": "SECRET"}"#),
            "the authorized user has the `type` `service_account`, not `authorized_user`",
        ),
        (
            user(r#"{"installed": {"client_secret": "SECRET"}}"#),
            "the authorized user identifies an OAuth client, not an account",
        ),
        (
            user(r#"{"web": {"client_secret": "SECRET"}}"#),
            advice("the file identifies an OAuth client").as_str(),
        ),
        (
            user(r#"{"type": "authorized_user", "client_id": {"SECRET": 1}}"#),
            "the authorized user cannot be used",
        ),
    ] {
        let text = rejection(builder).await;
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_used() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("nowhere.json");
    let text = rejection(Spanner::builder().credentials_file(&path)).await;
    let expected = format!(
        "the credentials file {} cannot be read: No such file",
        path.display()
    );
    assert!(text.contains(&expected), "{text}");
    let help = "; help: put the file there, or name another path";
    assert!(text.ends_with(help), "{text}");
    let path = write(directory.path(), r#"{"type": "gdch_service_account"}"#);
    let text = rejection(Spanner::builder().credentials_file(path)).await;
    assert!(
        text.ends_with(
            "supported are `service_account`, `authorized_user`, `impersonated_service_account`, `external_account`, \
             `external_account_authorized_user`"
        ),
        "{text}"
    );
}

#[tokio::test]
async fn a_closure_makes_credentials_when_the_client_is_built() {
    let made = || Ok::<_, String>(super::providers::Own::default());
    let builder = Spanner::builder().credentials_with(made);
    assert_eq!(authorization(builder).await, "Own SECRET-1");
    let failing = || Err::<super::providers::Own, _>("the vault is sealed");
    let text = rejection(Spanner::builder().credentials_with(failing)).await;
    assert_eq!(text, "no credentials: the vault is sealed");
}

#[tokio::test]
async fn a_closure_whose_error_quotes_a_key() {
    install_tls_provider();
    let make = || {
        let text = r#"{"private_key": "SECRET"}"#;
        service_account::Builder::new(text.into()).build()
    };
    let text = rejection(Spanner::builder().credentials_with(make)).await;
    assert_eq!(
        text,
        "no credentials: the configuration of the credentials cannot be used"
    );
}

#[tokio::test]
async fn a_file_that_is_too_large() {
    let directory = tempfile::tempdir().unwrap();
    let path = write(directory.path(), &" ".repeat((1 << 20) + 1));
    let text = rejection(Spanner::builder().credentials_file(path)).await;
    assert!(text.ends_with("it is larger than 1048576 bytes"), "{text}");
}

#[tokio::test]
async fn a_universe_with_a_malformed_name() {
    let directory = tempfile::tempdir().unwrap();
    let file = service_account(directory.path(), Some("\r\nSECRET"));
    let builder = Spanner::builder().credentials_file(file);
    let (spanner, mock) = recorded(builder).await.unwrap();
    let text = call(&spanner).await.unwrap_err().to_string();
    assert!(
        text.contains("of the universe with a malformed name"),
        "{text}"
    );
    assert!(mock.requests().is_empty());
}

#[tokio::test]
async fn a_token_that_lasts_longer_than_time_itself() {
    let directory = tempfile::tempdir().unwrap();
    let overflow = r#"{"access_token": "SECRET-access", "expires_in": 18446744073709551615, "token_type": "Bearer"}"#;
    let server = Server::start([json(overflow)]).await;
    let file = user(directory.path(), &server.url());
    let authorization = authorization(Spanner::builder().credentials_file(file)).await;
    assert_eq!(authorization, "Bearer SECRET-access");
    assert_eq!(server.requests().len(), 1);
}
