//! The calls that an expectation matches, and the report on the others.

use crate::golden::request_ids::request_ids_v1::schemas::{self, StartRequest};
use crate::golden::request_ids::request_ids_v1::{RequestIds, things};
use gapi::spanner_v1::projects::instances::{self, operations};
use gapi::spanner_v1::schemas::{CreateInstanceRequest, Empty, Instance, Operation};
use gapi::spanner_v1::{Spanner, StandardParameters};
use gapi_runtime::mock::{Mock, MockError};
use gapi_runtime::{Call, ErrorKind};

const NAME: &str = "projects/p/instances/i/operations/o";

fn named(name: &str) -> Operation {
    Operation {
        name: Some(name.to_owned()),
        ..Operation::default()
    }
}

fn request(id: &str, nodes: i32) -> CreateInstanceRequest {
    CreateInstanceRequest {
        instance_id: Some(id.to_owned()),
        instance: Some(Instance {
            node_count: Some(nodes),
            ..Instance::default()
        }),
        ..CreateInstanceRequest::default()
    }
}

#[tokio::test]
async fn the_first_expectation_that_matches_responds() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    let operations = spanner.projects().instances().operations();
    mock.on::<operations::Get>()
        .path("name", NAME)
        .query("fields", "done")
        .respond(named("masked"));
    mock.on::<operations::Get>()
        .header("x-goog-request-reason", "ticket 7")
        .respond(named("with a reason"));
    mock.on::<operations::Get>()
        .matching(|call| call.path("name").is_some_and(|name| name.ends_with("/x")))
        .respond(named("by a function"));
    mock.on::<operations::Get>()
        .like(&operations.get(NAME))
        .respond(named("like"))
        .times(2);
    let names = [
        operations.get(NAME),
        operations.get(NAME).fields("done"),
        operations
            .get(NAME)
            .header("x-goog-request-reason", "ticket 7"),
        operations.get("projects/p/instances/i/operations/x"),
        operations.get(NAME),
    ];
    let mut found = Vec::new();
    for call in names {
        found.push(call.send().await.unwrap().name.unwrap());
    }
    assert_eq!(
        found,
        ["like", "masked", "with a reason", "by a function", "like"]
    );
    mock.verify().unwrap();
    let calls = mock.calls::<operations::Get>();
    assert_eq!(calls[0], operations.get(NAME));
    assert_ne!(calls[1], operations.get(NAME));
    assert_eq!(calls[1], operations.get(NAME).fields("done"));
    assert_eq!(calls[1].query("fields"), Some("done"));
    assert_eq!(calls[2].headers()["x-goog-request-reason"], "ticket 7");
    assert!(mock.calls::<operations::Cancel>().is_empty());
}

#[tokio::test]
async fn bodies_match_as_a_whole_or_in_part() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    let instances = spanner.projects().instances();
    mock.on::<instances::Create>()
        .body(&request("a", 1))
        .respond(named("whole"));
    mock.on::<instances::Create>()
        .partial_body(&CreateInstanceRequest {
            instance_id: Some("b".to_owned()),
            ..CreateInstanceRequest::default()
        })
        .respond(named("part"));
    for (id, expected) in [("b", "part"), ("a", "whole")] {
        let operation = instances.create("projects/p", request(id, 1)).send().await;
        assert_eq!(operation.unwrap().name.as_deref(), Some(expected));
    }
    let error = instances.create("projects/p", request("c", 1)).send().await;
    let text = error.unwrap_err().to_string();
    assert!(
        text.contains(r#"body.instanceId is "c", expected "a""#),
        "{text}"
    );
    assert!(
        text.contains(r#"body.instanceId is "c", expected "b""#),
        "{text}"
    );
    let calls = mock.calls::<instances::Create>();
    let body: CreateInstanceRequest = calls[0].body().unwrap();
    assert_eq!(body, request("b", 1));
    assert_eq!(calls[0].path("parent").as_deref(), Some("projects/p"));
    assert!(calls[0].body::<Vec<String>>().is_err());
    assert!(mock.verify().is_err());
}

#[tokio::test]
async fn a_call_without_a_body_is_like_calls_without_one() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    let instances = spanner.projects().instances();
    mock.on::<instances::Create>()
        .like(&instances.create("projects/p", None))
        .respond(named("none"))
        .any_times();
    let error = instances.create("projects/p", request("a", 1)).send().await;
    let text = error.unwrap_err().to_string();
    assert!(text.contains("expected none"), "{text}");
    instances.create("projects/p", None).send().await.unwrap();
    assert!(mock.verify().is_err());
}

#[tokio::test]
async fn request_ids_that_the_client_adds_make_no_difference() {
    let mock = Mock::new();
    let api: RequestIds = mock.client().await.unwrap();
    let things = api.things();
    let create = || things.create(None);
    let start = || things.start(StartRequest::default());
    let with_id = StartRequest {
        request_id: Some("7".to_owned()),
        ..StartRequest::default()
    };
    mock.on::<things::Create>()
        .like(&create())
        .respond(schemas::Thing::default());
    mock.on::<things::Start>()
        .like(&things.start(with_id.clone()))
        .respond(schemas::Operation::default());
    mock.on::<things::Start>()
        .body(&StartRequest::default())
        .respond(schemas::Operation::default());
    mock.on::<things::Start>()
        .like(&things.start(None))
        .respond(schemas::Operation::default());
    create().send().await.unwrap();
    start().send().await.unwrap();
    things.start(None).send().await.unwrap();
    things.start(with_id.clone()).send().await.unwrap();
    mock.verify().unwrap();
    assert_eq!(mock.calls::<things::Create>(), [create()]);
    let calls = mock.calls::<things::Start>();
    assert_eq!(calls[..2], [start(), start()]);
    assert_eq!(calls[2], things.start(with_id.clone()));
    // An id that is not expected may be one of the client.
    assert_eq!(calls[2], start());
    assert_ne!(calls[0], things.start(with_id));
}

/// Returns the report of a mock, without the places of expectations.
fn report(result: Result<(), MockError>) -> String {
    let text = result.unwrap_err().to_string();
    let file = "tests/tests/calls/mocks/matching.rs:";
    let mut words = text.split(file);
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, rest| {
        text + "FILE" + rest.trim_start_matches(|c: char| c.is_ascii_digit())
    })
}

#[tokio::test]
async fn unmatched_calls_and_unused_responses_name_the_method() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    let operations = spanner.projects().instances().operations();
    let error = operations.get(NAME).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(
        error.method_id(),
        Some("spanner.projects.instances.operations.get")
    );
    mock.on::<operations::Get>()
        .path("name", "projects/p/instances/i/operations/x")
        .query("fields", "done")
        .respond(named("a"));
    mock.on::<operations::Cancel>()
        .respond(Empty::default())
        .times(2);
    operations.cancel(NAME).send().await.unwrap();
    let error = operations.get(NAME).send().await.unwrap_err().to_string();
    assert!(
        error.starts_with(
            "spanner.projects.instances.operations.get: the request cannot be sent: no expectation of the mock matches \
             the call GET /v1/projects/p/instances/i/operations/o?alt=json; expectation at tests/tests/calls/mocks/"
        ),
        "{error}"
    );
    assert!(!error.contains('\n'));
    assert_eq!(
        report(mock.verify()),
        "spanner.projects.instances.operations.get: no expectation of the mock matches the call \
         GET /v1/projects/p/instances/i/operations/o?alt=json\n    \
         the mock has no expectations: add one with `mock.on`\n\
         spanner.projects.instances.operations.get: no expectation of the mock matches the call \
         GET /v1/projects/p/instances/i/operations/o?alt=json\n    \
         expectation at FILE: path parameter `name` is \"projects/p/instances/i/operations/o\", expected \
         \"projects/p/instances/i/operations/x\"; query parameter `fields` is missing, expected \"done\"\n\
         spanner.projects.instances.operations.get: unused expectation at FILE: 0 of 1 responses were used\n\
         spanner.projects.instances.operations.cancel: unused expectation at FILE: 1 of 2 responses was used"
    );
}

#[tokio::test]
async fn responses_that_were_used_up_are_told() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    let operations = spanner.projects().instances().operations();
    mock.on::<operations::Get>().respond(named("a"));
    operations.get(NAME).send().await.unwrap();
    let error = operations.get(NAME).send().await.unwrap_err().to_string();
    assert!(error.contains("its response was used"), "{error}");
    let error = operations
        .cancel(NAME)
        .send()
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("only of spanner.projects.instances.operations.get"),
        "{error}"
    );
    mock.verify().unwrap_err();
}

#[tokio::test]
async fn mistakes_of_expectations_are_told() {
    let mock = Mock::new();
    let _ = mock.on::<operations::Get>();
    mock.on::<operations::Get>()
        .path("id", "x")
        .respond(named("a"));
    mock.on::<operations::Get>().times(2).respond(named("a"));
    mock.on::<operations::Get>().respond_status(1000);
    let text = report(mock.verify());
    for expected in [
        "wrong expectation at FILE: it has no response",
        "wrong expectation at FILE: the method has no path parameter `id`, it has `name`",
        "wrong expectation at FILE: `times` has to follow a response",
        "wrong expectation at FILE: the status is not an HTTP status",
    ] {
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
#[should_panic(expected = "spanner.projects.instances.operations.get: unused expectation")]
fn a_mock_that_is_not_verified_panics() {
    let mock = Mock::new();
    mock.on::<operations::Get>().respond(named("a"));
}

#[test]
#[should_panic(expected = "the test's own failure")]
fn a_mock_does_not_hide_another_panic() {
    let mock = Mock::new();
    mock.on::<operations::Get>().respond(named("a"));
    panic!("the test's own failure");
}
