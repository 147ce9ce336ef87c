//! The reasons why a call was not retried, as its error states them.

use super::script::{Script, Step, exact, seconds, status};
use futures_util::TryStreamExt;
use gapi::gapi_runtime::{Error, ErrorKind, RetryPolicy, http::StatusCode};
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::projects::instances::Create;
use gapi::spanner_v1::schemas::{CreateInstanceRequest, ExecuteSqlRequest};
use std::time::Duration;

const NOT_IDEMPOTENT: &str = "(1 attempt in 0.0 s at spanner.googleapis.com:443; not retried: the call is not idempotent); \
    help: set `.idempotent(true)` if the call can be sent twice";
const NO_TIME: &str = "no time for another attempt";

async fn create(step: Step, policy: RetryPolicy) -> Create {
    let spanner: Spanner = Script::new([step]).client_with(policy).await;
    let request = CreateInstanceRequest::default();
    spanner.projects().instances().create("projects/p", request)
}

async fn text(call: Create) -> String {
    call.send().await.unwrap_err().to_string()
}

#[tokio::test(start_paused = true)]
async fn a_call_is_not_idempotent() {
    let too_many = exact().also(StatusCode::TOO_MANY_REQUESTS);
    for (step, policy) in [(status(503), exact()), (status(429), too_many)] {
        let text = text(create(step, policy).await).await;
        assert!(text.ends_with(NOT_IDEMPOTENT), "{text}");
    }
    for (step, policy) in [
        (Step::Broken, exact()),
        (Step::Timeout, exact().also_timeouts()),
    ] {
        let text = text(create(step, policy).await).await;
        let reason = "; not retried: the call is not idempotent); help: set ";
        assert!(text.contains(reason), "{text}");
    }
    // An idempotent call would not be retried either.
    for (step, policy) in [
        (status(503), RetryPolicy::never()),
        (status(500), exact()),
        (status(429), exact()),
        (status(403), exact()),
        (Step::Permanent, exact()),
    ] {
        let text = text(create(step, policy).await).await;
        assert!(
            !text.contains("retried") && !text.contains("help"),
            "{text}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_not_idempotent() {
    let spanner: Spanner = Script::new([status(503)]).client().await;
    let sessions = spanner.projects().instances().databases().sessions();
    let session = "projects/p/instances/i/databases/d/sessions/s";
    let query = sessions.execute_streaming_sql(session, ExecuteSqlRequest::default());
    let error: Error = query.stream().try_next().await.unwrap_err();
    assert!(error.to_string().ends_with(NOT_IDEMPOTENT), "{error}");
}

#[tokio::test(start_paused = true)]
async fn there_is_no_time() {
    let call = || async { create(status(503), exact()).await.idempotent(true) };
    let text_of_limit = text(call().await).await;
    let expected = format!(
        "(6 attempts in 31.0 s at spanner.googleapis.com:443; {NO_TIME}: time_limit is 60 s); \
         help: raise `RetryPolicy::time_limit`"
    );
    assert!(text_of_limit.ends_with(&expected), "{text_of_limit}");
    let text_of_timeout = text(call().await.timeout(seconds(10))).await;
    let expected = format!(
        "(4 attempts in 7.0 s at spanner.googleapis.com:443; {NO_TIME}: the timeout is 10 s)"
    );
    assert!(text_of_timeout.ends_with(&expected), "{text_of_timeout}");
    // The limits on connecting have different advice.
    let text = text(create(Step::Connect, exact()).await).await;
    assert!(
        !text.contains(NO_TIME) && text.contains("help: check"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_timeout_names_the_limit() {
    let limit = Duration::from_millis(300);
    for (policy, timeout, which) in [
        (exact(), Some(limit), "the call"),
        (exact().attempt_timeout(limit), None, "an attempt"),
        (
            exact().attempt_timeout(limit),
            Some(seconds(9)),
            "an attempt",
        ),
    ] {
        let mut call = create(Step::Silence, policy).await;
        if let Some(timeout) = timeout {
            call = call.timeout(timeout);
        }
        let error = call.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        let text = error.to_string();
        let expected = format!(
            "no response from spanner.googleapis.com:443 within 0.3 s (timeout of {which}) (1 attempt in 0.3 s)"
        );
        assert!(text.ends_with(&expected), "{text}");
    }
}
