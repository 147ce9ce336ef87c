//! Bodies of responses that come in chunks and can break.

use super::failure::Fault;
use crate::transport::{Body, TransportError};
use bytes::Bytes;
use futures_core::Stream;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The chunks of a body that are still to come.
pub(super) struct Chunks(std::vec::IntoIter<Result<Bytes, Fault>>);

impl Chunks {
    /// Returns a body of these chunks. It has a length if it is complete.
    pub(super) fn into_body(mut chunks: Vec<Result<Bytes, Fault>>) -> Body {
        if chunks.len() == 1
            && let Some(Ok(_)) = chunks.first()
            && let Some(Ok(whole)) = chunks.pop()
        {
            return Body::from(whole);
        }
        Body::new(Self(chunks.into_iter()))
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.0.next();
        Poll::Ready(next.map(|chunk| chunk.map_err(Fault::into_error)))
    }
}
