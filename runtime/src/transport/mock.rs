//! A transport for tests.

use super::{Body, BoxFuture, Transport, TransportError};
use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Respond =
    dyn Fn(&http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> + Send + Sync;

/// A [`Transport`] that sends nothing. It records requests and returns responses from a queue or a function.
///
/// Clones share what they record, so keep one and hand the other to
/// [`ClientBuilder::transport`](crate::ClientBuilder::transport).
///
/// ```
/// use gapi_runtime::MockTransport;
///
/// let mock = MockTransport::new().respond(200, r#"{"name": "projects/p"}"#).respond(404, "");
/// assert!(mock.requests().is_empty());
/// ```
#[derive(Clone, Default)]
pub struct MockTransport(Arc<State>);

#[derive(Default)]
struct State {
    requests: Mutex<Vec<http::Request<Bytes>>>,
    responses: Mutex<VecDeque<http::Response<Body>>>,
    function: Option<Box<Respond>>,
}

impl MockTransport {
    /// Creates a transport that responds from its queue. An empty queue is a transport error.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a transport that responds with a function's result when its queue is empty.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    /// use gapi_runtime::{MockTransport, TransportError, http};
    ///
    /// let mock = MockTransport::with(|request| match request.uri().path() {
    ///     "/v1/projects/p/instances/i" => Ok(http::Response::new("{}".into())),
    ///     _ => Err(TransportError::permanent("no other call is expected")),
    /// });
    /// let spanner = Spanner::builder().transport(mock).build().await?;
    /// let instance = spanner.projects().instances().get("projects/p/instances/i").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with(
        function: impl Fn(&http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self(Arc::new(State {
            function: Some(Box::new(function)),
            ..State::default()
        }))
    }

    /// Adds a response with this HTTP status and a JSON body to the queue. A number that is not an HTTP status counts as 500.
    #[must_use]
    pub fn respond(self, status: u16, json: impl Into<Bytes>) -> Self {
        let mut response = http::Response::new(json.into());
        *response.status_mut() =
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.headers_mut().insert(
            CONTENT_TYPE,
            http::HeaderValue::from_static("application/json; charset=UTF-8"),
        );
        self.respond_with(response)
    }

    /// Adds a response to the queue.
    ///
    /// ```
    /// use gapi_runtime::{MockTransport, http};
    ///
    /// let late = http::Response::builder().status(503).header("retry-after", "2").body("{}".into())?;
    /// let mock = MockTransport::new().respond_with(late).respond(200, "{}");
    /// # Ok::<(), http::Error>(())
    /// ```
    #[must_use]
    pub fn respond_with(self, response: http::Response<Bytes>) -> Self {
        self.respond_streaming(response.map(Body::from))
    }

    /// Adds a response to the queue whose body is a stream, for instance one that breaks.
    ///
    /// ```
    /// use gapi_runtime::{Body, Bytes, MockTransport, TransportError, http};
    ///
    /// let chunks = [Ok(Bytes::from("begun")), Err(TransportError::other("the connection broke"))];
    /// let body = Body::new(futures_util::stream::iter(chunks));
    /// let mock = MockTransport::new().respond_streaming(http::Response::new(body));
    /// ```
    #[must_use]
    pub fn respond_streaming(self, response: http::Response<Body>) -> Self {
        lock(&self.0.responses).push_back(response);
        self
    }

    /// Returns the requests so far, credentials included, with their whole bodies.
    #[must_use]
    pub fn requests(&self) -> Vec<http::Request<Bytes>> {
        lock(&self.0.requests).clone()
    }

    fn record(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Body>, TransportError> {
        let queued = lock(&self.0.responses).pop_front();
        let response = match (queued, &self.0.function) {
            (Some(response), _) => Ok(response),
            (None, Some(function)) => function(&request).map(|response| response.map(Body::from)),
            (None, None) => Err(TransportError::permanent("the mock has no response left")),
        };
        lock(&self.0.requests).push(request);
        response
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Transport for MockTransport {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let response = self.record(request);
        Box::pin(async move {
            let (head, body) = response?.into_parts();
            Ok(http::Response::from_parts(head, body.collect().await?))
        })
    }

    /// Reads the body of the request to its end; a request whose body fails is not recorded.
    fn send_streaming(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            self.record(http::Request::from_parts(head, body.collect().await?))
        })
    }
}

impl fmt::Debug for MockTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockTransport")
            .field("requests", &lock(&self.0.requests).len())
            .finish_non_exhaustive()
    }
}
