//! The spans with the feature `tracing`.

use super::Sent;
use super::attributes::{ARTIFACT, AttemptName, REPOSITORY, SCHEMA_URL, SYSTEM, VERSION, domain};
use super::ending::{self, CANCELED, ErrorType};
use crate::error::{Error, ErrorKind, Result};
use crate::method::{MethodInfo, ServiceInfo};
use crate::transport::Body;
use bytes::Bytes;
use std::time::Duration;
use tokio::time::Instant;
use tracing::field::{self, Empty};
use tracing::{Instrument, Span, debug, info, info_span};

/// The value of `otel.status_code` of a span that ends with an error.
const ERROR: &str = "ERROR";

/// Warns that a token has fewer scopes than were asked for. Calls that need the others fail with HTTP 403.
#[cfg(feature = "auth")]
pub(crate) fn scopes_are_missing(scopes: &[&str]) {
    let missing = scopes.join(" ");
    tracing::warn!(target: "gapi_runtime", missing, "the token server granted fewer scopes");
}

/// The span of a call.
pub(crate) struct CallSpan(Open);

/// The span of an attempt: a request by HTTP.
pub(crate) struct AttemptSpan(Open);

/// The span of a call whose response is not decoded yet, in the extensions of the response.
#[derive(Clone, Default)]
pub(crate) struct DecodingSpan(Option<Span>);

/// The span of an operation that is awaited. It has none before it is opened, and nor does a copy.
#[derive(Default)]
pub(crate) struct OperationSpan(Option<Open>);

/// A span that has not ended.
struct Open {
    span: Span,
    /// None without a subscriber.
    start: Option<Instant>,
    is_ended: bool,
}

impl CallSpan {
    pub(crate) fn new(sent: Sent<'_>) -> Self {
        Self(Open::new(info_span!(
            target: "gapi_runtime",
            "call",
            "otel.name" = sent.method.id,
            "otel.kind" = "Internal",
            "otel.status_code" = Empty,
            "rpc.system.name" = SYSTEM,
            // The names of these two before version 1.39 of the conventions. Most backends know them.
            "rpc.system" = SYSTEM,
            "rpc.service" = sent.service.id,
            "rpc.method" = sent.method.id,
            "rpc.response.status_code" = Empty,
            "http.request.method" = sent.request.method().as_str(),
            "http.request.resend_count" = Empty,
            "http.response.status_code" = Empty,
            "server.address" = sent.address(),
            "server.port" = i64::from(sent.port()),
            "url.template" = sent.template().map(field::display),
            "url.domain" = domain(sent.service),
            "error.type" = Empty,
            "gcp.client.service" = sent.service.name,
            "gcp.client.version" = VERSION,
            "gcp.client.repo" = REPOSITORY,
            "gcp.client.artifact" = ARTIFACT,
            "gcp.schema.url" = SCHEMA_URL,
        )))
    }

    pub(crate) fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
        future.instrument(self.0.span.clone())
    }

    pub(crate) fn waits(&self, made: u32, delay: Duration, result: &Result<http::Response<Body>>) {
        info!(
            target: "gapi_runtime",
            parent: &self.0.span,
            attempt = made,
            reason = ErrorType::of_call(result).as_ref().map(ErrorType::as_str),
            delay_ms = millis(delay),
            "will be sent again"
        );
    }

    pub(crate) fn gives_up(&self, reason: &'static str, attempts: u32) {
        debug!(target: "gapi_runtime", parent: &self.0.span, attempts, reason, "given up");
    }

    pub(crate) fn end_before_decoding(self, result: &mut Result<http::Response<Body>>) {
        let span = self.0.start.map(|_| self.0.span.clone());
        self.end(result);
        if let (Some(span), Ok(response)) = (span, result) {
            response.extensions_mut().insert(DecodingSpan(Some(span)));
        }
    }

    pub(crate) fn end(mut self, result: &Result<http::Response<Body>>) {
        if let Some(start) = self.0.ends() {
            let span = &self.0.span;
            record_result(span, ErrorType::of_call(result), result);
            span.record("rpc.response.status_code", ending::code(result));
            span.record(
                "http.request.resend_count",
                resends(ending::attempts(result)),
            );
            ended(span, start);
        }
    }
}

impl AttemptSpan {
    pub(crate) fn new(sent: Sent<'_>, number: u32) -> Self {
        Self(Open::new(info_span!(
            target: "gapi_runtime",
            "attempt",
            "otel.name" = %AttemptName(sent),
            "otel.kind" = "Client",
            "otel.status_code" = Empty,
            "rpc.system.name" = SYSTEM,
            "rpc.method" = sent.method.id,
            "http.request.method" = sent.request.method().as_str(),
            "http.request.resend_count" = resends(number),
            "http.request.body.size" = sent.body_size(),
            "http.response.status_code" = Empty,
            "http.response.body.size" = Empty,
            "server.address" = sent.address(),
            "server.port" = i64::from(sent.port()),
            "network.peer.address" = Empty,
            "network.peer.port" = Empty,
            "url.scheme" = sent.scheme(),
            "url.template" = sent.template().map(field::display),
            "url.domain" = domain(sent.service),
            "error.type" = Empty,
            "gcp.client.service" = sent.service.name,
            "gcp.client.version" = VERSION,
            "gcp.client.repo" = REPOSITORY,
            "gcp.client.artifact" = ARTIFACT,
            "gcp.schema.url" = SCHEMA_URL,
        )))
    }

    pub(crate) fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
        future.instrument(self.0.span.clone())
    }

    pub(crate) fn end(mut self, result: &Result<http::Response<Body>>) {
        if let Some(start) = self.0.ends() {
            let span = &self.0.span;
            record_result(span, ErrorType::of_attempt(result), result);
            span.record("http.response.body.size", ending::body_size(result));
            ended(span, start);
        }
    }
}

impl DecodingSpan {
    /// Returns the span of a response. There is none without a subscriber.
    pub(crate) fn of(response: &mut http::Response<Bytes>) -> Self {
        response.extensions_mut().remove().unwrap_or_default()
    }

    /// Records the error of a response that cannot be decoded.
    pub(crate) fn end<T>(self, decoded: &Result<T>) {
        if let (Some(span), Err(error)) = (self.0, decoded) {
            record_failure(&span, ErrorType::of(error));
        }
    }
}

impl OperationSpan {
    /// Returns a span that is not open.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// Opens the span, unless it is open.
    pub(crate) fn opened(self, service: &'static ServiceInfo, method: &'static MethodInfo) -> Self {
        let open = self.0.unwrap_or_else(|| {
            Open::new(info_span!(
                target: "gapi_runtime",
                "operation",
                "otel.name" = %format_args!("wait {}", method.id),
                "otel.kind" = "Internal",
                "otel.status_code" = Empty,
                "rpc.system.name" = SYSTEM,
                "gcp.rpc.method" = method.id,
                "gcp.longrunning.poll_attempt_count" = Empty,
                "gcp.longrunning.done" = Empty,
                "gcp.longrunning.status_code" = Empty,
                "error.type" = Empty,
                "gcp.client.service" = service.name,
                "gcp.client.version" = VERSION,
                "gcp.client.repo" = REPOSITORY,
                "gcp.client.artifact" = ARTIFACT,
                "gcp.schema.url" = SCHEMA_URL,
            ))
        });
        Self(Some(open))
    }

    pub(crate) fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
        let span = self
            .0
            .as_ref()
            .map_or_else(Span::none, |open| open.span.clone());
        future.instrument(span)
    }

    /// Ends the span with the result of the operation, or with the error that ends the wait for it.
    pub(crate) fn ends<T>(&mut self, result: &Result<T>, polls: u32) {
        let Some(open) = &mut self.0 else {
            return;
        };
        if open.ends().is_none() {
            return;
        }
        let span = &open.span;
        span.record("gcp.longrunning.poll_attempt_count", i64::from(polls));
        match result {
            Ok(_) => {
                span.record("gcp.longrunning.done", true);
                span.record("gcp.longrunning.status_code", 0_i64);
            }
            Err(error) => {
                let is_done = error.kind() == ErrorKind::Operation;
                span.record("gcp.longrunning.done", is_done);
                if is_done {
                    span.record("gcp.longrunning.status_code", number(error));
                }
                record_failure(span, ErrorType::of(error));
            }
        }
    }
}

impl Clone for OperationSpan {
    fn clone(&self) -> Self {
        Self::none()
    }
}

impl Open {
    fn new(span: Span) -> Self {
        Self {
            start: (!span.is_disabled()).then(Instant::now),
            span,
            is_ended: false,
        }
    }

    /// Ends the span, and returns its start. Returns `None` if it has ended already, or without a subscriber.
    fn ends(&mut self) -> Option<Instant> {
        let was_ended = std::mem::replace(&mut self.is_ended, true);
        self.start.filter(|_| !was_ended)
    }
}

/// The caller has dropped the future.
impl Drop for Open {
    fn drop(&mut self) {
        if self.ends().is_some() {
            record_failure(&self.span, ErrorType::Name(CANCELED));
        }
    }
}

fn record_result(
    span: &Span,
    error_type: Option<ErrorType>,
    result: &Result<http::Response<Body>>,
) {
    span.record("http.response.status_code", ending::http_status(result));
    if let Some(error_type) = error_type {
        record_failure(span, error_type);
    }
}

fn record_failure(span: &Span, error_type: ErrorType) {
    span.record("error.type", error_type.as_str());
    span.record("otel.status_code", ERROR);
}

fn ended(span: &Span, start: Instant) {
    let duration_ms = millis(start.elapsed());
    debug!(target: "gapi_runtime", parent: span, duration_ms, "ended");
}

/// Returns the number of times that a request was sent again. `None` at its first attempt, as the conventions say.
fn resends(attempts: u32) -> Option<i64> {
    (attempts > 1).then(|| i64::from(attempts) - 1)
}

/// Returns the number of the code that an operation ended with.
fn number(error: &Error) -> Option<i64> {
    error.code()?.number().map(i64::from)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
