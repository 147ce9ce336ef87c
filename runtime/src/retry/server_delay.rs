//! The delay that a server asks for.

use crate::error::{Error, Status};
use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};
use std::time::{Duration, SystemTime};

/// Returns the longest of the delays in the header `Retry-After` and the detail `RetryInfo`.
pub(super) fn server_delay(
    headers: &HeaderMap,
    status: Option<&Status>,
    now: SystemTime,
) -> Option<Duration> {
    let detail = status.and_then(Status::retry_info);
    let in_body = detail.and_then(|info| info.retry_delay);
    retry_after(headers, now).max(in_body)
}

/// Returns `true` if the server states when to retry, even in a form that cannot be read: it has not executed the request.
pub(super) fn says_when(headers: &HeaderMap, status: Option<&Status>) -> bool {
    headers.contains_key(RETRY_AFTER) || status.and_then(Status::retry_info).is_some()
}

/// Returns the delay that the response of an error states, or zero without one.
pub(crate) fn server_delay_of(error: &Error) -> Duration {
    let delay = |headers| server_delay(headers, error.status(), SystemTime::now());
    error.headers().and_then(delay).unwrap_or_default()
}

/// `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3). A date that has passed means now.
///
/// A date is one of the server's clock, so what the server says of the present counts before our own clock.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let value = text(RETRY_AFTER)?;
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number can have are a long time.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let then = httpdate::parse_http_date(value).ok()?;
    let date = text(DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    Some(
        then.duration_since(date.unwrap_or(now))
            .unwrap_or(Duration::ZERO),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn headers(retry_after: &str, date: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(retry_after).unwrap());
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_str(date).unwrap());
        }
        headers
    }

    #[test]
    fn seconds_and_dates() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        for (text, date, expected) in [
            ("0", None, Some(0)),
            ("120", None, Some(120)),
            (" 7 ", None, Some(7)),
            ("99999999999999999999", None, Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", None, Some(10)),
            ("Sunday, 06-Nov-94 08:49:47 GMT", None, Some(10)),
            ("Sun Nov  6 08:49:47 1994", None, Some(10)),
            ("Sun, 06 Nov 1994 08:49:27 GMT", None, Some(0)),
            (
                "Sun, 06 Nov 1994 08:49:47 GMT",
                Some("Sun, 06 Nov 1994 08:49:44 GMT"),
                Some(3),
            ),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some("yesterday"), Some(10)),
            ("", None, None),
            ("-1", None, None),
            ("1.5", None, None),
            ("soon", None, None),
        ] {
            assert_eq!(
                server_delay(&headers(text, date), None, now),
                expected.map(Duration::from_secs),
                "{text} {date:?}"
            );
        }
    }

    /// Checks that a wrong clock, without the server's date, leads to a wrong delay, but never to a negative one.
    #[test]
    fn a_clock_that_jumped() {
        let then = "Sun, 06 Nov 1994 08:49:47 GMT";
        let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        let later = SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 365 * 100);
        let seconds = |delay: Option<Duration>| delay.unwrap().as_secs();
        for (now, without_date) in [(SystemTime::UNIX_EPOCH, 784_111_787), (later, 0)] {
            let delay = server_delay(&headers(then, None), None, now);
            assert_eq!(seconds(delay), without_date);
            let delay = server_delay(&headers(then, date), None, now);
            assert_eq!(seconds(delay), 10);
        }
    }

    #[test]
    fn the_longer_one_counts() {
        let now = SystemTime::UNIX_EPOCH;
        let status = |delay: &str| {
            let detail = format!(
                r#"{{"error": {{"details": [{{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": {delay}}}]}}}}"#
            );
            Status::parse(detail.as_bytes())
        };
        for (delay, expected) in [
            (r#""1.5s""#, 3_000),
            (r#""3.5s""#, 3_500),
            (r#""-9s""#, 3_000),
            (r#""x""#, 3_000),
            ("7", 3_000),
        ] {
            let delay = server_delay(&headers("3", None), status(delay).as_ref(), now);
            assert_eq!(delay, Some(Duration::from_millis(expected)));
        }
        let only = server_delay(&HeaderMap::new(), status(r#""2s""#).as_ref(), now);
        assert_eq!(only, Some(Duration::from_secs(2)));
        assert_eq!(server_delay(&HeaderMap::new(), None, now), None);
    }
}
