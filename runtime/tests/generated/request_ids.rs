//! Calls with a request id.

use crate::api::Spanner;
use crate::{recorded, run};
use calls::Create;
use futures_util::stream;
use gapi_runtime::{
    Body, Bytes, MockTransport, Request, RetryPolicy, Service, TransportError, http,
};
use std::time::Duration;

mod calls {
    #![allow(dead_code, reason = "not all of it is called")]

    pub(super) struct Create(pub(super) gapi_runtime::Request);

    gapi_runtime::call!(Create {
        id: "spanner.create",
        service: crate::api::Spanner,
        request: Post "v1/things",
        request_id: Query "requestId",
        response: Json crate::api::schemas::Status,
    });
}

/// Services keep an id for 15 minutes at least. The first attempt is executed, and its response is lost.
#[test]
fn a_call_is_not_sent_again_when_the_server_may_have_forgotten_its_id() {
    for status in [503, 429] {
        let lost = stream::iter([Err(TransportError::other("lost"))]);
        let later = http::Response::builder().status(status);
        let later = later.header("retry-after", "600");
        let later = later.body(Bytes::new()).unwrap();
        let mock = MockTransport::new()
            .respond_streaming(http::Response::new(Body::new(lost)))
            .respond_with(later.clone())
            .respond_with(later)
            .respond(200, "{}");
        let error = run(async {
            let spanner: Spanner = recorded(&mock).await;
            let create = Create(Request::of::<Create>(spanner.client()));
            let policy = RetryPolicy::new().time_limit(Duration::from_hours(1));
            create.retry(policy).send().await.unwrap_err()
        });
        assert_eq!((error.attempts(), mock.requests().len()), (3, 3), "{error}");
    }
}
