//! Propagation of traces (W3C Trace Context), by a hook and opentelemetry-http.

use gapi_runtime::{ClientBuilder, Service};
use opentelemetry::global;
use opentelemetry_http::HeaderInjector;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// Sends the header `traceparent` with the id of the span of each attempt.
pub fn propagated<S: Service>(builder: ClientBuilder<S>) -> ClientBuilder<S> {
    builder.on_attempt(|attempt| {
        let context = tracing::Span::current().context();
        global::get_text_map_propagator(|propagator| {
            propagator.inject_context(&context, &mut HeaderInjector(attempt.headers_mut()));
        });
    })
}
