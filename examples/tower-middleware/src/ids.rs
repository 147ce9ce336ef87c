//! A header with a number for each attempt, by tower-http.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use gapi_runtime::{ClientBuilder, Service, http};
use tower_http::request_id::{MakeRequestId, RequestId, SetRequestIdLayer};

/// Numbers requests from 1 on.
#[derive(Clone, Default)]
struct Counter(Arc<AtomicU64>);

impl MakeRequestId for Counter {
    fn make_request_id<B>(&mut self, _: &http::Request<B>) -> Option<RequestId> {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        Some(RequestId::new(http::HeaderValue::from(number)))
    }
}

/// Sends the header `x-request-id` with each attempt.
pub fn numbered<S: Service>(builder: ClientBuilder<S>) -> ClientBuilder<S> {
    builder.layer(SetRequestIdLayer::x_request_id(Counter::default()))
}
