//! Telemetry by the conventions of OpenTelemetry: spans of calls, attempts and operations, and metrics.
//!
//! Spans and metrics hold only values that cannot be confidential: ids, hosts, templates of paths, counts, statuses, sizes. They
//! never hold a message of a server, because messages quote names. They never hold a URL, a header or a body. Without the
//! features `tracing` and `metrics` the types do nothing.

#[cfg(any(feature = "tracing", feature = "metrics"))]
mod attributes;
#[cfg(any(feature = "tracing", feature = "metrics"))]
mod ending;
#[cfg(feature = "metrics")]
mod metrics;
#[cfg(not(feature = "metrics"))]
mod no_metrics;
#[cfg(not(feature = "tracing"))]
mod no_spans;
#[cfg(feature = "tracing")]
mod spans;

#[cfg(feature = "metrics")]
use metrics as meter;
#[cfg(not(feature = "metrics"))]
use no_metrics as meter;
#[cfg(not(feature = "tracing"))]
use no_spans as tracer;
#[cfg(feature = "tracing")]
use spans as tracer;

pub(crate) use meter::Instruments;
#[cfg(feature = "auth")]
pub(crate) use tracer::scopes_are_missing;
pub(crate) use tracer::{DecodingSpan, OperationSpan};

use crate::error::Result;
use crate::method::{MethodInfo, ServiceInfo};
use crate::transport::Body;
use std::time::Duration;

/// A mark in the extensions of a request to an address that a server has named. The template of the method is not its path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamedAddress;

/// The facts about a request that telemetry shows.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(any(feature = "tracing", feature = "metrics")),
    expect(dead_code, reason = "there is no telemetry")
)]
pub(crate) struct Sent<'a> {
    pub(crate) service: &'static ServiceInfo,
    pub(crate) method: &'static MethodInfo,
    /// The root of the API at the client's endpoint.
    pub(crate) root_url: &'a str,
    pub(crate) request: &'a http::Request<Body>,
}

/// A call, from its first attempt to its last.
pub(crate) struct CallSpan {
    span: tracer::CallSpan,
    meter: meter::CallMeter,
}

/// One attempt.
pub(crate) struct AttemptSpan {
    span: tracer::AttemptSpan,
    meter: meter::AttemptMeter,
}

impl CallSpan {
    pub(crate) fn new(sent: Sent<'_>, instruments: &Instruments) -> Self {
        Self {
            span: tracer::CallSpan::new(sent),
            meter: meter::CallMeter::new(sent, instruments),
        }
    }

    /// Not an `async fn`, which would hold the future twice.
    pub(crate) fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
        self.span.around(future)
    }

    /// Notes that an attempt of this number begins.
    pub(crate) fn begins(&self, number: u32) {
        self.meter.begins(number);
    }

    /// Notes that the call will be sent again, after this many attempts and this delay.
    pub(crate) fn waits(&self, made: u32, delay: Duration, result: &Result<http::Response<Body>>) {
        self.span.waits(made, delay, result);
    }

    /// Notes that a failed call will not be sent again.
    pub(crate) fn gives_up(&self, reason: &'static str, attempts: u32) {
        self.span.gives_up(reason, attempts);
    }

    pub(crate) fn end(self, result: &Result<http::Response<Body>>) {
        self.meter.end(result);
        self.span.end(result);
    }

    /// Ends a call whose response is still to be decoded. The span of the call is open as long as the response is there.
    pub(crate) fn end_before_decoding(self, result: &mut Result<http::Response<Body>>) {
        self.meter.end(result);
        self.span.end_before_decoding(result);
    }
}

impl AttemptSpan {
    pub(crate) fn new(sent: Sent<'_>, number: u32, instruments: &Instruments) -> Self {
        Self {
            span: tracer::AttemptSpan::new(sent, number),
            meter: meter::AttemptMeter::new(sent, instruments),
        }
    }

    /// Not an `async fn`, which would hold the future twice.
    pub(crate) fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
        self.span.around(future)
    }

    pub(crate) fn end(self, result: &Result<http::Response<Body>>) {
        self.meter.end(result);
        self.span.end(result);
    }
}
