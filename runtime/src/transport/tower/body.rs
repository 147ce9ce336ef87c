//! Bodies in the form of the crate http-body, which middleware expects.

use super::super::ending::End;
use super::super::{Body, TransportError};
use super::error::{self, BoxError};
use bytes::{Buf, Bytes};
use futures_core::Stream;
use http_body::{Frame, SizeHint};
use std::any::Any;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A body of the crate http-body, as a stream of its chunks. Trailers are dropped.
struct Chunks<B> {
    body: Pin<Box<B>>,
    end: End,
}

impl Body {
    /// Returns the same body. One of this type remains as it is.
    pub(in crate::transport) fn from_http_body<B>(body: B) -> Self
    where
        B: http_body::Body<Data: Buf + Send> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let mut body = Some(body);
        let own = (&mut body as &mut dyn Any).downcast_mut::<Option<Self>>();
        if let Some(own) = own.and_then(Option::take) {
            return own;
        }
        let Some(body) = body else {
            return Self::from(Bytes::new());
        };
        let length = body.size_hint().exact();
        let stream = Self::new(Chunks {
            body: Box::pin(body),
            end: End {
                left: length,
                // Middleware may hide the end of a stream.
                is_marked: false,
            },
        });
        match length {
            Some(bytes) => stream.with_length(bytes),
            None => stream,
        }
    }
}

impl<B> Stream for Chunks<B>
where
    B: http_body::Body<Data: Buf>,
    B::Error: Into<BoxError>,
{
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let frame = match ready!(self.body.as_mut().poll_frame(context)) {
                None => {
                    let missing = self.end.missing(self.body.is_end_stream());
                    return Poll::Ready(missing.map(Err));
                }
                Some(Err(error)) => {
                    let error = error::of_service(error).within_body();
                    return Poll::Ready(Some(Err(error)));
                }
                Some(Ok(frame)) => frame,
            };
            if let Ok(mut data) = frame.into_data() {
                let length = data.remaining();
                self.end.receive(length);
                return Poll::Ready(Some(Ok(data.copy_to_bytes(length))));
            }
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let chunk = ready!(self.poll_next(context));
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.remaining() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.remaining()
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
