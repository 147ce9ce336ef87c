//! The content coding gzip (RFC 9110, section 8.4.1.3).
//!
//! The decompression of reqwest returns the first member of a gzip file and drops the others without an error.

use crate::transport::TransportError;
use async_compression::tokio::bufread::GzipDecoder;
use bytes::{Buf as _, Bytes, BytesMut};
use futures_core::Stream;
use http::HeaderMap;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, HeaderValue, RANGE};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

/// The maximum size of a decompressed chunk in bytes.
const CHUNK: usize = 32 << 10;

/// The rest of the memory of a chunk, in bytes, below which new memory is used.
const LEAST: usize = 4 << 10;

/// Requests gzip, unless the request says which codings it takes. Ranges are those of the uncompressed media.
pub(in crate::transport) fn accept(headers: &mut HeaderMap) {
    if !headers.contains_key(ACCEPT_ENCODING) && !headers.contains_key(RANGE) {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    }
}

/// Returns `true` if a body has this coding and no other. Then the headers of the coding are removed, as they are not those of
/// the decompressed body.
pub(super) fn take_coding(headers: &mut HeaderMap) -> bool {
    let is_gzip = is_gzip(headers);
    if is_gzip {
        headers.remove(CONTENT_ENCODING);
        headers.remove(CONTENT_LENGTH);
    }
    is_gzip
}

/// Returns `true` for gzip alone. Names of codings are case-insensitive, and `x-gzip` is the same as `gzip`.
fn is_gzip(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(CONTENT_ENCODING).into_iter();
    let codings = lines.flat_map(|line| line.to_str().unwrap_or("?").split(','));
    let mut codings = codings
        .map(str::trim)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"));
    let is_gzip =
        |coding: &str| coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip");
    codings.next().is_some_and(is_gzip) && codings.next().is_none()
}

/// A stream of the chunks of a body.
pub(super) trait Chunks: Stream<Item = Result<Bytes, TransportError>> + Unpin {}

impl<S: Stream<Item = Result<Bytes, TransportError>> + Unpin> Chunks for S {}

/// A body that is decompressed while it arrives. All of its members count (RFC 1952, section 2.2). A body without any bytes is
/// empty: a response with status 204 has none, whatever its headers state.
pub(super) struct Decompressed<S> {
    decoder: GzipDecoder<Compressed<S>>,
    buffer: BytesMut,
    has_begun: bool,
    has_ended: bool,
}

/// A compressed body.
struct Compressed<S> {
    body: S,
    /// The bytes that were received and not read yet.
    chunk: Bytes,
}

impl<S: Chunks> Decompressed<S> {
    pub(super) fn new(body: S) -> Self {
        let mut decoder = GzipDecoder::new(Compressed {
            body,
            chunk: Bytes::new(),
        });
        decoder.multiple_members(true);
        Self {
            decoder,
            buffer: BytesMut::new(),
            has_begun: false,
            has_ended: false,
        }
    }
}

impl<S: Chunks> Stream for Decompressed<S> {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.has_ended {
            return Poll::Ready(None);
        }
        if !this.has_begun {
            let first = ready!(Pin::new(this.decoder.get_mut()).poll_fill_buf(context));
            this.has_begun = true;
            let end = match first {
                Ok([]) => Some(None),
                Ok(_) => None,
                Err(error) => Some(Some(Err(failure(error)))),
            };
            if let Some(item) = end {
                this.has_ended = true;
                return Poll::Ready(item);
            }
        }
        if this.buffer.len() < LEAST {
            this.buffer = BytesMut::zeroed(CHUNK);
        }
        let mut buffer = ReadBuf::new(&mut this.buffer);
        let read = ready!(Pin::new(&mut this.decoder).poll_read(context, &mut buffer));
        let length = buffer.filled().len();
        let item = match read {
            Ok(()) if length > 0 => {
                return Poll::Ready(Some(Ok(this.buffer.split_to(length).freeze())));
            }
            Ok(()) => None,
            Err(error) => Some(Err(failure(error))),
        };
        this.has_ended = true;
        Poll::Ready(item)
    }
}

/// Returns the error of the body, or that of the decoder.
fn failure(error: io::Error) -> TransportError {
    error
        .downcast::<TransportError>()
        .unwrap_or_else(TransportError::decode)
}

impl<S: Chunks> AsyncBufRead for Compressed<S> {
    fn poll_fill_buf(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.get_mut();
        while this.chunk.is_empty() {
            match ready!(Pin::new(&mut this.body).poll_next(context)) {
                Some(Ok(chunk)) => this.chunk = chunk,
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
                None => break,
            }
        }
        Poll::Ready(Ok(&this.chunk))
    }

    fn consume(self: Pin<&mut Self>, bytes: usize) {
        self.get_mut().chunk.advance(bytes);
    }
}

impl<S: Chunks> AsyncRead for Compressed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let chunk = ready!(self.as_mut().poll_fill_buf(context))?;
        let length = chunk.len().min(buffer.remaining());
        buffer.put_slice(chunk.get(..length).unwrap_or_default());
        self.consume(length);
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_r15_codings_that_are_gzip() {
        for (lines, expected) in [
            (&["gzip"][..], true),
            (&["GZip"], true),
            (&["x-gzip"], true),
            (&["identity, gzip"], true),
            (&["gzip", "identity"], true),
            (&[", gzip ,"], true),
            (&[], false),
            (&[""], false),
            (&["identity"], false),
            (&["gzip, gzip"], false),
            (&["gzip", "gzip"], false),
            (&["br"], false),
            (&["gzip, br"], false),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(CONTENT_ENCODING, line.parse().unwrap());
            }
            assert_eq!(is_gzip(&headers), expected, "{lines:?}");
        }
    }
}
