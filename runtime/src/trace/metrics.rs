//! The metrics with the feature `metrics`, by the API of OpenTelemetry.

use super::Sent;
use super::attributes::{ARTIFACT, SCHEMA_URL, SYSTEM, VERSION};
use super::ending::{self, CANCELED, ErrorType};
use crate::error::Result;
use crate::transport::Body;
use opentelemetry::metrics::Histogram;
use opentelemetry::{InstrumentationScope, KeyValue, global};
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::time::Instant;

/// The limits of the buckets of durations, in seconds, as the conventions for HTTP advise, and some for long calls.
const SECONDS: [f64; 17] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 60.0, 300.0,
    900.0,
];

/// The limits of the buckets of sizes, in bytes.
const BYTES: [f64; 10] = [
    0.0,
    256.0,
    1024.0,
    4096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    16_777_216.0,
    268_435_456.0,
];

/// The limits of the buckets of attempts.
const ATTEMPTS: [f64; 7] = [1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0];

/// The instruments of a client. They belong to the global meter provider at the time when the client is built.
pub(crate) struct Instruments {
    call_duration: Histogram<f64>,
    call_attempts: Histogram<u64>,
    request_duration: Histogram<f64>,
    request_size: Histogram<u64>,
    response_size: Histogram<u64>,
}

/// The measurement of a call.
pub(crate) struct CallMeter(Measured);

/// The measurement of an attempt.
pub(crate) struct AttemptMeter {
    measured: Measured,
    request_size: Histogram<u64>,
    response_size: Histogram<u64>,
    sent: Option<i64>,
}

/// A measurement in progress.
struct Measured {
    start: Instant,
    duration: Histogram<f64>,
    /// Only of calls.
    attempts: Option<Histogram<u64>>,
    /// The number of attempts so far.
    begun: AtomicU32,
    attributes: Vec<KeyValue>,
    is_ended: bool,
}

impl Instruments {
    pub(crate) fn new() -> Self {
        let scope = InstrumentationScope::builder(ARTIFACT)
            .with_version(VERSION)
            .with_schema_url(SCHEMA_URL)
            .build();
        let meter = global::meter_with_scope(scope);
        let duration = |name, description| {
            let histogram = meter.f64_histogram(name).with_unit("s");
            let histogram = histogram.with_description(description);
            histogram.with_boundaries(SECONDS.to_vec()).build()
        };
        let size = |name, description| {
            let histogram = meter.u64_histogram(name).with_unit("By");
            let histogram = histogram.with_description(description);
            histogram.with_boundaries(BYTES.to_vec()).build()
        };
        let attempts = meter.u64_histogram("gapi.client.call.attempts");
        let attempts = attempts.with_unit("{attempt}");
        let attempts = attempts.with_description("Number of attempts of calls.");
        Self {
            call_duration: duration(
                "rpc.client.call.duration",
                "Duration of calls, including their retries.",
            ),
            call_attempts: attempts.with_boundaries(ATTEMPTS.to_vec()).build(),
            request_duration: duration(
                "http.client.request.duration",
                "Duration of HTTP client requests.",
            ),
            request_size: size(
                "http.client.request.body.size",
                "Size of HTTP client request bodies.",
            ),
            response_size: size(
                "http.client.response.body.size",
                "Size of HTTP client response bodies.",
            ),
        }
    }
}

impl CallMeter {
    pub(crate) fn new(sent: Sent<'_>, instruments: &Instruments) -> Self {
        let mut measured = Measured::new(sent, &instruments.call_duration);
        measured.attempts = Some(instruments.call_attempts.clone());
        Self(measured)
    }

    /// Notes that an attempt begins.
    pub(crate) fn begins(&self, number: u32) {
        self.0.begun.store(number, Ordering::Relaxed);
    }

    pub(crate) fn end(mut self, result: &Result<http::Response<Body>>) {
        let code = ending::code(result);
        let code = code.map(|code| KeyValue::new("rpc.response.status_code", code));
        self.0.attributes.extend(code);
        self.0
            .ends(ErrorType::of_call(result), ending::attempts(result));
    }
}

impl AttemptMeter {
    pub(crate) fn new(sent: Sent<'_>, instruments: &Instruments) -> Self {
        let mut measured = Measured::new(sent, &instruments.request_duration);
        let method = sent.request.method().to_string();
        measured.attributes.extend([
            KeyValue::new("http.request.method", method),
            KeyValue::new("url.scheme", sent.scheme().to_owned()),
        ]);
        let template = sent.template().map(|template| template.to_string());
        let template = template.map(|template| KeyValue::new("url.template", template));
        measured.attributes.extend(template);
        Self {
            measured,
            request_size: instruments.request_size.clone(),
            response_size: instruments.response_size.clone(),
            sent: sent.body_size(),
        }
    }

    pub(crate) fn end(mut self, result: &Result<http::Response<Body>>) {
        let status = ending::http_status(result);
        let status = status.map(|status| KeyValue::new("http.response.status_code", status));
        self.measured.attributes.extend(status);
        self.measured.ends(ErrorType::of_attempt(result), 1);
        let record = |histogram: &Histogram<u64>, bytes: Option<i64>| {
            if let Some(bytes) = bytes.and_then(|bytes| u64::try_from(bytes).ok()) {
                histogram.record(bytes, &self.measured.attributes);
            }
        };
        record(&self.request_size, self.sent);
        record(&self.response_size, ending::body_size(result));
    }
}

impl Measured {
    fn new(sent: Sent<'_>, duration: &Histogram<f64>) -> Self {
        Self {
            start: Instant::now(),
            duration: duration.clone(),
            attempts: None,
            begun: AtomicU32::new(0),
            attributes: vec![
                KeyValue::new("rpc.system.name", SYSTEM),
                KeyValue::new("rpc.method", sent.method.id),
                KeyValue::new("server.address", sent.address().to_owned()),
                KeyValue::new("server.port", i64::from(sent.port())),
                KeyValue::new("gcp.client.service", sent.service.name),
            ],
            is_ended: false,
        }
    }

    fn ends(&mut self, error_type: Option<ErrorType>, attempts: u32) {
        if std::mem::replace(&mut self.is_ended, true) {
            return;
        }
        let error_type = error_type.map(|name| name.as_str().to_owned());
        let error_type = error_type.map(|name| KeyValue::new("error.type", name));
        self.attributes.extend(error_type);
        let seconds = self.start.elapsed().as_secs_f64();
        self.duration.record(seconds, &self.attributes);
        if let Some(histogram) = self.attempts.as_ref().filter(|_| attempts > 0) {
            histogram.record(u64::from(attempts), &self.attributes);
        }
    }
}

/// The caller has dropped the future.
impl Drop for Measured {
    fn drop(&mut self) {
        let attempts = self.begun.load(Ordering::Relaxed);
        self.ends(Some(ErrorType::Name(CANCELED)), attempts);
    }
}
