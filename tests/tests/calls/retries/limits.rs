//! The times of attempts, and their limits.

use super::script::{Script, Step, exact, ok, seconds, status};
use gapi::gapi_runtime::http::StatusCode;
use gapi::gapi_runtime::{Backoff, Error, ErrorKind, RetryPolicy, http};
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::projects::instances::operations::Get;
use std::time::Duration;
use tokio::time::Instant;

async fn call(script: &Script, policy: RetryPolicy) -> Get {
    let spanner: Spanner = script.client_with(policy).await;
    let operations = spanner.projects().instances().operations();
    operations.get("projects/p/instances/i/operations/o")
}

/// Returns the error of a call that always fails in this way, and the times of its attempts.
async fn fails(step: Step, policy: RetryPolicy) -> (Error, Vec<u128>) {
    let script = Script::new([step]);
    let error = call(&script, policy).await.send().await.unwrap_err();
    (error, script.times())
}

#[tokio::test(start_paused = true)]
async fn the_default_schedule_ends_within_a_minute() {
    let start = Instant::now();
    let (error, times) = fails(status(503), exact()).await;
    // The next attempt would be after 63 seconds, which is too late, so the call does not wait for it.
    assert_eq!(times, [0, 1000, 3000, 7000, 15_000, 31_000]);
    assert_eq!((error.attempts(), start.elapsed()), (6, seconds(31)));
}

#[tokio::test(start_paused = true)]
async fn ten_attempts_at_most() {
    let policy = exact().backoff(
        Backoff::new()
            .initial_delay(Duration::ZERO)
            .without_jitter(),
    );
    let (error, times) = fails(Step::Connect, policy).await;
    assert_eq!(times, [0; 10]);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 10));
    assert!(
        error.to_string().contains(" (10 attempts in 0.0 s)"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn other_numbers() {
    let backoff = Backoff::new()
        .initial_delay(Duration::from_millis(100))
        .delay_factor(3.0)
        .max_delay(Duration::from_millis(500));
    let policy = exact().max_attempts(5).backoff(backoff.without_jitter());
    let (_, times) = fails(Step::Broken, policy.clone()).await;
    assert_eq!(times, [0, 100, 400, 900, 1400]);
    let (_, times) = fails(
        Step::Broken,
        policy.clone().time_limit(Duration::from_millis(899)),
    )
    .await;
    assert_eq!(times, [0, 100, 400]);
    let (_, times) = fails(Step::Broken, policy.max_attempts(0)).await;
    assert_eq!(times, [0]);
}

#[tokio::test(start_paused = true)]
async fn jitter_only_shortens() {
    for _ in 0..50 {
        let (_, times) = fails(status(503), RetryPolicy::new().without_throttle()).await;
        for (index, pair) in times.windows(2).enumerate() {
            assert!(
                pair[1] - pair[0] <= (1000 << index).min(60_000),
                "{times:?}"
            );
        }
        assert!(times.last().unwrap() <= &60_000 && times.len() <= 10);
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_has_begun_is_not_cut_off_by_the_time_limit() {
    let slow = Step::Late(seconds(100), http::Response::new("{}".into()));
    let script = Script::new([status(503), slow]);
    let start = Instant::now();
    call(&script, exact()).await.send().await.unwrap();
    assert_eq!(start.elapsed(), seconds(101));
}

#[tokio::test(start_paused = true)]
async fn slow_failures_use_up_the_time() {
    let mut response = http::Response::new("".into());
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let (error, times) = fails(Step::Late(seconds(29), response), exact()).await;
    assert_eq!(times, [0, 30_000]);
    assert_eq!(error.attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn attempts_have_a_time_out() {
    let policy = exact().attempt_timeout(seconds(2)).max_attempts(3);
    let (error, times) = fails(Step::Silence, policy.clone()).await;
    assert_eq!(times, [0]);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    let start = Instant::now();
    let (error, times) = fails(Step::Silence, policy.also_timeouts()).await;
    assert_eq!(times, [0, 3000, 7000]);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 3));
    assert_eq!(start.elapsed(), seconds(9));
}

#[tokio::test(start_paused = true)]
async fn calls_have_a_time_out() {
    let start = Instant::now();
    let script = Script::new([status(503), Step::Silence]);
    let get = call(&script, exact().also_timeouts()).await;
    let error = get.timeout(seconds(5)).send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    assert_eq!(start.elapsed(), seconds(5));

    // Without time for another attempt the last error is returned at once.
    let start = Instant::now();
    let script = Script::new([status(503)]);
    let get = call(&script, exact()).await;
    let error = get.timeout(seconds(5)).send().await.unwrap_err();
    assert_eq!(error.http_status().unwrap(), 503);
    assert_eq!((script.times().len(), start.elapsed()), (3, seconds(3)));

    // A timeout of the client, and another one of a call.
    let script = Script::new([Step::Silence]);
    let builder = script.builder::<Spanner>(exact()).timeout(seconds(7));
    let spanner = builder.build().await.unwrap();
    let operations = spanner.projects().instances().operations();
    let get = operations.get("projects/p/instances/i/operations/o");
    for (call, expected) in [(get.clone(), 7), (get.timeout(seconds(1)), 1)] {
        let start = Instant::now();
        let error = call.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(start.elapsed(), seconds(expected));
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_sends_nothing_more() {
    let script = Script::new([status(503), ok()]);
    let get = call(&script, exact()).await;
    drop(get.clone().send());
    tokio::time::sleep(seconds(100)).await;
    assert_eq!(script.count(), 0);
    // The call is dropped while it waits for its second attempt.
    let cut = tokio::time::timeout(Duration::from_millis(500), get.send()).await;
    assert!(cut.is_err());
    tokio::time::sleep(seconds(100)).await;
    assert_eq!(script.count(), 1);
}

#[test]
fn without_a_tokio_runtime_there_is_one_attempt() {
    use futures_util::FutureExt;
    let script = Script::new([status(503), ok()]);
    let get = call(&script, exact()).now_or_never().unwrap();
    let error = get.clone().send().now_or_never().unwrap().unwrap_err();
    assert_eq!((error.attempts(), script.count()), (1, 1));
    let limited = get.timeout(seconds(1)).send().now_or_never().unwrap();
    assert_eq!(limited.unwrap_err().kind(), ErrorKind::InvalidArgument);
    assert_eq!(script.count(), 1);
}
