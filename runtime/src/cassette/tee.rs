//! Bodies that are recorded while they are read.

use super::body::{End, RecordedFault};
use super::recorder::{Shared, Side};
use crate::transport::{Body, TransportError};
use bytes::Bytes;
use futures_core::Stream;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// A body whose chunks are recorded as they come.
pub(super) struct Tee {
    body: Body,
    shared: Arc<Shared>,
    position: usize,
    side: Side,
    has_ended: bool,
}

impl Tee {
    /// Records a body. A body in memory is recorded at once.
    pub(super) fn around(body: Body, shared: &Arc<Shared>, position: usize, side: Side) -> Body {
        let length = body.length();
        match body.into_bytes() {
            Ok(bytes) => {
                shared.chunk(position, side, &bytes);
                shared.end(position, side, End::Complete);
                Body::from(bytes)
            }
            Err(body) => {
                let tee = Body::new(Self {
                    body,
                    shared: Arc::clone(shared),
                    position,
                    side,
                    has_ended: false,
                });
                match length {
                    Some(length) => tee.with_length(length),
                    None => tee,
                }
            }
        }
    }

    fn end(&mut self, end: End) {
        if !std::mem::replace(&mut self.has_ended, true) {
            self.shared.end(self.position, self.side, end);
        }
    }
}

impl Stream for Tee {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(Pin::new(&mut self.body).poll_next(context));
        match &next {
            Some(Ok(chunk)) => self.shared.chunk(self.position, self.side, chunk),
            Some(Err(error)) => {
                let fault = RecordedFault::of(error);
                self.end(End::Fault(fault));
            }
            None => self.end(End::Complete),
        }
        Poll::Ready(next)
    }
}

impl Drop for Tee {
    fn drop(&mut self) {
        self.end(End::Canceled);
    }
}
