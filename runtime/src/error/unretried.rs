//! The reasons why a call was not sent again, as its error states them.

use std::fmt;
use std::time::Duration;

/// The reason why a failure was not retried that the policy of the call retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unretried {
    /// The throttle of the client suppressed the retry.
    Throttle,
    /// The server may have executed the call, and the call is not idempotent.
    NotIdempotent,
    /// The media of the request can be read only once.
    MediaOnce,
    /// The next attempt would begin after the time limit of the policy.
    TimeLimit(Duration),
    /// The next attempt would begin after the timeout of the call.
    Timeout(Duration),
}

impl Unretried {
    /// Returns advice on getting more attempts.
    pub(super) fn advice(self) -> Option<&'static str> {
        Some(match self {
            Self::Throttle => "turn the throttle off with `RetryPolicy::without_throttle`",
            Self::NotIdempotent => "set `.idempotent(true)` if the call can be sent twice",
            Self::MediaOnce => "use media that can be read again, or `.resumable()`",
            Self::TimeLimit(_) => "raise `RetryPolicy::time_limit`",
            Self::Timeout(_) => return None,
        })
    }
}

impl fmt::Display for Unretried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NO_TIME: &str = "no time for another attempt";
        match self {
            Self::Throttle => f.write_str(
                "retry suppressed by the throttle: too many requests of this client fail",
            ),
            Self::NotIdempotent => f.write_str("not retried: the call is not idempotent"),
            Self::MediaOnce => f.write_str("not retried: the media can be read only once"),
            Self::TimeLimit(limit) => {
                write!(f, "{NO_TIME}: time_limit is {} s", limit.as_secs_f64())
            }
            Self::Timeout(limit) => {
                write!(f, "{NO_TIME}: the timeout is {} s", limit.as_secs_f64())
            }
        }
    }
}
