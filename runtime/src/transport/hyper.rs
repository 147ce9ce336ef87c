//! The default transport.

mod address;
mod connect;
mod exchange;
mod proxy;
mod resolve;
mod sent;
mod stream;
#[cfg(test)]
mod tests;
mod tls;

use self::connect::Connector;
use self::exchange::{Client, Exchange, body_error};
use self::proxy::Proxies;
use self::resolve::SystemResolver;
use self::tls::Tls;
use super::common::{self, Clients};
use super::{Body, BoxFuture, ProxyCredentials, Transport, TransportError};
use crate::error::Error;
use bytes::Bytes;
use http::header::{ACCEPT, HeaderValue};
use http::{Extensions, Version};
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The timeout for a server that sends nothing. It is longer than the servers' own limits on a request: the `wait` methods of
/// Compute block for two minutes.
const READ_TIMEOUT: Duration = Duration::from_mins(5);

/// The time after which an unused connection is closed: the default of reqwest.
const POOL_TIMEOUT: Duration = Duration::from_secs(90);

/// The [`Transport`] that clients have by default, over [`hyper`](https://docs.rs/hyper): HTTP/1.1 and HTTP/2, gzip, TLS by rustls
/// with the certificates of the system and the cryptography of a feature, `tls-ring` or `tls-aws-lc`. Needs a tokio runtime with
/// time and I/O.
///
/// Connecting, which includes the name lookup and the TLS handshake, ends within
/// [`RetryPolicy::connect_time_limit`](crate::RetryPolicy::connect_time_limit), and within 20 seconds in any case. The transport
/// waits 5 minutes whenever it waits for the server, for a response or because the server takes nothing of a body. A call as a
/// whole has no time limit.
///
/// Proxies are those of the environment: `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`, perhaps with a name and a password in the
/// URL, except for the hosts in `NO_PROXY`. The same names in lower case count if there are none in upper case. Proxies for SOCKS
/// are not supported. For other settings there is the feature `reqwest`.
///
/// A client can be used in several Tokio runtimes. Each of them has its own connections, because only the runtime that has
/// made a connection drives it.
#[derive(Clone)]
pub struct HttpTransport(Arc<Inner>);

struct Inner {
    usual: Route,
    /// The route of requests that never go through a proxy.
    #[cfg(feature = "auth")]
    direct: Route,
    /// `true` if only requests with a mark may go over plain `http`.
    https_only: bool,
}

/// The clients that reach servers by the same proxies.
struct Route {
    clients: Clients<Arc<Client>>,
    proxies: Arc<Proxies>,
}

impl Route {
    fn new(tls: Tls, proxies: Proxies) -> Self {
        let proxies = Arc::new(proxies);
        let connector = Connector::new(SystemResolver, tls, Arc::clone(&proxies));
        Self {
            clients: Clients::each(move || Arc::new(client(connector.clone()))),
            proxies,
        }
    }
}

impl HttpTransport {
    /// Creates the transport that clients have by default, for a transport that wraps it. `https_only` makes it reject plain
    /// `http`, except for the requests of the client itself to metadata servers and to token servers on this machine.
    ///
    /// A transport that wraps it must call it on the task that it is called on: on another task the connection has 20 seconds,
    /// whatever the policy says.
    ///
    /// ```
    /// # #[cfg(feature = "tls-ring")]
    /// # fn example() -> gapi_runtime::Result<()> {
    /// let transport = gapi_runtime::HttpTransport::new(true)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) when there is no cryptography for TLS, or no certificate
    /// of the system can be read.
    pub fn new(https_only: bool) -> crate::error::Result<Self> {
        let tls = Tls::new().map_err(|problem| Error::invalid_argument(None, problem))?;
        Ok(Self::with(tls, Proxies::of_environment(), https_only))
    }

    fn with(tls: Tls, proxies: Proxies, https_only: bool) -> Self {
        Self(Arc::new(Inner {
            #[cfg(feature = "auth")]
            direct: Route::new(tls.clone(), Proxies::none()),
            usual: Route::new(tls, proxies),
            https_only,
        }))
    }

    /// Returns the route of a request.
    fn route(&self, request: &http::Request<Body>) -> &Route {
        #[cfg(feature = "auth")]
        if request.extensions().get::<super::Direct>().is_some() {
            return &self.0.direct;
        }
        let _ = request;
        &self.0.usual
    }

    /// Makes the request of hyper, which is not sent before its response is waited for. No `async fn`, whose future would have
    /// room for the request in each of its forms.
    fn begin(&self, request: http::Request<Body>) -> Result<Begun, TransportError> {
        let Route { clients, proxies } = self.route(&request);
        let client = clients.here()?;
        if self.0.https_only && !may_be_sent(&request) {
            return Err(TransportError::permanent("the client rejects plain `http`"));
        }
        let (mut head, body) = request.into_parts();
        head.uri = address::checked(head.uri).map_err(TransportError::permanent)?;
        // HTTP/2 where TLS says so.
        head.version = Version::HTTP_11;
        head.extensions = Extensions::new();
        common::accept(&mut head.headers);
        let any = || HeaderValue::from_static("*/*");
        head.headers.entry(ACCEPT).or_insert_with(any);
        let added = proxies.authorize(&head.uri, &mut head.headers);
        // Only TLS chooses HTTP/2, and only its requests are ever repeated.
        let may_be_repeated = head.uri.scheme() == Some(&http::uri::Scheme::HTTPS);
        let request = http::Request::from_parts(head, body);
        Ok(Begun {
            exchange: Exchange::begin(client, request, may_be_repeated),
            added: added.map(ProxyCredentials),
        })
    }
}

/// A request on its way, and the credentials for a proxy that were added to it.
struct Begun {
    exchange: Exchange,
    added: Option<ProxyCredentials>,
}

/// Returns an HTTP client. All that is not set here has the defaults of hyper, as in reqwest.
fn client(connector: Connector) -> Client {
    let mut builder = legacy::Client::builder(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(POOL_TIMEOUT)
        .pool_max_idle_per_host(usize::MAX);
    builder.build(connector)
}

/// Not the proxies, whose URLs hold passwords.
impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport").finish_non_exhaustive()
    }
}

impl Transport for HttpTransport {
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
            let Begun { exchange, added } = begun?;
            let response = exchange.response(READ_TIMEOUT).await?;
            #[cfg(feature = "tracing")]
            common::record_peer(stream::peer(&response));
            let mut response = common::received(response, Some(READ_TIMEOUT), true, body_error);
            if let Some(added) = added {
                response.extensions_mut().insert(added);
            }
            Ok(response)
        })
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
