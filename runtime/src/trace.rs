//! Logging: a span for each call and for each attempt.
//!
//! Spans hold only values that cannot be confidential: ids, counts, statuses, durations, names of scopes. They never hold a message of a server,
//! because messages quote names. They never hold a URL, a header or a body. Without the feature `tracing` the types do nothing.

#[cfg(all(feature = "auth", feature = "tracing"))]
pub(crate) use on::scopes_are_missing;
#[cfg(feature = "tracing")]
pub(crate) use on::{AttemptSpan, CallSpan};

#[cfg(all(feature = "auth", not(feature = "tracing")))]
pub(crate) use off::scopes_are_missing;
#[cfg(not(feature = "tracing"))]
pub(crate) use off::{AttemptSpan, CallSpan};

#[cfg(feature = "tracing")]
mod on {
    use crate::error::{Error, Result};
    use crate::method::{MethodInfo, ServiceInfo};
    use crate::transport::Body;
    use std::time::Duration;
    use tokio::time::Instant;
    use tracing::field::Empty;
    use tracing::{Instrument, Span, debug, debug_span, info, info_span};

    /// Warns that a token has fewer scopes than were asked for. Calls that need the others fail with HTTP 403.
    #[cfg(feature = "auth")]
    pub(crate) fn scopes_are_missing(scopes: &[&str]) {
        let missing = scopes.join(" ");
        tracing::warn!(target: "gapi_runtime", missing, "the token server granted fewer scopes");
    }

    /// A call, from its first attempt to its last.
    pub(crate) struct CallSpan {
        span: Span,
        /// None while nobody listens.
        start: Option<Instant>,
    }

    /// One attempt.
    pub(crate) struct AttemptSpan {
        span: Span,
        /// None while nobody listens.
        start: Option<Instant>,
    }

    impl CallSpan {
        pub(crate) fn new(service: &ServiceInfo, method: &MethodInfo) -> Self {
            let span = info_span!(
                target: "gapi_runtime",
                "call",
                service = service.id,
                method = method.id,
                verb = method.verb.as_str(),
                http_status = Empty,
                error = Empty,
                attempts = Empty,
                response_bytes = Empty,
                duration_ms = Empty,
            );
            Self {
                start: start_of(&span),
                span,
            }
        }

        /// Not an `async fn`, which would hold the future twice.
        pub(crate) fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
            future.instrument(self.span.clone())
        }

        pub(crate) fn waits(&self, made: u32, delay: Duration) {
            let delay_ms = millis(delay);
            info!(target: "gapi_runtime", parent: &self.span, attempt = made, delay_ms, "will be sent again");
        }

        pub(crate) fn gives_up(&self, reason: &'static str, attempts: u32) {
            debug!(target: "gapi_runtime", parent: &self.span, attempts, reason, "given up");
        }

        pub(crate) fn end(&self, result: &Result<http::Response<Body>>) {
            let attempts = match result {
                Ok(response) => crate::error::Attempts::of(response.extensions()).count,
                Err(error) => error.attempts(),
            };
            self.span.record("attempts", attempts);
            record(&self.span, self.start, result);
        }
    }

    impl AttemptSpan {
        pub(crate) fn new(number: u32, request_bytes: Option<u64>) -> Self {
            let span = debug_span!(
                target: "gapi_runtime",
                "attempt",
                attempt = number,
                request_bytes,
                http_status = Empty,
                error = Empty,
                response_bytes = Empty,
                duration_ms = Empty,
            );
            Self {
                start: start_of(&span),
                span,
            }
        }

        /// Not an `async fn`, which would hold the future twice.
        pub(crate) fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
            future.instrument(self.span.clone())
        }

        pub(crate) fn end(&self, result: &Result<http::Response<Body>>) {
            record(&self.span, self.start, result);
            debug!(target: "gapi_runtime", parent: &self.span, "ended");
        }
    }

    fn start_of(span: &Span) -> Option<Instant> {
        (!span.is_disabled()).then(Instant::now)
    }

    fn record(span: &Span, start: Option<Instant>, result: &Result<http::Response<Body>>) {
        let Some(start) = start else {
            return;
        };
        match result {
            Ok(response) => {
                span.record("http_status", response.status().as_u16());
                span.record("response_bytes", response.body().length());
            }
            Err(error) => {
                span.record("error", kind(error));
            }
        }
        span.record("duration_ms", millis(start.elapsed()));
    }

    /// The kind alone: messages can quote.
    fn kind(error: &Error) -> tracing::field::DebugValue<crate::error::ErrorKind> {
        tracing::field::debug(error.kind())
    }

    fn millis(duration: Duration) -> u64 {
        u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    #![allow(clippy::unused_self, reason = "the same functions as with the feature")]

    use crate::error::Result;
    use crate::method::{MethodInfo, ServiceInfo};
    use crate::transport::Body;
    use std::time::Duration;

    #[cfg(feature = "auth")]
    pub(crate) fn scopes_are_missing(_: &[&str]) {}

    pub(crate) struct CallSpan;

    pub(crate) struct AttemptSpan;

    impl CallSpan {
        pub(crate) fn new(_: &ServiceInfo, _: &MethodInfo) -> Self {
            Self
        }

        pub(crate) fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
            future
        }

        pub(crate) fn waits(&self, _: u32, _: Duration) {}

        pub(crate) fn gives_up(&self, _: &'static str, _: u32) {}

        pub(crate) fn end(&self, _: &Result<http::Response<Body>>) {}
    }

    impl AttemptSpan {
        pub(crate) fn new(_: u32, _: Option<u64>) -> Self {
            Self
        }

        pub(crate) fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
            future
        }

        pub(crate) fn end(&self, _: &Result<http::Response<Body>>) {}
    }
}
