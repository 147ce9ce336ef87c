//! The canonical codes, and the questions that callers ask of errors.

use super::{Error, ErrorKind, Status};
use http::StatusCode;

/// The canonical error codes that all Google APIs share: `google.rpc.Code`, AIP-193.
///
/// ```
/// use gapi_runtime::Code;
///
/// assert_eq!(Code::from_name("NOT_FOUND"), Code::NotFound);
/// assert_eq!(Code::from_number(5), Code::NotFound);
/// assert_eq!(Code::NotFound.name(), Some("NOT_FOUND"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// `OK`: no error.
    Ok,
    /// `CANCELLED`: the operation was canceled, mostly by the caller.
    Cancelled,
    /// `UNKNOWN`: an error that the server does not describe.
    Unknown,
    /// `INVALID_ARGUMENT`: the request is invalid, whatever the state of the server.
    InvalidArgument,
    /// `DEADLINE_EXCEEDED`: the deadline passed before the operation completed.
    DeadlineExceeded,
    /// `NOT_FOUND`: the requested resource does not exist.
    NotFound,
    /// `ALREADY_EXISTS`: the resource to create already exists.
    AlreadyExists,
    /// `PERMISSION_DENIED`: the caller lacks the permission.
    PermissionDenied,
    /// `RESOURCE_EXHAUSTED`: a quota or a rate limit has been reached.
    ResourceExhausted,
    /// `FAILED_PRECONDITION`: the state of the server has to change first.
    FailedPrecondition,
    /// `ABORTED`: another change came first, for instance of the `etag`. Read the resource again, and retry.
    Aborted,
    /// `OUT_OF_RANGE`: a value is beyond the valid range, for instance the end of a file.
    OutOfRange,
    /// `UNIMPLEMENTED`: the server does not support the operation.
    Unimplemented,
    /// `INTERNAL`: an internal error of the server.
    Internal,
    /// `UNAVAILABLE`: the service is unavailable at the moment.
    Unavailable,
    /// `DATA_LOSS`: data is lost or corrupted.
    DataLoss,
    /// `UNAUTHENTICATED`: the request has no valid credentials.
    Unauthenticated,
    /// A code that is none of these; [`Status::status`] and [`Status::code`] have it.
    Unrecognized,
}

/// Each code and its name, at its number.
const CODES: [(Code, &str); 17] = [
    (Code::Ok, "OK"),
    (Code::Cancelled, "CANCELLED"),
    (Code::Unknown, "UNKNOWN"),
    (Code::InvalidArgument, "INVALID_ARGUMENT"),
    (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"),
    (Code::NotFound, "NOT_FOUND"),
    (Code::AlreadyExists, "ALREADY_EXISTS"),
    (Code::PermissionDenied, "PERMISSION_DENIED"),
    (Code::ResourceExhausted, "RESOURCE_EXHAUSTED"),
    (Code::FailedPrecondition, "FAILED_PRECONDITION"),
    (Code::Aborted, "ABORTED"),
    (Code::OutOfRange, "OUT_OF_RANGE"),
    (Code::Unimplemented, "UNIMPLEMENTED"),
    (Code::Internal, "INTERNAL"),
    (Code::Unavailable, "UNAVAILABLE"),
    (Code::DataLoss, "DATA_LOSS"),
    (Code::Unauthenticated, "UNAUTHENTICATED"),
];

impl Code {
    /// Returns the code of this name, for instance `NOT_FOUND`.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        let found = CODES.iter().find(|(_, known)| *known == name);
        found.map_or(Self::Unrecognized, |(code, _)| *code)
    }

    /// Returns the code of this number in `google.rpc.Code`.
    #[must_use]
    pub fn from_number(number: i32) -> Self {
        let index = usize::try_from(number).ok();
        let found = index.and_then(|index| CODES.get(index));
        found.map_or(Self::Unrecognized, |(code, _)| *code)
    }

    /// Returns the name, for instance `NOT_FOUND`, and `None` for [`Unrecognized`](Self::Unrecognized).
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        let found = CODES.iter().find(|(known, _)| *known == self);
        found.map(|(_, name)| *name)
    }

    /// Returns the number in `google.rpc.Code`.
    #[cfg(any(feature = "test-util", feature = "tracing"))]
    pub(crate) fn number(self) -> Option<i32> {
        let position = CODES.iter().position(|(known, _)| *known == self)?;
        i32::try_from(position).ok()
    }

    /// Returns the HTTP status of an error with this code: the mapping in `google/rpc/code.proto`.
    #[cfg(feature = "test-util")]
    pub(crate) fn http_status(self) -> StatusCode {
        let status = match self {
            Self::Ok => 200,
            Self::InvalidArgument | Self::FailedPrecondition | Self::OutOfRange => 400,
            Self::Unauthenticated => 401,
            Self::PermissionDenied => 403,
            Self::NotFound => 404,
            Self::AlreadyExists | Self::Aborted => 409,
            Self::ResourceExhausted => 429,
            Self::Cancelled => 499,
            Self::Unimplemented => 501,
            Self::Unavailable => 503,
            Self::DeadlineExceeded => 504,
            Self::Unknown | Self::Internal | Self::DataLoss | Self::Unrecognized => 500,
        };
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Returns the code that an HTTP status implies if the server sends no code. Several codes share 400, 409 and 500. Of
    /// these, 400 is mostly `INVALID_ARGUMENT` and 500 mostly `INTERNAL`. No code is likely for 409.
    fn from_http(status: StatusCode) -> Option<Self> {
        Some(match status.as_u16() {
            400 => Self::InvalidArgument,
            401 => Self::Unauthenticated,
            403 => Self::PermissionDenied,
            404 => Self::NotFound,
            412 => Self::FailedPrecondition,
            416 => Self::OutOfRange,
            429 => Self::ResourceExhausted,
            499 => Self::Cancelled,
            500 => Self::Internal,
            501 => Self::Unimplemented,
            503 => Self::Unavailable,
            504 => Self::DeadlineExceeded,
            _ => return None,
        })
    }
}

/// Returns the code for a `reason` in the entries of `errors`, which older APIs send instead of a code.
fn from_reason(reason: &str) -> Option<Code> {
    Some(match reason {
        "alreadyExists" | "duplicate" | "RESOURCE_ALREADY_EXISTS" => Code::AlreadyExists,
        "RESOURCE_NOT_FOUND" => Code::NotFound,
        "rateLimitExceeded"
        | "userRateLimitExceeded"
        | "quotaExceeded"
        | "dailyLimitExceeded"
        | "QUOTA_EXCEEDED"
        | "RATE_LIMIT_EXCEEDED"
        | "ZONE_RESOURCE_POOL_EXHAUSTED"
        | "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS" => Code::ResourceExhausted,
        _ => return None,
    })
}

/// Returns the code that a response other than 2xx states or implies, or the error in a stream.
pub(crate) fn code_of(http_status: Option<StatusCode>, status: Option<&Status>) -> Option<Code> {
    let stated = status.and_then(Status::canonical_code);
    let known = stated.filter(|code| *code != Code::Unrecognized);
    known
        .or_else(|| from_reason(status?.reason()?))
        .or_else(|| Code::from_http(http_status?))
        .or(stated)
}

/// Returns the code of an operation that failed. Those of Compute Engine have their own names and an HTTP status.
fn of_operation(status: &Status) -> Option<Code> {
    let stated = status.canonical_code();
    let known = stated.filter(|code| *code != Code::Unrecognized);
    let number = status.code.and_then(|code| u16::try_from(code).ok());
    let http_status = number.and_then(|code| StatusCode::from_u16(code).ok());
    known
        .or_else(|| from_reason(status.status.as_deref()?))
        .or_else(|| Code::from_http(http_status?))
        .or(stated)
        .or(status.code.map(|_| Code::Unrecognized))
}

impl Status {
    /// Returns the canonical code that the server sent, and `None` if it sent none.
    #[must_use]
    pub fn canonical_code(&self) -> Option<Code> {
        self.status.as_deref().map(Code::from_name)
    }

    /// Returns the HTTP status in an error that came with another one.
    pub(super) fn http_status(&self) -> Option<StatusCode> {
        let code = u16::try_from(self.code?).ok()?;
        StatusCode::from_u16(code).ok()
    }
}

impl Error {
    /// Returns the canonical code of the response, if it has one. Otherwise returns the code that the reason of an older API or
    /// the HTTP status implies. Returns `None` without a response, and if the response can mean several codes.
    ///
    /// For a long-running operation that failed it is the code of the operation.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        if self.kind() == ErrorKind::Operation {
            return self.status().and_then(of_operation);
        }
        let http_status = match self.kind() {
            // The HTTP status was sent before the stream failed.
            ErrorKind::Stream => self.status()?.http_status(),
            _ => Some(self.http_status().filter(|status| !status.is_success())?),
        };
        code_of(http_status, self.status())
    }

    /// Returns `true` if the resource existed once and no longer exists, or if a token or a session is too old: HTTP 410. For
    /// instance a list of changes must begin anew then, because its sync token has expired.
    ///
    /// ```
    /// use gapi_runtime::Error;
    ///
    /// /// Returns what to do next.
    /// fn next_step(error: &Error) -> &'static str {
    ///     match error {
    ///         _ if error.is_not_found() => "create the resource",
    ///         _ if error.is_already_exists() => "use the resource that exists",
    ///         _ if error.is_gone() => "list everything again, because the sync token has expired",
    ///         _ if error.is_aborted() || error.is_precondition_failed() => "read it again, and retry",
    ///         _ if error.is_not_modified() => "use the version that you have",
    ///         _ if error.is_unauthenticated() => "log in",
    ///         _ if error.is_permission_denied() => "ask for a role",
    ///         _ if error.is_resource_exhausted() => "send fewer requests, or ask for more quota",
    ///         _ if error.is_unavailable() => "try again later",
    ///         _ => "read the message",
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn is_gone(&self) -> bool {
        if self.kind() == ErrorKind::Operation {
            return self.status().and_then(|status| status.code) == Some(410);
        }
        self.http_status() == Some(StatusCode::GONE)
    }

    /// Returns `true` if the requested resource does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.code() == Some(Code::NotFound)
    }

    /// Returns `true` if the resource to create already exists.
    #[must_use]
    pub fn is_already_exists(&self) -> bool {
        self.code() == Some(Code::AlreadyExists)
    }

    /// Returns `true` if the credentials are missing, have expired or are not valid.
    #[must_use]
    pub fn is_unauthenticated(&self) -> bool {
        self.code() == Some(Code::Unauthenticated)
    }

    /// Returns `true` if the caller lacks the permission.
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        self.code() == Some(Code::PermissionDenied)
    }

    /// Returns `true` if a quota or a rate limit has been reached. [`Status::quota_failure`] may say which.
    #[must_use]
    pub fn is_resource_exhausted(&self) -> bool {
        self.code() == Some(Code::ResourceExhausted)
    }

    /// Returns `true` if another change came first, for instance of the `etag`. Read the resource again, and retry.
    #[must_use]
    pub fn is_aborted(&self) -> bool {
        self.code() == Some(Code::Aborted)
    }

    /// Returns `true` if the resource still has the version of `if_none_match` (HTTP status 304).
    #[must_use]
    pub fn is_not_modified(&self) -> bool {
        self.http_status() == Some(StatusCode::NOT_MODIFIED)
    }

    /// Returns `true` if a condition of the request does not hold, for example because the resource has another version than
    /// that of `if_match` (HTTP status 412).
    #[must_use]
    pub fn is_precondition_failed(&self) -> bool {
        self.http_status() == Some(StatusCode::PRECONDITION_FAILED)
    }

    /// Returns `true` if the service is unavailable at the moment.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        self.code() == Some(Code::Unavailable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names() {
        for (number, (code, name)) in (0..).zip(CODES) {
            assert_eq!(Code::from_number(number), code);
            assert_eq!(Code::from_name(name), code);
            assert_eq!(code.name(), Some(name));
        }
        for number in [-1, 17, i32::MAX] {
            assert_eq!(Code::from_number(number), Code::Unrecognized);
        }
        assert_eq!(Code::from_name("invalid_grant"), Code::Unrecognized);
        assert_eq!(Code::Unrecognized.name(), None);
    }
}
