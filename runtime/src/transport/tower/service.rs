//! Transports as services of tower.

use super::super::connecting::after_middleware;
use super::super::{Body, BoxFuture, Transport, TransportError};
use super::error::BoxError;
use bytes::Buf;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_service::Service;

/// A [`tower::Service`](https://docs.rs/tower/latest/tower/trait.Service.html) over a [`Transport`]. The layers of
/// [`ClientBuilder::layer`](crate::ClientBuilder::layer) wrap it.
///
/// It is always ready, and its clones share the transport. It takes requests with any body of the crate http-body, so that
/// middleware may change bodies.
///
/// ```
/// use gapi_runtime::{MockTransport, TowerTransport, TransportService};
/// use tower::ServiceBuilder;
///
/// // A transport with a layer around it is a transport again.
/// let service = TransportService::new(MockTransport::new().respond(200, "{}"));
/// let limited = ServiceBuilder::new().concurrency_limit(10).service(service);
/// let transport = TowerTransport::new(limited);
/// ```
#[derive(Clone)]
pub struct TransportService(Arc<dyn Transport>);

impl TransportService {
    /// Creates a service over a transport.
    pub fn new(transport: impl Transport + 'static) -> Self {
        Self::of(Arc::new(transport))
    }

    /// The same, for a transport that is shared.
    pub(crate) fn of(transport: Arc<dyn Transport>) -> Self {
        Self(transport)
    }
}

impl fmt::Debug for TransportService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TransportService").field(&self.0).finish()
    }
}

impl<B> Service<http::Request<B>> for TransportService
where
    B: http_body::Body<Data: Buf + Send> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = http::Response<Body>;
    type Error = TransportError;
    type Future = BoxFuture<'static, Result<http::Response<Body>, TransportError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let transport = Arc::clone(&self.0);
        let request = request.map(Body::from_http_body);
        // Nothing begins here: middleware may call a service on another task than the one that awaits its response.
        Box::pin(async move { after_middleware(transport.send_streaming(request)).await })
    }
}

/// The default transport is a service as well.
#[cfg(feature = "hyper")]
impl<B> Service<http::Request<B>> for super::super::HttpTransport
where
    B: http_body::Body<Data: Buf + Send> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = http::Response<Body>;
    type Error = TransportError;
    type Future = BoxFuture<'static, Result<http::Response<Body>, TransportError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let transport = self.clone();
        let request = request.map(Body::from_http_body);
        Box::pin(async move { after_middleware(transport.send_streaming(request)).await })
    }
}
