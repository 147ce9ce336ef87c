//! Delays that servers request.

use super::script::{Script, Step, exact, ok, response};
use gapi::spanner_v1::Spanner;

/// Returns the times of a call that fails once in this way. The back-off alone would be one second.
async fn times(first: Step) -> Vec<u128> {
    let script = Script::new([first, ok()]);
    let spanner: Spanner = script.client_with(exact()).await;
    let operations = spanner.projects().instances().operations();
    let get = operations.get("projects/p/instances/i/operations/o");
    // The result shows in the times.
    drop(get.send().await);
    script.times()
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_a_lower_bound() {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    for (headers, expected) in [
        (&[("retry-after", "0")][..], &[0, 1000][..]),
        (&[("retry-after", "7")], &[0, 7000]),
        (&[("retry-after", "60")], &[0, 60_000]),
        (&[("retry-after", "61")], &[0]),
        (&[("retry-after", "99999999999999999999999")], &[0]),
        (&[("retry-after", "never")], &[0, 1000]),
        // A date in the past.
        (&[("retry-after", date)], &[0, 1000]),
        (
            &[
                ("retry-after", date),
                ("date", "Sun, 06 Nov 1994 08:49:17 GMT"),
            ],
            &[0, 20_000],
        ),
        (&[("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT")], &[0]),
    ] {
        assert_eq!(
            times(response(503, headers, "")).await,
            expected,
            "{headers:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn retry_info_is_a_lower_bound() {
    let body = |delay: &str| {
        format!(
            r#"{{"error": {{"code": 503, "status": "UNAVAILABLE", "message": "m", "details": [
                {{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": {delay}}}]}}}}"#
        )
    };
    for (delay, expected) in [
        (r#""0.5s""#, &[0, 1000][..]),
        (r#""2.5s""#, &[0, 2500]),
        (r#""3600s""#, &[0]),
        (r#""-5s""#, &[0, 1000]),
        ("null", &[0, 1000]),
        (r#"{"seconds": 9}"#, &[0, 1000]),
    ] {
        let first = response(503, &[], &body(delay));
        assert_eq!(times(first).await, expected, "{delay}");
    }
    let both = response(503, &[("retry-after", "4")], &body(r#""2.5s""#));
    assert_eq!(times(both).await, [0, 4000]);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_retried_is_not_retried_for_that() {
    assert_eq!(times(response(500, &[("retry-after", "1")], "")).await, [0]);
}

/// The server has not executed such a request.
#[tokio::test(start_paused = true)]
async fn case_r6_a_rate_limit_that_says_when_to_come_back() {
    let later = [("retry-after", "7")];
    assert_eq!(times(response(429, &later, "")).await, [0, 7000]);
    assert_eq!(times(response(403, &later, "")).await, [0, 7000]);
}
