//! HTTP requests, with retries and limits.

use std::{
    io::Read as _,
    thread,
    time::{Duration, SystemTime},
};

use gapi_generator::diagnostics::printable;
use ureq::{
    Agent, Body,
    http::{Response, StatusCode, header},
    tls::{RootCerts, TlsConfig},
};

use super::retry::{self, FailureKind};

/// The maximum size of a document or a directory, in bytes. The largest published document has 6 MiB.
pub(crate) const LARGEST: u64 = 32 << 20;

/// A successful response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HttpResponse {
    /// The ETag of the request is current.
    NotModified,
    /// The body and its ETag.
    Body {
        bytes: Vec<u8>,
        etag: Option<String>,
    },
}

/// A failed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HttpError {
    pub(crate) kind: FailureKind,
    pub(crate) message: String,
}

/// A GET request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) url: &'a str,
    /// The ETag of the known response.
    pub(crate) etag: Option<&'a str>,
    /// The maximum size of the response, in bytes.
    pub(crate) limit: u64,
    /// `true` for JSON. A truncated response is detected by its syntax.
    pub(crate) json: bool,
}

/// A client with the proxies of the environment and the certificates of the system. It sends no credentials and follows no
/// redirects, because addresses are checked before the request.
#[derive(Clone, Debug)]
pub(crate) struct Client(Agent);

impl Client {
    pub(crate) fn new() -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("gapi/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_recv_response(Some(Duration::from_mins(1)))
            .timeout_recv_body(Some(Duration::from_mins(5)))
            .build();
        Self(Agent::new_with_config(config))
    }

    /// Sends the request until it succeeds, or until a retry is useless.
    pub(crate) fn get(&self, request: Request<'_>) -> Result<HttpResponse, HttpError> {
        let mut attempt = 1;
        loop {
            let error = match self.attempt(request) {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            match retry::wait(error.kind, attempt) {
                Some(wait) => thread::sleep(wait),
                None => return Err(error.after(attempt)),
            }
            attempt += 1;
        }
    }

    fn attempt(&self, request: Request<'_>) -> Result<HttpResponse, HttpError> {
        let mut builder = self.0.get(request.url);
        if let Some(etag) = request.etag {
            builder = builder.header(header::IF_NONE_MATCH, etag);
        }
        let response = builder.call().map_err(|error| unreachable(&error))?;
        match response.status() {
            StatusCode::NOT_MODIFIED if request.etag.is_some() => Ok(HttpResponse::NotModified),
            StatusCode::OK => body(response, request),
            status => Err(status_error(status, &response)),
        }
    }
}

impl HttpError {
    /// Returns an error that a retry would not change.
    pub(crate) fn last(message: impl Into<String>) -> Self {
        failed(FailureKind::Final, message)
    }

    fn after(mut self, attempts: u32) -> Self {
        if attempts > 1 {
            self.message = format!("{} ({attempts} attempts)", self.message);
        }
        self
    }
}

fn failed(kind: FailureKind, message: impl Into<String>) -> HttpError {
    HttpError {
        kind,
        message: message.into(),
    }
}

fn unreachable(error: &ureq::Error) -> HttpError {
    let kind = match error {
        ureq::Error::Io(_)
        | ureq::Error::Timeout(_)
        | ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed => FailureKind::Unreachable,
        _ => FailureKind::Final,
    };
    failed(kind, printable(&format!("no response: {error}")))
}

/// Returns the error for a response without a document.
fn status_error(status: StatusCode, response: &Response<Body>) -> HttpError {
    let text = |name| {
        let value = response.headers().get(name);
        value.and_then(|value| value.to_str().ok())
    };
    let asked =
        text(header::RETRY_AFTER).and_then(|header| retry::retry_after(header, SystemTime::now()));
    let kind = match status.as_u16() {
        404 | 410 => FailureKind::Missing,
        408 | 429 | 500 | 502 | 503 | 504 => FailureKind::Busy(asked),
        _ => FailureKind::Final,
    };
    let more = match (text(header::LOCATION), asked) {
        (Some(to), _) if status.is_redirection() => {
            format!(", a redirect to {}, which is not followed", printable(to))
        }
        (_, Some(wait)) => format!(", it asks to wait {} s", wait.as_secs()),
        _ => String::new(),
    };
    failed(kind, format!("the server responds with {status}{more}"))
}

fn body(response: Response<Body>, request: Request<'_>) -> Result<HttpResponse, HttpError> {
    let etag = response.headers().get(header::ETAG);
    let etag = etag.and_then(|etag| etag.to_str().ok()).map(str::to_owned);
    let mut bytes = Vec::new();
    // One byte more than allowed shows that the response is too long.
    let mut reader = response.into_body().into_reader().take(request.limit + 1);
    if let Err(error) = reader.read_to_end(&mut bytes) {
        let message = format!(
            "the response was interrupted after {} bytes: {error}",
            bytes.len()
        );
        return Err(failed(FailureKind::Truncated, printable(&message)));
    }
    if bytes.len() as u64 > request.limit {
        let message = format!("the response has more than {} MiB", request.limit >> 20);
        return Err(failed(FailureKind::Final, message));
    }
    if request.json && ends_early(&bytes) {
        let message = format!("the response was interrupted after {} bytes", bytes.len());
        return Err(failed(FailureKind::Truncated, message));
    }
    Ok(HttpResponse::Body { bytes, etag })
}

/// Returns `true` if a JSON text is truncated.
fn ends_early(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_err_and(|error| error.is_eof())
}
