//! The sources of media, and reading them.

use crate::error::{Error, Result};
use crate::method::{MethodInfo, UploadInfo};
use crate::transport::{Body, BoxFuture, TransportError};
use bytes::Bytes;
use futures_core::Stream;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

/// Media as it is read.
pub(crate) type Input = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// Opens media at a position.
pub(crate) type Open = dyn Fn(u64) -> BoxFuture<'static, io::Result<Input>> + Send + Sync;

/// The source of media.
#[derive(Clone)]
pub(crate) enum MediaSource {
    /// From memory.
    Bytes(Bytes),
    /// From a stream that can be read once; clones share it.
    Once(Arc<Mutex<Option<Unread>>>),
    /// From something that can be opened anywhere and again.
    Open(Arc<Open>),
}

/// A stream that can be read once, up to the first byte that was not read.
pub(crate) struct Unread {
    pub(crate) input: Input,
    pub(crate) position: u64,
}

/// Media from some position on, held to its length and to what the method takes.
pub(crate) struct Reader {
    input: Option<Input>,
    /// Memory that is read before `input`.
    memory: Bytes,
    /// The number of bytes read of the whole, including those before the first position.
    position: u64,
    length: Option<u64>,
    limit: Option<u64>,
}

/// The body of an upload: media within what frames it.
struct Framed {
    before: Bytes,
    reader: Option<Reader>,
    after: Bytes,
    /// The last chunk of the media, until the source has ended.
    last: Option<Bytes>,
    /// The length of the media, if it is known.
    length: Option<u64>,
    reading: Arc<Mutex<Reading>>,
}

/// The state of a body of media that the transport reads.
#[derive(Default)]
pub(crate) struct Reading {
    /// The error for a body that could not be read. Transports pass it on only as text, so the body leaves it here.
    failure: Option<io::Error>,
    /// The number of bytes of the media that the transport has taken.
    taken: u64,
    /// `true` if the transport has taken everything.
    is_complete: bool,
}

impl MediaSource {
    /// Media from a position on. `length` is that of the whole.
    pub(crate) async fn read(
        &self,
        position: u64,
        length: Option<u64>,
        method: Option<&UploadInfo>,
    ) -> io::Result<Reader> {
        let mut reader = Reader {
            input: None,
            memory: Bytes::new(),
            position,
            length,
            limit: method.and_then(|method| method.max_size),
        };
        match self {
            Self::Bytes(bytes) => {
                let start = usize::try_from(position).unwrap_or(usize::MAX);
                reader.memory = bytes.slice(start.min(bytes.len())..);
            }
            Self::Open(open) => reader.input = Some(open(position).await?),
            Self::Once(stream) => {
                let unread = lock(stream).take();
                let unread = unread.filter(|unread| unread.position <= position);
                let once = || io::Error::other("it can be read only once, and it was");
                let Unread {
                    input,
                    position: at,
                } = unread.ok_or_else(once)?;
                reader.input = Some(input);
                reader.position = at;
                let mut skipping = Skipping {
                    source: stream,
                    reader: Some(reader),
                };
                return skipping.to(position).await;
            }
        }
        Ok(reader)
    }

    /// Returns `true` if the media can be read again from any position.
    pub(crate) fn is_repeatable(&self) -> bool {
        !matches!(self, Self::Once(_))
    }
}

/// A reader on its way to a position. If it is dropped before it is there, the source gets its stream back.
struct Skipping<'a> {
    source: &'a Mutex<Option<Unread>>,
    reader: Option<Reader>,
}

impl Skipping<'_> {
    /// Returns the reader at a position.
    async fn to(&mut self, position: u64) -> io::Result<Reader> {
        let skipped = match &mut self.reader {
            Some(reader) => reader.skip(position).await,
            None => Ok(()),
        };
        let reader = self.reader.take();
        skipped?;
        reader.ok_or_else(|| io::Error::other("it is read already"))
    }
}

impl Drop for Skipping<'_> {
    fn drop(&mut self) {
        if let Some(Reader {
            input: Some(input),
            position,
            ..
        }) = self.reader.take()
        {
            *lock(self.source) = Some(Unread { input, position });
        }
    }
}

impl Reader {
    /// Returns the next chunk, never an empty one, or `None` at the end.
    pub(crate) async fn next(&mut self) -> io::Result<Option<Bytes>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        loop {
            let chunk = if !self.memory.is_empty() {
                Some(std::mem::take(&mut self.memory))
            } else if let Some(input) = &mut self.input {
                ready!(input.as_mut().poll_next(context)).transpose()?
            } else {
                None
            };
            let position = self.position;
            let Some(chunk) = chunk else {
                self.input = None;
                return Poll::Ready(match self.length {
                    Some(length) if position < length => Err(io::Error::new(
                        io::ErrorKind::UnexpectedEof,
                        format!("it ends after {position} bytes, and its length is {length}"),
                    )),
                    _ => Ok(None),
                });
            };
            let bytes = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            self.position = position.saturating_add(bytes);
            for (bound, what) in [
                (self.limit, "which is the limit"),
                (self.length, "which is its length"),
            ] {
                if let Some(bound) = bound.filter(|bound| self.position > *bound) {
                    let text = format!("it has more than {bound} bytes, {what}");
                    return Poll::Ready(Err(io::Error::other(text)));
                }
            }
            if !chunk.is_empty() {
                return Poll::Ready(Ok(Some(chunk)));
            }
        }
    }

    /// Passes over what comes before a position.
    async fn skip(&mut self, position: u64) -> io::Result<()> {
        while self.position < position {
            let before = self.position;
            let Some(mut chunk) = self.next().await? else {
                let text = format!("it ends after {before} bytes, and the server has {position}");
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, text));
            };
            if self.position > position {
                let surplus = usize::try_from(position - before).unwrap_or(chunk.len());
                self.memory = chunk.split_off(surplus.min(chunk.len()));
                self.position = position;
            }
        }
        Ok(())
    }
}

/// A body of media with the bytes before and after it, and the place of the error if reading fails.
pub(crate) fn framed(before: Bytes, reader: Reader, after: Bytes) -> (Body, Arc<Mutex<Reading>>) {
    let frame = u64::try_from(before.len() + after.len()).ok();
    let media_length = reader.length;
    let length = media_length.zip(frame);
    // A transport does not read a body without bytes.
    let is_complete = length == Some((0, 0));
    let reading = Arc::new(Mutex::new(Reading {
        is_complete,
        ..Reading::default()
    }));
    let body = Body::new(Framed {
        before,
        reader: Some(reader),
        after,
        last: None,
        length: media_length,
        reading: Arc::clone(&reading),
    });
    let body = match length.and_then(|(media, frame)| media.checked_add(frame)) {
        Some(length) => body.with_length(length),
        None => body,
    };
    (body, reading)
}

/// The error of a request whose body may be the reason.
pub(crate) fn blame(method: &MethodInfo, reading: &Mutex<Reading>, error: Error) -> Error {
    let failure = lock(reading).failure.take();
    failure.map_or(error, |failure| Error::media(method, failure))
}

/// Returns `true` if the transport has taken the whole body, and the number of bytes of the media that it has taken.
pub(crate) fn sent(reading: &Mutex<Reading>) -> (bool, u64) {
    let reading = lock(reading);
    (reading.is_complete, reading.taken)
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stream for Framed {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if !this.before.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut this.before))));
        }
        while let Some(reader) = &mut this.reader {
            match ready!(reader.poll(context)) {
                Ok(Some(chunk)) if reader.length == Some(reader.position) => {
                    // A transport that knows the length asks for no more. The source must end here.
                    this.last = Some(chunk);
                }
                Ok(Some(chunk)) => {
                    lock(&this.reading).taken = reader.position;
                    return Poll::Ready(Some(Ok(chunk)));
                }
                Ok(None) => this.reader = None,
                Err(error) => {
                    let text = "the media cannot be read";
                    lock(&this.reading).failure = Some(error);
                    this.reader = None;
                    this.after = Bytes::new();
                    this.last = None;
                    return Poll::Ready(Some(Err(TransportError::other(text))));
                }
            }
        }
        let mut reading = lock(&this.reading);
        if let Some(last) = this.last.take() {
            reading.taken = this.length.unwrap_or(reading.taken);
            reading.is_complete = this.after.is_empty();
            return Poll::Ready(Some(Ok(last)));
        }
        reading.is_complete = reading.failure.is_none();
        if this.after.is_empty() {
            Poll::Ready(None)
        } else {
            Poll::Ready(Some(Ok(std::mem::take(&mut this.after))))
        }
    }
}
