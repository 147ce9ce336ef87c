//! Sending requests to a server: the seam between this crate and an HTTP client.

mod body;
mod cause;
#[cfg(feature = "_http")]
mod common;
pub(crate) mod connecting;
mod destination;
#[cfg(any(feature = "_http", feature = "tower"))]
mod ending;
#[cfg(feature = "hyper")]
mod hyper;
mod late;
mod mock;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "tower")]
mod tower;

#[cfg(feature = "hyper")]
pub use self::hyper::HttpTransport;
#[cfg(feature = "reqwest")]
pub use self::reqwest::{HttpClient, Reqwest};
#[cfg(feature = "tower")]
pub use self::tower::{TowerTransport, TransportService};
pub use body::Body;
pub(crate) use body::Gathered;
use cause::Cause;
pub(crate) use cause::was_cut_off;
pub(crate) use connecting::Connecting;
pub(crate) use destination::Destination;
pub(crate) use late::Late;
pub use mock::MockTransport;

use crate::error::{Attempts, Error, ErrorKind};
use crate::method::MethodInfo;
use bytes::Bytes;
use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;

/// A future whose type is erased, as the methods of [`Transport`] return it.
///
/// ```
/// use gapi_runtime::BoxFuture;
///
/// fn later(number: i32) -> BoxFuture<'static, i32> {
///     Box::pin(async move { number })
/// }
/// ```
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A mark in the extensions of a request to a server that may be reached over plain `http`, although the client is one for
/// `https`: a metadata server, or a token server on this machine.
#[derive(Clone, Copy, Debug)]
#[cfg(feature = "auth")]
pub(crate) struct PlainHttp;

/// A mark in the extensions of a request to this machine or to a metadata server, which never goes through a proxy.
#[derive(Clone, Copy, Debug)]
#[cfg(feature = "auth")]
pub(crate) struct Direct;

/// The credentials for a proxy that a transport has added to a request, in the extensions of the response. Errors hide them.
#[derive(Clone, Debug)]
#[cfg(feature = "hyper")]
pub(crate) struct ProxyCredentials(pub(crate) http::HeaderValue);

/// The size of a compressed body in bytes as it was transferred, in the extensions of its response. `None` if it is not known.
#[derive(Clone, Copy, Debug)]
#[cfg(any(feature = "tracing", feature = "metrics"))]
pub(crate) struct WireSize(pub(crate) Option<u64>);

/// An HTTP client that sends requests.
///
/// A transport sends each request once and as it is: it follows no redirects, retries nothing and shows no request in its
/// `Debug`, because headers contain credentials. An HTTP client that follows redirects sends an API key to whatever host a server
/// names. It may decompress what it receives. No HTTP status is an error.
///
/// ```
/// use gapi_runtime::{Body, BoxFuture, Bytes, Transport, TransportError, http};
///
/// /// Prints the response times of another transport.
/// #[derive(Debug)]
/// struct Timed<T>(T);
///
/// impl<T: Transport> Transport for Timed<T> {
///     fn send(
///         &self,
///         request: http::Request<Bytes>,
///     ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
///         self.0.send(request)
///     }
///
///     fn send_streaming(
///         &self,
///         request: http::Request<Body>,
///     ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
///         Box::pin(async move {
///             let start = std::time::Instant::now();
///             let response = self.0.send_streaming(request).await?;
///             println!("{} after {:?}", response.status(), start.elapsed());
///             Ok(response)
///         })
///     }
/// }
/// ```
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends a request and reads the whole response.
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>>;

    /// Sends a request whose body may be a stream, and returns the response as soon as its head has arrived.
    ///
    /// All requests go this way. By default both bodies are read as a whole and go through [`send`](Self::send). Only the
    /// constant memory is lost, and the limits on reading a response.
    ///
    /// A body with a known length is sent with it. When the stream of the request fails, so does the request.
    fn send_streaming(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let request = http::Request::from_parts(head, body.collect().await?);
            Ok(self.send(request).await?.map(Body::from))
        })
    }
}

/// The error of a transport that has no response to return.
///
/// Its text must not hold the URL, which can be confidential. It need not name the host, because errors of calls show it.
///
/// ```
/// use gapi_runtime::TransportError;
/// use std::io;
///
/// /// Returns the error of a transport for an error of its HTTP client.
/// fn transport_error(error: io::Error) -> TransportError {
///     match error.kind() {
///         io::ErrorKind::ConnectionRefused => TransportError::connect(error), // any call is retried
///         io::ErrorKind::TimedOut => TransportError::timeout(error),
///         io::ErrorKind::InvalidData => TransportError::decode(error), // not retried
///         io::ErrorKind::InvalidInput => TransportError::permanent(error), // not retried
///         _ => TransportError::other(error),
///     }
/// }
/// ```
#[derive(Debug)]
pub struct TransportError {
    kind: ErrorKind,
    /// `true` if the same request may succeed later.
    is_transient: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// Creates the error of a failure to connect. The server has received nothing of the request, so any call is retried
    /// within [`RetryPolicy::connect_time_limit`](crate::RetryPolicy::connect_time_limit).
    ///
    /// A certificate that is not accepted ([`rustls::Error::InvalidCertificate`] among the causes) is not retried.
    ///
    /// [`rustls::Error::InvalidCertificate`]: https://docs.rs/rustls/latest/rustls/enum.Error.html#variant.InvalidCertificate
    pub fn connect(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let source = source.into();
        Self {
            kind: ErrorKind::Connect,
            is_transient: Cause::of(&*source).is_transient(),
            source: Some(source),
        }
    }

    /// Creates the error for a response that did not come in time.
    pub fn timeout(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            kind: ErrorKind::Timeout,
            is_transient: true,
            source: Some(source.into()),
        }
    }

    /// Creates the error for a response whose body cannot be decoded, for instance decompressed. A retry would fail in the same
    /// way, so there is none.
    pub fn decode(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            kind: ErrorKind::Decode,
            is_transient: false,
            source: Some(source.into()),
        }
    }

    /// Creates the error of any other failure. The server may have received the request.
    ///
    /// A response whose head is not valid HTTP (an error of hyper's about that is among the causes) is not retried.
    pub fn other(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let source = source.into();
        Self {
            kind: ErrorKind::Transport,
            is_transient: !cause::is_malformed(&*source),
            source: Some(source),
        }
    }

    /// Creates an error that is not retried, because the same request would fail again. For instance, it cannot be written.
    pub fn permanent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            is_transient: false,
            ..Self::other(source)
        }
    }

    /// The same error within a body. The head was valid, so another attempt may succeed, whatever the cause looks like: h2 has
    /// the same error for an invalid head and for a body of another length than that of the head.
    #[cfg(any(feature = "_http", feature = "tower"))]
    pub(crate) fn within_body(self) -> Self {
        Self {
            is_transient: self.is_transient || self.is_malformed(),
            ..self
        }
    }

    /// The request cannot be sent from where the call is made.
    #[cfg(any(feature = "_http", feature = "test-util"))]
    pub(crate) fn unusable(reason: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            kind: ErrorKind::InvalidArgument,
            ..Self::permanent(reason)
        }
    }

    /// Sets whether the same request may succeed later.
    #[cfg(feature = "test-util")]
    pub(crate) fn transient(self, is_transient: bool) -> Self {
        Self {
            is_transient,
            ..self
        }
    }

    /// Returns `true` if the same request may succeed later.
    pub(crate) fn is_transient(&self) -> bool {
        self.is_transient
    }

    pub(crate) fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns the error of a call, for a request to this destination.
    pub(crate) fn into_error(self, method: &MethodInfo, destination: &Destination) -> Error {
        Error::unsent(self.kind, Some(method.id), self.describe(destination))
            .at_host(destination.host(), self.advice(destination))
            .caused_by(self.source, self.is_transient)
            .with_attempts(Attempts::once())
    }

    /// Returns the error of a call whose response was interrupted. `progress` states where, and `end` follows the cause.
    pub(crate) fn into_break(
        self,
        method: &MethodInfo,
        destination: &Destination,
        progress: &str,
        end: &str,
    ) -> Error {
        if self.kind == ErrorKind::Decode {
            return self.into_error(method, destination);
        }
        let cause = self.source().map(cause::innermost).unwrap_or_default();
        Error::unsent(
            self.kind,
            Some(method.id),
            format!("{progress}: {cause}{end}"),
        )
        .at_host(destination.host(), None)
        .caused_by(self.source, self.is_transient)
        .with_attempts(Attempts::once())
    }
}

impl TransportError {
    /// Returns the failure, the host, and the innermost cause. The causes between them say little.
    pub(crate) fn describe(&self, destination: &Destination) -> String {
        if let Some(late) = self.source().and_then(<dyn StdError>::downcast_ref::<Late>) {
            return late.describe(destination);
        }
        let failure = match self.kind {
            ErrorKind::Connect => format!("no connection to {destination}"),
            ErrorKind::Timeout => format!("no response from {destination} in time"),
            ErrorKind::Decode => "the body cannot be decoded".to_owned(),
            ErrorKind::InvalidArgument => "the request cannot be sent".to_owned(),
            _ if self.is_malformed() => {
                format!(
                    "the response from {destination} is not retried, because its head is not valid HTTP"
                )
            }
            _ => format!("the connection to {destination} failed"),
        };
        let cause = self.source().map(|source| match self.kind {
            ErrorKind::Connect => Cause::of(source).describe(source),
            _ => cause::innermost(source),
        });
        match cause {
            Some(cause) => format!("{failure}: {cause}"),
            None => failure,
        }
    }

    /// Returns `true` if the head of the response cannot be parsed. A retry would fail in the same way.
    fn is_malformed(&self) -> bool {
        let is_permanent = self.kind == ErrorKind::Transport && !self.is_transient;
        is_permanent && self.source().is_some_and(cause::is_malformed)
    }

    /// Returns advice on the next thing to check if there is no connection, or no HTTP.
    pub(crate) fn advice(&self, destination: &Destination) -> Option<&'static str> {
        if self.is_malformed() {
            return Some("check that the endpoint serves HTTP");
        }
        let source = self.source().filter(|_| self.kind == ErrorKind::Connect)?;
        Some(Cause::of(source).advice(destination))
    }
}

/// The failure, followed by the innermost cause.
impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(&Destination::default()))
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
