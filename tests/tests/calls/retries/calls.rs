//! The retried calls, by failure and by verb.

use super::script::{Script, Step, exact, ok, response, status};
use gapi::gapi_runtime::http::StatusCode;
use gapi::gapi_runtime::{Error, ErrorKind, RawBody, RetryPolicy};
use gapi::healthcare_v1::CloudHealthcare;
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::schemas::{CreateInstanceRequest, UpdateInstanceRequest};

const OPERATION: &str = "projects/p/instances/i/operations/o";
const INSTANCE: &str = "projects/p/instances/i";
const RESOURCE: &str = "projects/p/locations/l/datasets/d/fhirStores/f/fhir/Patient/x";

/// Returns the attempts of each verb if the first one fails in this way: GET, PUT, DELETE, POST, PATCH.
async fn sent(first: Step, policy: &RetryPolicy, idempotent: Option<bool>) -> [usize; 5] {
    macro_rules! send {
        ($service:ty, |$client:ident| $call:expr) => {{
            let script = Script::new([first.clone(), ok()]);
            let $client: $service = script.client_with(policy.clone()).await;
            let call = $call;
            let call = match idempotent {
                Some(idempotent) => call.idempotent(idempotent),
                None => call,
            };
            let result = call.send().await;
            let attempts = result.err().map_or(2, |error| error.attempts());
            assert_eq!(usize::try_from(attempts).unwrap(), script.count());
            script.count()
        }};
    }
    [
        send!(Spanner, |spanner| operations(&spanner).get(OPERATION)),
        send!(CloudHealthcare, |healthcare| {
            let stores = healthcare.projects().locations().datasets().fhir_stores();
            let body = RawBody::new("application/fhir+json", "{}");
            stores.fhir().update(RESOURCE, body)
        }),
        send!(Spanner, |spanner| operations(&spanner).delete(OPERATION)),
        send!(Spanner, |spanner| {
            let request = CreateInstanceRequest::default();
            spanner.projects().instances().create("projects/p", request)
        }),
        send!(Spanner, |spanner| {
            let request = UpdateInstanceRequest::default();
            spanner.projects().instances().patch(INSTANCE, request)
        }),
    ]
}

fn operations(spanner: &Spanner) -> gapi::spanner_v1::projects::instances::operations::Operations {
    spanner.projects().instances().operations()
}

const ALL: [usize; 5] = [2; 5];
const NONE: [usize; 5] = [1; 5];
const IDEMPOTENT: [usize; 5] = [2, 2, 2, 1, 1];

fn unavailable(http_status: u16) -> Step {
    let body = r#"{"error": {"code": 500, "status": "UNAVAILABLE", "message": "m"}}"#;
    response(http_status, &[], body)
}

#[tokio::test(start_paused = true)]
async fn the_defaults() {
    let policy = exact();
    for (first, expected) in [
        (Step::Connect, ALL),
        (Step::Broken, IDEMPOTENT),
        (status(503), IDEMPOTENT),
        (unavailable(500), IDEMPOTENT),
        (response(503, &[], "<html>"), IDEMPOTENT),
        (response(500, &[], r#"{"code": 14}"#), IDEMPOTENT),
        (Step::Timeout, NONE),
        (Step::Permanent, NONE),
    ] {
        assert_eq!(
            sent(first.clone(), &policy, None).await,
            expected,
            "{first:?}"
        );
    }
    for code in [
        304, 400, 401, 403, 404, 408, 409, 412, 429, 500, 501, 502, 504,
    ] {
        assert_eq!(sent(status(code), &policy, None).await, NONE, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_retries_additional_statuses() {
    let policy = exact()
        .also(StatusCode::TOO_MANY_REQUESTS)
        .also(StatusCode::BAD_GATEWAY)
        .also_timeouts();
    for (first, expected) in [
        (status(429), IDEMPOTENT),
        (status(502), IDEMPOTENT),
        (Step::Timeout, IDEMPOTENT),
        (status(500), NONE),
        (status(504), NONE),
    ] {
        assert_eq!(
            sent(first.clone(), &policy, None).await,
            expected,
            "{first:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_call_says_of_itself() {
    let policy = exact();
    for (first, when_it_is, when_it_is_not) in [
        (Step::Connect, ALL, ALL),
        (Step::Broken, ALL, NONE),
        (status(503), ALL, NONE),
        (status(500), NONE, NONE),
    ] {
        assert_eq!(sent(first.clone(), &policy, Some(true)).await, when_it_is);
        assert_eq!(sent(first, &policy, Some(false)).await, when_it_is_not);
    }
}

#[tokio::test(start_paused = true)]
async fn off() {
    for first in [Step::Connect, Step::Broken, status(503)] {
        let never = RetryPolicy::never();
        assert_eq!(sent(first, &never, Some(true)).await, NONE);
    }
}

#[tokio::test(start_paused = true)]
async fn the_policy_of_a_call_counts_instead_of_the_client_s() {
    let script = Script::new([status(503), ok()]);
    let spanner: Spanner = script.client().await;
    let call = operations(&spanner).get(OPERATION);
    let error = call.clone().retry(RetryPolicy::never()).send().await;
    assert_eq!((error.unwrap_err().attempts(), script.count()), (1, 1));

    let script = Script::new([status(503), ok()]);
    let spanner: Spanner = script.client_with(RetryPolicy::never()).await;
    let call = operations(&spanner).get(OPERATION);
    call.retry(exact()).send().await.unwrap();
    assert_eq!(script.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_same_request_is_sent_with_its_credentials() {
    let script = Script::new([status(503), status(503), ok()]);
    let healthcare: CloudHealthcare = script.client().await;
    let stores = healthcare.projects().locations().datasets().fhir_stores();
    let body = RawBody::new("application/fhir+json", "{\"id\": 1}");
    stores.fhir().update(RESOURCE, body).send().await.unwrap();
    let requests = script.requests();
    assert_eq!(requests.len(), 3);
    for request in &requests {
        assert_eq!(request.headers(), requests[0].headers());
        assert_eq!(request.uri(), requests[0].uri());
        assert_eq!(request.body(), "{\"id\": 1}");
        assert_eq!(request.headers()["authorization"], "Bearer TOKEN");
    }
}

#[tokio::test(start_paused = true)]
async fn pages_are_retried_each() {
    use futures_util::TryStreamExt;
    let page = response(200, &[], r#"{"nextPageToken": "t"}"#);
    let script = Script::new([status(503), page, status(503), Step::Broken, ok()]);
    let spanner: Spanner = script.client().await;
    let pages = operations(&spanner).list(format!("{INSTANCE}/operations"));
    let pages: Vec<_> = pages.pages().try_collect().await.unwrap();
    assert_eq!(pages.len(), 2);
    assert_eq!(script.times(), [0, 1000, 1000, 2000, 4000]);
}

#[tokio::test(start_paused = true)]
async fn the_error_is_the_last_one_and_says_how_often() {
    let last = r#"{"error": {"code": 404, "status": "NOT_FOUND", "message": "gone"}}"#;
    let script = Script::new([Step::Broken, status(503), response(404, &[], last)]);
    let spanner: Spanner = script.client().await;
    let error: Error = operations(&spanner)
        .get(OPERATION)
        .send()
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Http, 3));
    assert!(error.is_not_found());
    assert_eq!(
        error.to_string(),
        "spanner.projects.instances.operations.get: HTTP 404 Not Found: NOT_FOUND: gone \
         (3 attempts in 3.0 s at spanner.googleapis.com:443; first: the connection to spanner.googleapis.com:443 failed: broken)"
    );
    let size = error.body().unwrap().len();
    assert_eq!(
        format!("{error:?}"),
        format!("{error} [Http; body: {size} bytes]")
    );

    // A response that cannot be read is not retried, and its error has the number of attempts.
    let script = Script::new([status(503), response(200, &[], "x")]);
    let spanner: Spanner = script.client().await;
    let error = operations(&spanner)
        .get(OPERATION)
        .send()
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 2));

    // Nothing was sent.
    let error = operations(&spanner).get("?").send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::InvalidArgument, 0)
    );
}
