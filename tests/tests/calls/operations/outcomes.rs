//! All outcomes of an operation.

use crate::operations::{
    Server,
    named::operations_read_by_name_v1::{
        OperationsReadByName,
        schemas::{Empty, Operation, Thing},
    },
    seconds,
};
use gapi_runtime::{Code, ErrorKind, Poller};

const NAME: &str = "things/t/operations/o";
const RUNNING: &str = r#"{"name": "things/t/operations/o", "done": false}"#;
const DONE: &str = r#"{"name": "things/t/operations/o", "done": true, "response": {}}"#;

async fn begin(server: &Server) -> Poller<Operation> {
    let api: OperationsReadByName = server.client().await;
    api.things().create(Thing::default()).poller()
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_an_error_with_all_its_details() {
    let failed = r#"{"name": "things/t/operations/o", "done": true, "error": {"code": 7, "message": "Not yours.",
        "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "DENIED"}]}}"#;
    let server = Server::new([RUNNING, failed]);
    let error = begin(&server).await.until_done().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operation);
    assert_eq!(error.operation_name(), Some(NAME));
    assert_eq!(
        error.method_id(),
        Some("operations_read_by_name.things.operations.get")
    );
    let status = error.status().unwrap();
    assert_eq!(
        (status.code, status.status.as_deref()),
        (Some(7), Some("PERMISSION_DENIED"))
    );
    assert_eq!(status.reason(), Some("DENIED"));
    let shown = "operations_read_by_name.things.operations.get: the operation failed: PERMISSION_DENIED: Not yours. \
        (1 attempt in 0.0 s at example.googleapis.com:443)";
    assert_eq!(error.to_string(), shown);
    assert!(!format!("{error:?}").contains(NAME));
    assert!(error.body().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_no_known_form_is_one_all_the_same() {
    for failed in [
        r#"{"done": true, "error": {}}"#,
        r#"{"done": true, "error": "odd", "response": {}}"#,
        r#"{"done": true, "error": {"code": "x", "message": {"a": 1}}}"#,
    ] {
        let server = Server::new([failed]);
        let error = begin(&server).await.until_done().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Operation, "{failed}");
        assert!(error.status().is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn neither_a_response_nor_an_error_is_a_result_only_where_it_says_enough() {
    let neither = r#"{"name": "things/t/operations/o", "done": true}"#;
    let server = Server::new([neither]);
    let operation = begin(&server).await.until_done().await.unwrap();
    assert_eq!(operation.response, None);
    let poller = begin(&server).await.with_response::<Empty>();
    poller.until_done().await.unwrap();
    let poller = begin(&server).await.with_response::<Thing>();
    let error = poller.until_done().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.operation_name(), Some(NAME));
    assert_eq!(error.body().unwrap(), neither);
}

#[tokio::test(start_paused = true)]
async fn no_name_is_an_error_while_it_is_not_done() {
    for body in [
        "{}",
        r#"{"name": ""}"#,
        r#"{"name": null, "done": false}"#,
        r#"{"name": 7}"#,
    ] {
        let server = Server::new([body]);
        let error = begin(&server).await.until_done().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert_eq!(error.operation_name(), None);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_operation_is_an_error() {
    for body in ["[]", "null", "7", "<html>"] {
        let server = Server::new([body]);
        let error = begin(&server).await.until_done().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        let server = Server::new([RUNNING, body]);
        let error = begin(&server).await.until_done().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert_eq!(error.operation_name(), Some(NAME));
    }
}

/// Such an operation would be polled until the time limit.
#[tokio::test(start_paused = true)]
async fn case_r7_an_end_that_cannot_be_read_is_an_error() {
    for done in ["1", "0", r#""yes""#, r#""TRUE""#, "[]", "{}"] {
        let body: &str = format!(r#"{{"name": "{NAME}", "done": {done}}}"#).leak();
        for (server, name) in [
            (Server::new([body]), None),
            (Server::new([RUNNING, body]), Some(NAME)),
        ] {
            let error = begin(&server).await.until_done().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode, "{done}");
            let text = error.to_string();
            assert!(text.contains(": done: expected a boolean"), "{text}");
            assert_eq!(error.operation_name(), name, "{done}");
        }
    }
    let server = Server::new([
        r#"{"name": "things/t/operations/o", "done": "false"}"#,
        DONE,
    ]);
    begin(&server).await.until_done().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_begins_nothing() {
    let server = Server::new(["503"]);
    let error = begin(&server).await.until_done().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Http);
    assert_eq!(error.operation_name(), None);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_poll_may_fail_for_a_while() {
    let server = Server::new([RUNNING, "503", "lost", "429", RUNNING, "500", DONE]);
    begin(&server).await.until_done().await.unwrap();
    let seen = server.seen();
    let times: Vec<&str> = seen
        .iter()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(times, ["0", "1", "3", "7", "15", "31", "63"]);
}

#[tokio::test(start_paused = true)]
async fn a_server_is_left_alone_as_long_as_it_wants() {
    // The delay is at least that of the schedule, and limited.
    let responses = [RUNNING, "503 120", "503 1", "503", "503 99999999999", DONE];
    let server = Server::new(responses);
    begin(&server).await.until_done().await.unwrap();
    let seen = server.seen();
    let times: Vec<&str> = seen
        .iter()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(times, ["0", "1", "121", "125", "133", "3733"]);
}

#[tokio::test(start_paused = true)]
async fn polls_that_go_on_failing_are_the_error() {
    let server = Server::new([RUNNING, "503"]);
    let error = begin(&server).await.until_done().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Http);
    assert_eq!(error.operation_name(), Some(NAME));
    assert_eq!(server.seen().len(), 1 + 11);
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_fails_for_good_is_the_error() {
    for status in ["404", "403", "501"] {
        let server = Server::new([RUNNING, status]);
        let error = begin(&server).await.until_done().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Http);
        assert_eq!(error.operation_name(), Some(NAME));
        assert_eq!(server.seen().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn the_time_limit_holds_while_it_is_in_progress() {
    let server = Server::new([RUNNING]);
    let start = tokio::time::Instant::now();
    let poller = begin(&server).await.timeout(seconds(10));
    let error = poller.until_done().await.unwrap_err();
    assert_eq!(start.elapsed(), seconds(10));
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.operation_name(), Some(NAME));
    assert_eq!(server.seen().len(), 4);

    // Polling continues from there.
    let server = Server::new([RUNNING, DONE]);
    let api: OperationsReadByName = server.client().await;
    let name = error.operation_name().unwrap();
    api.things()
        .operations()
        .get(name)
        .poller()
        .until_done()
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_time_limit_does_not_cut_off_the_call_that_begins_it() {
    let server = Server::new([RUNNING]);
    let poller = begin(&server).await.timeout(seconds(0));
    let error = poller.until_done().await.unwrap_err();
    assert_eq!(error.operation_name(), Some(NAME));
    assert_eq!(server.seen(), ["0 POST v1/things"]);
}

#[tokio::test(start_paused = true)]
async fn a_time_limit_that_is_not_reached_changes_nothing() {
    let server = Server::new([RUNNING, RUNNING, DONE]);
    let poller = begin(&server).await.timeout(seconds(3600));
    poller.until_done().await.unwrap();
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_is_dropped_is_neither_polled_nor_cancelled() {
    let server = Server::new([RUNNING]);
    let waiting = begin(&server).await.until_done();
    let cut = tokio::time::timeout(seconds(2), waiting).await;
    assert!(cut.is_err());
    tokio::time::sleep(seconds(600)).await;
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn case_r13_the_code_is_that_of_the_operation() {
    for (error, code) in [
        (r#"{"code": 10}"#, Some(Code::Aborted)),
        (r#"{"code": 10, "status": "ABORTED"}"#, Some(Code::Aborted)),
        (r#"{"code": 5}"#, Some(Code::NotFound)),
        (r#"{"code": 6}"#, Some(Code::AlreadyExists)),
        (r#"{"code": 1}"#, Some(Code::Cancelled)),
        (r#"{"code": "10"}"#, Some(Code::Aborted)),
        (
            r#"{"code": "FAILED_PRECONDITION"}"#,
            Some(Code::FailedPrecondition),
        ),
        (r#"{"code": 99}"#, Some(Code::Unrecognized)),
        (r#"{"message": "m"}"#, None),
    ] {
        let failed = format!(r#"{{"name": "{NAME}", "done": true, "error": {error}}}"#);
        let server = Server::new([RUNNING, Box::leak(failed.into_boxed_str())]);
        let error = begin(&server).await.until_done().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.code()),
            (ErrorKind::Operation, code),
            "{error}"
        );
        assert_eq!(error.is_aborted(), code == Some(Code::Aborted));
        assert_eq!(error.is_not_found(), code == Some(Code::NotFound));
        assert_eq!(error.is_already_exists(), code == Some(Code::AlreadyExists));
        // The call that has read the operation succeeded.
        assert_eq!(error.http_status().unwrap(), 200);
        assert_eq!(
            (error.attempts(), error.host()),
            (1, Some("example.googleapis.com:443"))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn case_r13_an_empty_error_beside_a_response_is_a_success() {
    for done in [
        r#"{"name": "things/t/operations/o", "done": true, "error": {}, "response": {}}"#,
        r#"{"done": true, "error": {"code": 0, "message": "", "details": []}, "response": {}}"#,
        r#"{"done": true, "error": {"code": null}, "response": {}}"#,
        r#"{"done": true, "error": null, "response": {}}"#,
    ] {
        let server = Server::new([RUNNING, done]);
        begin(&server).await.until_done().await.unwrap();
    }
    for failed in [
        r#"{"done": true, "error": {"code": 0}}"#,
        r#"{"done": true, "error": {"message": "m"}, "response": {}}"#,
        r#"{"done": true, "error": {"code": 5}, "response": {}}"#,
    ] {
        let server = Server::new([RUNNING, failed]);
        let error = begin(&server).await.until_done().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Operation, "{failed}");
    }
}

#[tokio::test(start_paused = true)]
async fn case_r13_a_failure_always_states_a_reason() {
    for (failed, reason) in [
        (r#"{"done": true, "error": "it broke"}"#, "it broke"),
        (r#"{"done": true, "error": {"code": 404}}"#, "code 404"),
        (
            r#"{"done": true, "error": {}}"#,
            "the server states no reason",
        ),
        (r#"{"done": true, "error": 7}"#, "7"),
    ] {
        let server = Server::new([RUNNING, failed]);
        let error = begin(&server).await.until_done().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Operation);
        let shown = format!("the operation failed: {reason} (");
        assert!(error.to_string().contains(&shown), "{error}");
    }
}
