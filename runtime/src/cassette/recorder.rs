//! Recording a session.

use super::body::{Content, End, Exchange, Outcome, RecordedFault, Request};
use super::error::CassetteError;
use super::file;
use super::format;
use super::hide::Names;
use super::rewrite;
use super::tee::Tee;
use crate::client::Called;
use crate::transport::{Body, BoxFuture, Transport, TransportError};
use bytes::Bytes;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The default limit on the recorded bytes.
const MAX_SIZE: usize = 64 << 20;

/// A recorder of a session: see [the module](super).
///
/// Nothing is written before [`save`](Self::save). `Debug` shows no requests.
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[cfg(all(feature = "auth", feature = "hyper"))]
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi::spanner_v1::Spanner;
/// use gapi_runtime::{HttpTransport, cassette::Recorder};
///
/// let recorder = Recorder::new(HttpTransport::new(true)?)
///     .hide_header("x-customer")
///     .hide_field("displayName")
///     .hide_parameter("filter")
///     .max_size(16 << 20);
/// let spanner = Spanner::builder()
///     .transport(recorder.transport())
///     .application_default_credentials()
///     .build()
///     .await?;
/// spanner.projects().instances().list("projects/my-project").await?;
/// recorder.save("tests/cassettes/instances.jsonl")?;
/// # Ok(())
/// # }
/// # fn main() {}
/// ```
pub struct Recorder {
    shared: Arc<Shared>,
    names: Names,
}

/// The session so far, and the transport that is recorded.
pub(super) struct Shared {
    transport: Box<dyn Transport>,
    session: Mutex<Session>,
}

struct Session {
    exchanges: Vec<Exchange>,
    size: usize,
    max_size: usize,
}

/// A body of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Request,
    Response,
}

impl Recorder {
    /// Creates a recorder of the requests that go through a transport.
    #[must_use]
    pub fn new(transport: impl Transport + 'static) -> Self {
        Self {
            shared: Arc::new(Shared {
                transport: Box::new(transport),
                session: Mutex::new(Session {
                    exchanges: Vec::new(),
                    size: 0,
                    max_size: MAX_SIZE,
                }),
            }),
            names: Names::default(),
        }
    }

    /// Hides the values of a header of requests and responses.
    #[must_use]
    pub fn hide_header(mut self, name: impl Into<String>) -> Self {
        self.names.headers.push(name.into().to_ascii_lowercase());
        self
    }

    /// Hides the values of JSON members of this name, at any depth of requests and responses. Upper and lower case and underscores
    /// make no difference. Of an object or a list it hides all values within it.
    #[must_use]
    pub fn hide_field(mut self, name: impl Into<String>) -> Self {
        self.names.fields.push(name.into());
        self
    }

    /// Hides the values of a query parameter.
    #[must_use]
    pub fn hide_parameter(mut self, name: impl Into<String>) -> Self {
        self.names.parameters.push(name.into());
        self
    }

    /// Sets the maximum size of the session in bytes. The default is 64 MiB. A longer session continues, but cannot be saved.
    #[must_use]
    pub fn max_size(self, bytes: usize) -> Self {
        self.shared.lock().max_size = bytes;
        self
    }

    /// Returns the transport that records, for [`ClientBuilder::transport`](crate::ClientBuilder::transport).
    ///
    /// It passes on everything as it is, streams chunk by chunk. Requests for tokens are passed on and not recorded.
    #[must_use]
    pub fn transport(&self) -> impl Transport + Clone + use<> {
        Recording(Arc::clone(&self.shared))
    }

    /// Writes the session to a file, without its secrets. The directory has to exist.
    ///
    /// A file of this name is replaced when the new one is complete.
    ///
    /// # Errors
    /// Fails if the session is larger than [`max_size`](Self::max_size), or if the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), CassetteError> {
        let path = path.as_ref();
        let (exchanges, size, max_size) = {
            let session = self.shared.lock();
            (session.exchanges.clone(), session.size, session.max_size)
        };
        if size > max_size {
            let problem =
                format!("the session has {size} bytes, more than the limit of {max_size}");
            return Err(CassetteError::new(path, None, problem));
        }
        let hidden = rewrite::all(exchanges, &self.names);
        let text = format::write(&self.names, &hidden);
        file::replace(path, text.as_bytes())
            .map_err(|error| CassetteError::new(path, None, error.to_string()))
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records the head of a request, and returns its position.
    fn begin(&self, request: &http::Request<Body>, called: &Called) -> usize {
        let exchange = Exchange {
            method: called.method.id.to_owned(),
            request: Request {
                verb: request.method().to_string(),
                uri: request.uri().to_string(),
                headers: request.headers().clone(),
                content: Content {
                    chunks: Vec::new(),
                    end: End::Canceled,
                },
            },
            outcome: Outcome::Canceled,
        };
        let headers = request.headers().iter();
        let size: usize = headers
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        let mut session = self.lock();
        session.size = session.size.saturating_add(size);
        let position = session.exchanges.len();
        // After the limit nothing is at the position, and nothing is recorded.
        if session.size <= session.max_size {
            session.exchanges.push(exchange);
        }
        position
    }

    fn set_outcome(&self, position: usize, outcome: Outcome) {
        if let Some(exchange) = self.lock().exchanges.get_mut(position) {
            exchange.outcome = outcome;
        }
    }

    /// Records a chunk of a body.
    pub(super) fn chunk(&self, position: usize, side: Side, chunk: &Bytes) {
        let mut session = self.lock();
        session.size = session.size.saturating_add(chunk.len());
        // The rest of a session that is too large takes no memory.
        if session.size <= session.max_size
            && let Some(content) = session.content(position, side)
            && !chunk.is_empty()
        {
            content.chunks.push(chunk.clone());
        }
    }

    /// Records the end of a body.
    pub(super) fn end(&self, position: usize, side: Side, end: End) {
        if let Some(content) = self.lock().content(position, side) {
            content.end = end;
        }
    }
}

impl Session {
    fn content(&mut self, position: usize, side: Side) -> Option<&mut Content> {
        let exchange = self.exchanges.get_mut(position)?;
        match (side, &mut exchange.outcome) {
            (Side::Request, _) => Some(&mut exchange.request.content),
            (Side::Response, Outcome::Response { content, .. }) => Some(content),
            (Side::Response, Outcome::Fault(_) | Outcome::Canceled) => None,
        }
    }
}

/// The transport of a recorder.
#[derive(Clone)]
struct Recording(Arc<Shared>);

impl Transport for Recording {
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
        Box::pin(async move {
            let shared = &self.0;
            let Some(called) = request.extensions().get::<Called>() else {
                return shared.transport.send_streaming(request).await;
            };
            let position = shared.begin(&request, called);
            let request = request.map(|body| Tee::around(body, shared, position, Side::Request));
            match shared.transport.send_streaming(request).await {
                Err(error) => {
                    let fault = RecordedFault::of(&error);
                    shared.set_outcome(position, Outcome::Fault(fault));
                    Err(error)
                }
                Ok(response) => {
                    let outcome = Outcome::Response {
                        status: response.status().as_u16(),
                        headers: response.headers().clone(),
                        content: Content {
                            chunks: Vec::new(),
                            end: End::Canceled,
                        },
                    };
                    shared.set_outcome(position, outcome);
                    Ok(response.map(|body| Tee::around(body, shared, position, Side::Response)))
                }
            }
        })
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Recorder").field(&self.0.transport).finish()
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("transport", &self.shared.transport)
            .field("exchanges", &self.shared.lock().exchanges.len())
            .finish_non_exhaustive()
    }
}
