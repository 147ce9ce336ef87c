//! The bytes that a server has, according to its responses.

use crate::headers::digits;
use http::header::{HeaderMap, HeaderName, RANGE};
use http::{Response, StatusCode};

/// The header with the status that a 200 replaces: Google's servers send 308 in this way to clients that do not support it.
const OVERRIDE: HeaderName = HeaderName::from_static("x-http-status-code-override");

/// Returns `true` if the server expects more bytes.
pub(super) fn is_incomplete<T>(response: &Response<T>) -> bool {
    let stands_for_308 = || {
        let value = response.headers().get(OVERRIDE);
        value.is_some_and(|value| value.as_bytes() == b"308")
    };
    response.status() == StatusCode::PERMANENT_REDIRECT
        || response.status() == StatusCode::OK && stands_for_308()
}

/// Returns `true` for the beginning of a JSON object.
pub(super) fn is_cut_off(body: &[u8]) -> bool {
    let is_object = body.trim_ascii_start().starts_with(b"{");
    let read = serde_json::from_slice::<serde::de::IgnoredAny>(body);
    is_object && read.is_err_and(|error| error.is_eof())
}

/// Returns the number of bytes that the server has. It sends `bytes=0-<last>`, or no header if it has none.
///
/// A range that begins later, or several, would leave a gap. Then there is no such number.
pub(super) fn kept(headers: &HeaderMap) -> Option<u64> {
    let mut ranges = headers.get_all(RANGE).iter();
    let Some(range) = ranges.next() else {
        return Some(0);
    };
    let range = range.to_str().ok().filter(|_| ranges.next().is_none())?;
    let (unit, range) = range.split_once('=').unwrap_or(("bytes", range));
    let is_bytes = unit.trim().eq_ignore_ascii_case("bytes");
    let (first, last) = range.split_once('-').filter(|_| is_bytes)?;
    digits::<u64>(first.trim()).filter(|first| *first == 0)?;
    digits::<u64>(last.trim())?.checked_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_r11_ranges_that_leave_no_gap() {
        for (ranges, expected) in [
            (&[][..], Some(0)),
            (&["bytes=0-9"], Some(10)),
            (&["Bytes=0-9"], Some(10)),
            (&["0-9"], Some(10)),
            (&["bytes=0-0"], Some(1)),
            (&["bytes=5-9"], None),
            (&["bytes=0-9,20-29"], None),
            (&["bytes=0-9", "bytes=20-29"], None),
            (&["bytes=0-9", "bytes=0-9"], None),
            (&["bytes=-9"], None),
            (&["bytes=0-"], None),
            (&["bytes=0-+9"], None),
            (&["items=0-9"], None),
            (&["bytes"], None),
            (&[""], None),
        ] {
            let mut headers = HeaderMap::new();
            for range in ranges {
                headers.append(RANGE, range.parse().unwrap());
            }
            assert_eq!(kept(&headers), expected, "{ranges:?}");
        }
    }
}
