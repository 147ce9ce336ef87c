//! Values that would change the meaning of a path: rejected before anything is sent.

use super::client::authenticated;
use super::server::Server;
use futures_util::{StreamExt, TryStreamExt};
use gapi::gapi_runtime::{Error, ErrorKind};
use gapi::healthcare_v1::CloudHealthcare;
use gapi::healthcare_v1::schemas::EvaluateUserConsentsRequest;
use gapi::servicemanagement_v1::ServiceManagement;
use gapi::spanner_v1::Spanner;

/// Resource names and their error messages.
const NAMES: [(&str, &str); 29] = [
    ("", "is empty"),
    ("..", "path segment"),
    (".", "path segment"),
    ("projects/p/instances/i/operations/..", "path segment"),
    ("projects/p/instances/i/operations/.", "path segment"),
    ("projects/../instances/i/operations/o", "path segment"),
    ("projects/p/instances/i/operations/%2e%2e", "path segment"),
    ("projects/p/instances/i/operations/%2E%2E", "path segment"),
    ("projects/p/instances/i/operations/.%2e", "path segment"),
    ("projects/p/instances/i/operations/%2e", "path segment"),
    (
        "projects/p/instances/i/operations/..%2F..%2Fx",
        "path segment",
    ),
    ("projects/p/instances/i/operations/x%2f..", "path segment"),
    ("projects/p/instances/i/operations/..;x", "path segment"),
    (
        "projects/p/instances/i/operations/a%2Fb",
        "an encoded slash (`%2F`)",
    ),
    ("projects/p/instances/i/operations/%C0%AF", "not UTF-8"),
    (
        "projects/p/instances/i/operations/a%0D%0A",
        "percent-encoded control character",
    ),
    ("projects//instances/i/operations/o", "empty path segment"),
    ("/projects/p/instances/i/operations/o", "empty path segment"),
    ("projects/p/instances/i/operations/", "empty path segment"),
    (
        "//evil.example/p/instances/i/operations/o",
        "empty path segment",
    ),
    ("https://evil.example/projects/p", "empty path segment"),
    (
        "projects/p/instances/i/operations/..?alt=media",
        "path segment",
    ),
    ("projects/p/instances/i/operations/.#x", "path segment"),
    ("projects/p/instances/i/operations/..\r\n", "path segment"),
    ("projects/p/instances/i/operations/.\t.", "path segment"),
    ("projects/p/instances/i/operations/\0..", "path segment"),
    (
        "projects/p/instances/i/operations/o/x",
        "does not match ^projects/",
    ),
    ("projects/p/instances/i", "does not match ^projects/"),
    (
        "Projects/p/instances/i/operations/o",
        "does not match ^projects/",
    ),
];

fn check(error: &Error, id: &str, parameter: &str, reason: &str, value: &str) {
    assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{value:?}");
    assert_eq!(error.method_id(), Some(id));
    assert_eq!(
        (error.http_status(), error.status(), error.body()),
        (None, None, None)
    );
    let text = error.to_string();
    assert!(
        text.starts_with(&format!("{id}: {parameter} ")),
        "{value:?}: {text}"
    );
    assert!(text.contains(reason), "{value:?}: {text}");
    // A name can be confidential, and a line break in it could forge a log line.
    assert!(
        value.len() < 3 || !format!("{text} {error:?}").contains(value),
        "{text}"
    );
}

#[tokio::test]
async fn dangerous_names_reach_no_socket() {
    let server = Server::start([]).await;
    let spanner: Spanner = authenticated(&server).await;
    let operations = spanner.projects().instances().operations();
    let id = "spanner.projects.instances.operations";
    for (name, reason) in NAMES {
        let error = operations.get(name).send().await.unwrap_err();
        check(&error, &format!("{id}.get"), "name", reason, name);
        let error = operations.delete(name).send().await.unwrap_err();
        check(&error, &format!("{id}.delete"), "name", reason, name);
        let error = operations
            .cancel(name)
            .send_with_headers()
            .await
            .unwrap_err();
        check(&error, &format!("{id}.cancel"), "name", reason, name);
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn an_open_pattern_does_not_let_them_through() {
    // `^operations/.*$` allows everything that a path can contain.
    let server = Server::start([]).await;
    let operations = authenticated::<ServiceManagement>(&server)
        .await
        .operations();
    for (name, reason) in [
        ("operations/../services", "path segment"),
        ("operations/a/%2e%2E/b", "path segment"),
        ("operations/a%2F..%2Fb", "path segment"),
        ("operations/a/..?b", "path segment"),
        ("operations/..#b/a", "path segment"),
        ("operations/..\r\n/b", "path segment"),
        ("operations//a", "empty path segment"),
        ("services/a", "does not match ^operations/.*$"),
    ] {
        let error = operations.get(name).send().await.unwrap_err();
        check(
            &error,
            "servicemanagement.operations.get",
            "name",
            reason,
            name,
        );
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_single_segment_rejects_text_that_encoding_cannot_protect() {
    let server = Server::start([]).await;
    let services = authenticated::<ServiceManagement>(&server).await.services();
    for (name, reason) in [
        ("", "is empty"),
        (".", "path segment"),
        ("..", "path segment"),
        ("..\r\n", "path segment"),
        ("\u{7f}.", "path segment"),
    ] {
        let error = services.get(name).send().await.unwrap_err();
        check(
            &error,
            "servicemanagement.services.get",
            "serviceName",
            reason,
            name,
        );
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn streams_reject_the_same_as_calls() {
    let server = Server::start([]).await;
    let operations = authenticated::<Spanner>(&server)
        .await
        .projects()
        .instances()
        .operations();
    let id = "spanner.projects.instances.operations.list";
    let name = "projects/p/instances/../operations";
    let error = operations.list(name).items().try_next().await.unwrap_err();
    check(&error, id, "name", "path segment", name);
    let results: Vec<_> = operations.list(name).pages().collect().await;
    assert_eq!(results.len(), 1);
    check(
        results[0].as_ref().unwrap_err(),
        id,
        "name",
        "path segment",
        name,
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_parameter_is_named_as_the_document_names_it() {
    let server = Server::start([]).await;
    let stores = authenticated::<CloudHealthcare>(&server)
        .await
        .projects()
        .locations()
        .datasets()
        .consent_stores();
    let call = stores.evaluate_user_consents("projects/p", EvaluateUserConsentsRequest::default());
    let error = call.send().await.unwrap_err();
    let id = "healthcare.projects.locations.datasets.consentStores.evaluateUserConsents";
    check(&error, id, "consentStore", "does not match", "projects/p");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_content_type_cannot_smuggle_a_header() {
    use gapi::gapi_runtime::RawBody;
    let server = Server::start([]).await;
    let fhir = authenticated::<CloudHealthcare>(&server)
        .await
        .projects()
        .locations()
        .datasets()
        .fhir_stores()
        .fhir();
    let name = "projects/p/locations/l/datasets/d/fhirStores/f/fhir/Patient/1";
    let error = fhir
        .update(name, RawBody::new("a/b\r\nx: y", "{}"))
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("content type"), "{error}");
    assert_eq!(server.connections(), 0);
}
