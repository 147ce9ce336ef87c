//! The bodies of requests.

use crate::transport::TransportError;
use crate::transport::common::{Moves, Outgoing};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};

/// The maximum size in bytes of a part of a body. A connection takes the next part when it has sent most of those before, so
/// they show the progress of a body in memory.
const PART: usize = 64 << 10;

/// The body of a request.
pub(super) enum Sent {
    /// Empty once it has been taken.
    Whole(Bytes),
    /// The remaining bytes of a body that is sent in parts.
    Parts(Bytes, Moves),
    Stream(Outgoing),
}

impl Sent {
    /// Returns `true` if a body has several parts.
    pub(super) fn is_large(bytes: &Bytes) -> bool {
        bytes.len() > PART
    }

    /// Returns a body in memory. `moves` has the progress of a large one.
    pub(super) fn whole(bytes: Bytes, moves: Option<&Moves>) -> Self {
        match moves {
            Some(moves) => Self::Parts(bytes, moves.clone()),
            None => Self::Whole(bytes),
        }
    }
}

impl http_body::Body for Sent {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        match self.get_mut() {
            Self::Whole(bytes) | Self::Parts(bytes, _) if bytes.is_empty() => Poll::Ready(None),
            Self::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Self::Parts(bytes, moves) => {
                moves.advance(false);
                let part = bytes.split_to(bytes.len().min(PART));
                Poll::Ready(Some(Ok(Frame::data(part))))
            }
            Self::Stream(stream) => Pin::new(stream).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) | Self::Parts(bytes, _) => bytes.is_empty(),
            Self::Stream(stream) => stream.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) | Self::Parts(bytes, _) => {
                SizeHint::with_exact(u64::try_from(bytes.len()).unwrap_or(u64::MAX))
            }
            Self::Stream(stream) => stream.size_hint(),
        }
    }
}
