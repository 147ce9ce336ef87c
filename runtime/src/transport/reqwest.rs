//! The transport over an HTTP client of the application.

mod connect;
mod http_client;

pub use http_client::HttpClient;

use super::common::{self, Clients, Closed, Moves, Outgoing};
use super::{Body, BoxFuture, Transport, TransportError};
use crate::error::Error;
use bytes::Bytes;
use std::error::Error as _;
use std::fmt;
use std::io;
use std::pin::pin;
use std::sync::Arc;

/// The [`Transport`] over a client of [`reqwest`](https://docs.rs/reqwest) with settings of the application's own: proxies,
/// certificates, timeouts. [`HttpTransport`](crate::HttpTransport) is the one that clients have by default.
///
/// It decompresses gzip, follows no redirects, and needs a tokio runtime with time and I/O.
#[derive(Clone)]
pub struct Reqwest {
    clients: Arc<Clients<reqwest::Client>>,
}

impl Reqwest {
    /// Creates a transport with settings of the application's own: proxies, certificates, timeouts. For a transport that wraps
    /// it; for a client there is [`ClientBuilder::http_client`](crate::ClientBuilder::http_client).
    ///
    /// It follows no redirects. Connecting has the limits of the policy, unless the client was built before. There is no
    /// other time limit than those of the application. Of them, `read_timeout` also ends uploads from streams that take longer.
    ///
    /// Errors hide the credentials of a call. They do not know the headers that the HTTP client itself adds, such as those for
    /// a proxy.
    ///
    /// All Tokio runtimes share its connections. So it can be used in one runtime of the current thread at a time, or in any
    /// number of multi-threaded ones.
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi_runtime::{ClientBuilder, HttpClient, Reqwest};
    /// use std::time::Duration;
    ///
    /// let http = reqwest::Client::builder().connect_timeout(Duration::from_secs(5));
    /// let transport = Reqwest::with_client(HttpClient::from(http))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) if the client may follow redirects, or cannot be built.
    pub fn with_client(client: impl Into<HttpClient>) -> crate::error::Result<Self> {
        let client = client.into().built();
        let client = client.map_err(|problem| Error::invalid_argument(None, problem))?;
        Ok(Self {
            clients: Arc::new(Clients::shared(client)),
        })
    }

    /// Makes the request of reqwest, which is not sent before it is polled. No `async fn`, whose future would have room for the
    /// request in each of its forms.
    fn begin(
        &self,
        request: http::Request<Body>,
    ) -> Result<Begun<impl Future<Output = Received> + Send + use<>>, TransportError> {
        let client = self.clients.here()?;
        let url = checked_url(request.uri())?;
        let (parts, body) = request.into_parts();
        let mut request = reqwest::Request::new(parts.method, url);
        *request.headers_mut() = parts.headers;
        common::accept(request.headers_mut());
        let mut moves = None;
        match body.into_bytes() {
            Ok(bytes) if bytes.is_empty() => {}
            Ok(bytes) => *request.body_mut() = Some(bytes.into()),
            Err(stream) => {
                let moves = moves.insert(Moves::new());
                let body = Outgoing::new(stream, moves.clone());
                *request.body_mut() = Some(reqwest::Body::wrap(body));
            }
        }
        Ok(Begun {
            response: client.execute(request),
            moves,
        })
    }
}

type Received = reqwest::Result<reqwest::Response>;

/// A request of reqwest, and the progress of its body if that is a stream.
struct Begun<F> {
    response: F,
    moves: Option<Moves>,
}

/// A builder with what all requests need: no redirects, limits on connecting, and bodies as they come.
///
/// 308 means "resume" to upload servers, and a redirect must not send credentials elsewhere.
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
            let response = common::head(pin!(response), None, moves.as_ref()).await?;
            let response = response.map_err(transport_error)?;
            #[cfg(feature = "tracing")]
            common::record_peer(response.remote_addr());
            // Layers of reqwest may hide the end of a stream.
            Ok(common::received(response.into(), None, false, body_error))
        })
    }
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
/// reqwest distinguishes the two only by the cause. The cause is an error of hyper's, unless the error began in the decompressor.
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
    if let Some(closed) = Closed::by(&error) {
        return TransportError::other(closed);
    }
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
