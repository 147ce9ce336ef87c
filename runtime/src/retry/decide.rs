//! The decision whether there is another attempt, and when: pure functions.

use super::RetryPolicy;
use super::limit::Limit;
use super::server_delay::{says_when, server_delay};
use crate::error::{Code, Error, ErrorKind, Result, Status, Unretried, code_of};
use crate::transport::Body;
use http::StatusCode;
use std::time::{Duration, SystemTime};

/// The kind of failure of an attempt, as far as the decision depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The request has not left: the server cannot have acted on it.
    NotSent,
    /// The connection failed. The server may have acted on the request.
    Connection,
    /// There was no response in time. The server may have acted on the request.
    Timeout,
    /// The server cannot act on the request for now.
    Unavailable,
    /// A rate limit: the server has not executed the request, and says so.
    RateLimited,
    /// The server responded with another status that is not a success, and its code if there is one.
    Status(StatusCode, Option<Code>),
    /// A daily limit, another quota that is used up, or a lack of permission: never retried, whatever the policy says.
    Denied,
    /// The same request would fail again.
    Permanent,
}

/// The state of a call after an attempt has failed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Situation {
    pub(crate) failure: Failure,
    /// `true` if a predicate of the policy wants a retry.
    pub(crate) is_wanted: bool,
    pub(crate) is_idempotent: bool,
    /// The number of attempts, including the failed one.
    pub(crate) attempts: u32,
    /// The used part of the time limit for retries.
    pub(crate) elapsed: Duration,
    /// The time without a connection, if the failure is one to connect.
    pub(crate) unconnected: Duration,
    /// The time that another attempt takes to fail to connect, estimated from the last one.
    pub(crate) takes: Duration,
    /// The time in which another attempt must begin: that left of the timeout of the call, or of its request id.
    pub(crate) left: Option<Duration>,
    /// The delay that the server asks for.
    pub(crate) server_delay: Option<Duration>,
    /// A random number from 0 to 1.
    pub(crate) jitter: f64,
}

/// The reason why there is no further attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GivenUp {
    /// The failure is not one to retry.
    Failure,
    /// The failure is one to retry, but not with this call.
    NotIdempotent,
    Attempts,
    /// There is no time by the policy.
    Time,
    /// There is no time by the timeout of the call.
    Timeout,
    /// The client has no budget for it.
    Throttle,
}

/// Returns the time to wait before the next attempt.
pub(crate) fn next_delay(policy: &RetryPolicy, situation: Situation) -> Result<Duration, GivenUp> {
    let Situation {
        failure,
        is_wanted,
        is_idempotent,
        attempts,
        elapsed,
        ..
    } = situation;
    let may_be_repeated = is_idempotent || failure.is_unexecuted();
    if !failure.is_transient(policy, is_wanted) {
        return Err(GivenUp::Failure);
    }
    if attempts >= policy.max_attempts {
        return Err(GivenUp::Attempts);
    }
    if !may_be_repeated {
        return Err(GivenUp::NotIdempotent);
    }
    let delay = policy.backoff.delay(attempts, situation.jitter);
    let mut delay = delay.max(situation.server_delay.unwrap_or_default());
    let mut time_limit = policy.time_limit;
    if failure == Failure::NotSent {
        time_limit = time_limit.max(policy.connect_time_limit.unwrap_or_default());
        let left = policy
            .last_connect(situation.takes)
            .saturating_sub(situation.unconnected);
        if left.is_zero() {
            return Err(GivenUp::Time);
        }
        // A connection is tried once more when its time is nearly over: it may be there by then.
        delay = delay.min(left);
    }
    let begins = elapsed.saturating_add(delay);
    // The limit of the policy is one for the beginning of an attempt, a time-out one for its end.
    if elapsed >= time_limit || begins > time_limit {
        return Err(GivenUp::Time);
    }
    if situation.left.is_some_and(|left| delay >= left) {
        return Err(GivenUp::Timeout);
    }
    Ok(delay)
}

impl Failure {
    /// Returns the failure of an attempt and the delay that the server asks for. Returns `None` if the attempt succeeded.
    pub(crate) fn of(
        result: &Result<http::Response<Body>>,
        now: impl FnOnce() -> SystemTime,
    ) -> Option<(Self, Option<Duration>)> {
        let response = match result {
            Ok(response) => response,
            Err(error) => return Some((Self::of_error(error), None)),
        };
        let http_status = response.status();
        if !http_status.is_client_error() && !http_status.is_server_error() {
            return None;
        }
        let status = response.body().whole().and_then(|body| Status::parse(body));
        let delay = server_delay(response.headers(), status.as_ref(), now());
        let says_when = says_when(response.headers(), status.as_ref());
        let failure = Self::of_response(http_status, status.as_ref(), says_when);
        Some((failure, delay))
    }

    /// Returns the failure of a response with a status other than 2xx. `has_delay` is `true` if it states when to retry.
    fn of_response(http_status: StatusCode, status: Option<&Status>, has_delay: bool) -> Self {
        match Limit::of(http_status, status, has_delay) {
            Limit::Rate => return Self::RateLimited,
            Limit::Lasting => return Self::Denied,
            Limit::Unknown => {}
        }
        let stated = status.and_then(Status::canonical_code);
        if http_status == StatusCode::SERVICE_UNAVAILABLE || stated == Some(Code::Unavailable) {
            Self::Unavailable
        } else {
            Self::Status(http_status, code_of(Some(http_status), status))
        }
    }

    /// Returns the failure of an error, for loops that decide about calls of one attempt.
    pub(crate) fn of_call(error: &Error) -> Self {
        match (error.kind(), error.http_status(), error.headers()) {
            (ErrorKind::Http, Some(http_status), Some(headers)) => {
                let says_when = says_when(headers, error.status());
                Self::of_response(http_status, error.status(), says_when)
            }
            _ => Self::of_error(error),
        }
    }

    /// Returns the failure of an error without a response. Without credentials nothing is sent.
    fn of_error(error: &Error) -> Self {
        match error.kind() {
            _ if !error.is_transient() => Self::Permanent,
            ErrorKind::Connect | ErrorKind::Credentials => Self::NotSent,
            ErrorKind::Timeout => Self::Timeout,
            ErrorKind::Transport => Self::Connection,
            _ => Self::Permanent,
        }
    }

    /// Returns `true` if the server has certainly not executed the request. Then any call can be sent again.
    pub(crate) fn is_unexecuted(self) -> bool {
        matches!(self, Self::NotSent | Self::RateLimited)
    }

    /// Returns `true` if the same request may succeed later.
    pub(crate) fn is_transient(self, policy: &RetryPolicy, is_wanted: bool) -> bool {
        match self {
            Self::NotSent | Self::Connection | Self::Unavailable | Self::RateLimited => true,
            Self::Timeout => policy.also_timeouts || is_wanted,
            Self::Status(status, code) => {
                let has_code = code.is_some_and(|code| policy.also_codes.contains(&code));
                policy.also.contains(&status) || has_code || is_wanted
            }
            Self::Denied | Self::Permanent => false,
        }
    }

    /// Returns `true` if the failure shows that the server accepted the request. Then it can accept others. Only a response
    /// shows it: without one, the request may not have reached a server.
    pub(crate) fn was_accepted(self, policy: &RetryPolicy, is_wanted: bool) -> bool {
        match self {
            Self::Status(..) | Self::Denied => !self.is_transient(policy, is_wanted),
            Self::Permanent
            | Self::NotSent
            | Self::Connection
            | Self::Timeout
            | Self::Unavailable
            | Self::RateLimited => false,
        }
    }
}

impl GivenUp {
    /// Returns the reason that the error of the call states, if it states one. `timeout` is that of the call.
    pub(crate) fn reason(
        self,
        policy: &RetryPolicy,
        timeout: Option<Duration>,
        failure: Failure,
    ) -> Option<Unretried> {
        match self {
            // An error about connecting has its own advice.
            Self::Time if failure == Failure::NotSent => None,
            Self::Time => Some(Unretried::TimeLimit(policy.time_limit)),
            Self::Timeout => timeout.map(Unretried::Timeout),
            Self::NotIdempotent => Some(Unretried::NotIdempotent),
            Self::Throttle => Some(Unretried::Throttle),
            Self::Failure | Self::Attempts => None,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Failure => "not retried",
            Self::NotIdempotent => "not idempotent",
            Self::Attempts => "no attempt left",
            Self::Time | Self::Timeout => "no time left",
            Self::Throttle => "suppressed by the throttle",
        }
    }
}

#[cfg(test)]
mod tests;
