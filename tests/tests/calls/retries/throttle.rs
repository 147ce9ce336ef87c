//! The retry budget of a client: enough for occasional failures, and little for a server that is down.

use super::script::{Script, Step, ok, status};
use gapi::gapi_runtime::{Backoff, Error, ErrorKind, RetryPolicy};
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::projects::instances::operations::Get;
use std::time::Duration;
use tokio::time::{Instant, sleep};

const CLIENTS: u32 = 5_000;

/// Returns the default policy with short delays and without jitter.
fn throttled() -> RetryPolicy {
    let backoff = Backoff::new().initial_delay(Duration::from_millis(10));
    RetryPolicy::new().backoff(backoff.delay_factor(1.0).without_jitter())
}

async fn get(script: &Script, policy: RetryPolicy) -> Get {
    let spanner: Spanner = script.client_with(policy).await;
    let operations = spanner.projects().instances().operations();
    operations.get("projects/p/instances/i/operations/o")
}

/// Sends this many calls one after the other and returns their errors.
async fn fail(call: &Get, count: usize) -> Vec<Error> {
    let mut errors = Vec::new();
    for _ in 0..count {
        errors.push(call.clone().send().await.unwrap_err());
    }
    errors
}

/// Returns the total number of attempts.
fn sent(errors: &[Error]) -> u32 {
    errors.iter().map(Error::attempts).sum()
}

#[tokio::test(start_paused = true)]
async fn case_r24_a_new_client_retries_its_first_call() {
    fastrand::seed(7);
    for first in [status(503), Step::Broken, Step::Connect] {
        let mut waited = Duration::ZERO;
        for _ in 0..CLIENTS {
            let script = Script::new([first.clone(), ok()]);
            let call = get(&script, RetryPolicy::new()).await;
            let start = Instant::now();
            call.send().await.unwrap();
            assert_eq!(script.count(), 2);
            assert!(start.elapsed() <= Duration::from_secs(1));
            waited += start.elapsed();
        }
        let mean = waited / CLIENTS;
        assert!(mean <= Duration::from_millis(1200), "{mean:?}");
        // Half a second, with jitter.
        let expected = Duration::from_millis(470)..Duration::from_millis(530);
        assert!(expected.contains(&mean), "{mean:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn case_r24_a_new_client_bears_ten_failures() {
    let failures = vec![status(503); 9];
    let script = Script::new([failures, vec![ok()]].concat());
    get(&script, throttled()).await.send().await.unwrap();
    assert_eq!(script.count(), 10);
}

#[tokio::test(start_paused = true)]
async fn case_r24_a_retry_that_is_suppressed_ends_the_call() {
    let script = Script::new([status(503)]);
    let call = get(&script, throttled()).await;
    assert_eq!(sent(&fail(&call, 2).await), 2 + 10);
    let (start, count) = (Instant::now(), script.count());
    let error = call.clone().send().await.unwrap_err();
    assert_eq!(
        (start.elapsed(), script.count()),
        (Duration::ZERO, count + 1)
    );
    assert_eq!((error.attempts(), error.is_retry_suppressed()), (1, true));
    assert_eq!(
        error.to_string(),
        "spanner.projects.instances.operations.get: HTTP 503 Service Unavailable \
         (1 attempt in 0.0 s at spanner.googleapis.com:443; retry suppressed by the throttle: too many requests of this client fail); \
         help: turn the throttle off with `RetryPolicy::without_throttle`"
    );
    // Without retries, none was suppressed.
    let never = call.clone().retry(RetryPolicy::never()).send().await;
    assert!(!never.unwrap_err().is_retry_suppressed());
    // The throttle can be turned off.
    let error = call.retry(throttled().without_throttle()).send().await;
    let error = error.unwrap_err();
    assert_eq!((error.attempts(), error.is_retry_suppressed()), (10, false));
}

#[tokio::test(start_paused = true)]
async fn case_r24_an_outage_gets_little_more_than_the_calls_themselves() {
    // Calls in a row, calls seconds apart, and calls of a client after many successes.
    for (pause, successes, most) in [(0, 0, 115), (1, 0, 120), (10, 0, 150), (0, 500, 250)] {
        let script = Script::new([vec![ok(); successes], vec![status(503)]].concat());
        let call = get(&script, RetryPolicy::new()).await;
        for _ in 0..successes {
            call.clone().send().await.unwrap();
        }
        let mut errors = Vec::new();
        for _ in 0..100 {
            errors.extend(fail(&call, 1).await);
            sleep(Duration::from_secs(pause)).await;
        }
        let count = u32::try_from(script.count() - successes).unwrap();
        assert_eq!(sent(&errors), count);
        assert!(
            (110..=most).contains(&count),
            "{pause} {successes}: {count}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn case_r24_the_steady_state_of_an_outage() {
    for (step, pause) in [
        (status(503), 1),
        (status(503), 10),
        (Step::Broken, 1),
        (Step::Connect, 1),
    ] {
        let script = Script::new([step.clone()]);
        let call = get(&script, RetryPolicy::new()).await;
        let mut later = Vec::new();
        for number in 0..1000 {
            let errors = fail(&call, 1).await;
            if number >= 500 {
                later.extend(errors);
            }
            sleep(Duration::from_secs(pause)).await;
        }
        let sent = sent(&later);
        assert!((500..=750).contains(&sent), "{step:?} {pause}: {sent}");
    }
}

#[tokio::test(start_paused = true)]
async fn case_r24_after_an_outage_retries_return() {
    for (seconds, retries) in [(0, 0), (29, 0), (31, 1), (65, 2), (310, 10), (86_400, 10)] {
        let script = Script::new([status(503)]);
        let call = get(&script, throttled()).await;
        fail(&call, 100).await;
        sleep(Duration::from_secs(seconds)).await;
        assert_eq!(sent(&fail(&call, 20).await), 20 + retries, "{seconds} s");
    }
    // The budget is back at once when the server accepts requests again.
    let steps = [
        vec![status(503); 40],
        vec![ok(); 3],
        vec![[status(503), ok()]; 3].concat(),
    ];
    let script = Script::new(steps.concat());
    let call = get(&script, throttled()).await;
    fail(&call, 30).await;
    for _ in 0..6 {
        call.clone().send().await.unwrap();
    }
    assert_eq!(script.count(), 49);
}

#[tokio::test(start_paused = true)]
async fn failures_to_connect_take_little_of_the_budget() {
    let script = Script::new([Step::Connect]);
    let call = get(&script, RetryPolicy::new()).await;
    // Many calls at the same time.
    let calls = (0..20).map(|_| call.clone().send());
    for result in futures_util::future::join_all(calls).await {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect);
        assert!(!error.is_retry_suppressed(), "{error}");
    }
    // Their retries have a limit.
    let calls = (0..100).map(|_| call.clone().send());
    let results = futures_util::future::join_all(calls).await;
    let errors: Vec<_> = results.into_iter().map(Result::unwrap_err).collect();
    assert!(errors.iter().any(Error::is_retry_suppressed));
    let text = "; retry suppressed by the throttle: too many requests of this client fail); help: ";
    let is_said = |error: &Error| error.to_string().contains(text);
    assert!(
        errors
            .iter()
            .all(|error| error.is_retry_suppressed() == is_said(error))
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_that_accepts_half_of_the_requests_gets_all_retries() {
    // Statuses such as 404 show that the server works.
    let mut steps: Vec<_> = (0..50).map(|_| status(404)).collect();
    steps.extend((0..100).flat_map(|_| [status(503), ok()]));
    let script = Script::new(steps);
    let call = get(&script, throttled()).await;
    fail(&call, 50).await;
    for _ in 0..100 {
        call.clone().send().await.unwrap();
    }
    assert_eq!(script.count(), 250);
}

#[tokio::test(start_paused = true)]
async fn the_budget_is_the_client_s() {
    let down = Script::new([status(503)]);
    let call = get(&down, throttled()).await;
    fail(&call, 50).await;
    let up = Script::new([status(503), ok()]);
    let call = get(&up, throttled()).await;
    call.send().await.unwrap();
    assert_eq!(up.count(), 2);
}
