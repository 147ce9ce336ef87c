//! The end of an attempt, of a call or of an operation, as telemetry records it.

use crate::error::{Attempts, Code, Error, ErrorKind, Result, Status, code_of};
use crate::transport::{Body, WireSize};
use http::StatusCode;

/// The value of `error.type` for a call that its caller has dropped.
pub(super) const CANCELED: &str = "CLIENT_CANCELLED";

/// The value of `error.type`: a short name, never a text of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorType {
    /// An HTTP status.
    Status(StatusCode),
    /// A canonical code, or a kind of failure without a response, as google-cloud-rust names it.
    Name(&'static str),
}

impl ErrorType {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Status(status) => status.as_str(),
            Self::Name(name) => name,
        }
    }

    /// Returns the type of the failure of an attempt: by the conventions for HTTP, its status. `None` after a success.
    pub(super) fn of_attempt(result: &Result<http::Response<Body>>) -> Option<Self> {
        match result {
            Ok(response) => failed(response).map(Self::Status),
            Err(error) => Some(Self::of(error)),
        }
    }

    /// Returns the type of the failure of a call: by the conventions for RPC, its code if the response states one.
    pub(super) fn of_call(result: &Result<http::Response<Body>>) -> Option<Self> {
        let of_attempt = Self::of_attempt(result)?;
        let status = result.as_ref().ok().and_then(stated);
        let code = status.and_then(|status| status.canonical_code()?.name());
        Some(code.map_or(of_attempt, Self::Name))
    }

    /// Returns the type of an error.
    pub(super) fn of(error: &Error) -> Self {
        let name = match error.kind() {
            ErrorKind::InvalidArgument | ErrorKind::Media => "CLIENT_REQUEST_ERROR",
            ErrorKind::Credentials => "CLIENT_AUTHENTICATION_ERROR",
            ErrorKind::Connect | ErrorKind::Transport => "CLIENT_CONNECTION_ERROR",
            ErrorKind::Timeout => "CLIENT_TIMEOUT",
            ErrorKind::Decode | ErrorKind::Page | ErrorKind::Checksum => {
                "CLIENT_RESPONSE_DECODE_ERROR"
            }
            ErrorKind::Http | ErrorKind::Stream | ErrorKind::Operation => {
                let code = error.code().and_then(Code::name);
                match (code, error.http_status()) {
                    (Some(code), _) => code,
                    (None, Some(status)) if error.kind() == ErrorKind::Http => {
                        return Self::Status(status);
                    }
                    (None, _) => "UNKNOWN",
                }
            }
        };
        Self::Name(name)
    }
}

/// Returns the status of a response that is an error.
fn failed(response: &http::Response<Body>) -> Option<StatusCode> {
    let status = response.status();
    (status.is_client_error() || status.is_server_error()).then_some(status)
}

/// Returns the error in the body of a response that is one.
fn stated(response: &http::Response<Body>) -> Option<Status> {
    failed(response)?;
    Status::parse(response.body().whole()?)
}

/// Returns the HTTP status of a response.
pub(super) fn http_status(result: &Result<http::Response<Body>>) -> Option<i64> {
    let response = result.as_ref().ok();
    response.map(|response| i64::from(response.status().as_u16()))
}

/// Returns the canonical code of a failed call.
pub(super) fn code(result: &Result<http::Response<Body>>) -> Option<&'static str> {
    let response = result.as_ref().ok()?;
    let status = failed(response)?;
    code_of(Some(status), stated(response).as_ref())?.name()
}

/// Returns the number of attempts of a call.
pub(super) fn attempts(result: &Result<http::Response<Body>>) -> u32 {
    match result {
        Ok(response) => Attempts::of(response.extensions()).count,
        Err(error) => error.attempts(),
    }
}

/// Returns the size of the body of a response as it was transferred, if it is known.
pub(super) fn body_size(result: &Result<http::Response<Body>>) -> Option<i64> {
    let response = result.as_ref().ok()?;
    let bytes = match response.extensions().get::<WireSize>() {
        Some(WireSize(compressed)) => *compressed,
        None => response.body().length(),
    };
    i64::try_from(bytes?).ok()
}
