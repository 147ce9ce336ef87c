//! The errors of calls.

mod attempts;
mod cause;
mod code;
pub mod details;
mod display;
mod status;
mod unretried;

pub(crate) use attempts::Attempts;
pub(crate) use cause::Cause;
use cause::Shown;
pub use code::Code;
pub(crate) use code::code_of;
pub use status::Status;
pub(crate) use unretried::Unretried;

use crate::method::MethodInfo;
use crate::wire::JsonError;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use std::time::Duration;

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The kind of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A parameter, the body or a setting of the client cannot be used; nothing was sent.
    InvalidArgument,
    /// There are no credentials, or they are of another universe; nothing was sent. The [source](std::error::Error::source) is a
    /// [`CredentialsError`](crate::CredentialsError).
    Credentials,
    /// No connection could be made within [`RetryPolicy::connect_time_limit`](crate::RetryPolicy::connect_time_limit): the
    /// server refuses connections or does not respond, its name is not found, or the TLS handshake fails. Nothing was sent.
    Connect,
    /// No response came in time, or a long-running operation was still running at the end of its time limit. The server may
    /// have acted on the request.
    Timeout,
    /// The connection failed afterwards. The server may have acted on the request.
    Transport,
    /// The HTTP status of the response is not 2xx.
    Http,
    /// The response does not match the document, or the protocol of an upload or a batch. Its status is 2xx, or 308
    /// for a chunk of an upload.
    Decode,
    /// The server ended the stream of a response with an error, after its 2xx status: [`Error::status`] states the reason.
    Stream,
    /// The server returned a page token that it had returned before: the page tokens form a cycle, and the pages would never
    /// end.
    Page,
    /// A long-running operation ended with an error, or was canceled: [`Error::status`] states the reason.
    Operation,
    /// The media of an upload could not be read, is longer or shorter than its length, or is larger than the method takes; or
    /// media changed while it was downloaded.
    Media,
    /// The downloaded media does not match its checksum, or an upload was stored with another checksum than that of the media.
    Checksum,
}

/// An error of a call, or of building a client.
///
/// `Display` is one line: the method, the failure of the last attempt, how often and how long the call was attempted, the host,
/// the failure of the first attempt if it was another one, and what to check. Wrapped, for instance:
///
/// ```text
/// spanner.projects.instances.get: no connection to localhost:9020: connection refused
/// (4 attempts in 3.5 s); help: check the endpoint, and that the emulator or server is running
///
/// spanner.projects.instances.get: HTTP 404 Not Found: NOT_FOUND: no such instance
/// (2 attempts in 1.2 s at spanner.googleapis.com:443; first: HTTP 503 Service Unavailable)
/// ```
///
/// `Debug`, which a `main` that returns the error prints, is the same line. Brackets after it have the kind, the causes that
/// `Display` does not show, the details of the response and the size of its body:
///
/// ```text
/// spanner.projects.instances.get: HTTP 404 Not Found: NOT_FOUND: no such instance
/// (1 attempt in 0.1 s at spanner.googleapis.com:443) [Http; details: [{"reason":"R"}]; body: 112 bytes]
/// ```
///
/// A chain of [sources](std::error::Error::source) can be printed without repetition, because it omits the causes whose
/// text `Display` shows. [`get_ref`](Self::get_ref) returns the cause itself.
///
/// Neither `Display` nor `Debug` shows paths or queries of URLs, parameter values, credentials or bodies. Of the body of an
/// HTTP error they show only its [`Status`], in which `[hidden]` replaces credentials that the server repeats. An error takes
/// one pointer.
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi::spanner_v1::Spanner;
/// use gapi_runtime::{Error, ErrorKind};
///
/// fn report(error: &Error) {
///     println!("{:?} of {:?} at {:?}", error.kind(), error.method_id(), error.host());
///     println!("{} attempts in {:?}", error.attempts(), error.elapsed());
///     println!("first: {:?}, throttled: {}", error.first_cause(), error.is_retry_suppressed());
///     if let (Some(status), Some(headers)) = (error.http_status(), error.headers()) {
///         println!("{status}: {:?}", headers.get("x-request-id"));
///     }
///     if let Some(status) = error.status() {
///         println!("{:?}: {}", error.code(), status.message);
///     } else if let Some(body) = error.body() {
///         println!("{} bytes of another form", body.len());
///     }
///     if let Some(name) = error.operation_name() {
///         println!("the operation {name} may still be running");
///     }
/// }
///
/// let spanner = Spanner::builder().build().await?;
/// match spanner.projects().instances().get("projects/p/instances/i").await {
///     Err(error) if error.is_not_found() => println!("no such instance"),
///     Err(error) if error.kind() == ErrorKind::Connect => println!("are you online?"),
///     Err(error) => report(&error),
///     Ok(instance) => println!("{:?}", instance.name),
/// }
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    method_id: Option<&'static str>,
    message: String,
    /// The number of attempts.
    attempts: u32,
    /// From the first attempt to the end of the last one.
    elapsed: Option<Duration>,
    /// The reason why there was no retry, if the policy retries this failure.
    unretried: Option<Unretried>,
    /// `true` if the attempts are requests that did not all fail.
    counts_requests: bool,
    /// The host and port of the request.
    host: Option<String>,
    /// The failure of the first attempt, if there were several.
    first_cause: Option<String>,
    /// Advice on the next thing to check, if there is any.
    advice: Option<&'static str>,
    /// `true` if the same request may succeed later. For an error with a response, the response decides that.
    is_transient: bool,
    response: Option<Response>,
    source: Option<Cause>,
    operation_name: Option<String>,
}

/// The response, if there was one.
struct Response {
    http_status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    status: Option<Status>,
}

impl Error {
    fn new(kind: ErrorKind, method_id: Option<&'static str>, message: String) -> Self {
        Self(Box::new(Inner {
            kind,
            method_id,
            message,
            attempts: 0,
            elapsed: None,
            unretried: None,
            counts_requests: false,
            host: None,
            first_cause: None,
            advice: None,
            is_transient: false,
            response: None,
            source: None,
            operation_name: None,
        }))
    }

    /// Something that cannot be sent, or a client that cannot be built: there is no response.
    pub(crate) fn unsent(
        kind: ErrorKind,
        method_id: Option<&'static str>,
        message: String,
    ) -> Self {
        Self::new(kind, method_id, message)
    }

    pub(crate) fn invalid_argument(method_id: Option<&'static str>, message: String) -> Self {
        Self::unsent(ErrorKind::InvalidArgument, method_id, message)
    }

    /// Sets the cause of the error. A transient cause says that the same call may succeed later.
    pub(crate) fn caused_by(mut self, source: Option<Cause>, is_transient: bool) -> Self {
        self.0.source = source.map(|source| Shown::boxed(source, &self.0.message));
        self.0.is_transient = is_transient;
        self
    }

    /// The same, for a cause that knows that the error shows its text.
    pub(crate) fn with_source(mut self, source: Cause, is_transient: bool) -> Self {
        self.0.source = Some(source);
        self.0.is_transient = is_transient;
        self
    }

    /// Sets the host and port of a request without a response, and advice on the next thing to check.
    pub(crate) fn at_host(mut self, host: Option<String>, advice: Option<&'static str>) -> Self {
        self.0.host = host;
        self.0.advice = advice;
        self
    }

    /// Sets advice on the next thing to do, if there is any.
    pub(crate) fn with_advice(mut self, advice: Option<&'static str>) -> Self {
        self.0.advice = advice.or(self.0.advice);
        self
    }

    /// Puts an explanation before the message.
    pub(crate) fn explained(mut self, explanation: &str) -> Self {
        self.0.message = match self.0.message.as_str() {
            "" => explanation.to_owned(),
            message => format!("{explanation}: {message}"),
        };
        self
    }

    /// Returns `true` if the same call may succeed later.
    pub(crate) fn is_transient(&self) -> bool {
        self.0.is_transient
    }

    /// Sets the response that the error is about, and the error that the response states.
    pub(crate) fn with_response(
        mut self,
        response: http::Response<Bytes>,
        status: Option<Status>,
    ) -> Self {
        let (parts, body) = response.into_parts();
        self = self.with_attempts(Attempts::of(&parts.extensions));
        self.0.response = Some(Response {
            http_status: parts.status,
            headers: parts.headers,
            body,
            status,
        });
        self
    }

    /// A 2xx response that is not what the document describes.
    pub(crate) fn decode(
        method: &MethodInfo,
        response: http::Response<Bytes>,
        error: &JsonError,
    ) -> Self {
        let content_type = content_type(response.headers());
        let message = format!("the body ({content_type}) cannot be read{error}");
        Self::unreadable(method, message, response).with_advice(error.advice())
    }

    /// Media that cannot be read.
    pub(crate) fn media(method: &MethodInfo, error: std::io::Error) -> Self {
        let message = format!("the media cannot be read: {error}");
        let this = Self::unsent(ErrorKind::Media, Some(method.id), message);
        this.caused_by(Some(Box::new(error)), false)
    }

    /// Creates the error for a successful batch without a response to this call.
    pub(crate) fn missing(method: &MethodInfo, message: &str) -> Self {
        Self::unsent(ErrorKind::Decode, Some(method.id), message.to_owned())
    }

    /// A successful response that cannot be used.
    pub(crate) fn unreadable(
        method: &MethodInfo,
        message: impl Into<String>,
        response: http::Response<Bytes>,
    ) -> Self {
        let error = Self::unsent(ErrorKind::Decode, Some(method.id), message.into());
        error.with_response(response, None)
    }

    /// The same error, about the operation of this name.
    pub(crate) fn about_operation(mut self, name: Option<&str>) -> Self {
        if let Some(name) = name {
            self.0.operation_name = Some(name.to_owned());
        }
        self
    }

    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the id of the method that was called, for instance `spanner.projects.instances.get`. It is `batch` if a batch as
    /// a whole failed, and `None` while a client is built.
    #[must_use]
    pub fn method_id(&self) -> Option<&'static str> {
        self.0.method_id
    }

    /// Returns the name of the long-running operation that was waited for, once it is known. With it the operation can be
    /// read, waited for or canceled. `Display` and `Debug` do not show it.
    #[must_use]
    pub fn operation_name(&self) -> Option<&str> {
        self.0.operation_name.as_deref()
    }

    /// Returns the HTTP status, if there was a response. For a failed operation it is the status of reading the operation.
    #[must_use]
    pub fn http_status(&self) -> Option<StatusCode> {
        self.0
            .response
            .as_ref()
            .map(|response| response.http_status)
    }

    /// Returns the error in the response, if it has one of the forms that Google's servers use.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        self.0.response.as_ref()?.status.as_ref()
    }

    /// Returns the body of the response as it came, if there was one.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.0.response.as_ref().map(|response| &response.body)
    }

    /// Returns the headers of the response, if there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.response.as_ref().map(|response| &response.headers)
    }
}

/// Returns the content type that the headers state.
pub(crate) fn content_type(headers: &HeaderMap) -> &str {
    let value = headers.get(http::header::CONTENT_TYPE);
    let text = value.and_then(|value| value.to_str().ok());
    text.unwrap_or("no content type")
}
