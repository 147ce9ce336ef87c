//! The attempts of a call, as its errors report them.

use super::{Error, ErrorKind, Unretried};
use http::{Extensions, StatusCode};
use std::fmt;
use std::time::Duration;

/// The longest text of a first cause, in bytes. Servers can write long messages.
const LONGEST_CAUSE: usize = 300;

/// The attempts of a call until there was a response. Stored with the response.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attempts {
    /// The number of attempts.
    pub(crate) count: u32,
    /// The reason why there was no retry, if the policy retries this failure.
    pub(crate) unretried: Option<Unretried>,
    /// From the first attempt to the end of the last one.
    pub(crate) elapsed: Option<Duration>,
    /// The host and port of the last attempt.
    pub(crate) host: Option<String>,
    /// The failure of the first attempt, if there was another attempt.
    pub(crate) first_cause: Option<String>,
    /// The kind of that failure.
    pub(crate) first_kind: Option<ErrorKind>,
}

impl Attempts {
    /// Returns the attempts that a response states. Most calls have one, and their responses do not state it.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or_else(Self::once)
    }

    /// Returns a single attempt of which no more is known.
    pub(crate) fn once() -> Self {
        Self {
            count: 1,
            ..Self::default()
        }
    }
}

impl Error {
    /// Adds the attempts that led to the error.
    pub(crate) fn with_attempts(mut self, attempts: Attempts) -> Self {
        self.0.attempts = attempts.count;
        self.0.unretried = attempts.unretried;
        self.0.elapsed = attempts.elapsed.or(self.0.elapsed);
        self.0.host = self.0.host.or(attempts.host);
        self.0.first_cause = attempts.first_cause;
        self
    }

    /// Adds the host and the time, if the error does not have them. Errors that were rejected before they were sent have
    /// neither.
    pub(crate) fn completed(
        mut self,
        host: impl FnOnce() -> Option<String>,
        elapsed: Duration,
    ) -> Self {
        if self.0.attempts > 0 {
            self.0.host = self.0.host.or_else(host);
            self.0.elapsed.get_or_insert(elapsed);
        }
        self
    }

    /// The same error, after this time. It ends a response that began long before.
    pub(crate) fn lasting(mut self, elapsed: Duration) -> Self {
        if self.0.attempts > 0 {
            self.0.elapsed = Some(elapsed);
        }
        self
    }

    /// The same error at the end of a series of calls that have failed in a row: so many attempts, this time, and the cause of
    /// the first failure.
    pub(crate) fn repeated(
        mut self,
        attempts: u32,
        elapsed: Duration,
        first_cause: Option<String>,
    ) -> Self {
        self.0.attempts = attempts;
        self.0.elapsed = Some(elapsed);
        self.0.first_cause = first_cause.or(self.0.first_cause);
        self
    }

    /// The same error, about this many requests. Not all of them failed.
    pub(crate) fn after_requests(
        mut self,
        count: u32,
        elapsed: Duration,
        first_cause: Option<String>,
    ) -> Self {
        self.0.counts_requests = true;
        self.repeated(count, elapsed, first_cause)
    }

    /// Returns the failure alone, in one line: without the method, the attempts and advice.
    pub(crate) fn cause(&self) -> String {
        let mut text = Failure(self).to_string();
        if text.len() > LONGEST_CAUSE {
            let end = text.floor_char_boundary(LONGEST_CAUSE);
            text.truncate(end);
            text.push('…');
        }
        text
    }

    /// Returns how often the call was attempted: 0 if it was rejected before that, more than 1 if it was retried. The error is
    /// that of the last attempt.
    ///
    /// Other requests count differently:
    ///
    /// * A call of a batch: how often the batch was sent.
    /// * An upload in chunks: the attempts of the last request. If the server keeps nothing of several chunks in a row, all
    ///   requests about them.
    /// * A download: all of its requests, because a request for the rest of the media is an attempt, too.
    /// * A poll of an operation: the polls in a row that failed. At the end of the time limit of a poller, all of its requests.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the time from the first attempt to the end of the last one. `None` if nothing was attempted.
    #[must_use]
    pub fn elapsed(&self) -> Option<Duration> {
        self.0.elapsed
    }

    /// Returns the host and the port that the request was for, such as `spanner.googleapis.com:443`. `None` if nothing was
    /// attempted.
    ///
    /// If requests go through a proxy it is still the host behind it.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.0.host.as_deref()
    }

    /// Returns the failure of the first attempt, if the call was retried: for instance
    /// `HTTP 503 Service Unavailable: UNAVAILABLE: try again`. The error itself is the failure of the last attempt.
    ///
    /// The two can differ. A call with a request id or a precondition may have succeeded in an attempt whose response was lost.
    /// The retry then finds the effect of that attempt, for example with HTTP 409 or 412.
    #[must_use]
    pub fn first_cause(&self) -> Option<&str> {
        self.0.first_cause.as_deref()
    }

    /// Returns whether the call would have been retried, but for the throttle of the client: see
    /// [`RetryPolicy`](crate::RetryPolicy#throttle).
    #[must_use]
    pub fn is_retry_suppressed(&self) -> bool {
        self.0.unretried == Some(Unretried::Throttle)
    }
}

/// The failure that an error is about.
pub(super) struct Failure<'a>(pub(super) &'a Error);

/// The HTTP status and the message.
impl fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = &self.0.0;
        let mut separator = "";
        if let Some(response) = &error.response
            && error.kind != ErrorKind::Operation
        {
            let status = response.http_status;
            write!(f, "HTTP {}", status.as_str())?;
            // In an upload 308 asks for more bytes, and is not a redirect.
            let is_of_upload =
                status == StatusCode::PERMANENT_REDIRECT && error.kind == ErrorKind::Decode;
            if let Some(reason) = status.canonical_reason().filter(|_| !is_of_upload) {
                write!(f, " {reason}")?;
            }
            separator = ": ";
        }
        if error.message.is_empty() {
            return Ok(());
        }
        write!(f, "{separator}{}", error.message)
    }
}
