//! What is sent again, when, and how often: the policy. The loop is in `exchange`, its decision in `decide`.

mod decide;
mod exchange;
mod server_delay;
mod throttle;

pub(crate) use exchange::Outgoing;
pub(crate) use server_delay::server_delay_of;
pub(crate) use throttle::Throttle;

use crate::{MethodInfo, Request};
use http::StatusCode;
use std::sync::Arc;
use std::time::Duration;

/// When a call that failed is sent again.
///
/// The defaults are those of Google's own clients for Rust (AIP-194): at most 10 attempts, the last of which begins at most
/// 60 seconds after the first.
///
/// | what failed | calls that are idempotent | other calls |
/// |---|---|---|
/// | no connection ([`ErrorKind::Connect`](crate::ErrorKind::Connect)), no credentials for the moment | retried | retried: nothing was sent |
/// | the connection broke ([`ErrorKind::Transport`](crate::ErrorKind::Transport)) | retried | never |
/// | HTTP 503, or the canonical code `UNAVAILABLE` | retried | never |
/// | a status that was given to [`also`](Self::also), for instance 429 | retried | never |
/// | no answer in time ([`ErrorKind::Timeout`](crate::ErrorKind::Timeout)) | with [`also_timeouts`](Self::also_timeouts) | never |
/// | 429, 500, 502, 504 and every other status | no | never |
/// | an answer that cannot be read or is too large, a call that is refused before it is sent | never | never |
///
/// A 401 is not retried either: the same credentials would be refused again. They are asked for anew before each attempt and
/// each request of whatever takes several, so that those that expire meanwhile do no harm; a provider of one's own that learns only
/// from a 401 that its token is too old can have it retried with [`also`](Self::also).
///
/// Idempotent are `GET`, `PUT` and `DELETE`, unless the call says otherwise with its function `idempotent`. A batch is when all
/// its calls are. Pieces of a resumable upload are never sent blindly again: after a failure (any of HTTP 408, 429, 500, 502,
/// 503, 504, a broken connection, no answer in time) the server is asked what it has, and the 60 seconds begin with the failure,
/// because a piece may take longer than that. A download is retried until its media
/// begins to come, and what is missing of it is asked for after any of these.
///
/// Before another attempt the call waits: see [`Backoff`]. If the answer has the header `Retry-After` (RFC 9110, section
/// 10.2.3, seconds or a date) or the detail [`RetryInfo`](crate::details::RetryInfo) (AIP-193), it does not wait less than that.
/// A call that would have to wait longer than it has time left gives up at once. The error is that of the last attempt;
/// [`Error::attempts`](crate::Error::attempts) says how many there were.
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
/// Waiting needs a tokio runtime with time enabled. Where there is no tokio runtime nothing is retried.
///
/// ```
/// use gapi_runtime::{RetryPolicy, http::StatusCode};
/// use std::time::Duration;
///
/// let patient = RetryPolicy::new()
///     .time_limit(Duration::from_secs(300))
///     .also(StatusCode::TOO_MANY_REQUESTS);
/// let off = RetryPolicy::never();
/// assert_ne!(patient, off);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a policy does nothing until a client or a call has it"]
pub struct RetryPolicy {
    max_attempts: u32,
    time_limit: Duration,
    attempt_timeout: Option<Duration>,
    also: Vec<StatusCode>,
    also_timeouts: bool,
    throttled: bool,
    backoff: Backoff,
}

/// How long a call waits before another attempt: a random time up to a bound that grows from attempt to attempt.
///
/// The bound is 1 second at first and doubles up to 60 seconds. That the time is drawn from all of it (full jitter) keeps
/// clients that failed together from coming back together.
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use = "a back-off does nothing until a policy has it"]
pub struct Backoff {
    initial: Duration,
    maximum: Duration,
    factor: f64,
    jitter: bool,
}

/// What a call says of how it is to be sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallOptions {
    /// Instead of the client's.
    policy: Option<Arc<RetryPolicy>>,
    /// Whatever the verb says.
    idempotent: Option<bool>,
    /// Instead of the client's.
    timeout: Option<Duration>,
}

impl RetryPolicy {
    /// The policy that clients have unless they are given another one.
    pub fn new() -> Self {
        Self {
            max_attempts: 10,
            time_limit: Duration::from_mins(1),
            attempt_timeout: None,
            also: Vec::new(),
            also_timeouts: false,
            throttled: true,
            backoff: Backoff::new(),
        }
    }

    /// Nothing is retried: each call is sent once (AIP-4221).
    pub fn never() -> Self {
        Self::new().max_attempts(1)
    }

    /// How often a call is sent at most, the first time included; 0 counts as 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// How long after its first attempt a call is sent again. An attempt that has begun is not cut off: for that there are
    /// [`attempt_timeout`](Self::attempt_timeout) and the time-outs of the client and of the call.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// How long one attempt may take until it counts as failed with [`ErrorKind::Timeout`](crate::ErrorKind::Timeout). Unlimited
    /// unless told. Whether there is another attempt then says [`also_timeouts`](Self::also_timeouts).
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Retries this HTTP status too, of idempotent calls.
    pub fn also(mut self, status: StatusCode) -> Self {
        self.also.push(status);
        self
    }

    /// Retries attempts without an answer in time too, of idempotent calls.
    pub fn also_timeouts(mut self) -> Self {
        self.also_timeouts = true;
        self
    }

    /// Waits in this way between attempts.
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

    /// The policy for the pieces of an upload and for the rest of a download: what it retries is a question and changes nothing.
    fn of_pieces(mut self) -> Self {
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

impl Backoff {
    /// From 1 second, doubled, up to 60 seconds, with jitter.
    pub fn new() -> Self {
        Self {
            initial: Duration::from_secs(1),
            maximum: Duration::from_mins(1),
            factor: 2.0,
            jitter: true,
        }
    }

    /// The bound before the second attempt.
    pub fn initial(mut self, delay: Duration) -> Self {
        self.initial = delay;
        self
    }

    /// What the bound never exceeds.
    pub fn maximum(mut self, delay: Duration) -> Self {
        self.maximum = delay;
        self
    }

    /// What the bound is multiplied with from attempt to attempt. A number below 1 counts as 1.
    pub fn factor(mut self, factor: f64) -> Self {
        self.factor = factor.max(1.0);
        self
    }

    /// Waits exactly as long as the bound says: for tests.
    pub fn without_jitter(mut self) -> Self {
        self.jitter = false;
        self
    }

    /// How long to wait after this many attempts. `jitter`, from 0 to 1, is the part of the bound.
    fn delay(&self, attempts: u32, jitter: f64) -> Duration {
        let exponent = i32::try_from(attempts.saturating_sub(1)).unwrap_or(i32::MAX);
        let seconds = self.initial.as_secs_f64() * self.factor.powi(exponent);
        // Infinite when it has grown beyond all numbers, and then the maximum counts.
        let bound = Duration::try_from_secs_f64(seconds)
            .unwrap_or(self.maximum)
            .min(self.maximum);
        if self.jitter {
            let part = bound.as_secs_f64() * jitter;
            Duration::try_from_secs_f64(part).unwrap_or(bound)
        } else {
            bound
        }
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

    /// Whether the call can be sent twice to the same effect.
    pub(crate) fn is_idempotent(&self, method: &MethodInfo) -> bool {
        self.idempotent
            .unwrap_or_else(|| method.verb.is_idempotent())
    }

    /// For the pieces of a call's upload, or the rest of its download.
    pub(crate) fn of_pieces(&self, client_policy: &RetryPolicy) -> Self {
        let policy = self.policy.as_deref().unwrap_or(client_policy).clone();
        Self {
            policy: Some(Arc::new(policy.of_pieces())),
            idempotent: Some(true),
            timeout: self.timeout,
        }
    }
}

impl Request {
    /// Retries by this policy instead of the client's.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options_mut().set_policy(policy);
        self
    }

    /// Says whether the call can be sent twice to the same effect, whatever its verb is.
    #[must_use]
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.options_mut().set_idempotent(idempotent);
        self
    }

    /// Limits the time of the call, all attempts and what lies between them included, instead of the client's limit.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options_mut().set_timeout(timeout);
        self
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_doubles_up_to_a_minute() {
        let seconds = |backoff: Backoff, jitter| {
            (1..=8)
                .map(|attempts| backoff.delay(attempts, jitter).as_secs_f64())
                .collect::<Vec<_>>()
        };
        let exact = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0];
        assert_eq!(seconds(Backoff::new(), 1.0), exact);
        assert_eq!(seconds(Backoff::new().without_jitter(), 0.0), exact);
        assert_eq!(seconds(Backoff::new(), 0.5)[..3], [0.5, 1.0, 2.0]);
        assert_eq!(seconds(Backoff::new(), 0.0), [0.0; 8]);
    }

    #[test]
    fn no_number_is_too_large() {
        let backoff = Backoff::new().factor(f64::INFINITY);
        assert_eq!(backoff.delay(u32::MAX, 1.0), Duration::from_mins(1));
        let backoff = Backoff::new().maximum(Duration::MAX).without_jitter();
        assert_eq!(backoff.delay(u32::MAX, 1.0), Duration::MAX);
        let backoff = Backoff::new().maximum(Duration::MAX);
        assert_eq!(backoff.delay(u32::MAX, 1.0), Duration::MAX);
        assert_eq!(backoff.delay(u32::MAX, f64::NAN), Duration::MAX);
        let backoff = Backoff::new().factor(f64::NAN).initial(Duration::ZERO);
        assert_eq!(backoff.delay(0, 1.0), Duration::ZERO);
    }
}
