//! The span of an operation that is awaited.

use super::{Exported, attributes, heads, run, spanner};
use gapi::gapi_runtime::MockTransport;
use gapi::spanner_v1::schemas::CreateInstanceRequest;
use opentelemetry_sdk::trace::SpanData;

const BEGUN: &str = r#"{"name": "projects/CANARY/instances/i/operations/CANARY"}"#;
const WAIT: &str = "Internal wait spanner.projects.instances.create";
const CREATE: &str = "Internal spanner.projects.instances.create";
const POLL: &str = "Internal spanner.projects.instances.operations.get";
const CREATE_ATTEMPT: &str = "Client POST /v1/{parent}/instances";
const POLL_ATTEMPT: &str = "Client GET /v1/{name}";

/// Returns the spans of an operation with these responses.
fn wait(mock: &MockTransport) -> Vec<SpanData> {
    let exported = Exported::new();
    run(async {
        let instances = spanner(mock).await.projects().instances();
        let request = CreateInstanceRequest {
            instance_id: Some("CANARY".to_owned()),
            ..Default::default()
        };
        let create = instances.create("projects/CANARY", request);
        let _ = create.poller().until_done().await;
    });
    exported.spans()
}

/// Returns the attributes about the operation.
fn of_operation(span: &SpanData) -> Vec<String> {
    let attributes = attributes(span).into_iter();
    let known = |text: &String| {
        ["gcp.longrunning.", "gcp.rpc.", "error.type"]
            .iter()
            .any(|prefix| text.starts_with(prefix))
    };
    attributes.filter(known).collect()
}

#[test]
fn an_operation_is_the_parent_of_its_calls() {
    let done = r#"{"name": "projects/CANARY/instances/i/operations/CANARY", "done": true,
        "response": {"name": "CANARY"}}"#;
    let mock = MockTransport::new()
        .respond(200, BEGUN)
        .respond(200, BEGUN)
        .respond(200, done);
    let spans = wait(&mock);
    assert_eq!(
        heads(&spans),
        [
            CREATE_ATTEMPT,
            CREATE,
            POLL_ATTEMPT,
            POLL,
            POLL_ATTEMPT,
            POLL,
            WAIT
        ]
    );
    let operation = &spans[6];
    for call in [&spans[1], &spans[3], &spans[5]] {
        assert_eq!(call.parent_span_id, operation.span_context.span_id());
    }
    assert_eq!(
        of_operation(operation),
        [
            "gcp.longrunning.done=true",
            "gcp.longrunning.poll_attempt_count=2",
            "gcp.longrunning.status_code=0",
            "gcp.rpc.method=spanner.projects.instances.create",
        ]
    );
}

#[test]
fn a_failed_operation_has_its_code() {
    let failed = r#"{"name": "projects/CANARY/instances/i/operations/CANARY", "done": true,
        "error": {"code": 9, "message": "CANARY"}}"#;
    let mock = MockTransport::new()
        .respond(200, BEGUN)
        .respond(200, failed);
    let spans = wait(&mock);
    assert_eq!(heads(&spans)[4], format!("{WAIT} failed"));
    assert_eq!(
        of_operation(&spans[4]),
        [
            "error.type=FAILED_PRECONDITION",
            "gcp.longrunning.done=true",
            "gcp.longrunning.poll_attempt_count=1",
            "gcp.longrunning.status_code=9",
            "gcp.rpc.method=spanner.projects.instances.create",
        ]
    );
}

#[test]
fn a_wait_that_fails_is_not_done() {
    let mock = MockTransport::new()
        .respond(200, BEGUN)
        .respond(403, "CANARY");
    let spans = wait(&mock);
    let operation = spans.last().unwrap();
    assert_eq!(
        of_operation(operation),
        [
            "error.type=PERMISSION_DENIED",
            "gcp.longrunning.done=false",
            "gcp.longrunning.poll_attempt_count=1",
            "gcp.rpc.method=spanner.projects.instances.create",
        ]
    );
}

#[test]
fn a_dropped_wait_is_canceled() {
    use std::future::poll_fn;
    use std::task::Poll;

    let exported = Exported::new();
    run(async {
        let mock = MockTransport::new().respond(200, BEGUN);
        let operations = spanner(&mock).await.projects().instances().operations();
        let get = operations.get("projects/CANARY/instances/i/operations/CANARY");
        let mut wait = Box::pin(get.poller().until_done());
        poll_fn(|context| {
            assert!(wait.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
    });
    let spans = exported.spans();
    let operation = spans.last().unwrap();
    assert!(of_operation(operation).contains(&"error.type=CLIENT_CANCELLED".to_owned()));
}

#[test]
fn the_updates_of_an_operation_have_one_span() {
    use futures_util::StreamExt as _;

    let exported = Exported::new();
    run(async {
        let done = r#"{"name": "CANARY", "done": true, "response": {}}"#;
        let mock = MockTransport::new().respond(200, BEGUN).respond(200, done);
        let operations = spanner(&mock).await.projects().instances().operations();
        let get = operations.get("projects/CANARY/instances/i/operations/CANARY");
        let updates = get.poller().updates().collect::<Vec<_>>().await;
        assert_eq!(updates.len(), 2);
    });
    let spans = exported.spans();
    let waits = heads(&spans);
    let waits = waits
        .iter()
        .filter(|name| name.starts_with("Internal wait"));
    assert_eq!(waits.count(), 1);
}
