//! Chunks of an upload that the server does not keep.

use crate::error::{Attempts, Error, ErrorKind};
use crate::media::PATIENCE;
use crate::method::MethodInfo;
use bytes::Bytes;
use http::Response;
use std::time::Duration;
use tokio::time::Instant;

/// The bytes that the server has.
#[derive(Clone, Copy)]
pub(super) struct Kept {
    pub(super) bytes: u64,
    pub(super) total: Option<u64>,
}

/// The chunks in a row of which the server has kept nothing.
#[derive(Default)]
pub(super) struct Idle {
    chunks: u32,
    /// The number of chunks among them whose connection broke.
    broken: u32,
    /// The number of chunks among them without a response in time.
    late: u32,
    /// The number of requests: the chunks, and the questions which bytes the server has.
    requests: u32,
    since: Option<Instant>,
    first_cause: Option<String>,
}

impl Idle {
    /// Adds a chunk that was sent at `began`. `attempts` are those of the last response about it.
    pub(super) fn add(&mut self, attempts: Attempts, began: Instant) {
        self.chunks += 1;
        self.requests = self.requests.saturating_add(attempts.count);
        self.since.get_or_insert(began);
        match attempts.first_kind {
            Some(ErrorKind::Transport | ErrorKind::Connect) => self.broken += 1,
            Some(ErrorKind::Timeout) => self.late += 1,
            _ => {}
        }
        if self.first_cause.is_none() {
            self.first_cause = attempts.first_cause;
        }
    }

    /// Returns `true` if the upload must end.
    pub(super) fn is_enough(&self) -> bool {
        self.chunks >= PATIENCE
    }

    /// Returns the error that ends the upload after this response.
    pub(super) fn into_error(
        self,
        method: &MethodInfo,
        response: Response<Bytes>,
        kept: Kept,
    ) -> Error {
        let count = self.chunks;
        let failed = |kind, failure: &str| {
            let message = format!("{failure} {count} times, and the server has {kept}");
            Error::unsent(kind, Some(method.id), message)
        };
        let host = Attempts::of(response.extensions()).host;
        let error = if self.broken == count {
            failed(ErrorKind::Transport, "the connection broke")
        } else if self.late == count {
            failed(ErrorKind::Timeout, "no response came in time")
        } else {
            let reason = "the server keeps nothing of the media that it is sent";
            Error::unreadable(method, format!("{reason}: it has {kept}"), response)
        };
        let elapsed = self.since.map_or(Duration::ZERO, |since| since.elapsed());
        error
            .repeated(self.requests, elapsed, self.first_cause)
            .completed(|| host, elapsed)
    }
}

/// `300 of 700 bytes`, or `300 bytes` if the length is not known.
impl std::fmt::Display for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.total {
            Some(total) => write!(f, "{} of {total} bytes", self.bytes),
            None => write!(f, "{} bytes", self.bytes),
        }
    }
}
