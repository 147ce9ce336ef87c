//! Whether a request is made again, and when.

use std::time::{Duration, SystemTime};

/// How a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The server asks for patience (429, 5xx), perhaps with a time.
    Busy(Option<Duration>),
    /// There was no answer.
    Unreachable,
    /// The answer broke off.
    Truncated,
    /// There is nothing at the address (404, 410).
    Missing,
    /// It would fail again.
    Final,
}

/// At most so many requests for one document from one address.
const ATTEMPTS: u32 = 4;
/// The longest wait that is worth it.
const PATIENCE: Duration = Duration::from_mins(1);
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// How long to wait before the next attempt, after `attempt` of them (from 1); `None` where that was the last.
pub(crate) fn wait(failure: Failure, attempt: u32) -> Option<Duration> {
    let back_off = FIRST_WAIT * 2_u32.pow(attempt.saturating_sub(1).min(6));
    match failure {
        Failure::Missing | Failure::Final => None,
        // The same again is likely; once is enough to tell.
        Failure::Truncated => (attempt < 2).then_some(back_off),
        Failure::Unreachable => (attempt < 3).then_some(back_off),
        Failure::Busy(asked) => (attempt < ATTEMPTS)
            .then(|| asked.unwrap_or(back_off))
            .filter(|wait| *wait <= PATIENCE),
    }
}

/// The header `Retry-After`: seconds, or a date.
pub(crate) fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(header).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_busy_server_is_given_the_time_it_asks_for() {
        let millis = |failure, attempt| wait(failure, attempt).map(|wait| wait.as_millis());
        assert_eq!(millis(Failure::Busy(None), 1), Some(500));
        assert_eq!(millis(Failure::Busy(None), 3), Some(2_000));
        assert_eq!(millis(Failure::Busy(None), 4), None);
        let seconds = |seconds| Failure::Busy(Some(Duration::from_secs(seconds)));
        assert_eq!(millis(seconds(7), 1), Some(7_000));
        assert_eq!(millis(seconds(61), 1), None);
        assert_eq!(millis(Failure::Truncated, 1), Some(500));
        assert_eq!(millis(Failure::Truncated, 2), None);
        assert_eq!(millis(Failure::Missing, 1), None);
    }

    #[test]
    fn retry_after_is_a_number_or_a_date() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").expect("a date");
        let seconds = |header| retry_after(header, now).map(|wait| wait.as_secs());
        assert_eq!(seconds(" 120 "), Some(120));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:50:37 GMT"), Some(60));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        assert_eq!(seconds("soon"), None);
    }
}
