//! The decision whether there is another attempt, and when: pure functions.

use super::RetryPolicy;
use super::server_delay::server_delay;
use crate::error::{Code, Error, ErrorKind, Result, Status};
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
    /// The server responded with another status that is not a success.
    Status(StatusCode),
    /// The same request would fail again.
    Permanent,
}

/// The state of a call after an attempt has failed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Situation {
    pub(crate) failure: Failure,
    pub(crate) is_idempotent: bool,
    /// The number of attempts, including the failed one.
    pub(crate) attempts: u32,
    /// The used part of the time limit for retries.
    pub(crate) elapsed: Duration,
    /// The time without a connection, if the failure is one to connect.
    pub(crate) unconnected: Duration,
    /// The time that another attempt takes to fail to connect, estimated from the last one.
    pub(crate) takes: Duration,
    /// The time left of the timeout of the call.
    pub(crate) left: Option<Duration>,
    /// The delay that the server asks for.
    pub(crate) server_delay: Option<Duration>,
    /// A random number from 0 to 1.
    pub(crate) jitter: f64,
}

/// The reason why there is no further attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GivenUp {
    /// The failure is not one to retry, or not with this call.
    Failure,
    Attempts,
    Time,
    /// The client has no budget for it.
    Throttle,
}

/// Returns the time to wait before the next attempt.
pub(crate) fn next_delay(policy: &RetryPolicy, situation: Situation) -> Result<Duration, GivenUp> {
    let Situation {
        failure,
        is_idempotent,
        attempts,
        elapsed,
        ..
    } = situation;
    let may_be_repeated = is_idempotent || failure == Failure::NotSent;
    if !may_be_repeated || !failure.is_transient(policy) {
        return Err(GivenUp::Failure);
    }
    if attempts >= policy.max_attempts {
        return Err(GivenUp::Attempts);
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
    let is_late = elapsed >= time_limit || begins > time_limit;
    if is_late || situation.left.is_some_and(|left| delay >= left) {
        return Err(GivenUp::Time);
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
        let code = status.as_ref().and_then(Status::canonical_code);
        let failure =
            if http_status == StatusCode::SERVICE_UNAVAILABLE || code == Some(Code::Unavailable) {
                Self::Unavailable
            } else {
                Self::Status(http_status)
            };
        let delay = server_delay(response.headers(), status.as_ref(), now());
        Some((failure, delay))
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

    /// Returns `true` if the same request may succeed later.
    pub(crate) fn is_transient(self, policy: &RetryPolicy) -> bool {
        match self {
            Self::NotSent | Self::Connection | Self::Unavailable => true,
            Self::Timeout => policy.also_timeouts,
            Self::Status(status) => policy.also.contains(&status),
            Self::Permanent => false,
        }
    }

    /// Returns `true` if the failure shows that the server accepted the request. Then it can accept others.
    pub(crate) fn was_accepted(self, policy: &RetryPolicy) -> bool {
        match self {
            Self::Status(_) | Self::Permanent => !self.is_transient(policy),
            Self::NotSent | Self::Connection | Self::Timeout | Self::Unavailable => false,
        }
    }
}

impl GivenUp {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Failure => "not retried",
            Self::Attempts => "no attempt left",
            Self::Time => "no time left",
            Self::Throttle => "suppressed by the throttle",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retry::Backoff;

    const FAILED_ONCE: Situation = Situation {
        failure: Failure::Unavailable,
        is_idempotent: true,
        attempts: 1,
        elapsed: Duration::ZERO,
        unconnected: Duration::ZERO,
        takes: Duration::ZERO,
        left: None,
        server_delay: None,
        jitter: 1.0,
    };

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn what_is_retried() {
        let default = RetryPolicy::new();
        let chosen = RetryPolicy::new()
            .also(StatusCode::TOO_MANY_REQUESTS)
            .also_timeouts();
        let too_many = Failure::Status(StatusCode::TOO_MANY_REQUESTS);
        let internal = Failure::Status(StatusCode::INTERNAL_SERVER_ERROR);
        for (failure, policy, idempotent, other) in [
            (Failure::NotSent, &default, true, true),
            (Failure::Connection, &default, true, false),
            (Failure::Unavailable, &default, true, false),
            (Failure::Timeout, &default, false, false),
            (Failure::Timeout, &chosen, true, false),
            (too_many, &default, false, false),
            (too_many, &chosen, true, false),
            (internal, &chosen, false, false),
            (Failure::Permanent, &chosen, false, false),
        ] {
            for (is_idempotent, expected) in [(true, idempotent), (false, other)] {
                let situation = Situation {
                    failure,
                    is_idempotent,
                    ..FAILED_ONCE
                };
                let delay = next_delay(policy, situation);
                let expected = expected.then_some(seconds(1)).ok_or(GivenUp::Failure);
                assert_eq!(delay, expected, "{situation:?}");
            }
        }
    }

    #[test]
    fn limits() {
        let policy = RetryPolicy::new();
        let after = |attempts, elapsed| Situation {
            attempts,
            elapsed: seconds(elapsed),
            ..FAILED_ONCE
        };
        assert_eq!(next_delay(&policy, after(9, 0)), Ok(seconds(60)));
        assert_eq!(next_delay(&policy, after(10, 0)), Err(GivenUp::Attempts));
        assert_eq!(next_delay(&policy, after(9, 1)), Err(GivenUp::Time));
        assert_eq!(next_delay(&policy, after(1, 59)), Ok(seconds(1)));
        assert_eq!(next_delay(&policy, after(1, 60)), Err(GivenUp::Time));
        // Without a delay there is no time left either.
        let now = Situation {
            jitter: 0.0,
            ..after(1, 60)
        };
        assert_eq!(next_delay(&policy, now), Err(GivenUp::Time));
        let short = Situation {
            left: Some(seconds(3)),
            ..after(2, 2)
        };
        assert_eq!(next_delay(&policy, short), Ok(seconds(2)));
        // An attempt that would end as it begins.
        let shorter = Situation {
            left: Some(seconds(2)),
            ..short
        };
        assert_eq!(next_delay(&policy, shorter), Err(GivenUp::Time));
        assert_eq!(
            next_delay(&RetryPolicy::never(), FAILED_ONCE),
            Err(GivenUp::Attempts)
        );
    }

    #[test]
    fn the_server_can_only_make_it_longer() {
        let policy = RetryPolicy::new().backoff(Backoff::new().initial(seconds(5)));
        for (server_delay, expected) in [
            (1, Ok(5)),
            (7, Ok(7)),
            (60, Ok(60)),
            (61, Err(GivenUp::Time)),
        ] {
            let situation = Situation {
                server_delay: Some(seconds(server_delay)),
                ..FAILED_ONCE
            };
            assert_eq!(next_delay(&policy, situation), expected.map(seconds));
        }
    }

    #[test]
    fn connections_have_a_limit_of_their_own() {
        let millis = Duration::from_millis;
        let default = RetryPolicy::new();
        let explicit = |limit| RetryPolicy::new().connect_time_limit(limit);
        let short = || RetryPolicy::new().time_limit(seconds(2));
        let late = Err(GivenUp::Time);
        for (policy, attempts, unconnected, takes, expected) in [
            (&default, 1, 0, 0, Ok(millis(1000))),
            (&default, 2, 1000, 0, Ok(millis(2000))),
            // The last one begins half a second before the end.
            (&default, 3, 3000, 0, Ok(millis(500))),
            (&default, 4, 3500, 0, late),
            (&default, 1, 3400, 0, Ok(millis(100))),
            // It has to have time enough to fail.
            (&default, 1, 1500, 1500, Ok(millis(1000))),
            (&default, 1, 1900, 1900, Ok(millis(200))),
            (&default, 1, 2000, 2000, late),
            (&default, 1, 20_000, 20_000, late),
            (&explicit(seconds(100)), 4, 60_000, 2000, Ok(millis(8000))),
            (&explicit(seconds(100)), 7, 98_000, 0, Ok(millis(1500))),
            (&explicit(millis(800)), 1, 0, 0, Ok(millis(700))),
            (&explicit(Duration::ZERO), 1, 0, 0, late),
            (
                &explicit(Duration::MAX),
                7,
                9_000_000,
                0,
                Ok(millis(60_000)),
            ),
            (&short(), 2, 1000, 0, Ok(millis(1000))),
            (&short(), 2, 2000, 0, late),
            (
                &short().connect_time_limit(seconds(3)),
                2,
                2000,
                0,
                Ok(millis(625)),
            ),
        ] {
            let situation = Situation {
                failure: Failure::NotSent,
                attempts,
                elapsed: millis(unconnected),
                unconnected: millis(unconnected),
                takes: millis(takes),
                ..FAILED_ONCE
            };
            assert_eq!(next_delay(policy, situation), expected, "{situation:?}");
        }
        // What happened before counts for the other limit.
        let after_others = Situation {
            failure: Failure::NotSent,
            elapsed: seconds(50),
            ..FAILED_ONCE
        };
        assert_eq!(next_delay(&default, after_others), Ok(seconds(1)));
        let elapsed = seconds(60);
        let too_late = Situation {
            elapsed,
            ..after_others
        };
        assert_eq!(next_delay(&default, too_late), late);
    }
}
