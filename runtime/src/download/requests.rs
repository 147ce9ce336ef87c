//! The requests of a download, as its errors count them.

use crate::error::{Attempts, Error};
use http::Extensions;
use tokio::time::Instant;

/// The requests of a download so far.
pub(super) struct Requests {
    count: u32,
    /// When the download began.
    start: Instant,
    /// The first failure after which the download continued.
    first_cause: Option<String>,
}

impl Requests {
    /// Returns the requests of a download that began at `start`.
    pub(super) fn since(start: Instant) -> Self {
        Self {
            count: 0,
            start,
            first_cause: None,
        }
    }

    /// Adds the requests that led to a response.
    pub(super) fn add(&mut self, response: &Extensions) {
        self.add_attempts(Attempts::of(response).count);
    }

    /// Adds the requests of a call that failed.
    pub(super) fn add_attempts(&mut self, count: u32) {
        self.count = self.count.saturating_add(count);
    }

    /// Notes a failure after which the download continues.
    pub(super) fn survive(&mut self, failure: &Error) {
        self.first_cause.get_or_insert_with(|| failure.cause());
    }

    /// Returns the error with the requests and the time of the whole download.
    pub(super) fn counted(&self, error: Error, host: impl FnOnce() -> Option<String>) -> Error {
        let elapsed = self.start.elapsed();
        error
            .repeated(self.count, elapsed, self.first_cause.clone())
            .completed(host, elapsed)
    }
}
