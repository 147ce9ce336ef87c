//! Limits on requests, by tower.

use std::time::Duration;

use gapi_runtime::{ClientBuilder, Service};
use tower::ServiceBuilder;

/// Sends at most 4 requests at a time, and at most 20 in 200 ms.
pub fn limited<S: Service>(builder: ClientBuilder<S>) -> ClientBuilder<S> {
    let layers = ServiceBuilder::new()
        .concurrency_limit(4)
        // A rate limit cannot be cloned. The buffer makes all requests share one.
        .buffer(64)
        .rate_limit(20, Duration::from_millis(200));
    builder.layer(layers)
}
