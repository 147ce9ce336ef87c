//! Rate limits: the server has not executed the call, so every call is retried.

use super::script::{Script, Step, exact, ok, response, seconds, status};
use futures_util::TryStreamExt as _;
use gapi::gapi_runtime::http::StatusCode;
use gapi::gapi_runtime::{Code, Error, ErrorKind, RetryPolicy};
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::schemas::{CreateInstanceRequest, Empty, UpdateInstanceRequest};

const OPERATION: &str = "projects/p/instances/i/operations/o";

fn older(reason: &str) -> Step {
    let body = format!(
        r#"{{"error":{{"errors":[{{"domain":"usageLimits","reason":"{reason}"}}],"code":403,"message":"m"}}}}"#
    );
    response(403, &[], &body)
}

fn newer(reason: &str) -> Step {
    let body = format!(
        r#"{{"error":{{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m","details":[
            {{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{reason}"}}]}}}}"#
    );
    response(429, &[], &body)
}

fn code(http_status: u16, code: &str) -> Step {
    let body = format!(r#"{{"error":{{"code":{http_status},"status":"{code}","message":"m"}}}}"#);
    response(http_status, &[], &body)
}

/// Returns the number of requests of a GET, a POST and a PATCH whose first request fails in this way.
async fn sent(first: &Step, policy: &RetryPolicy) -> [usize; 3] {
    let mut counts = [0; 3];
    for (kind, count) in counts.iter_mut().enumerate() {
        let script = Script::new([first.clone(), ok()]);
        let spanner: Spanner = script.client_with(policy.clone()).await;
        let instances = spanner.projects().instances();
        let _ = match kind {
            0 => instances.operations().get(OPERATION).send().await.err(),
            1 => {
                let request = CreateInstanceRequest::default();
                instances.create("projects/p", request).send().await.err()
            }
            _ => {
                let request = UpdateInstanceRequest::default();
                let patch = instances.patch("projects/p/instances/i", request);
                patch.send().await.err()
            }
        };
        *count = script.count();
    }
    counts
}

#[tokio::test(start_paused = true)]
async fn case_r6_rate_limits_are_retried_for_every_verb() {
    let retry_info = r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m","details":[
        {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"2s"}]}}"#;
    for first in [
        older("rateLimitExceeded"),
        older("userRateLimitExceeded"),
        newer("RATE_LIMIT_EXCEEDED"),
        response(429, &[("retry-after", "2")], ""),
        response(403, &[("retry-after", "2")], "<html>"),
        response(429, &[], retry_info),
        // They state a time to wait, in an invalid format.
        response(429, &[("retry-after", "soon")], ""),
        response(429, &[("retry-after", "-1")], ""),
        response(429, &[("retry-after", "")], "{}"),
        response(403, &[("retry-after", "1.5")], ""),
        response(429, &[], &retry_info.replace("2s", "2 seconds")),
    ] {
        assert_eq!(sent(&first, &exact()).await, [2; 3], "{first:?}");
        assert_eq!(sent(&first, &RetryPolicy::never()).await, [1; 3]);
    }
}

#[tokio::test(start_paused = true)]
async fn case_r6_what_does_not_pass_is_never_retried() {
    let policy = exact()
        .also(StatusCode::FORBIDDEN)
        .also(StatusCode::TOO_MANY_REQUESTS)
        .also_code(Code::PermissionDenied)
        .also_code(Code::ResourceExhausted)
        .also_if(|_| true);
    for first in [
        older("dailyLimitExceeded"),
        older("dailyLimitExceededUnreg"),
        older("quotaExceeded"),
        older("storageQuotaExceeded"),
        older("forbidden"),
        code(403, "PERMISSION_DENIED"),
        status(403),
    ] {
        assert_eq!(sent(&first, &policy).await, [1; 3], "{first:?}");
        assert_eq!(sent(&first, &exact()).await, [1; 3], "{first:?}");
    }
    // An exhausted resource without a reason is retried only if the policy says so.
    let exhausted = code(429, "RESOURCE_EXHAUSTED");
    assert_eq!(sent(&exhausted, &exact()).await, [1; 3]);
    assert_eq!(sent(&exhausted, &policy).await, [2, 1, 1]);
}

#[tokio::test(start_paused = true)]
async fn case_r6_a_policy_takes_codes_and_predicates() {
    let aborted = code(409, "ABORTED");
    let backend = older("backendError");
    assert_eq!(sent(&aborted, &exact()).await, [1; 3]);
    let by_code = exact()
        .also_code(Code::Aborted)
        .also_code(Code::DeadlineExceeded);
    assert_eq!(sent(&aborted, &by_code).await, [2, 1, 1]);
    // The code that is derived from an HTTP status.
    assert_eq!(sent(&status(504), &by_code).await, [2, 1, 1]);
    assert_eq!(sent(&status(500), &by_code).await, [1; 3]);
    let is_wanted = |error: &Error| {
        let is_conflict = error.http_status().is_some_and(|status| status == 409);
        is_conflict || error.kind() == ErrorKind::Timeout
    };
    let by_predicate = exact().also_if(is_wanted);
    assert_eq!(sent(&aborted, &by_predicate).await, [2, 1, 1]);
    assert_eq!(sent(&Step::Timeout, &by_predicate).await, [2, 1, 1]);
    assert_eq!(sent(&status(500), &by_predicate).await, [1; 3]);
    assert_eq!(sent(&backend, &by_predicate).await, [1; 3]);
    assert_eq!(
        sent(&Step::Permanent, &exact().also_if(|_| true)).await,
        [1; 3]
    );
    assert_eq!(by_predicate, by_predicate.clone());
    assert_ne!(by_predicate, exact());
}

#[tokio::test(start_paused = true)]
async fn case_r6_the_limits_of_the_policy_hold() {
    let script = Script::new([older("rateLimitExceeded")]);
    let spanner: Spanner = script.client().await;
    let request = CreateInstanceRequest::default();
    let create = spanner.projects().instances().create("projects/p", request);
    let error = create.send().await.unwrap_err();
    assert_eq!(script.times(), [0, 1000, 3000, 7000, 15_000, 31_000]);
    assert_eq!(error.attempts(), 6);
    assert!(error.is_resource_exhausted());

    let script = Script::new([response(429, &[("retry-after", "61")], "")]);
    let spanner: Spanner = script.client().await;
    let request = CreateInstanceRequest::default();
    let create = spanner.projects().instances().create("projects/p", request);
    assert_eq!(create.send().await.unwrap_err().attempts(), 1);
}

/// Pollers, pages and batches.
#[tokio::test(start_paused = true)]
async fn case_r6_every_kind_of_call() {
    let running = || response(200, &[], &format!(r#"{{"name":"{OPERATION}"}}"#));
    let done = || {
        response(
            200,
            &[],
            &format!(r#"{{"name":"{OPERATION}","done":true}}"#),
        )
    };
    let limited = || older("userRateLimitExceeded");
    let script = Script::new([limited(), running(), limited(), limited(), done()]);
    let spanner: Spanner = script.client().await;
    let operations = spanner.projects().instances().operations();
    operations
        .get(OPERATION)
        .poller()
        .until_done()
        .await
        .unwrap();
    assert_eq!(script.count(), 5);
    let script = Script::new([limited(), running(), limited(), limited(), done()]);
    let spanner: Spanner = script.client().await;
    let instances = spanner.projects().instances();
    let call = instances.create("projects/p", CreateInstanceRequest::default());
    call.poller().with_response::<Empty>().await.unwrap();
    assert_eq!(script.count(), 5);

    // A daily limit ends the polling at once.
    let script = Script::new([running(), older("dailyLimitExceeded"), done()]);
    let spanner: Spanner = script.client().await;
    let instances = spanner.projects().instances();
    let call = instances.create("projects/p", CreateInstanceRequest::default());
    assert_eq!(call.poller().until_done().await.unwrap_err().attempts(), 1);
    assert_eq!(script.count(), 2);

    let page = |token: &str| response(200, &[], &format!(r#"{{"nextPageToken":"{token}"}}"#));
    let script = Script::new([page("a"), limited(), page("")]);
    let spanner: Spanner = script.client().await;
    let list = spanner.projects().instances().list("projects/p");
    let pages: Vec<_> = list.pages().try_collect().await.unwrap();
    assert_eq!((pages.len(), script.count()), (2, 3));

    let script = Script::new([limited(), ok()]);
    let spanner: Spanner = script.client().await;
    let mut batch = spanner.batch();
    let _key = batch.add(
        spanner
            .projects()
            .instances()
            .create("projects/p", CreateInstanceRequest::default()),
    );
    // The second response is not one of a batch.
    assert_eq!(batch.send().await.unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!(script.count(), 2);
    assert_eq!(script.times(), [0, seconds(1).as_millis()]);
}
