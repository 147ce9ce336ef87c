//! Retries of requests.

use std::time::{Duration, SystemTime};

/// The kind of a failed request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// The server is busy (429, 5xx). The response may state a time to wait.
    Busy(Option<Duration>),
    /// There was no response.
    Unreachable,
    /// The response was truncated.
    Truncated,
    /// The address has no document (404, 410).
    Missing,
    /// A retry would fail, too.
    Final,
}

/// The maximum number of requests for one document to one address.
const ATTEMPTS: u32 = 4;
/// The longest wait before a retry.
const PATIENCE: Duration = Duration::from_mins(1);
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// Returns the wait before the next attempt, after `attempt` attempts. `None` if that was the last one.
pub(crate) fn wait(failure: FailureKind, attempt: u32) -> Option<Duration> {
    let back_off = FIRST_WAIT * 2_u32.pow(attempt.saturating_sub(1).min(6));
    match failure {
        FailureKind::Missing | FailureKind::Final => None,
        // A second truncation is likely to be permanent.
        FailureKind::Truncated => (attempt < 2).then_some(back_off),
        FailureKind::Unreachable => (attempt < 3).then_some(back_off),
        FailureKind::Busy(asked) => (attempt < ATTEMPTS)
            .then(|| asked.unwrap_or(back_off))
            .filter(|wait| *wait <= PATIENCE),
    }
}

/// Parses the header `Retry-After`: seconds, or a date.
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
        assert_eq!(millis(FailureKind::Busy(None), 1), Some(500));
        assert_eq!(millis(FailureKind::Busy(None), 3), Some(2_000));
        assert_eq!(millis(FailureKind::Busy(None), 4), None);
        let seconds = |seconds| FailureKind::Busy(Some(Duration::from_secs(seconds)));
        assert_eq!(millis(seconds(7), 1), Some(7_000));
        assert_eq!(millis(seconds(61), 1), None);
        assert_eq!(millis(FailureKind::Truncated, 1), Some(500));
        assert_eq!(millis(FailureKind::Truncated, 2), None);
        assert_eq!(millis(FailureKind::Missing, 1), None);
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
