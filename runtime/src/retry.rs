//! The retry policy. The decision about a retry is in `decide`, the state of a call in `course`.

mod backoff;
pub(crate) mod course;
pub(crate) mod decide;
mod server_delay;
mod throttle;

pub use backoff::Backoff;
pub(crate) use server_delay::server_delay_of;
pub(crate) use throttle::Throttle;

use crate::method::MethodInfo;
use crate::transport::Connecting;
use http::StatusCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// By default: short enough for a call on a dead network to fail within 5 seconds.
const CONNECT_TIME_LIMIT: Duration = Duration::from_secs(4);

/// The maximum part of the time for connecting that the last attempt has. It has an eighth of shorter limits.
const LAST_CONNECT: Duration = Duration::from_millis(500);

/// The rules by which a call that failed is retried.
///
/// The defaults are those of Google's own clients for Rust (AIP-194): at most 10 attempts, the last of which begins at most
/// 60 seconds after the first. Failures to connect have a shorter limit: a dead network is reported within 4 seconds.
///
/// | failure | idempotent calls | other calls |
/// |---|---|---|
/// | no connection ([`ErrorKind::Connect`](crate::ErrorKind::Connect)), no credentials for the moment | retried for [4 seconds](Self::connect_time_limit) | the same: nothing was sent |
/// | the connection broke ([`ErrorKind::Transport`](crate::ErrorKind::Transport)) | retried | never |
/// | HTTP 503, or the canonical code `UNAVAILABLE` | retried | never |
/// | a status that was given to [`also`](Self::also), for instance 429 | retried | never |
/// | no response in time ([`ErrorKind::Timeout`](crate::ErrorKind::Timeout)) | with [`also_timeouts`](Self::also_timeouts) | never |
/// | 429, 500, 502, 504 and every other status | no | never |
/// | a certificate that is not accepted, a response that cannot be read or is too large, a call that is rejected before it is sent | never | never |
///
/// A 401 is not retried either: the same credentials would be rejected again. The client asks for credentials anew before each
/// attempt and each request, so those that expire meanwhile do no harm. If a provider of your own learns only from a 401 that
/// its token is too old, retry 401 with [`also`](Self::also).
///
/// `GET`, `PUT` and `DELETE` are idempotent, unless the call says otherwise with its function `idempotent`. A batch is
/// idempotent if all its calls are. Before resending a chunk of a resumable upload, the client asks the server which bytes it
/// already has. It does so after HTTP 408, 429, 500, 502, 503, 504, a broken connection, and no response in time. The
/// 60 seconds begin with the failure, because a chunk may take longer than that. A download is retried until its media begins
/// to come. The client asks for the remaining bytes after any of these failures.
///
/// Before each retry the call waits: see [`Backoff`]. If the response has the header `Retry-After` (RFC 9110, section 10.2.3,
/// seconds or a date) or the detail [`RetryInfo`](crate::details::RetryInfo) (AIP-193), the call waits at least that long. A
/// call that would have to wait longer than its time limit ends at once. The error is that of the last attempt;
/// [`Error::attempts`](crate::Error::attempts) returns how many there were.
///
/// # Throttle
///
/// When most requests of a client fail, retries only add to the load. So each client has a budget of retries. A new client
/// has 10. Each retry takes one; after a failure to connect it takes a tenth, because nothing reached the server. Each request
/// that the server accepts adds one, so that a client sends at most twice what the server accepts (the factor 2 of the book
/// Site Reliability Engineering, chapter 21). When the budget is used up, the throttle suppresses the retry. Then the call ends
/// at once, and [`Error::is_retry_suppressed`](crate::Error::is_retry_suppressed) returns `true`.
///
/// A budget that is used up returns with time: one retry every 30 seconds, up to 10. What is beyond 10 decays within seconds.
/// [`without_throttle`](Self::without_throttle) turns the throttle off.
///
/// # Runtime
///
/// Waiting needs a Tokio runtime with time enabled. Without a Tokio runtime nothing is retried.
///
/// ```
/// use gapi_runtime::{RetryPolicy, http::StatusCode};
/// use std::time::Duration;
///
/// let patient = RetryPolicy::new()
///     .time_limit(Duration::from_secs(300))
///     .connect_time_limit(Duration::from_secs(60))
///     .also(StatusCode::TOO_MANY_REQUESTS);
/// let off = RetryPolicy::never();
/// assert_ne!(patient, off);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a policy does nothing until a client or a call has it"]
pub struct RetryPolicy {
    pub(crate) max_attempts: u32,
    pub(crate) time_limit: Duration,
    /// `None`: the default, and no longer than `time_limit`.
    pub(crate) connect_time_limit: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) also: Vec<StatusCode>,
    pub(crate) also_timeouts: bool,
    pub(crate) throttled: bool,
    pub(crate) backoff: Backoff,
}

/// The settings of a call for retries and time.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallOptions {
    /// Overrides the policy of the client.
    pub(crate) policy: Option<Arc<RetryPolicy>>,
    /// Overrides the idempotency of the verb.
    pub(crate) idempotent: Option<bool>,
    /// Overrides the timeout of the client.
    pub(crate) timeout: Option<Duration>,
}

impl RetryPolicy {
    /// Creates the default policy.
    pub fn new() -> Self {
        Self {
            max_attempts: 10,
            time_limit: Duration::from_mins(1),
            connect_time_limit: None,
            attempt_timeout: None,
            also: Vec::new(),
            also_timeouts: false,
            throttled: true,
            backoff: Backoff::new(),
        }
    }

    /// Creates a policy without retries: each call is sent once (AIP-4221). Its one attempt to connect has 4 seconds.
    pub fn never() -> Self {
        Self::new().max_attempts(1)
    }

    /// Sets how often a call is sent at most, the first time included; 10 by default. 0 counts as 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets how long after the first attempt of a call another one may begin; 60 seconds by default.
    ///
    /// An attempt that has begun is not cut off: for that there are [`attempt_timeout`](Self::attempt_timeout) and the timeouts
    /// of the client and of the call.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Sets how long a call may go on without a connection; 4 seconds by default. By default there are no retries after
    /// [`time_limit`](Self::time_limit) either. A limit that you set counts even if it is longer than that.
    /// [`max_attempts`](Self::max_attempts) applies in any case.
    ///
    /// The time begins with the first attempt of the call, and anew with the first attempt after the server was reached. Within
    /// this time, attempts that cannot connect or get no credentials for the moment are retried. The last one begins shortly
    /// before the end, so a network that comes back in time leads to success. At the end the call fails, even if an attempt to
    /// connect or to get credentials is still under way.
    ///
    /// Connecting means name lookup, TCP, proxy and TLS handshake. An attempt that can be retried has three quarters of the
    /// limit for it, so that a hanging one leaves time for another. A longer limit is for slow networks, and for servers that
    /// are still starting. The limit does not apply to the time that the server takes to respond.
    ///
    /// Only attempts of the default transport and of transports that wrap it (`Reqwest::new`) are cut off. An HTTP client of
    /// your own (`ClientBuilder::http_client`) or another transport needs a connect timeout, because nobody but the transport
    /// knows whether it has sent the request. There is no retry if the last attempt took so long that another one would not
    /// end within the limit.
    ///
    /// `Duration::ZERO` turns off both: failures to connect are not retried, and attempts to connect are not cut off.
    ///
    /// ```
    /// use gapi_runtime::RetryPolicy;
    /// use std::time::Duration;
    ///
    /// // Waits for an emulator that is starting.
    /// let policy = RetryPolicy::new().connect_time_limit(Duration::from_secs(30));
    /// ```
    pub fn connect_time_limit(mut self, limit: Duration) -> Self {
        self.connect_time_limit = Some(limit);
        self
    }

    /// Sets how long one attempt may take; unlimited by default. Then it fails with
    /// [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) and is retried with [`also_timeouts`](Self::also_timeouts) only, or
    /// with [`ErrorKind::Connect`](crate::ErrorKind::Connect) if it is still connecting.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Retries this HTTP status too, of idempotent calls.
    pub fn also(mut self, status: StatusCode) -> Self {
        self.also.push(status);
        self
    }

    /// Retries attempts without a response in time too, of idempotent calls.
    pub fn also_timeouts(mut self) -> Self {
        self.also_timeouts = true;
        self
    }

    /// Sets the delays between attempts.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// Suppresses no retry, however many requests of the client have failed: see [Throttle](#throttle).
    ///
    /// For tests, and for servers that nobody else uses. During an outage a client then sends up to
    /// [`max_attempts`](Self::max_attempts) times as many requests.
    pub fn without_throttle(mut self) -> Self {
        self.throttled = false;
        self
    }

    /// The limits on connecting for an attempt of a call that has had no connection since then.
    pub(crate) fn connecting(&self, since: Instant, can_retry: bool) -> Option<Connecting> {
        let limit = self.connect_time_limit.unwrap_or(CONNECT_TIME_LIMIT);
        if limit.is_zero() {
            return None;
        }
        Some(Connecting {
            at_most: if can_retry { limit / 4 * 3 } else { limit },
            by: since.checked_add(limit),
        })
    }

    /// Returns the time within which an attempt to connect may begin, if an attempt takes `takes` to fail.
    fn last_connect(&self, takes: Duration) -> Duration {
        let limit = self.connect_time_limit.unwrap_or(CONNECT_TIME_LIMIT);
        let last = limit.saturating_sub(takes.max(LAST_CONNECT.min(limit / 8)));
        match self.connect_time_limit {
            Some(_) => last,
            None => last.min(self.time_limit),
        }
    }

    /// The policy for the chunks of an upload and for the rest of a download: what it retries is a question and changes nothing.
    fn of_chunks(mut self) -> Self {
        self.also.extend([
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::INTERNAL_SERVER_ERROR,
            StatusCode::BAD_GATEWAY,
            StatusCode::GATEWAY_TIMEOUT,
        ]);
        self.also_timeouts()
    }
}

impl CallOptions {
    pub(crate) fn set_policy(&mut self, policy: RetryPolicy) {
        self.policy = Some(Arc::new(policy));
    }

    pub(crate) fn set_idempotent(&mut self, idempotent: bool) {
        self.idempotent = Some(idempotent);
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    /// Returns `true` if the call can be sent twice to the same effect.
    pub(crate) fn is_idempotent(&self, method: &MethodInfo) -> bool {
        self.idempotent
            .unwrap_or_else(|| method.verb.is_idempotent())
    }

    /// For the chunks of a call's upload, or the rest of its download.
    pub(crate) fn of_chunks(&self, client_policy: &RetryPolicy) -> Self {
        let policy = self.policy.as_deref().unwrap_or(client_policy).clone();
        Self {
            policy: Some(Arc::new(policy.of_chunks())),
            idempotent: Some(true),
            timeout: self.timeout,
        }
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}
