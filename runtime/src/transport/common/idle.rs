//! Time limits on what does not move: neither a body that takes hours nor a slow source or reader is late.

use crate::transport::ending::End;
use crate::transport::{Body, TransportError};
use bytes::Bytes;
use futures_core::Stream;
use http_body::{Frame, SizeHint};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep};

/// The progress of a request body.
#[derive(Clone)]
pub(in crate::transport) struct Moves(Arc<Motion>);

struct Motion {
    start: Instant,
    /// The time from the start to the last chunk that the connection has taken, in milliseconds.
    last: AtomicU64,
    /// `true` if the connection waits for the source. Then the server is not late.
    waits_for_source: AtomicBool,
}

impl Moves {
    pub(in crate::transport) fn new() -> Self {
        Self(Arc::new(Motion {
            start: Instant::now(),
            last: AtomicU64::new(0),
            waits_for_source: AtomicBool::new(false),
        }))
    }

    /// Notes that the connection takes a chunk, or that it waits for the source of the next one.
    pub(in crate::transport) fn advance(&self, waits_for_source: bool) {
        let Motion { start, last, .. } = &*self.0;
        let elapsed = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        last.store(elapsed, Ordering::Relaxed);
        let waits = &self.0.waits_for_source;
        waits.store(waits_for_source, Ordering::Relaxed);
    }

    /// Returns the time of the last progress.
    fn last(&self) -> Instant {
        if self.0.waits_for_source.load(Ordering::Relaxed) {
            return Instant::now();
        }
        self.0.start + Duration::from_millis(self.0.last.load(Ordering::Relaxed))
    }
}

/// The body of a request on its way out.
pub(in crate::transport) struct Outgoing {
    // Only to be `Sync`, as the body of reqwest is; it is never contended.
    stream: Mutex<Body>,
    left: Option<u64>,
    moves: Moves,
}

/// The body of a response on its way in.
pub(super) struct Incoming<B: http_body::Body> {
    body: B,
    body_error: fn(B::Error) -> TransportError,
    limit: Option<Duration>,
    end: End,
    /// The clock; there is one while the server is waited for.
    sleep: Option<Pin<Box<Sleep>>>,
}

/// Waits for the head of the response, as long as the connection takes something of the body.
pub(in crate::transport) async fn head<T>(
    mut response: Pin<&mut impl Future<Output = T>>,
    limit: Option<Duration>,
    moves: Option<&Moves>,
) -> Result<T, TransportError> {
    let mut clock = pin!(limit.map(sleep));
    poll_fn(|context| {
        if let Poll::Ready(received) = response.as_mut().poll(context) {
            return Poll::Ready(Ok(received));
        }
        let (Some(limit), Some(mut sleep)) = (limit, clock.as_mut().as_pin_mut()) else {
            return Poll::Pending;
        };
        loop {
            ready!(sleep.as_mut().poll(context));
            let end = moves.and_then(|moves| moves.last().checked_add(limit));
            match end.filter(|end| *end > sleep.deadline()) {
                Some(end) => sleep.as_mut().reset(end),
                None => return Poll::Ready(Err(late(limit))),
            }
        }
    })
    .await
}

fn late(limit: Duration) -> TransportError {
    TransportError::timeout(format!("nothing moved for {} seconds", limit.as_secs()))
}

impl Outgoing {
    pub(in crate::transport) fn new(stream: Body, moves: Moves) -> Self {
        Self {
            left: stream.length(),
            stream: Mutex::new(stream),
            moves,
        }
    }
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let this = &mut *self;
        let stream = this
            .stream
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        let chunk = Pin::new(stream).poll_next(context);
        this.moves.advance(chunk.is_pending());
        let chunk = ready!(chunk);
        if let (Some(Ok(bytes)), Some(left)) = (&chunk, &mut this.left) {
            *left = left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        }
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}

impl<B: http_body::Body> Incoming<B> {
    pub(super) fn new(
        body: B,
        limit: Option<Duration>,
        end: End,
        body_error: fn(B::Error) -> TransportError,
    ) -> Self {
        Self {
            body,
            body_error,
            limit,
            end,
            sleep: None,
        }
    }
}

impl<B: http_body::Body<Data = Bytes> + Unpin> Stream for Incoming<B> {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let frame = http_body::Body::poll_frame(Pin::new(&mut this.body), context);
            let Poll::Ready(frame) = frame else {
                let Some(limit) = this.limit else {
                    return Poll::Pending;
                };
                let clock = this.sleep.get_or_insert_with(|| Box::pin(sleep(limit)));
                ready!(clock.as_mut().poll(context));
                return Poll::Ready(Some(Err(late(limit))));
            };
            this.sleep = None;
            match frame {
                None => {
                    let missing = this.end.missing(this.body.is_end_stream());
                    return Poll::Ready(missing.map(Err));
                }
                Some(Err(error)) => {
                    let error = (this.body_error)(error).within_body();
                    return Poll::Ready(Some(Err(error)));
                }
                Some(Ok(frame)) => {
                    // Trailers say nothing of the media.
                    if let Ok(bytes) = frame.into_data() {
                        this.end.receive(bytes.len());
                        return Poll::Ready(Some(Ok(bytes)));
                    }
                }
            }
        }
    }
}
