//! The default transport.

mod connect;
mod gzip;
mod http_client;
mod idle;
mod resolve;
mod runtimes;

pub use http_client::HttpClient;

use self::idle::{Incoming, Outgoing, head};
use self::runtimes::Clients;
use super::{Body, BoxFuture, Transport, TransportError};
use crate::error::Error;
use bytes::Bytes;
use std::error::Error as _;
use std::fmt;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

/// The timeout for connecting, including the TLS handshake. The policy of a call has a shorter limit by default. This timeout
/// applies without one, and each address of a name has its share of it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// The timeout for a server that sends nothing. It is longer than the servers' own limits on a request: the `wait` methods of
/// Compute block for two minutes.
const READ_TIMEOUT: Duration = Duration::from_mins(5);

/// The [`Transport`] over [`reqwest`](https://docs.rs/reqwest): HTTP/1.1 and HTTP/2, gzip, TLS by rustls with the
/// certificates of the system and the cryptography of a feature, `tls-ring` or `tls-aws-lc`. Needs a tokio runtime with time and I/O.
///
/// Connecting, which includes the name lookup and the TLS handshake, ends within
/// [`RetryPolicy::connect_time_limit`](crate::RetryPolicy::connect_time_limit), and within 20 seconds in any case. The transport
/// waits 5 minutes whenever it waits for the server, for a response or because the server takes nothing of a body. A call as a
/// whole has no time limit.
///
/// A client can be used in several Tokio runtimes. Each of them has connections of its own, because only the runtime that has
/// made a connection drives it.
#[derive(Clone)]
pub struct Reqwest {
    clients: Arc<Clients>,
    /// The timeout without any progress. `None` for an application's own client, which has its own limits.
    limit: Option<Duration>,
    /// `true` if only requests with a mark may go over plain `http`.
    https_only: bool,
}

impl Reqwest {
    /// Creates the transport that clients have by default, for a transport that wraps it. `https_only` makes it reject plain
    /// `http`, except for the requests of the client itself to metadata servers and to token servers on this machine.
    ///
    /// A transport that wraps it must call it on the task that it is called on: on another task the connection has 20 seconds,
    /// whatever the policy says.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) when there is no cryptography for TLS, or no certificate
    /// of the system can be read.
    pub fn new(https_only: bool) -> crate::error::Result<Self> {
        let invalid = |problem| Error::invalid_argument(None, problem);
        if !crate::tls::is_ready() {
            // reqwest would panic.
            return Err(invalid(crate::tls::MISSING.to_owned()));
        }
        let build = move || {
            let builder = reqwest::Client::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .dns_resolver(resolve::SystemResolver);
            restricted(builder).build()
        };
        let client = build().map_err(|error| invalid(unbuilt(error)))?;
        // Not `read_timeout`: its clock for the response runs while the body of the request is still on its way.
        Ok(Self {
            clients: Arc::new(Clients::new(client, Some(Box::new(build)))),
            limit: Some(READ_TIMEOUT),
            https_only,
        })
    }

    /// Creates a transport with settings of the application's own: proxies, certificates, timeouts. For a transport that wraps
    /// it; for a client there is [`ClientBuilder::http_client`](crate::ClientBuilder::http_client).
    ///
    /// It follows no redirects. Connecting has the limits of the policy, unless the client was built before. There is no
    /// other time limit than those of the application. Of them, `read_timeout` also ends uploads from streams that take longer.
    ///
    /// All Tokio runtimes share its connections. So it can be used in one runtime of the current thread at a time, or in any
    /// number of multi-threaded ones.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) if the client may follow redirects, or cannot be built.
    pub fn with_client(client: impl Into<HttpClient>) -> crate::error::Result<Self> {
        let client = client.into().built();
        let client = client.map_err(|problem| Error::invalid_argument(None, problem))?;
        Ok(Self {
            clients: Arc::new(Clients::new(client, None)),
            limit: None,
            https_only: false,
        })
    }

    /// Makes the request of reqwest, which is not sent before it is polled. No `async fn`, whose future would have room for the
    /// request in each of its forms.
    fn begin(
        &self,
        request: http::Request<Body>,
    ) -> Result<Begun<impl Future<Output = Received> + Send + use<>>, TransportError> {
        let client = self.clients.here()?;
        if self.https_only && !may_be_sent(&request) {
            return Err(TransportError::permanent("the client rejects plain `http`"));
        }
        let url = checked_url(request.uri())?;
        let (parts, body) = request.into_parts();
        let mut request = reqwest::Request::new(parts.method, url);
        *request.headers_mut() = parts.headers;
        gzip::accept(request.headers_mut());
        let mut moves = None;
        match body.into_bytes() {
            Ok(bytes) if bytes.is_empty() => {}
            Ok(bytes) => *request.body_mut() = Some(bytes.into()),
            Err(stream) => {
                let body = reqwest::Body::wrap(Outgoing::new(
                    stream,
                    moves.insert(idle::Moves::default()).clone(),
                ));
                *request.body_mut() = Some(body);
            }
        }
        Ok(Begun {
            response: client.execute(request),
            moves,
        })
    }

    fn received(&self, mut response: reqwest::Response) -> http::Response<Body> {
        let mut head = http::Response::new(());
        *head.status_mut() = response.status();
        *head.version_mut() = response.version();
        *head.headers_mut() = std::mem::take(response.headers_mut());
        #[cfg(feature = "tracing")]
        let address = response.remote_addr();
        let body: reqwest::Body = response.into();
        let length = http_body::Body::size_hint(&body).exact();
        let incoming = Incoming::new(body, self.limit);
        #[cfg(feature = "tracing")]
        record_peer(address);
        let body = if gzip::take_coding(head.headers_mut()) {
            #[cfg(any(feature = "tracing", feature = "metrics"))]
            head.extensions_mut().insert(super::WireSize(length));
            Body::new(gzip::Decompressed::new(incoming))
        } else {
            let body = Body::new(incoming);
            match length {
                Some(bytes) => body.with_length(bytes),
                None => body,
            }
        };
        head.map(|()| body)
    }
}

type Received = reqwest::Result<reqwest::Response>;

/// A request of reqwest, and the progress of its body if that is a stream.
struct Begun<F> {
    response: F,
    moves: Option<idle::Moves>,
}

/// A builder with what all requests need: no redirects, limits on connecting, and bodies as they come.
///
/// 308 means "resume" to upload servers, and a redirect must not carry credentials elsewhere.
fn restricted(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    let builder = builder
        .redirect(reqwest::redirect::Policy::none())
        .no_gzip();
    builder.connector_layer(connect::Limit)
}

fn unbuilt(error: reqwest::Error) -> String {
    format!("no HTTP client: {}", error.without_url())
}

/// Not the client: it would show the headers that it adds to each request, and its proxies.
impl fmt::Debug for Reqwest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reqwest").finish_non_exhaustive()
    }
}

impl Transport for Reqwest {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let response = self.send_streaming(request.map(Body::from)).await?;
            let (head, body) = response.into_parts();
            Ok(http::Response::from_parts(head, body.collect().await?))
        })
    }

    fn send_streaming(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let begun = self.begin(request);
        Box::pin(async move {
            let Begun { response, moves } = begun?;
            let response = head(pin!(response), self.limit, moves).await?;
            Ok(self.received(response))
        })
    }
}

/// Adds the address of the server, or of a proxy, to the span of the attempt. Other spans have no such fields.
#[cfg(feature = "tracing")]
fn record_peer(address: Option<std::net::SocketAddr>) {
    let span = tracing::Span::current();
    if let Some(address) = address.filter(|_| !span.is_disabled()) {
        let ip = address.ip();
        span.record("network.peer.address", tracing::field::display(ip));
        span.record("network.peer.port", i64::from(address.port()));
    }
}

/// Returns `true` for a request over `https`, or with the mark of those that need none.
fn may_be_sent(request: &http::Request<Body>) -> bool {
    #[cfg(feature = "auth")]
    if request.extensions().get::<super::PlainHttp>().is_some() {
        return true;
    }
    request.uri().scheme() == Some(&http::uri::Scheme::HTTPS)
}

/// The URL, provided that the parser did not change its path or query: it resolves dot segments and drops line breaks.
fn checked_url(uri: &http::Uri) -> Result<reqwest::Url, TransportError> {
    let text = [
        uri.scheme_str().unwrap_or_default(),
        "://",
        uri.authority().map_or("", http::uri::Authority::as_str),
        uri.path_and_query()
            .map_or("", http::uri::PathAndQuery::as_str),
    ];
    let url = reqwest::Url::parse(&text.concat()).map_err(TransportError::permanent)?;
    if url.path() == uri.path() && url.query() == uri.query() {
        Ok(url)
    } else {
        Err(TransportError::permanent(
            "the URL would not be sent as it was written",
        ))
    }
}

/// Returns the error for a response body that cannot be decompressed, or whose connection failed.
///
/// reqwest tells the two apart only by the cause. The cause is an error of hyper's, unless the error began in the decompressor.
fn body_error(error: reqwest::Error) -> TransportError {
    let mut cause = error.source();
    while let Some(inner) = cause
        && inner.is::<reqwest::Error>()
    {
        cause = inner.source();
    }
    let is_decompression = matches!(cause, Some(cause) if cause.is::<io::Error>());
    if is_decompression && !error.is_timeout() {
        TransportError::decode(error.without_url())
    } else {
        transport_error(error)
    }
}

fn transport_error(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    // A time limit on connecting is both; that nothing was sent matters more.
    if error.is_connect() {
        TransportError::connect(error)
    } else if error.is_timeout() {
        TransportError::timeout(error)
    } else if error.is_builder() || error.is_redirect() {
        TransportError::permanent(error)
    } else {
        TransportError::other(error)
    }
}
