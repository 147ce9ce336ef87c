//! The part of the media that is in memory during an upload in chunks.

use crate::media::source::{MediaSource, Reader};
use crate::method::UploadInfo;
use bytes::{Buf as _, Bytes, BytesMut};
use std::io;

/// The number of bytes from which a chunk of unknown length counts as complete: 1 MiB.
const AMPLE: usize = 1 << 20;

/// Media from the first byte on that the server may not have: at most one chunk, and the bytes that the source returned beyond.
pub(super) struct Window {
    reader: Reader,
    /// The bytes that were read but do not belong to the chunk yet.
    ahead: Bytes,
    /// The position of the first byte in memory.
    start: u64,
    /// The chunk.
    held: Bytes,
    /// The length of the whole, once that is known.
    total: Option<u64>,
}

impl Window {
    /// Media from a position on.
    pub(super) async fn open(
        source: &MediaSource,
        position: u64,
        total: Option<u64>,
        method: Option<&UploadInfo>,
    ) -> io::Result<Self> {
        Ok(Self {
            reader: source.read(position, total, method).await?,
            ahead: Bytes::new(),
            start: position,
            held: Bytes::new(),
            total,
        })
    }

    pub(super) fn start(&self) -> u64 {
        self.start
    }

    pub(super) fn held(&self) -> &Bytes {
        &self.held
    }

    pub(super) fn total(&self) -> Option<u64> {
        self.total
    }

    /// The position after the last byte in memory.
    pub(super) fn end(&self) -> u64 {
        self.start + u64::try_from(self.held.len()).unwrap_or(u64::MAX)
    }

    /// Reads until the chunk has this size or the media ends, and it is known if it ends.
    ///
    /// Can be canceled and called again: at each `await` all bytes read so far are stored.
    pub(super) async fn fill(&mut self, size: usize) -> io::Result<()> {
        loop {
            self.look_ahead().await?;
            if self.ahead.is_empty() {
                self.total = Some(self.end());
                return Ok(());
            }
            let Some(missing) = size.checked_sub(self.held.len()).filter(|more| *more > 0) else {
                return Ok(());
            };
            if self.held.is_empty() && self.ahead.len() >= size {
                // Memory that is large enough is not copied.
                self.held = self.ahead.split_to(size);
            } else {
                self.append(missing, size);
            }
        }
    }

    /// Moves up to this many bytes from `ahead` to the chunk.
    fn append(&mut self, missing: usize, size: usize) {
        // The memory of the chunk before, as soon as the transport is done with it.
        let mut chunk = std::mem::take(&mut self.held)
            .try_into_mut()
            .unwrap_or_else(|held| BytesMut::from(held.as_ref()));
        let more = self.ahead.split_to(missing.min(self.ahead.len()));
        let rest = self.total.map(|total| total.saturating_sub(self.start));
        let expected = match rest.and_then(|rest| usize::try_from(rest).ok()) {
            Some(rest) => rest.min(size),
            None if chunk.len() + more.len() > AMPLE => size,
            None => 0,
        };
        // At once rather than by doubling, which would end up with up to twice the size.
        chunk.reserve(expected.saturating_sub(chunk.len()));
        chunk.extend_from_slice(&more);
        self.held = chunk.freeze();
    }

    /// Makes sure that there is something ahead, unless the media has ended.
    async fn look_ahead(&mut self) -> io::Result<()> {
        if self.ahead.is_empty()
            && let Some(chunk) = self.reader.next().await?
        {
            self.ahead = chunk;
        }
        Ok(())
    }

    /// Drops the bytes before a position. Returns `false` if the position is not in memory.
    pub(super) fn move_to(&mut self, position: u64) -> bool {
        let Some(passed) = position.checked_sub(self.start) else {
            return false;
        };
        let Some(passed) = usize::try_from(passed).ok() else {
            return false;
        };
        if passed > self.held.len() {
            return false;
        }
        self.held.advance(passed);
        self.start = position;
        true
    }
}
