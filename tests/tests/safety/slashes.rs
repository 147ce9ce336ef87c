//! Encoded slashes: for APIs whose document requires them, and for clients that allow them.

use crate::golden::slashes::encoded_slashes_in_names_v1::EncodedSlashesInNames;
use gapi::spanner_v1::Spanner;
use gapi_runtime::{Bytes, MockTransport, http};

fn mock() -> MockTransport {
    MockTransport::with(|_| Ok(http::Response::new(Bytes::from_static(b"{}"))))
}

fn last(mock: &MockTransport) -> String {
    mock.requests().last().unwrap().uri().to_string()
}

#[tokio::test]
async fn a_document_asks_for_them() {
    let mock = mock();
    let builder = EncodedSlashesInNames::builder().transport(mock.clone());
    let things = builder.build().await.unwrap().things();
    for (name, sent) in [
        ("things/a%2Fb", "things/a%2Fb"),
        ("things/%2f%2fa", "things/%2f%2fa"),
    ] {
        // A parameter with this property decides for all names of the API.
        things.get(name).send().await.unwrap();
        let url = format!("https://example.googleapis.com/v1/{sent}?alt=json");
        assert_eq!(last(&mock), url);
        things.patch(name, None).send().await.unwrap();
        assert_eq!(last(&mock), url);
    }
    let sent = mock.requests().len();
    for name in [
        "things/a%2F..",
        "things/..%2Fa",
        "things/%2e%2e%5ca",
        "things/a%2Fb%0a",
        "things/a%2F..?",
        "things/a/b",
        "things/%C0%AF",
    ] {
        let error = things.get(name).send().await.unwrap_err();
        let start = "encoded_slashes_in_names.things.get: name ";
        assert!(error.to_string().starts_with(start), "{name}: {error}");
    }
    assert_eq!(mock.requests().len(), sent);
}

#[tokio::test]
async fn a_client_allows_them() {
    let mock = mock();
    let builder = Spanner::builder().transport(mock.clone());
    let operations = |spanner: Spanner| spanner.projects().instances().operations();
    let name = "projects/p/instances/i/operations/a%2Fb";
    let strict = operations(builder.build().await.unwrap());
    let error = strict.get(name).send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "spanner.projects.instances.operations.get: name contains an encoded slash (`%2F`), which a gateway may decode, so \
         that another resource would be acted on; if the API asks for it, build the client with `allow_encoded_slashes()`"
    );
    assert!(mock.requests().is_empty());

    let builder = Spanner::builder().transport(mock.clone());
    let builder = builder.allow_encoded_slashes();
    assert!(format!("{builder:?}").contains("takes_encoded_slashes: true"));
    let lenient = operations(builder.build().await.unwrap());
    lenient.get(name).send().await.unwrap();
    let url = format!("https://spanner.googleapis.com/v1/{name}?alt=json");
    assert_eq!(last(&mock), url);
    let error = lenient.get(format!("{name}%2F..")).send().await;
    assert!(error.unwrap_err().to_string().contains("path segment"));
}
