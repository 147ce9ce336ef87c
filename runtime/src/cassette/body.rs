//! Requests and responses as they are recorded.

use crate::error::ErrorKind;
use crate::transport::{Body, TransportError};
use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, Uri};
use std::error::Error as StdError;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A request with its response.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    /// The id of the method.
    pub(super) method: String,
    pub(super) request: Request,
    pub(super) outcome: Outcome,
}

#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) verb: String,
    pub(super) uri: String,
    pub(super) headers: HeaderMap,
    pub(super) content: Content,
}

/// The result of a request.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Response {
        status: u16,
        headers: HeaderMap,
        content: Content,
    },
    Fault(RecordedFault),
    /// The caller did not wait for the response.
    Canceled,
}

/// The bytes of a body.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    pub(super) chunks: Vec<Bytes>,
    pub(super) end: End,
}

/// The end of a body.
#[derive(Clone, Debug, Default)]
pub(super) enum End {
    #[default]
    Complete,
    Fault(RecordedFault),
    /// The caller did not read on.
    Canceled,
}

/// An error of a transport.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RecordedFault {
    pub(super) kind: FaultKind,
    pub(super) is_transient: bool,
    pub(super) message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    Connect,
    Timeout,
    Decode,
    Other,
}

/// The kinds by their names in files.
pub(super) const FAULT_KINDS: [(FaultKind, &str); 4] = [
    (FaultKind::Connect, "connect"),
    (FaultKind::Timeout, "timeout"),
    (FaultKind::Decode, "decode"),
    (FaultKind::Other, "other"),
];

impl Content {
    /// A body in memory.
    pub(super) fn whole(bytes: Bytes) -> Self {
        Self {
            chunks: if bytes.is_empty() {
                Vec::new()
            } else {
                vec![bytes]
            },
            end: End::Complete,
        }
    }

    /// Returns all bytes.
    pub(super) fn joined(&self) -> Bytes {
        match &self.chunks[..] {
            [] => Bytes::new(),
            [whole] => whole.clone(),
            chunks => chunks.concat().into(),
        }
    }

    /// Returns the body that a transport returns.
    pub(super) fn into_body(self) -> Body {
        if matches!(self.end, End::Complete) && self.chunks.len() <= 1 {
            return Body::from(self.joined());
        }
        Body::new(Chunks {
            chunks: self.chunks.into_iter(),
            end: Some(self.end),
        })
    }
}

impl RecordedFault {
    /// Returns the record of an error.
    pub(super) fn of(error: &TransportError) -> Self {
        let mut innermost = error.source();
        while let Some(source) = innermost.and_then(StdError::source) {
            innermost = Some(source);
        }
        Self {
            kind: match error.kind() {
                ErrorKind::Connect => FaultKind::Connect,
                ErrorKind::Timeout => FaultKind::Timeout,
                ErrorKind::Decode => FaultKind::Decode,
                _ => FaultKind::Other,
            },
            is_transient: error.is_transient(),
            message: innermost.map(ToString::to_string).unwrap_or_default(),
        }
    }

    /// Returns the error of the transport.
    pub(super) fn into_error(self) -> TransportError {
        let message = self.message;
        let error = match self.kind {
            FaultKind::Connect if message.to_lowercase().contains("connection refused") => {
                let kind = io::ErrorKind::ConnectionRefused;
                TransportError::connect(io::Error::new(kind, message))
            }
            FaultKind::Connect => TransportError::connect(message),
            FaultKind::Timeout => TransportError::timeout(message),
            FaultKind::Decode => TransportError::decode(message),
            FaultKind::Other => TransportError::other(message),
        };
        error.transient(self.is_transient)
    }
}

/// The chunks of a body that are still to come.
struct Chunks {
    chunks: std::vec::IntoIter<Bytes>,
    end: Option<End>,
}

impl Stream for Chunks {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(chunk) = self.chunks.next() {
            return Poll::Ready(Some(Ok(chunk)));
        }
        match self.end.take() {
            None | Some(End::Complete) => Poll::Ready(None),
            Some(End::Fault(fault)) => Poll::Ready(Some(Err(fault.into_error()))),
            Some(End::Canceled) => {
                let error = "the recording ends here, because its body was not read further";
                Poll::Ready(Some(Err(TransportError::unusable(error))))
            }
        }
    }
}

/// Returns the host and the path of a URL, for messages.
pub(super) fn place(uri: &str) -> String {
    let uri: Uri = uri.parse().unwrap_or_default();
    format!("{}{}", uri.host().unwrap_or_default(), uri.path())
}
