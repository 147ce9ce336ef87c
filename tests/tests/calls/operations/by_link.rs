//! The style of Compute Engine: the method that reads an operation, and the state of the operation.

use crate::operations::{
    Server,
    compute::operations_of_zones_and_regions_v1::{
        OperationsOfZonesAndRegions,
        schemas::{Disk, Operation},
    },
};
use futures_util::TryStreamExt;
use gapi_runtime::{ErrorKind, Poller, Update};

const DONE: &str = r#"{"name": "o", "status": "DONE", "progress": 100}"#;

async fn begin(server: &Server) -> Poller<Operation, Operation> {
    let api: OperationsOfZonesAndRegions = server.client().await;
    api.disks().insert("p", "z", Disk::default()).poller()
}

#[tokio::test(start_paused = true)]
async fn the_link_says_where_it_is_read() {
    for (place, of) in [
        ("projects/p/zones/z", "projects/p/zones/z"),
        ("projects/other/regions/r", "projects/other/regions/r"),
        ("projects/d%3Ap/global", "projects/d%3Ap/global"),
    ] {
        let link = format!("https://www.googleapis.com/compute/v1/{place}/operations/o-1");
        let running = format!(r#"{{"name": "o-1", "status": "RUNNING", "selfLink": "{link}"}}"#);
        let server = Server::new([running.leak(), DONE]);
        let operation = begin(&server).await.until_done().await.unwrap();
        assert_eq!(operation.progress, Some(100));
        assert_eq!(
            server.seen(),
            [
                "0 POST compute/v1/projects/p/zones/z/disks".to_owned(),
                format!("1 GET compute/v1/{of}/operations/o-1"),
            ]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_link_its_zone_or_region_does() {
    for (members, path) in [
        (r#""zone": "https://x/projects/p/zones/a""#, "zones/a"),
        (r#""region": "r""#, "regions/r"),
        (r#""kind": "operation""#, "global"),
    ] {
        let running = format!(r#"{{"name": "o", "status": "PENDING", {members}}}"#);
        let server = Server::new([running.leak(), DONE]);
        begin(&server).await.until_done().await.unwrap();
        let wanted = format!("1 GET compute/v1/projects/p/{path}/operations/o");
        assert_eq!(server.seen()[1], wanted);
    }
}

#[tokio::test(start_paused = true)]
async fn a_link_leads_nowhere_else() {
    for link in [
        "https://evil.example/projects/p/zones/z/operations/o",
        "https://evil.example/projects/../zones/z/operations/o",
        "https://evil.example/projects/p/zones/%2e%2e/operations/o",
        "https://evil.example/projects/p/zones/a%2Fb/operations/o",
    ] {
        let running =
            format!(r#"{{"name": "o", "status": "RUNNING", "selfLink": "{link}", "zone": "z"}}"#);
        let server = Server::new([running.leak(), DONE]);
        let outcome = begin(&server).await.until_done().await;
        let polled = server.seen().get(1).cloned();
        let known = "1 GET compute/v1/projects/p/zones/z/operations/o";
        assert!(polled.is_none_or(|line| line == known), "{link}");
        if let Err(error) = outcome {
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{link}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_to_find_it_by_is_an_error() {
    let server = Server::new([r#"{"status": "RUNNING"}"#]);
    let error = begin(&server).await.until_done().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test(start_paused = true)]
async fn its_errors_are_the_error() {
    let failed = r#"{"name": "o", "status": "DONE", "httpErrorStatusCode": 403, "httpErrorMessage": "FORBIDDEN",
        "error": {"errors": [{"code": "QUOTA_EXCEEDED", "message": "Too many.", "reason": "r"}, {"code": "OTHER"}]}}"#;
    let server = Server::new([failed]);
    let error = begin(&server).await.until_done().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operation);
    assert_eq!(error.operation_name(), Some("o"));
    let status = error.status().unwrap();
    assert_eq!(status.code, Some(403));
    assert_eq!(status.status.as_deref(), Some("QUOTA_EXCEEDED"));
    assert_eq!(status.message, "Too many.");
    assert_eq!(status.details.len(), 2);
    assert_eq!(status.reason(), Some("r"));
}

#[tokio::test(start_paused = true)]
async fn an_empty_error_is_none() {
    for body in [
        r#"{"status": "DONE", "error": {}}"#,
        r#"{"status": "DONE", "error": {"errors": []}}"#,
        r#"{"status": "DONE", "error": null, "httpErrorStatusCode": 200}"#,
    ] {
        let server = Server::new([body]);
        begin(&server).await.until_done().await.unwrap();
    }
    let server = Server::new([
        r#"{"status": "DONE", "httpErrorStatusCode": 500, "httpErrorMessage": "SORRY"}"#,
    ]);
    let error = begin(&server).await.until_done().await.unwrap_err();
    assert_eq!(error.status().unwrap().message, "SORRY");
}

#[tokio::test(start_paused = true)]
async fn an_error_in_the_form_of_a_status_is_read() {
    let failed = r#"{"status": "DONE", "error": {"code": 8, "message": "Quota."}}"#;
    let server = Server::new([failed]);
    let error = begin(&server).await.until_done().await.unwrap_err();
    let status = error.status().unwrap();
    assert_eq!(status.status.as_deref(), Some("RESOURCE_EXHAUSTED"));
    assert_eq!(
        error.to_string(),
        "operations_of_zones_and_regions.disks.insert: the operation failed: RESOURCE_EXHAUSTED: Quota. \
         (1 attempt in 0.0 s at example.googleapis.com:443)"
    );
}

#[tokio::test(start_paused = true)]
async fn it_says_itself_how_far_it_is() {
    let half = r#"{"name": "o", "zone": "z", "status": "RUNNING", "progress": 50}"#;
    let server = Server::new([half, DONE]);
    let mut updates = begin(&server).await.updates();
    let Some(Update::InProgress(state)) = updates.try_next().await.unwrap() else {
        panic!("it is under way");
    };
    assert_eq!(state.metadata().unwrap().progress, Some(50));
    let unsupported = state.cancel().await.unwrap_err();
    assert_eq!(unsupported.kind(), ErrorKind::InvalidArgument);
    assert_eq!(server.seen().len(), 1);
    let Some(Update::Done(operation)) = updates.try_next().await.unwrap() else {
        panic!("it is done");
    };
    assert_eq!(operation.progress, Some(100));
    assert!(updates.try_next().await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_can_wait_is_asked_to() {
    let server = Server::new([r#"{"name": "o", "zone": "z", "status": "RUNNING"}"#, DONE]);
    begin(&server).await.long_poll().until_done().await.unwrap();
    let wanted = "0 POST compute/v1/projects/p/zones/z/operations/o/wait";
    assert_eq!(server.seen()[1], wanted);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_can_wait_is_left_alone_if_it_wants() {
    let running = r#"{"name": "o", "zone": "z", "status": "RUNNING"}"#;
    let server = Server::new([running, "503 120", DONE]);
    begin(&server).await.long_poll().until_done().await.unwrap();
    let wait = "POST compute/v1/projects/p/zones/z/operations/o/wait";
    assert_eq!(server.seen()[1], format!("0 {wait}"));
    // One second of the schedule, and two minutes.
    assert_eq!(server.seen()[2], format!("121 {wait}"));
}

#[tokio::test(start_paused = true)]
async fn an_operation_is_taken_up_by_its_place() {
    let running = r#"{"name": "o", "status": "RUNNING"}"#;
    let server = Server::new([running, DONE]);
    let api: OperationsOfZonesAndRegions = server.client().await;
    let call = api.region_operations().get("p", "r", "o");
    call.poller().until_done().await.unwrap();
    let get = "GET compute/v1/projects/p/regions/r/operations/o";
    assert_eq!(server.seen(), [format!("0 {get}"), format!("1 {get}")]);
}
