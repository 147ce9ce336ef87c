//! Connecting to servers and proxies, within the limits of the request that asks for it.

use super::proxy::Proxies;
use super::resolve::SystemResolver;
use super::stream::Stream;
use super::tls::Tls;
use crate::transport::BoxFuture;
use crate::transport::connecting::{ConnectTimeout, Connecting};
use http::uri::{Scheme, Uri};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Intercept;
use std::error::Error as StdError;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use std::vec::IntoIter;
use tokio::time::timeout;
use tower_service::Service;

/// The timeout for connecting, including the TLS handshake. The policy of a call has a shorter limit by default. This timeout
/// applies without one, and each address of a name has its share of it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// The idle time of a connection before the system asks if the other side is still there, the time between such questions, and
/// their number: the defaults of reqwest.
const KEEPALIVE: Duration = Duration::from_secs(15);
const KEEPALIVE_QUESTIONS: u32 = 3;

/// The maximum time for the acknowledgment of what was sent (`TCP_USER_TIMEOUT`): the default of reqwest.
#[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

pub(super) type BoxError = Box<dyn StdError + Send + Sync>;

/// A connector, whose connections end within the limits of the request that asks for them. They cover all of connecting: the
/// name, TCP, a proxy and TLS.
///
/// The HTTP client clones its connector for every request, also for one that has a connection already. So all of it is shared.
pub(super) struct Connector<R = SystemResolver>(Arc<Inner<R>>);

struct Inner<R> {
    tcp: HttpConnector<R>,
    tls: Tls,
    proxies: Arc<Proxies>,
}

/// A resolver of names, as hyper-util wants it.
pub(super) trait Resolver:
    Service<
        Name,
        Response = IntoIter<SocketAddr>,
        Error = io::Error,
        Future = BoxFuture<'static, io::Result<IntoIter<SocketAddr>>>,
    > + Clone
    + Send
    + Sync
    + 'static
{
}

impl Resolver for SystemResolver {}

impl<R> Clone for Connector<R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<R: Resolver> Connector<R> {
    pub(super) fn new(resolver: R, tls: Tls, proxies: Arc<Proxies>) -> Self {
        let mut tcp = HttpConnector::new_with_resolver(resolver);
        // TLS is added to the connections for `https`.
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(KEEPALIVE));
        tcp.set_keepalive_interval(Some(KEEPALIVE));
        tcp.set_keepalive_retries(Some(KEEPALIVE_QUESTIONS));
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        tcp.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
        Self(Arc::new(Inner { tcp, tls, proxies }))
    }
}

impl<R: Resolver> Inner<R> {
    async fn connect(&self, uri: Uri) -> Result<Stream, BoxError> {
        if let Some(proxy) = self.proxies.of(&uri) {
            return self.connect_by(&proxy, uri).await;
        }
        let tls = Arc::clone(&self.tls.for_servers);
        let connector = HttpsConnector::from((self.tcp.clone(), tls));
        Ok(Stream::direct(called(connector, uri).await?))
    }

    /// Connects through a tunnel for `https`. Requests over plain `http` go to the proxy itself.
    async fn connect_by(&self, proxy: &Intercept, uri: Uri) -> Result<Stream, BoxError> {
        let tls = Arc::clone(&self.tls.for_proxies);
        let to_proxy = HttpsConnector::from((self.tcp.clone(), tls));
        if uri.scheme() != Some(&Scheme::HTTPS) {
            let stream = called(to_proxy, proxy.uri().clone()).await?;
            return Ok(Stream::forwarded(stream));
        }
        let mut tunnel = Tunnel::new(proxy.uri().clone(), to_proxy);
        if let Some(credentials) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(credentials.clone());
        }
        let tls = Arc::clone(&self.tls.for_servers);
        let connector = HttpsConnector::from((tunnel, tls));
        Ok(Stream::tunneled(called(connector, uri).await?))
    }
}

/// Calls a connector once it is ready.
async fn called<C: Service<Uri, Error = BoxError>>(
    mut connector: C,
    uri: Uri,
) -> Result<C::Response, BoxError> {
    poll_fn(|context| connector.poll_ready(context)).await?;
    connector.call(uri).await
}

impl<R: Resolver> Service<Uri> for Connector<R> {
    type Response = Stream;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Stream, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        // Now, because a connection that is no longer needed is finished on another task.
        let limits = Connecting::current();
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let connecting = timeout(CONNECT_TIMEOUT, inner.connect(uri));
            let connected = match limits {
                None => connecting.await,
                Some(limits) => limits.limit(connecting).await?,
            };
            // The limits of a policy have their own error. See `was_cut_off`.
            connected.map_err(|_| io::Error::new(io::ErrorKind::TimedOut, ConnectTimeout))?
        })
    }
}
