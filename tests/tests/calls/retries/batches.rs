//! Batches are retried as a whole.

use super::script::{Script, Step, exact, ok, response, status};
use gapi::gapi_runtime::{Error, ErrorKind, RetryPolicy};
use gapi::spanner_v1::Spanner;

const OPERATION: &str = "projects/p/instances/i/operations/o";

/// Sends a batch of one call. Returns the error of that call, or the error of the batch.
async fn send(script: &Script, is_get: bool, policy: RetryPolicy) -> Result<Error, Error> {
    let spanner: Spanner = script.client().await;
    let operations = spanner.projects().instances().operations();
    let mut batch = spanner.batch().retry(policy);
    let get = batch.add(operations.get(OPERATION));
    if !is_get {
        let _ = batch.add(operations.cancel(OPERATION));
    }
    let mut responses = batch.send().await?;
    Ok(responses.take(get).unwrap_err())
}

fn parts() -> Step {
    let body = "--b\r\nContent-ID: <response-call-0>\r\n\r\nHTTP/1.1 503 X\r\n\r\n\r\n--b--";
    response(
        200,
        &[("content-type", "multipart/mixed; boundary=b")],
        body,
    )
}

#[tokio::test(start_paused = true)]
async fn a_batch_of_idempotent_calls_is_idempotent() {
    let script = Script::new([status(503), Step::Broken, parts()]);
    let error = send(&script, true, exact()).await.unwrap();
    assert_eq!(script.times(), [0, 1000, 3000]);
    // Calls that fail inside of a batch are not sent again.
    assert_eq!(
        (error.http_status().unwrap().as_u16(), error.attempts()),
        (503, 3)
    );
}

#[tokio::test(start_paused = true)]
async fn a_batch_with_another_call_is_not() {
    for first in [status(503), Step::Broken] {
        let script = Script::new([first, parts()]);
        let error = send(&script, false, exact()).await.unwrap_err();
        assert_eq!((error.attempts(), script.count()), (1, 1));
    }
    let script = Script::new([Step::Connect, parts()]);
    send(&script, false, exact()).await.unwrap();
    assert_eq!(script.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn batches_have_a_policy_of_their_own() {
    let script = Script::new([status(503), parts()]);
    let error = send(&script, true, RetryPolicy::never()).await.unwrap_err();
    assert_eq!((error.attempts(), script.count()), (1, 1));
    let script = Script::new([Step::Silence, ok()]);
    let spanner: Spanner = script.client().await;
    let mut batch = spanner.batch().timeout(std::time::Duration::from_secs(3));
    let operations = spanner.projects().instances().operations();
    let _key = batch.add(operations.get(OPERATION));
    let start = tokio::time::Instant::now();
    let error = batch.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(start.elapsed().as_secs(), 3);
}
