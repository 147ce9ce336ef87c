//! The retry policy. The decision about a retry is in `decide`, the state of a call in `course`.

mod backoff;
mod condition;
pub(crate) mod course;
pub(crate) mod decide;
mod limit;
mod predicate;
mod server_delay;
mod throttle;

pub use backoff::Backoff;
use predicate::Predicate;
#[cfg(feature = "auth")]
pub(crate) use server_delay::retry_after;
pub(crate) use server_delay::server_delay_of;
pub(crate) use throttle::Throttle;

use crate::error::{Code, Error};
use crate::method::MethodInfo;
use crate::transport::Connecting;
use http::{HeaderMap, StatusCode};
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
/// | a rate limit: HTTP 403 or 429 with such a reason, or with a retry delay | retried | the same: nothing was executed |
/// | the connection broke ([`ErrorKind::Transport`](crate::ErrorKind::Transport)) | retried | never |
/// | HTTP 503, or the canonical code `UNAVAILABLE` | retried | never |
/// | failures given to [`also`](Self::also), [`also_code`](Self::also_code) or [`also_if`](Self::also_if) | retried | never |
/// | no response in time ([`ErrorKind::Timeout`](crate::ErrorKind::Timeout)) | with [`also_timeouts`](Self::also_timeouts) | never |
/// | 429, 500, 502, 504 and every other status | no | never |
/// | a daily limit, another quota that is used up, a lack of permission | never | never |
/// | a certificate that is not accepted, a response that cannot be read or is too large, a call that is rejected before it is sent | never | never |
///
/// A reason is that of a rate limit if it is `rateLimitExceeded`, `userRateLimitExceeded`, or another one in `errors[].reason`
/// that Google publishes for a limit that passes soon, or `RATE_LIMIT_EXCEEDED` in
/// [`ErrorInfo`](crate::details::ErrorInfo). BigQuery has `jobRateLimitExceeded` with HTTP 400 too. The retry delay is in the
/// header `Retry-After` or the detail [`RetryInfo`](crate::details::RetryInfo). Every other 403 is a lack of permission or a
/// quota. It is never retried, because each attempt would fail in the same way for hours. Your own loop can wait for a
/// permission that was just granted.
///
/// A 401 is not retried by a policy: the same credentials would be rejected again. The client asks for credentials anew before each
/// attempt and each request, so those that expire meanwhile do no harm. If the provider can have another token
/// ([`CredentialsProvider::reject`](crate::CredentialsProvider::reject)), the client sends the request once more, whatever the
/// policy says. If your own provider learns only from a 401 that its token is too old, retry 401 with [`also`](Self::also).
///
/// # Idempotent calls
///
/// These calls can be sent twice to the same effect. The function `idempotent` of a call overrides all of it.
///
/// * `GET`, `PUT` and `DELETE`, unless the document or the published rules of the service say otherwise.
/// * Calls with a request id (AIP-155), for 14 minutes. The client fills it in where that is safe: see
///   [`ClientBuilder::fill_request_ids`](crate::ClientBuilder::fill_request_ids).
/// * Calls with a precondition that the first attempt makes untrue: the header `If-Match` other than `*`; `ifGenerationMatch` or
///   `ifMetagenerationMatch` where [the retry strategy of Cloud Storage](https://cloud.google.com/storage/docs/retry-strategy)
///   names them; and an `etag` in the body where the document says that the service compares it.
///
/// If the response to an attempt that succeeded gets lost, the retry of a call with a precondition ends with HTTP 412 or
/// `ABORTED`. Then [`Error::first_cause`](crate::Error::first_cause) shows that there was an earlier attempt. Read the resource
/// to see its effect.
///
/// A batch is idempotent if all its calls are. Before resending a chunk of a resumable upload, the client asks the server which
/// bytes it already has. It does so after HTTP 408, 429, 500, 502, 503, 504, a broken connection, and no response in time. The
/// 60 seconds begin with the failure, because a chunk may take longer than that. A download is retried until its media begins
/// to come. The client asks for the remaining bytes after any of these failures.
///
/// # Delays
///
/// Before each retry the call waits: see [`Backoff`]. If the response has the header `Retry-After` (RFC 9110, section 10.2.3,
/// seconds or a date) or the detail [`RetryInfo`](crate::details::RetryInfo) (AIP-193), the call waits at least that long. A
/// call that would have to wait longer than its time limit ends at once. The error is that of the last attempt. It names the
/// limit, and [`Error::attempts`](crate::Error::attempts) returns how many attempts there were.
///
/// # Throttle
///
/// When most requests of a client fail, retries only add to the load. So each client has a budget of retries. A new client
/// has 10. Each retry takes one; after a failure to connect it takes a tenth, because nothing reached the server. Each request
/// that the server accepts adds one, so that a client sends at most twice what the server accepts (the factor 2 of the book
/// Site Reliability Engineering, chapter 21). When the budget is used up, the throttle suppresses the retry. Then the call ends
/// at once, and [`Error::is_retry_suppressed`](crate::Error::is_retry_suppressed) returns `true`.
///
/// A budget that is used up returns with time: one retry every 30 seconds, up to 10. The part above 10 decays within seconds.
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
///     .attempt_timeout(Duration::from_secs(30))
///     .also(StatusCode::TOO_MANY_REQUESTS)
///     .also_timeouts()
///     .without_throttle();
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
    pub(crate) also_codes: Vec<Code>,
    pub(crate) also_if: Vec<Predicate>,
    pub(crate) also_timeouts: bool,
    pub(crate) throttled: bool,
    pub(crate) backoff: Backoff,
}

/// The time for which services keep a request id at least. The shortest that a document states is 15 minutes (`BigQuery`).
const REQUEST_ID_LIFETIME: Duration = Duration::from_mins(14);

/// The time for which a call can be sent again to the same effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Idempotency {
    Never,
    /// As long as the server keeps the request id.
    ByRequestId,
    Always,
}

impl Idempotency {
    /// Returns the time in which another attempt must begin, this long after the first one. `None` if there is no limit.
    ///
    /// After that time not even an attempt that the server rejected can be repeated. An earlier one may have been executed
    /// without a response, and the server no longer knows its id.
    pub(crate) fn left(self, elapsed: Duration) -> Option<Duration> {
        (self == Self::ByRequestId).then(|| REQUEST_ID_LIFETIME.saturating_sub(elapsed))
    }
}

/// The settings of a call for retries and time.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallOptions {
    /// Overrides the policy of the client.
    pub(crate) policy: Option<Arc<RetryPolicy>>,
    /// Overrides the idempotency of the verb.
    pub(crate) idempotent: Option<bool>,
    /// `true` if the call has a precondition that makes it idempotent.
    pub(crate) is_conditional: bool,
    /// `true` if the call has a request id that makes it idempotent for a while.
    pub(crate) has_request_id: bool,
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
            also_codes: Vec::new(),
            also_if: Vec::new(),
            also_timeouts: false,
            throttled: true,
            backoff: Backoff::new(),
        }
    }

    /// Creates a policy without retries: each call is sent once (AIP-4221). Its one attempt to connect has 4 seconds.
    ///
    /// Two kinds of requests are sent again nevertheless, because the server has not executed them: one whose token is rejected,
    /// if the provider has another token, and one of HTTP/2 that is rejected unprocessed (RFC 9113, section 8.7).
    pub fn never() -> Self {
        Self::new().max_attempts(1)
    }

    /// Sets how often a call is sent at most, the first time included; 10 by default. 0 counts as 1.
    ///
    /// The other limits end a call earlier. With the default delays there are about 7 attempts within the
    /// [`time_limit`](Self::time_limit). For more than the default also raise that limit or shorten the delays, and set
    /// [`without_throttle`](Self::without_throttle), because a new client has a budget of 10 retries. The error names the limit
    /// that ended the call.
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

    /// Sets how long a call may continue without a connection; 4 seconds by default. By default there are no retries after
    /// [`time_limit`](Self::time_limit) either. A limit that you set counts even if it is longer than that.
    /// [`max_attempts`](Self::max_attempts) applies in any case.
    ///
    /// The time begins with the first attempt of the call, and anew with the first attempt after the server was reached. Within
    /// this time, attempts that cannot connect or get no credentials for the moment are retried. The last one begins shortly
    /// before the end, so the call succeeds if the network returns in time. At the end the call fails, even if an attempt to
    /// connect or to get credentials is still in progress.
    ///
    /// Connecting means name lookup, TCP, proxy and TLS handshake. An attempt that can be retried has three quarters of the
    /// limit for it, so that a hanging one leaves time for another. A longer limit is for slow networks, and for servers that
    /// are still starting. The limit does not apply to the time that the server takes to respond.
    ///
    /// Only attempts of the default transport and of transports that wrap it (`HttpTransport::new`) are cut off. An HTTP client of
    /// your own (`ClientBuilder::http_client`) or another transport needs a connect timeout, because only the transport
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

    /// Retries this HTTP status too, of idempotent calls. 403 has no effect, because it is a rate limit, which is retried anyway,
    /// or something that is never retried.
    pub fn also(mut self, status: StatusCode) -> Self {
        self.also.push(status);
        self
    }

    /// Retries responses with this canonical code too, of idempotent calls: those for which [`Error::code`] returns it.
    /// [`Code::PermissionDenied`] has no effect.
    ///
    /// ```
    /// use gapi_runtime::{Code, RetryPolicy};
    ///
    /// let policy = RetryPolicy::new().also_code(Code::Aborted).also_code(Code::DeadlineExceeded);
    /// ```
    pub fn also_code(mut self, code: Code) -> Self {
        self.also_codes.push(code);
        self
    }

    /// Retries failures too for which the function returns `true`, of idempotent calls. The function gets the error that the
    /// call would end with. It is called after each failed attempt, so it should return quickly.
    ///
    /// It cannot make a call be sent again that would fail in the same way (a lack of permission, a daily limit), or that the
    /// server may execute twice.
    ///
    /// Two policies with predicates are equal only if one is a clone of the other.
    ///
    /// ```
    /// use gapi_runtime::RetryPolicy;
    ///
    /// let policy = RetryPolicy::new()
    ///     .also_if(|error| error.status().and_then(|status| status.reason()) == Some("backendError"));
    /// ```
    pub fn also_if(mut self, predicate: impl Fn(&Error) -> bool + Send + Sync + 'static) -> Self {
        self.also_if.push(Predicate::new(predicate));
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
    /// For tests, and for servers without other clients. During an outage a client then sends up to
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

    /// The policy for the chunks of an upload and for the rest of a download: the retried requests change nothing.
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

    /// Sets the idempotency of several calls that are sent together.
    pub(crate) fn set_idempotency(&mut self, idempotency: Idempotency) {
        self.has_request_id = idempotency == Idempotency::ByRequestId;
        self.idempotent = (!self.has_request_id).then_some(idempotency == Idempotency::Always);
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    /// Returns for how long the call can be sent again to the same effect. `headers` are those of its request.
    pub(crate) fn idempotency(&self, method: &MethodInfo, headers: &HeaderMap) -> Idempotency {
        let is_idempotent = self.idempotent.unwrap_or_else(|| {
            self.is_conditional || method.is_idempotent() || condition::is_conditional(headers)
        });
        if is_idempotent {
            Idempotency::Always
        } else if self.has_request_id && self.idempotent.is_none() {
            Idempotency::ByRequestId
        } else {
            Idempotency::Never
        }
    }

    /// For the chunks of a call's upload, or the rest of its download.
    pub(crate) fn of_chunks(&self, client_policy: &RetryPolicy) -> Self {
        let policy = self.policy.as_deref().unwrap_or(client_policy).clone();
        Self {
            policy: Some(Arc::new(policy.of_chunks())),
            idempotent: Some(true),
            is_conditional: false,
            has_request_id: false,
            timeout: self.timeout,
        }
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}
