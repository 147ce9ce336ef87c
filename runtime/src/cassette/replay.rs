//! Replaying a session.

use super::body::{Content, End, Outcome, Request, place};
use super::error::CassetteError;
use super::file;
use super::format::{self, Recorded};
use super::hide::Names;
use super::normal::Comparison;
use super::rewrite::{hidden_request, hidden_url};
use crate::client::Called;
use crate::transport::{Body, BoxFuture, Transport, TransportError};
use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_LENGTH;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The number of recorded requests that a message compares.
const COMPARED: usize = 3;

/// A recorded session that responds to requests: see [the module](super).
///
/// By default it is strict: requests come in the recorded order, and each of them once. [`matching`](Self::matching) permits any
/// order. A request is equal to a recorded one if method, URL, body and the headers that decide about the response are, such as
/// `range`. Ids of requests, which are random, and hidden values are not compared.
///
/// A request that differs fails, and is not retried. A cassette that is dropped without [`verify`](Self::verify) panics if there was
/// one, or if a strict cassette was not used to its end, unless the thread is panicking already.
pub struct Cassette {
    state: Arc<State>,
    is_verified: AtomicBool,
}

struct State {
    path: PathBuf,
    names: Names,
    session: Mutex<Session>,
}

struct Session {
    recorded: Vec<Recorded>,
    used: Vec<bool>,
    is_strict: bool,
    /// The lines and the problems of requests that differed.
    problems: Vec<(Option<usize>, String)>,
}

impl Cassette {
    /// Reads a file that a [`Recorder`](super::Recorder) wrote.
    ///
    /// # Errors
    /// Fails if the file cannot be read, or if it is not a cassette. The error names the line.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, CassetteError> {
        let path = path.as_ref();
        let text =
            file::read(path).map_err(|error| CassetteError::new(path, None, error.to_string()))?;
        let (names, recorded) = format::read(&text)
            .map_err(|(line, problem)| CassetteError::new(path, Some(line), problem))?;
        Ok(Self {
            state: Arc::new(State {
                path: path.to_owned(),
                names,
                session: Mutex::new(Session {
                    used: vec![false; recorded.len()],
                    recorded,
                    is_strict: true,
                    problems: Vec::new(),
                }),
            }),
            is_verified: AtomicBool::new(false),
        })
    }

    /// Accepts requests in any order. Each recorded request responds once, the first that is equal, and none has to be used.
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi_runtime::cassette::Cassette;
    ///
    /// // Calls that run at the same time come in any order.
    /// let cassette = Cassette::open("tests/cassettes/instances.jsonl")?.matching();
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn matching(self) -> Self {
        self.state.lock().is_strict = false;
        self
    }

    /// Returns the transport that replays, for [`ClientBuilder::transport`](crate::ClientBuilder::transport).
    #[must_use]
    pub fn transport(&self) -> impl Transport + Clone + use<> {
        Replaying(Arc::clone(&self.state))
    }

    /// Checks that all requests were recorded ones, and that a strict cassette was used to its end.
    ///
    /// # Errors
    /// The first problem, with its line.
    pub fn verify(&self) -> Result<(), CassetteError> {
        self.is_verified.store(true, Ordering::Relaxed);
        self.state.verify()
    }
}

impl Drop for Cassette {
    fn drop(&mut self) {
        if self.is_verified.load(Ordering::Relaxed) || std::thread::panicking() {
            return;
        }
        if let Err(error) = self.state.verify() {
            #[expect(clippy::panic, reason = "a test fails by panicking")]
            {
                panic!("{error}");
            }
        }
    }
}

impl State {
    fn lock(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn verify(&self) -> Result<(), CassetteError> {
        let session = self.lock();
        let error = |line, problem: String| Err(CassetteError::new(&self.path, line, problem));
        if let Some((line, problem)) = session.problems.first() {
            return error(*line, problem.clone());
        }
        let unused = session.used.iter().position(|is_used| !is_used);
        let unused = unused.filter(|_| session.is_strict);
        let Some(recorded) = unused.and_then(|first| session.recorded.get(first)) else {
            return Ok(());
        };
        let count = session.used.iter().filter(|is_used| !**is_used).count();
        let method = &recorded.exchange.method;
        let problem = format!("the request of {method} was not sent ({count} unused requests)");
        error(Some(recorded.line), problem)
    }

    /// Returns the result of the recorded request that is equal.
    fn respond(&self, found: &Request, called: &Called) -> Result<Outcome, TransportError> {
        let names = self.names.of_method(called.method.id);
        let comparison = Comparison {
            names: &names,
            ignored: called.method.request_id,
        };
        // Values within encoded texts are equal only if they are hidden in both requests.
        let hidden = hidden_request(found.clone(), &names);
        let mut session = self.lock();
        let compare = |recorded: &Recorded| {
            let exchange = &recorded.exchange;
            if exchange.method != called.method.id {
                let (method, found) = (&exchange.method, called.method.id);
                return Some(format!("the method is {found}, recorded is {method}"));
            }
            let difference = comparison.difference(&exchange.request, found)?;
            comparison.difference(&exchange.request, &hidden)?;
            Some(difference)
        };
        let most = if session.is_strict { 1 } else { usize::MAX };
        let unused = (0..session.used.len()).filter(|position| !session.used[*position]);
        let unused: Vec<usize> = unused.take(most).collect();
        let mut differences = Vec::new();
        for position in unused {
            let Some(recorded) = session.recorded.get(position) else {
                continue;
            };
            let line = recorded.line;
            match compare(recorded) {
                None => {
                    let outcome = recorded.exchange.outcome.clone();
                    session.used[position] = true;
                    return Ok(outcome);
                }
                Some(difference) => {
                    let is_same = recorded.exchange.method == called.method.id;
                    differences.push((!is_same, line, difference));
                }
            }
        }
        // Those of the same method say most.
        differences.sort();
        let line = differences.first().map(|(_, line, _)| *line);
        let told = differences.iter().take(COMPARED);
        let told: Vec<String> = told
            .map(|(_, line, difference)| format!("line {line}: {difference}"))
            .collect();
        let url = place(&hidden_url(&found.uri, &self.names));
        let reason = match &told[..] {
            [] => "all recorded requests were used".to_owned(),
            told => told.join("; "),
        };
        let problem = format!(
            "the request {} {url} is not the recorded one: {reason}",
            found.verb
        );
        session.problems.push((line, problem.clone()));
        let path = self.path.display();
        Err(TransportError::unusable(format!(
            "cassette {path}: {problem}"
        )))
    }
}

/// The transport of a cassette.
#[derive(Clone)]
struct Replaying(Arc<State>);

impl Transport for Replaying {
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
            let (head, body) = request.into_parts();
            let Some(called) = head.extensions.get::<Called>() else {
                let problem =
                    "a cassette has no requests for tokens: build the client without credentials";
                return Err(TransportError::unusable(problem));
            };
            let found = Request {
                verb: head.method.to_string(),
                uri: head.uri.to_string(),
                content: Content::whole(body.collect().await?),
                headers: head.headers,
            };
            match self.0.respond(&found, called)? {
                Outcome::Response {
                    status,
                    headers,
                    content,
                } => Ok(response(status, headers, content)),
                Outcome::Fault(fault) => Err(fault.into_error()),
                Outcome::Canceled => std::future::pending().await,
            }
        })
    }
}

fn response(status: u16, headers: http::HeaderMap, content: Content) -> http::Response<Body> {
    let length: usize = content.chunks.iter().map(Bytes::len).sum();
    let is_complete = matches!(content.end, End::Complete);
    let mut response = http::Response::new(content.into_body());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    *response.headers_mut() = headers;
    // JSON is recorded without white space, and hidden texts have another length.
    let stated = response.headers().get(CONTENT_LENGTH);
    let is_other = stated.is_some_and(|stated| stated.as_bytes() != length.to_string().as_bytes());
    if is_complete && is_other {
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    response
}

impl fmt::Debug for Replaying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cassette").field(&self.0.path).finish()
    }
}

impl fmt::Debug for Cassette {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cassette")
            .field("path", &self.state.path)
            .field("requests", &self.state.lock().recorded.len())
            .finish_non_exhaustive()
    }
}
