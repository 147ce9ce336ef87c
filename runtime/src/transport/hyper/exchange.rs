//! A request of hyper and its response.

use super::connect::Connector;
use super::sent::Sent;
use crate::transport::common::{self, Closed, Moves, Outgoing};
use crate::transport::{Body, TransportError};
use bytes::Bytes;
use hyper::body::Incoming;
use hyper_util::client::legacy::{self, ResponseFuture};
use std::error::Error as StdError;
use std::io;
use std::iter::successors;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// The number of times that a request is sent again after a server has said that it processed nothing of it.
const REPETITIONS: u8 = 2;

pub(super) type Client = legacy::Client<Connector, Sent>;

/// A request on its way.
pub(super) struct Exchange {
    client: Arc<Client>,
    response: ResponseFuture,
    /// The progress of a body that is a stream or large.
    moves: Option<Moves>,
    again: Option<Box<Again>>,
}

/// A request that can be sent again.
struct Again {
    request: http::Request<Bytes>,
    left: u8,
}

impl Exchange {
    /// Begins to send a request, or rather prepares it: nothing is sent before the response is waited for.
    ///
    /// A request of HTTP/2 can be sent again, unless its body is a stream. Without HTTP/2, `may_be_repeated` saves the copy.
    pub(super) fn begin(
        client: Arc<Client>,
        request: http::Request<Body>,
        may_be_repeated: bool,
    ) -> Self {
        let (head, body) = request.into_parts();
        let (mut again, mut moves) = (None, None);
        let body = match body.into_bytes() {
            Ok(bytes) => {
                moves = Sent::is_large(&bytes).then(Moves::new);
                again = may_be_repeated.then(|| {
                    let request = http::Request::from_parts(head.clone(), bytes.clone());
                    let left = REPETITIONS;
                    Box::new(Again { request, left })
                });
                Sent::whole(bytes, moves.as_ref())
            }
            Err(stream) => {
                let moves = moves.insert(Moves::new());
                Sent::Stream(Outgoing::new(stream, moves.clone()))
            }
        };
        Self {
            response: client.request(http::Request::from_parts(head, body)),
            client,
            moves,
            again,
        }
    }

    /// Waits for the head of the response, as long as something moves.
    ///
    /// hyper sends a request again if it found its connection closed before anything of it was sent. Here the same is done for
    /// requests of HTTP/2 that the server has rejected without processing them (RFC 9113, section 8.7): another attempt is safe
    /// for all verbs.
    pub(super) async fn response(
        mut self,
        limit: Duration,
    ) -> Result<http::Response<Incoming>, TransportError> {
        loop {
            let response = Pin::new(&mut self.response);
            match common::head(response, Some(limit), self.moves.as_ref()).await? {
                Ok(response) => return Ok(response),
                Err(error) if is_unprocessed(&error) && self.repeats() => {}
                Err(error) => return Err(request_error(error)),
            }
        }
    }

    /// Begins again, if that is possible.
    fn repeats(&mut self) -> bool {
        let Some(again) = self.again.as_deref_mut().filter(|again| again.left > 0) else {
            return false;
        };
        again.left -= 1;
        let moves = self.moves.as_ref();
        let request = again.request.clone();
        self.response = self
            .client
            .request(request.map(|bytes| Sent::whole(bytes, moves)));
        true
    }
}

/// Returns `true` if the server says that it has processed nothing of the request: it goes away, or refuses the stream.
fn is_unprocessed(error: &legacy::Error) -> bool {
    let mut causes = causes(error).filter_map(<dyn StdError>::downcast_ref::<h2::Error>);
    causes.next().is_some_and(|error| {
        let reason = error.reason();
        let leaves = error.is_go_away() && reason == Some(h2::Reason::NO_ERROR);
        let refuses = error.is_reset() && reason == Some(h2::Reason::REFUSED_STREAM);
        error.is_remote() && (leaves || refuses)
    })
}

fn request_error(error: legacy::Error) -> TransportError {
    if let Some(closed) = Closed::by(&error) {
        return TransportError::other(closed);
    }
    // A time limit on connecting is both; that nothing was sent matters more.
    if error.is_connect() {
        TransportError::connect(error)
    } else if is_timeout(&error) {
        TransportError::timeout(error)
    } else {
        TransportError::other(error)
    }
}

/// Returns the error for a response whose connection failed within its body.
pub(super) fn body_error(error: hyper::Error) -> TransportError {
    if let Some(closed) = Closed::by(&error) {
        TransportError::other(closed)
    } else if is_timeout(&error) {
        TransportError::timeout(error)
    } else {
        TransportError::other(error)
    }
}

/// Returns `true` if a time limit of the system or of hyper has passed.
fn is_timeout(error: &(dyn StdError + 'static)) -> bool {
    causes(error).any(|cause| {
        let system = cause.downcast_ref::<io::Error>();
        let hyper = cause.downcast_ref::<hyper::Error>();
        system.is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
            || hyper.is_some_and(hyper::Error::is_timeout)
    })
}

/// Returns an error and its causes.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    successors(Some(error), |&error| error.source())
}
