//! The transport of clients in tests.

use crate::server::Server;
use gapi_runtime::http::{HeaderValue, Uri, header::HOST};
use gapi_runtime::{Body, BoxFuture, Bytes, HttpTransport, Transport, TransportError, http};
use std::sync::{Arc, OnceLock};

/// The HTTP client of all of them: it reads the certificates of the machine once.
static SHARED: OnceLock<Arc<HttpTransport>> = OnceLock::new();

/// A transport that sends every request to one server, with the host that the client meant.
#[derive(Clone, Debug)]
pub struct ToServer {
    address: String,
    inner: Arc<HttpTransport>,
}

impl ToServer {
    /// Creates a transport to a server in this process.
    pub fn new(server: &Server) -> Self {
        Self::to(server.host())
    }

    /// Creates a transport to a server by its host and port.
    pub fn to(address: String) -> Self {
        Self {
            address,
            inner: Arc::clone(SHARED.get_or_init(|| Arc::new(HttpTransport::new(false).unwrap()))),
        }
    }

    fn readdressed<T>(&self, mut request: http::Request<T>) -> http::Request<T> {
        let target = request
            .uri()
            .path_and_query()
            .map_or("/", |target| target.as_str());
        let uri: Uri = format!("http://{}{target}", self.address).parse().unwrap();
        let host = HeaderValue::from_str(request.uri().authority().unwrap().as_str()).unwrap();
        request.headers_mut().insert(HOST, host);
        *request.uri_mut() = uri;
        request
    }
}

impl Transport for ToServer {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        self.inner.send(self.readdressed(request))
    }

    fn send_streaming(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        self.inner.send_streaming(self.readdressed(request))
    }
}
