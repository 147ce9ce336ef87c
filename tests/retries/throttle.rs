//! Clients whose requests fail send fewer retries.

use super::script::{Script, Step, ok, status};
use gapi::gapi_runtime::{Backoff, ErrorKind, RetryPolicy};
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::projects::instances::operations::Get;
use std::time::Duration;

fn throttled() -> RetryPolicy {
    let backoff = Backoff::new().initial(Duration::from_millis(10));
    RetryPolicy::new().backoff(backoff.factor(1.0).without_jitter())
}

async fn get(script: &Script, policy: RetryPolicy) -> Get {
    let spanner: Spanner = script.client_with(policy).await;
    let operations = spanner.projects().instances().operations();
    operations.get("projects/p/instances/i/operations/o")
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_down_gets_little_more_than_the_calls_themselves() {
    fastrand::seed(7);
    let script = Script::new([status(503)]);
    let call = get(&script, throttled()).await;
    let mut sent = 0;
    for _ in 0..100 {
        let before = script.count();
        let error = call.clone().send().await.unwrap_err();
        assert_eq!(
            usize::try_from(error.attempts()).unwrap(),
            script.count() - before
        );
        sent += error.attempts();
    }
    // Without the throttle 1,000.
    assert!((100..=130).contains(&sent), "{sent}");
    // It can be left.
    let error = call.retry(throttled().without_throttle()).send().await;
    assert_eq!(error.unwrap_err().attempts(), 10);
}

#[tokio::test(start_paused = true)]
async fn attempts_that_are_left_out_take_their_time() {
    fastrand::seed(7);
    let script = Script::new([Step::Connect]);
    let call = get(&script, throttled()).await;
    for _ in 0..20 {
        let start = tokio::time::Instant::now();
        let error = call.clone().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect);
        assert_eq!(start.elapsed(), Duration::from_millis(90));
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_answers_is_asked_again() {
    fastrand::seed(7);
    // Refusals show that the server is there.
    let mut steps: Vec<_> = (0..50).map(|_| status(404)).collect();
    steps.extend((0..30).flat_map(|_| [status(503), ok()]));
    let script = Script::new(steps);
    let call = get(&script, throttled()).await;
    for _ in 0..50 {
        call.clone().send().await.unwrap_err();
    }
    for _ in 0..30 {
        call.clone().send().await.unwrap();
    }
    assert_eq!(script.count(), 110);
}

#[tokio::test(start_paused = true)]
async fn the_record_is_the_client_s() {
    fastrand::seed(7);
    let down = Script::new([status(503)]);
    let call = get(&down, throttled()).await;
    for _ in 0..50 {
        call.clone().send().await.unwrap_err();
    }
    let up = Script::new([ok(), ok(), status(503), ok()]);
    let call = get(&up, throttled()).await;
    for _ in 0..3 {
        call.clone().send().await.unwrap();
    }
    assert_eq!(up.count(), 4);
}
