//! The text of errors: what happened last and first, where, how often, and for how long.

use super::script::{Script, Step, exact, ok, response, status};
use gapi::gapi_runtime::{Error, ErrorKind};
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::schemas::CreateInstanceRequest;
use std::error::Error as StdError;
use std::sync::{Arc, Mutex};

const OPERATION: &str = "projects/p/instances/i/operations/o";
const HOST: &str = "spanner.googleapis.com:443";

async fn error_of(steps: impl IntoIterator<Item = Step>) -> Error {
    let script = Script::new(steps);
    let spanner: Spanner = script.client().await;
    let operations = spanner.projects().instances().operations();
    operations.get(OPERATION).send().await.unwrap_err()
}

/// Checks what programs print of a chain: no part repeats another one.
fn check_chain(error: &Error) {
    let mut shown = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        assert!(
            !text.is_empty() && !shown.contains(&text),
            "{shown:?} repeats {text:?}"
        );
        shown = format!("{shown}: {text}");
        cause = inner.source();
    }
}

#[tokio::test(start_paused = true)]
async fn every_final_error_names_host_attempts_time_and_causes() {
    for (steps, attempts, time, first) in [
        (vec![status(404)], 1, "0.0", None),
        (
            vec![status(503), status(404)],
            2,
            "1.0",
            Some("HTTP 503 Service Unavailable"),
        ),
        (
            vec![Step::Broken, status(503), status(503), status(404)],
            4,
            "7.0",
            Some("the connection to spanner.googleapis.com:443 failed: broken"),
        ),
        (
            vec![status(503), Step::Timeout],
            2,
            "1.0",
            Some("HTTP 503 Service Unavailable"),
        ),
        (
            vec![status(503), response(200, &[], "<html>")],
            2,
            "1.0",
            Some("HTTP 503 Service Unavailable"),
        ),
        (vec![response(200, &[], "<html>")], 1, "0.0", None),
        (vec![Step::Permanent], 1, "0.0", None),
    ] {
        let error = error_of(steps).await;
        let text = error.to_string();
        assert_eq!(
            (error.attempts(), error.host()),
            (attempts, Some(HOST)),
            "{text}"
        );
        assert_eq!(error.first_cause(), first, "{text}");
        let seconds = error.elapsed().unwrap().as_secs_f64();
        assert_eq!(format!("{seconds:.1}"), time, "{text}");
        let plural = if attempts == 1 { "" } else { "s" };
        assert!(
            text.contains(&format!(" ({attempts} attempt{plural} in {time} s")),
            "{text}"
        );
        assert!(text.contains(HOST), "{text}");
        if let Some(first) = first {
            assert!(text.contains(&format!("; first: {first}")), "{text}");
        }
        check_chain(&error);
    }
    // The same cause is shown once.
    let error = error_of([status(503)]).await;
    let expected =
        format!("HTTP 503 Service Unavailable (6 attempts in 31.0 s at {HOST}; no time ");
    assert!(error.to_string().contains(&expected), "{error}");
    assert_eq!(error.first_cause(), Some("HTTP 503 Service Unavailable"));
    let error = error_of([Step::Connect]).await;
    assert_eq!(error.to_string().matches(HOST).count(), 1, "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_predicate_gets_the_error_that_the_call_would_end_with() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let shown = Arc::clone(&seen);
    let policy = exact().also_if(move |error| {
        shown.lock().unwrap().push(error.to_string());
        true
    });
    let script = Script::new([status(503), Step::Timeout, status(500), status(404)]);
    let spanner: Spanner = script.client().await;
    let operations = spanner.projects().instances().operations();
    let call = operations.get(OPERATION).retry(policy.max_attempts(4));
    let error = call.send().await.unwrap_err();
    let seen = seen.lock().unwrap();
    let first = "HTTP 503 Service Unavailable";
    for (at, (part, end)) in [
        (first, format!("(1 attempt in 0.0 s at {HOST})")),
        (
            "in time: late",
            format!("(2 attempts in 1.0 s; first: {first})"),
        ),
        (
            "HTTP 500",
            format!("(3 attempts in 3.0 s at {HOST}; first: {first})"),
        ),
        (
            "HTTP 404",
            format!("(4 attempts in 7.0 s at {HOST}; first: {first})"),
        ),
    ]
    .iter()
    .enumerate()
    {
        assert!(
            seen[at].contains(part) && seen[at].ends_with(end),
            "{seen:?}"
        );
    }
    assert_eq!(seen.len(), 4);
    assert_eq!(seen.last(), Some(&error.to_string()));
}

#[tokio::test(start_paused = true)]
async fn a_first_cause_is_short_and_in_one_line() {
    let long = format!(
        r#"{{"error":{{"code":503,"message":"a\nb{}"}}}}"#,
        "é".repeat(5000)
    );
    let error = error_of([response(503, &[], &long), status(404)]).await;
    let first = error.first_cause().unwrap();
    assert!(
        first.len() < 320 && !first.contains('\n') && first.ends_with('…'),
        "{first}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_poller_s_failure_says_as_much_as_a_call_s() {
    let running = || response(200, &[], &format!(r#"{{"name":"{OPERATION}"}}"#));
    let begin = async |steps: Vec<Step>| {
        let script = Script::new(steps);
        let spanner: Spanner = script.client().await;
        let instances = spanner.projects().instances();
        instances
            .create("projects/p", CreateInstanceRequest::default())
            .poller()
    };
    // Polls that fail: the last of eleven, with the first cause.
    let mut steps = vec![running(), status(503)];
    steps.push(Step::Broken);
    let error = begin(steps).await.until_done().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), error.host()),
        (ErrorKind::Transport, 11, Some(HOST))
    );
    assert_eq!(error.first_cause(), Some("HTTP 503 Service Unavailable"));
    assert_eq!(error.operation_name(), Some(OPERATION));
    assert!(
        error
            .to_string()
            .starts_with("spanner.projects.instances.operations.get: the connection"),
        "{error}"
    );
    check_chain(&error);
    // An operation that fails.
    let failed =
        format!(r#"{{"name":"{OPERATION}","done":true,"error":{{"code":10,"message":"m"}}}}"#);
    let steps = vec![running(), response(200, &[], &failed)];
    let error = begin(steps).await.until_done().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), error.host()),
        (ErrorKind::Operation, 1, Some(HOST))
    );
    assert!(error.elapsed().is_some() && error.is_aborted());
    assert_eq!(
        error.to_string(),
        format!(
            "spanner.projects.instances.operations.get: the operation failed: ABORTED: m (1 attempt in 0.0 s at {HOST})"
        )
    );
    // The end of the time limit: the call that begins it, and the polls at 1 s and 3 s.
    let poller = begin(vec![running(), running(), status(503)]).await;
    let limit = std::time::Duration::from_secs(5);
    let error = poller.timeout(limit).until_done().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), error.host()),
        (ErrorKind::Timeout, 3, Some(HOST))
    );
    assert_eq!(error.elapsed(), Some(limit));
    let text = error.to_string();
    assert!(
        text.contains(
            "the last poll failed: HTTP 503 Service Unavailable (3 requests in 5.0 s at "
        ),
        "{text}"
    );
    assert!(
        text.ends_with("; help: wait for it by its name, `Error::operation_name`"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn calls_and_pollers_can_be_awaited() {
    let script = Script::new([ok()]);
    let spanner: Spanner = script.client().await;
    let instances = spanner.projects().instances();
    instances.operations().get(OPERATION).await.unwrap();
    let done = response(200, &[], r#"{"done":true,"response":{"name":"n"}}"#);
    let script = Script::new([done]);
    let spanner: Spanner = script.client().await;
    let instances = spanner.projects().instances();
    let create = instances.create("projects/p", CreateInstanceRequest::default());
    let instance = create.poller().await.unwrap();
    assert_eq!(instance.name.as_deref(), Some("n"));
}

#[tokio::test(start_paused = true)]
async fn gone() {
    let error = error_of([status(410)]).await;
    assert!(error.is_gone() && !error.is_not_found());
    assert!(!error_of([status(404)]).await.is_gone());
}
