//! Responses: sequences, functions, pages, streams, delays, headers.

use super::wrapped::data_wrapper_v1 as wrapper;
use futures_util::TryStreamExt;
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::projects::instances::databases::sessions;
use gapi::spanner_v1::projects::instances::{self, operations};
use gapi::spanner_v1::schemas::{Instance, Operation, PartialResultSet};
use gapi_runtime::mock::{Fault, Mock};
use gapi_runtime::{Code, ErrorKind, RetryPolicy, Status, details};
use std::time::Duration;
use tokio::time::Instant;

const NAME: &str = "projects/p/instances/i/operations/o";
const SESSION: &str = "projects/p/instances/i/databases/d/sessions/s";

fn named(name: &str) -> Operation {
    Operation {
        name: Some(name.to_owned()),
        ..Operation::default()
    }
}

fn instance(name: &str) -> Instance {
    Instance {
        name: Some(name.to_owned()),
        ..Instance::default()
    }
}

#[tokio::test(start_paused = true)]
async fn a_sequence_goes_in_order_and_retries_count() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    let operations = spanner.projects().instances().operations();
    mock.on::<operations::Get>()
        .respond_status(503)
        .times(2)
        .respond_error(
            Status::new(Code::ResourceExhausted, "slow down")
                .with_detail(details::RetryInfo::new().retry_delay(Duration::from_secs(7))),
        )
        .respond(named("a"))
        .respond_with(|call| {
            let name = call.path("name").unwrap_or_default();
            Ok::<_, Status>(named(&format!("{name} of a function")))
        })
        .respond_with(|_| Err(Status::new(Code::NotFound, "gone")));
    let start = Instant::now();
    let operation = operations.get(NAME).send().await.unwrap();
    assert_eq!(operation.name.as_deref(), Some("a"));
    assert!(
        start.elapsed() >= Duration::from_secs(7),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(mock.calls::<operations::Get>().len(), 4);
    let operation = operations.get(NAME).send().await.unwrap();
    assert_eq!(operation.name, Some(format!("{NAME} of a function")));
    assert!(
        operations
            .get(NAME)
            .send()
            .await
            .unwrap_err()
            .is_not_found()
    );
    mock.verify().unwrap();
}

#[tokio::test]
async fn an_error_has_its_details() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    let violation = details::FieldViolation::new()
        .field("instance.nodeCount")
        .description("too many");
    mock.on::<operations::Get>().respond_error(
        Status::new(Code::InvalidArgument, "a wrong value")
            .with_detail(details::BadRequest::new().field_violations([violation]))
            .with_detail(
                details::ErrorInfo::new()
                    .reason("TOO_MANY")
                    .domain("spanner.googleapis.com")
                    .metadata([("limit", "7")]),
            )
            .with_detail(
                details::QuotaFailure::new().violations([details::QuotaViolation::new()
                    .quota_value(7_i64)
                    .quota_id("nodes")]),
            )
            .with_detail(serde_json::json!({"reason": "invalid", "domain": "global"})),
    );
    let operations = spanner.projects().instances().operations();
    let error = operations.get(NAME).send().await.unwrap_err();
    assert_eq!(error.http_status().map(|status| status.as_u16()), Some(400));
    assert_eq!(error.code(), Some(Code::InvalidArgument));
    let status = error.status().unwrap();
    assert_eq!(status.message, "a wrong value");
    let request = status.bad_request().unwrap();
    assert_eq!(request.field_violations[0].field, "instance.nodeCount");
    let info = status.error_info().unwrap();
    assert_eq!(
        (info.reason.as_str(), info.metadata["limit"].as_str()),
        ("TOO_MANY", "7")
    );
    assert_eq!(
        status.quota_failure().unwrap().violations[0].quota_value,
        Some(7)
    );
    assert_eq!(status.details.last().unwrap()["reason"], "invalid");
}

#[tokio::test(start_paused = true)]
async fn pages_are_made_of_items() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    let instances = spanner.projects().instances();
    let names = ["a", "b", "c", "d", "e"];
    mock.on::<instances::List>()
        .respond_items(2, names.map(instance));
    let found: Vec<Instance> = instances
        .list("projects/p")
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(found, names.map(instance));
    let tokens = mock.calls::<instances::List>();
    let tokens: Vec<_> = tokens.iter().map(|call| call.query("pageToken")).collect();
    assert_eq!(tokens, [None, Some("page-2"), Some("page-3")]);

    // An error before the second page, which the client retries, and one that it does not.
    let unavailable = || Err(Status::new(Code::Unavailable, "busy"));
    mock.on::<instances::List>().respond_pages([
        Ok(vec![instance("a")]),
        unavailable(),
        Ok(vec![instance("b")]),
        Err(Status::new(Code::DataLoss, "broken")),
    ]);
    let mut items = instances.list("projects/p").items();
    assert_eq!(items.try_next().await.unwrap(), Some(instance("a")));
    assert_eq!(items.try_next().await.unwrap(), Some(instance("b")));
    assert_eq!(
        items.try_next().await.unwrap_err().code(),
        Some(Code::DataLoss)
    );
    mock.on::<instances::List>().respond_items(2, []);
    let found: Vec<Instance> = instances
        .list("projects/p")
        .items()
        .try_collect()
        .await
        .unwrap();
    assert!(found.is_empty());
    mock.verify().unwrap();
}

#[tokio::test]
async fn pages_respond_by_their_tokens() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    let instances = spanner.projects().instances();
    mock.on::<instances::List>()
        .respond_items(1, ["a", "b"].map(instance))
        .any_times();
    for _ in 0..2 {
        let all: Vec<Instance> = instances
            .list("projects/p")
            .items()
            .try_collect()
            .await
            .unwrap();
        assert_eq!(all.len(), 2);
        let second = instances
            .list("projects/p")
            .page_token("page-2")
            .send()
            .await;
        assert_eq!(second.unwrap().instances, Some(vec![instance("b")]));
    }
    let error = instances
        .list("projects/p")
        .page_token("x")
        .send()
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains(r#"the page token is "x", expected "page-2""#),
        "{text}"
    );
    mock.verify().unwrap_err();
}

fn set(token: &str) -> PartialResultSet {
    PartialResultSet {
        resume_token: Some(token.into()),
        ..PartialResultSet::default()
    }
}

#[tokio::test]
async fn streams_end_with_their_last_message_or_a_failure() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    let sessions = spanner.projects().instances().databases().sessions();
    let query = || sessions.execute_streaming_sql(SESSION, None);
    mock.on::<sessions::ExecuteStreamingSql>()
        .respond_stream([set("YQ=="), set("Yg==")])
        .times(2)
        .respond_stream::<PartialResultSet>([])
        .respond_stream([
            Ok(set("YQ==")),
            Err(Status::new(Code::Aborted, "a conflict")),
        ])
        .respond_stream([Ok(set("YQ==")), Err(Fault::Disconnect)]);
    let found: Vec<_> = query().stream().try_collect().await.unwrap();
    assert_eq!(found, [set("YQ=="), set("Yg==")]);
    assert_eq!(query().send().await.unwrap(), found);
    assert!(query().send().await.unwrap().is_empty());
    for (kind, code) in [
        (ErrorKind::Stream, Some(Code::Aborted)),
        (ErrorKind::Transport, None),
    ] {
        let mut messages = query().stream();
        assert_eq!(messages.try_next().await.unwrap(), Some(set("YQ==")));
        let error = messages.try_next().await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (kind, code));
    }
    mock.verify().unwrap();
}

#[tokio::test(start_paused = true)]
async fn delays_and_faults_meet_the_limits_of_a_call() {
    let mock = Mock::new();
    let builder = Spanner::builder().retry(RetryPolicy::never());
    let spanner = builder.transport(mock.transport()).build().await.unwrap();
    let operations = spanner.projects().instances().operations();
    let get = || operations.get(NAME).timeout(Duration::from_secs(10));
    mock.on::<operations::Get>()
        .respond(named("in time"))
        .delay(Duration::from_secs(9))
        .respond(named("late"))
        .delay(Duration::from_secs(11))
        .respond_fault(Fault::Refused)
        .respond_fault(Fault::Timeout)
        .respond_fault(Fault::Disconnect)
        .respond(named("cut off"))
        .disconnect_after(5)
        .respond(named("with a header"))
        .response_header("etag", "\"7\"");
    let start = Instant::now();
    assert!(get().send().await.is_ok());
    assert_eq!(start.elapsed(), Duration::from_secs(9));
    for kind in [
        ErrorKind::Timeout,
        ErrorKind::Connect,
        ErrorKind::Timeout,
        ErrorKind::Transport,
        ErrorKind::Transport,
    ] {
        assert_eq!(get().send().await.unwrap_err().kind(), kind);
    }
    assert_eq!(start.elapsed(), Duration::from_secs(19));
    let response = get().send_with_headers().await.unwrap();
    assert_eq!(response.headers()["etag"], "\"7\"");
    mock.verify().unwrap();
}

#[tokio::test]
async fn the_wrapper_of_some_apis_is_hidden() {
    use wrapper::schemas::{Request, Response};
    let mock = Mock::new();
    let api: wrapper::DataWrapper = mock.client().await.unwrap();
    let request = Request {
        q: Some("a".to_owned()),
        ..Request::default()
    };
    let response = Response {
        translated_text: Some("b".to_owned()),
        ..Response::default()
    };
    mock.on::<wrapper::things::Translate>()
        .body(&request)
        .respond(response.clone());
    let found = api
        .things()
        .translate(request.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(found, response);
    let calls = mock.calls::<wrapper::things::Translate>();
    assert_eq!(calls[0].body::<Request>().unwrap(), request);
    assert_eq!(calls[0], api.things().translate(request));
    mock.verify().unwrap();
}
