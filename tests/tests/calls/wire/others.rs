//! Clients of documents that are not Google's: the URLs of calls, uploads and batches, and repeated path variables.

use gapi::gapi_runtime::{ClientBuilder, ErrorKind, Media, MockTransport, Service};
use gapi_test_clients::guestbook_v1::Guestbook;
use gapi_test_clients::guestbook_v2;

async fn client<S: Service>(builder: ClientBuilder<S>) -> (S, MockTransport) {
    let empty = || {
        MockTransport::new()
            .respond(200, "{}")
            .respond(200, "{}")
            .respond(200, "{}")
    };
    let mock = empty();
    let client = builder.transport(mock.clone()).build().await.unwrap();
    (client, mock)
}

fn sent(mock: &MockTransport) -> Vec<String> {
    let requests = mock.requests();
    let lines = requests
        .iter()
        .map(|it| format!("{} {}", it.method(), it.uri()));
    lines.collect()
}

/// Sends a call, an upload and a batch.
macro_rules! sent_by {
    ($builder:expr) => {{
        let (client, mock) = client($builder).await;
        client.entries().get("a b").send().await.unwrap();
        let media = Media::new("text/plain", "hello");
        client
            .entries()
            .insert(None)
            .upload(media)
            .send()
            .await
            .unwrap();
        let mut batch = client.batch();
        let _ = batch.add(client.entries().get("c"));
        drop(batch.send().await);
        sent(&mock)
    }};
}

fn expected(root: &str, version: &str) -> [String; 3] {
    [
        format!("GET {root}guestbook/{version}/entries/a%20b?alt=json"),
        format!("POST {root}upload/guestbook/{version}/entries?alt=json&uploadType=media"),
        format!("POST {root}batch"),
    ]
}

#[tokio::test]
async fn case_g1_all_urls_are_below_the_root_of_the_document() {
    let root = "https://guestbook.appspot.com/_ah/api/";
    assert_eq!(sent_by!(Guestbook::builder()), expected(root, "v1"));
    let mutual = "https://guestbook.mtls.example.com:8443/_ah/api/";
    let builder = Guestbook::builder().mtls(true);
    assert_eq!(sent_by!(builder), expected(mutual, "v1"));
    let local = "http://localhost:8080/_ah/api/";
    let builder = guestbook_v2::Guestbook::builder();
    assert_eq!(sent_by!(builder), expected(local, "v2"));
}

#[tokio::test]
async fn case_g1_no_token_is_looked_for_without_tls() {
    // With Application Default Credentials, building or sending would fail on a machine without any.
    let client = guestbook_v2::Guestbook::builder().build().await.unwrap();
    let text = format!("{client:?}");
    assert!(text.contains("http://localhost:8080/_ah/api/"), "{text}");
}

#[tokio::test]
async fn case_g2_each_value_of_a_repeated_variable_is_a_segment() {
    let (client, mock) = client(Guestbook::builder()).await;
    let remove = |path: &[&str]| client.entries().remove("c/1", path.iter().copied());
    remove(&["corp", "a/b"]).send().await.unwrap();
    remove(&["é"]).send().await.unwrap();
    let root = "DELETE https://guestbook.appspot.com/_ah/api/guestbook/v1/customer/c%2F1/entries";
    let requests = [format!("{root}/corp/a%2Fb"), format!("{root}/%C3%A9")];
    assert_eq!(sent(&mock), requests);
    for path in [&[][..], &[""], &["a", ".."], &["."]] {
        let error = remove(path).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{path:?}");
    }
    assert_eq!(mock.requests().len(), 2);
}
