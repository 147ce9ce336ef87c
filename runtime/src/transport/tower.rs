//! The traits of tower: services are transports, and transports are services.

mod body;
mod error;
mod service;

pub use service::TransportService;

use super::connecting::through_middleware;
use super::{Body, BoxFuture, Transport, TransportError};
use bytes::{Buf, Bytes};
use error::BoxError;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Mutex, PoisonError};
use tower_service::Service;

/// A [`Transport`] over a [`tower::Service`](https://docs.rs/tower/latest/tower/trait.Service.html) of `http::Request<Body>`:
/// another HTTP client, or a stack of middleware around one.
///
/// [`ClientBuilder::layer`](crate::ClientBuilder::layer) is shorter if the HTTP client stays the default one.
///
/// Each request gets a clone of the service and waits until the clone is ready. The clones must share their state, as those of
/// tower's `ConcurrencyLimit` and `Buffer` do. A service that cannot be cloned, such as `RateLimit`, goes into a `Buffer`.
///
/// An error of the service that is a [`TransportError`] remains one. tower's `Elapsed` becomes
/// [`ErrorKind::Timeout`](crate::ErrorKind::Timeout), and a refused connection becomes
/// [`ErrorKind::Connect`](crate::ErrorKind::Connect). Any other error is an
/// [`ErrorKind::Transport`](crate::ErrorKind::Transport), which is retried if the call is idempotent. tower's
/// `Overloaded` is not retried.
///
/// ```
/// use gapi_runtime::{Body, ClientBuilder, Service, TowerTransport, http};
///
/// async fn client<S: Service>() -> gapi_runtime::Result<S> {
///     let service = tower::service_fn(|request: http::Request<Body>| async move {
///         // For example an HTTP client of the application.
///         Ok::<_, std::io::Error>(http::Response::new(request.into_body()))
///     });
///     ClientBuilder::new().transport(TowerTransport::new(service)).build().await
/// }
/// ```
pub struct TowerTransport<S> {
    /// Only to be `Sync`. It is locked for as long as a clone takes.
    service: Mutex<S>,
}

impl<S> TowerTransport<S> {
    /// Creates a transport over a service.
    pub fn new(service: S) -> Self {
        Self {
            service: Mutex::new(service),
        }
    }
}

impl<S: Clone> TowerTransport<S> {
    fn service(&self) -> S {
        let service = self.service.lock();
        service.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<S: Clone> Clone for TowerTransport<S> {
    fn clone(&self) -> Self {
        Self::new(self.service())
    }
}

/// Not the service, which may hold secrets.
impl<S> fmt::Debug for TowerTransport<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TowerTransport").finish_non_exhaustive()
    }
}

impl<S, B> Transport for TowerTransport<S>
where
    S: Service<http::Request<Body>, Response = http::Response<B>> + Clone + Send,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: http_body::Body<Data: Buf + Send> + Send + 'static,
    B::Error: Into<BoxError>,
{
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
        let mut service = self.service();
        Box::pin(through_middleware(async move {
            let ready = poll_fn(|context| service.poll_ready(context)).await;
            ready.map_err(error::of_service)?;
            let response = service.call(request).await.map_err(error::of_service)?;
            Ok(response.map(Body::from_http_body))
        }))
    }
}

#[cfg(test)]
mod tests;
