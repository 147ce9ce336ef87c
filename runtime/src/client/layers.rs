//! Layers of tower around the transport of a client.

use super::{ClientBuilder, Service};
use crate::transport::{Body, TowerTransport, Transport, TransportService};
use bytes::Buf;
use std::error::Error as StdError;
use std::sync::Arc;
use tower_layer::Layer;

type BoxError = Box<dyn StdError + Send + Sync>;

/// The layers of a builder, the innermost first.
#[derive(Default)]
pub(super) struct Layers(Vec<Box<Wrap>>);

type Wrap = dyn FnOnce(Arc<dyn Transport>) -> Arc<dyn Transport> + Send;

impl Layers {
    /// Returns the transport with the layers around it.
    pub(super) fn around(self, transport: Arc<dyn Transport>) -> Arc<dyn Transport> {
        let layers = self.0.into_iter();
        layers.fold(transport, |transport, wrap| wrap(transport))
    }
}

impl<S: Service> ClientBuilder<S> {
    /// Wraps the transport of the client in a [layer of tower](https://docs.rs/tower/latest/tower/trait.Layer.html), or in a
    /// stack of them: a `ServiceBuilder`. Needs the feature `tower`.
    ///
    /// The layer wraps the transport of the other settings: the default one, that of `http_client`, or that of
    /// [`transport`](Self::transport). By default the client still looks for credentials. A layer that is added later is around
    /// those that were added before.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[cfg(feature = "tower")]
    /// # fn example() {
    /// use gapi::spanner_v1::Spanner;
    /// use std::time::Duration;
    /// use tower::ServiceBuilder;
    ///
    /// // At most 10 requests at a time, and 100 in a second.
    /// let layers = ServiceBuilder::new()
    ///     .concurrency_limit(10)
    ///     .buffer(100)
    ///     .rate_limit(100, Duration::from_secs(1));
    /// let builder = Spanner::builder().layer(layers);
    /// # }
    /// # fn main() {}
    /// ```
    ///
    /// # Behavior
    ///
    /// * Each attempt passes the layers, so a retry counts against a limit. Requests for tokens pass them as well.
    /// * The time that a request waits in a layer counts against the timeouts of the call and of the attempt. It does not count
    ///   as connecting.
    /// * A layer returns when the head of the response is there. So a concurrency limit does not count bodies that are still
    ///   read.
    /// * Layers see the credentials of requests. [`TowerTransport`] lists the errors of layers.
    /// * [`build`](Self::build) makes the service. A `Buffer` starts a task there, so it needs a Tokio runtime.
    pub fn layer<L, B>(mut self, layer: L) -> Self
    where
        L: Layer<TransportService> + Send + 'static,
        L::Service: tower_service::Service<http::Request<Body>, Response = http::Response<B>>
            + Clone
            + Send
            + 'static,
        <L::Service as tower_service::Service<http::Request<Body>>>::Future: Send,
        <L::Service as tower_service::Service<http::Request<Body>>>::Error: Into<BoxError>,
        B: http_body::Body<Data: Buf + Send> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.layers.0.push(Box::new(move |transport| {
            let service = layer.layer(TransportService::of(transport));
            Arc::new(TowerTransport::new(service))
        }));
        self
    }
}
