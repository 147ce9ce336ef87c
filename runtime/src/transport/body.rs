//! Bodies that are never in memory as a whole.

use super::TransportError;
use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The number of chunks in a row that a body returns at once. Then other tasks have their turn.
const MOST_IN_A_ROW: u8 = 64;

/// The body of a request or of a response: all of it, or a stream of its chunks. It is a [`Stream`] itself, in both cases.
///
/// A stream that always has a chunk ready does not block the thread: after every 64 chunks in a row the body is pending once,
/// and wakes its task.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_runtime::{Body, Bytes};
///
/// let chunks = futures_util::stream::iter([Ok(Bytes::from("a")), Ok(Bytes::from("b"))]);
/// let body = Body::new(chunks).with_length(2);
/// assert_eq!(body.length(), Some(2));
/// let body = body.into_bytes().err().ok_or("a stream is not in memory")?;
/// assert_eq!(body.collect().await?, "ab");
/// assert_eq!(Body::from(Bytes::from("a")).into_bytes().ok(), Some(Bytes::from("a")));
/// # Ok(())
/// # }
/// ```
///
/// [`Stream`]: https://docs.rs/futures-core/latest/futures_core/stream/trait.Stream.html
pub struct Body {
    content: Content,
    length: Option<u64>,
    /// `true` once a chunk was taken.
    #[cfg(feature = "tower")]
    is_begun: bool,
    /// The number of chunks since the body was last pending.
    in_a_row: u8,
}

enum Content {
    /// Empty once it has been taken.
    Whole(Bytes),
    Stream(Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>),
}

impl Body {
    /// Creates a body that is read from a stream. Its length is not known unless [`with_length`](Self::with_length) sets it.
    pub fn new(stream: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static) -> Self {
        Self {
            content: Content::Stream(Box::pin(stream)),
            length: None,
            #[cfg(feature = "tower")]
            is_begun: false,
            in_a_row: 0,
        }
    }

    /// Sets the number of bytes that a stream returns. No effect on a body that is in memory.
    #[must_use]
    pub fn with_length(mut self, bytes: u64) -> Self {
        if matches!(self.content, Content::Stream(_)) {
            self.length = Some(bytes);
        }
        self
    }

    /// Returns the initial number of bytes, if it is known.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Returns the whole body, if it is in memory and nothing of it was read. Otherwise returns the body itself.
    ///
    /// # Errors
    /// The body, when it is a stream.
    pub fn into_bytes(self) -> Result<Bytes, Self> {
        match self.content {
            Content::Whole(bytes) => Ok(bytes),
            Content::Stream(_) => Err(self),
        }
    }

    /// Reads the remaining bytes of the body.
    ///
    /// # Errors
    /// The error of the stream.
    pub async fn collect(self) -> Result<Bytes, TransportError> {
        let all = self.collect_within(usize::MAX).await?;
        Ok(all.unwrap_or_default())
    }

    /// Reads the remaining bytes like `collect`. Returns `None` if there are more than `limit`.
    pub(crate) async fn collect_within(
        mut self,
        limit: usize,
    ) -> Result<Option<Bytes>, TransportError> {
        let mut all = Gathered::of_length(self.length);
        while let Some(chunk) = self.next().await {
            all.add(chunk?);
            if all.len() > limit {
                return Ok(None);
            }
        }
        Ok(Some(all.finish()))
    }

    /// As much of its beginning as arrives: the rest may be too long or missing.
    pub(crate) async fn beginning(mut self, limit: usize) -> Bytes {
        let mut all = Gathered::default();
        while all.len() < limit
            && let Some(Ok(chunk)) = self.next().await
        {
            all.add(chunk);
        }
        let mut all = all.finish();
        all.truncate(limit);
        all
    }

    /// Returns the body if it is in memory, or `None` if it is a stream.
    pub(crate) fn whole(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Whole(bytes) => Some(bytes),
            Content::Stream(_) => None,
        }
    }

    /// Returns the exact number of remaining bytes, if it is known.
    #[cfg(feature = "tower")]
    pub(super) fn remaining(&self) -> Option<u64> {
        match &self.content {
            Content::Whole(bytes) => u64::try_from(bytes.len()).ok(),
            Content::Stream(_) => self.length.filter(|_| !self.is_begun),
        }
    }

    pub(crate) async fn next(&mut self) -> Option<Result<Bytes, TransportError>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

/// Chunks that are joined into one. A single chunk is not copied.
#[derive(Default)]
pub(crate) struct Gathered {
    first: Bytes,
    all: BytesMut,
    /// The capacity to reserve when there is a second chunk.
    expected: usize,
}

/// The maximum capacity to reserve for a length that is only announced.
const RESERVED: u64 = 16 << 20;

impl Gathered {
    /// Creates a buffer for this many bytes, if that is known. Then chunks are not moved each time it grows.
    pub(crate) fn of_length(bytes: Option<u64>) -> Self {
        Self {
            expected: usize::try_from(bytes.unwrap_or(0).min(RESERVED)).unwrap_or(0),
            ..Self::default()
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.first.len() + self.all.len()
    }

    pub(crate) fn add(&mut self, chunk: Bytes) {
        if self.len() == 0 {
            self.first = chunk;
            return;
        }
        if !self.first.is_empty() {
            self.all.reserve(self.expected);
            self.all.extend_from_slice(&self.first);
            self.first = Bytes::new();
        }
        self.all.extend_from_slice(&chunk);
    }

    pub(crate) fn finish(self) -> Bytes {
        if self.all.is_empty() {
            self.first
        } else {
            self.all.freeze()
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self {
            length: u64::try_from(bytes.len()).ok(),
            content: Content::Whole(bytes),
            #[cfg(feature = "tower")]
            is_begun: false,
            in_a_row: 0,
        }
    }
}

impl Stream for Body {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        #[cfg(feature = "tower")]
        {
            self.is_begun = true;
        }
        let Self {
            content, in_a_row, ..
        } = &mut *self;
        match content {
            Content::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Content::Whole(bytes) => Poll::Ready(Some(Ok(std::mem::take(bytes)))),
            Content::Stream(_) if *in_a_row == MOST_IN_A_ROW => {
                *in_a_row = 0;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Content::Stream(stream) => {
                let Poll::Ready(chunk) = stream.as_mut().poll_next(context) else {
                    *in_a_row = 0;
                    return Poll::Pending;
                };
                *in_a_row += 1;
                if !matches!(chunk, Some(Ok(_))) {
                    // A stream is not polled after its end, because its behavior is not specified then.
                    self.content = Content::Whole(Bytes::new());
                }
                Poll::Ready(chunk)
            }
        }
    }
}

/// Shows none of the content.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("length", &self.length)
            .field("is_stream", &matches!(self.content, Content::Stream(_)))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(mut all: Gathered, chunks: &[&'static str]) -> (Bytes, usize) {
        for chunk in chunks {
            all.add(Bytes::from_static(chunk.as_bytes()));
        }
        let reserved = all.all.capacity();
        (all.finish(), reserved)
    }

    #[test]
    fn an_announced_length_only_says_how_much_memory_to_take() {
        for length in [None, Some(0), Some(3), Some(6), Some(1000), Some(u64::MAX)] {
            let (all, reserved) = gathered(Gathered::of_length(length), &["ab", "", "c", "def"]);
            assert_eq!(all, "abcdef");
            assert!((6..=17 << 20).contains(&reserved), "{length:?}: {reserved}");
        }
    }

    #[test]
    fn a_single_chunk_takes_no_other_memory() {
        let (all, reserved) = gathered(Gathered::of_length(Some(1000)), &["abc"]);
        assert_eq!((&all[..], reserved), (&b"abc"[..], 0));
    }
}
