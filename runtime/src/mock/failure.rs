//! The failures that a mock can respond with.

use super::chunks::Chunks;
use crate::error::Status;
use crate::transport::{Body, TransportError};
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use std::io;

/// A failure of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The server refuses the connection. The client retries any call for a few seconds.
    Refused,
    /// No response comes in time.
    Timeout,
    /// The connection breaks after the request was sent, or within a response.
    Disconnect,
}

/// An error in place of a response, a page or a message.
///
/// ```
/// use gapi_runtime::mock::{Failure, Fault};
/// use gapi_runtime::{Code, Status};
///
/// /// Returns what a table of test cases names.
/// fn failure(name: &str) -> Failure {
///     match name {
///         "offline" => Fault::Refused.into(),
///         "slow" => Fault::Timeout.into(),
///         _ => Status::new(Code::Internal, name).into(),
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Failure {
    /// An error of the server: AIP-193.
    Status(Status),
    /// A failure of the connection.
    Fault(Fault),
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Fault {
    /// Returns the error of the transport.
    pub(super) fn into_error(self) -> TransportError {
        let io = |kind, text| io::Error::new(kind, text);
        match self {
            Self::Refused => {
                TransportError::connect(io(io::ErrorKind::ConnectionRefused, "connection refused"))
            }
            Self::Timeout => TransportError::timeout(io(io::ErrorKind::TimedOut, "timed out")),
            Self::Disconnect => TransportError::other(io(
                io::ErrorKind::ConnectionReset,
                "connection reset by peer",
            )),
        }
    }
}

/// A response, or the failure in its place.
#[derive(Clone)]
pub(super) enum Reply {
    /// A response whose body comes in chunks. A fault ends it.
    Response(http::Response<Vec<Result<bytes::Bytes, Fault>>>),
    Fault(Fault),
}

impl Reply {
    /// Creates a response with a body of a type.
    pub(super) fn of(content_type: &'static str, body: impl Into<bytes::Bytes>) -> Self {
        let mut response = http::Response::new(vec![Ok(body.into())]);
        let content_type = HeaderValue::from_static(content_type);
        response.headers_mut().insert(CONTENT_TYPE, content_type);
        Self::Response(response)
    }

    /// Creates a response with a JSON body.
    pub(super) fn json(body: impl Into<bytes::Bytes>) -> Self {
        Self::of("application/json; charset=UTF-8", body)
    }

    /// Ends the body of the response after so many bytes.
    pub(super) fn disconnecting_after(self, bytes: usize) -> Self {
        let Self::Response(response) = self else {
            return self;
        };
        let mut left = bytes;
        Self::Response(response.map(|chunks| {
            let mut kept = Vec::new();
            for chunk in chunks {
                match chunk {
                    Ok(mut chunk) => {
                        chunk.truncate(left);
                        left -= chunk.len();
                        kept.push(Ok(chunk));
                    }
                    Err(fault) => kept.push(Err(fault)),
                }
                if left == 0 {
                    break;
                }
            }
            if !matches!(kept.last(), Some(Err(_))) {
                kept.push(Err(Fault::Disconnect));
            }
            kept
        }))
    }

    /// Returns what the transport returns.
    pub(super) fn into_http(self) -> Result<http::Response<Body>, TransportError> {
        match self {
            Self::Fault(fault) => Err(fault.into_error()),
            Self::Response(response) => Ok(response.map(Chunks::into_body)),
        }
    }
}

impl From<&Status> for Reply {
    fn from(status: &Status) -> Self {
        let reply = Self::json(status.http_body().to_string());
        reply.with_status(status.http_status_of_response())
    }
}

impl From<&Failure> for Reply {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::Status(status) => status.into(),
            Failure::Fault(fault) => Self::Fault(*fault),
        }
    }
}

impl Reply {
    pub(super) fn with_status(mut self, status: http::StatusCode) -> Self {
        if let Self::Response(response) = &mut self {
            *response.status_mut() = status;
        }
        self
    }
}
