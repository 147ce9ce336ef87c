//! The part of the media in a response: a judgment of its status and headers (RFC 9110, section 14).

use super::range::{ContentRange, content_range, number};
use super::version::Coding;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{StatusCode, response};

const STORED_LENGTH: HeaderName = HeaderName::from_static("x-goog-stored-content-length");

/// The part of the media that a body holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The position of its first byte.
    pub(super) start: u64,
    /// The position after its last byte, if the response states it.
    pub(super) end: Option<u64>,
    /// The length of the whole media, if the response states it.
    pub(super) total: Option<u64>,
}

/// Returns the part of the media in the body of a 2xx response, or the reason why the response cannot be used. The request
/// was for the bytes from `next` to before `end`, or for everything.
///
/// The headers must agree with the request and with each other. The body is compared with them later.
pub(super) fn judge(next: u64, end: Option<u64>, head: &response::Parts) -> Result<Part, String> {
    let headers = &head.headers;
    let coding = Coding::of(head);
    // A transport that decompresses may leave the length of the compressed body.
    let length = number(headers, &CONTENT_LENGTH)?.filter(|_| coding != Coding::Encoded);
    let stored = number(headers, &STORED_LENGTH)?.filter(|_| coding == Coding::Plain);
    let is_partial = head.status == StatusCode::PARTIAL_CONTENT;
    if is_partial && is_multipart(headers) {
        return Err("it has several ranges (multipart/byteranges)".to_owned());
    }
    let range = content_range(headers)?;
    let part = match range {
        Some(ContentRange::Nothing(_)) => {
            return Err("its content-range has no bytes".to_owned());
        }
        Some(ContentRange::Part(start, end, total)) => Part {
            start,
            end: Some(end),
            total,
        },
        None if is_partial => return Err("it has no content-range".to_owned()),
        None => {
            let is_empty = head.status == StatusCode::NO_CONTENT;
            let total = if is_empty { Some(0) } else { length.or(stored) };
            Part {
                start: 0,
                end: total,
                total,
            }
        }
    };
    if let (Some(length), Some(end)) = (length, part.end)
        && length != end - part.start
    {
        let stated = end - part.start;
        return Err(format!(
            "its content-length is {length}, and its other headers state {stated} bytes"
        ));
    }
    if let (Some(stored), Some(total)) = (stored, part.total)
        && stored != total
    {
        return Err(format!(
            "it states both {stored} and {total} bytes as the length of the media"
        ));
    }
    // RFC 9110 lets a server ignore a range and send everything.
    let is_whole = range.is_none() || part.start == 0 && part.end == part.total;
    if part.start != next && (is_partial || !is_whole) {
        let start = part.start;
        return Err(format!("it begins at byte {start}, and not at byte {next}"));
    }
    if let (Some(end), Some(stated)) = (end, part.end)
        && stated > end
        && (is_partial || !is_whole)
    {
        return Err(format!(
            "it ends before byte {stated}, and not before byte {end}"
        ));
    }
    match part.total {
        Some(total) if next > 0 && next >= total => Err(beyond(next, total)),
        _ => Ok(part),
    }
}

/// Returns the length of the media that a response with status 416 states: `content-range: bytes */100`.
pub(super) fn total_of_unsatisfied(headers: &HeaderMap) -> Option<u64> {
    match content_range(headers) {
        Ok(Some(ContentRange::Nothing(total))) => Some(total),
        _ => None,
    }
}

/// Returns the reason why a range has no bytes.
pub(super) fn beyond(start: u64, total: u64) -> String {
    format!("the range begins at byte {start}, and the media has {total} bytes")
}

fn is_multipart(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let multipart = b"multipart/byteranges";
    let start = content_type.and_then(|content_type| content_type.get(..multipart.len()));
    start.is_some_and(|start| start.eq_ignore_ascii_case(multipart))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(status: u16, headers: &[(&str, &str)]) -> response::Parts {
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        response.body(()).unwrap().into_parts().0
    }

    #[allow(clippy::unnecessary_wraps, reason = "it is compared with results")]
    fn part(start: u64, end: Option<u64>, total: Option<u64>) -> Result<Part, String> {
        Ok(Part { start, end, total })
    }

    const RANGE: &str = "content-range";
    const LENGTH: &str = "content-length";
    const STORED: &str = "x-goog-stored-content-length";
    const GZIP: (&str, &str) = ("x-goog-stored-content-encoding", "gzip");

    #[test]
    fn case_r10_responses_that_agree() {
        for (next, status, headers, expected) in [
            (0, 200, &[][..], part(0, None, None)),
            (0, 200, &[(LENGTH, "10")], part(0, Some(10), Some(10))),
            (0, 204, &[], part(0, Some(0), Some(0))),
            (
                0,
                200,
                &[(RANGE, "bytes 0--1/0"), (LENGTH, "0")],
                part(0, Some(0), Some(0)),
            ),
            (0, 200, &[(STORED, "10")], part(0, Some(10), Some(10))),
            (0, 200, &[(STORED, "9"), GZIP], part(0, None, None)),
            (
                0,
                200,
                &[(LENGTH, "9"), ("content-encoding", "gzip")],
                part(0, None, None),
            ),
            (
                0,
                206,
                &[(RANGE, "bytes 0-9/10")],
                part(0, Some(10), Some(10)),
            ),
            (
                0,
                206,
                &[(RANGE, "bytes 0-9/100")],
                part(0, Some(10), Some(100)),
            ),
            (0, 206, &[(RANGE, "bytes 0-9/*")], part(0, Some(10), None)),
            (
                5,
                206,
                &[(RANGE, "bytes 5-9/10"), (LENGTH, "5")],
                part(5, Some(10), Some(10)),
            ),
            // Servers that send everything, with and without a length, and a server with another status.
            (5, 200, &[], part(0, None, None)),
            (5, 200, &[(LENGTH, "10")], part(0, Some(10), Some(10))),
            (
                5,
                200,
                &[(RANGE, "bytes 0-9/10")],
                part(0, Some(10), Some(10)),
            ),
            (
                1000,
                200,
                &[(RANGE, "bytes 1000-89999/100000")],
                part(1000, Some(90_000), Some(100_000)),
            ),
        ] {
            assert_eq!(
                judge(next, None, &head(status, headers)),
                expected,
                "{next} {status} {headers:?}"
            );
        }
    }

    #[test]
    fn case_r10_responses_that_contradict_themselves_or_the_request() {
        for (next, status, headers, reason) in [
            (0, 206, &[][..], "it has no content-range"),
            (
                5,
                200,
                &[(RANGE, "bytes 0--1/0")],
                "the range begins at byte 5, and the media has 0 bytes",
            ),
            (
                0,
                206,
                &[("content-type", "Multipart/Byteranges; boundary=b")],
                "it has several ranges (multipart/byteranges)",
            ),
            (
                0,
                200,
                &[(RANGE, "bytes */10")],
                "its content-range has no bytes",
            ),
            (
                0,
                206,
                &[(RANGE, "bytes 1-9/10")],
                "it begins at byte 1, and not at byte 0",
            ),
            (
                0,
                200,
                &[(RANGE, "bytes 1-9/10")],
                "it begins at byte 1, and not at byte 0",
            ),
            (
                50,
                206,
                &[(RANGE, "bytes 0-3/100")],
                "it begins at byte 0, and not at byte 50",
            ),
            (
                50,
                206,
                &[(RANGE, "bytes 0-99/100")],
                "it begins at byte 0, and not at byte 50",
            ),
            (
                50,
                200,
                &[(RANGE, "bytes 0-3/100")],
                "it begins at byte 0, and not at byte 50",
            ),
            (
                50,
                200,
                &[(RANGE, "bytes 0-99/*")],
                "it begins at byte 0, and not at byte 50",
            ),
            (
                50,
                200,
                &[(LENGTH, "10")],
                "the range begins at byte 50, and the media has 10 bytes",
            ),
            (
                10,
                200,
                &[(LENGTH, "10")],
                "the range begins at byte 10, and the media has 10 bytes",
            ),
            (
                5,
                204,
                &[],
                "the range begins at byte 5, and the media has 0 bytes",
            ),
            (
                5,
                206,
                &[(RANGE, "bytes 5-9/10"), (LENGTH, "10")],
                "its content-length is 10, and its other headers state 5 bytes",
            ),
            (
                1000,
                200,
                &[(RANGE, "bytes 1000-1999/9000"), (LENGTH, "9000")],
                "its content-length is 9000, and its other headers state 1000 bytes",
            ),
            (
                0,
                204,
                &[(LENGTH, "5")],
                "its content-length is 5, and its other headers state 0 bytes",
            ),
            (
                0,
                200,
                &[(LENGTH, "5"), (STORED, "10")],
                "it states both 10 and 5 bytes as the length of the media",
            ),
            (
                0,
                206,
                &[(RANGE, "bytes 0-4/5"), (STORED, "10")],
                "it states both 10 and 5 bytes as the length of the media",
            ),
            (
                0,
                200,
                &[(LENGTH, "5"), (LENGTH, "10")],
                "its content-length cannot be read",
            ),
            (
                0,
                206,
                &[(RANGE, "bytes 0-4/5"), (RANGE, "bytes 0-4/6")],
                "its content-range cannot be read",
            ),
        ] {
            let found = judge(next, None, &head(status, headers));
            assert_eq!(found, Err(reason.to_owned()), "{next} {status} {headers:?}");
        }
    }

    #[test]
    fn case_r10_responses_beyond_the_range() {
        for (next, end, status, range, goes_well) in [
            (2, 5, 206, "bytes 2-4/10", true),
            (2, 5, 206, "bytes 2-3/10", true),
            (2, 5, 206, "bytes 2-5/10", false),
            (2, 5, 200, "bytes 2-9/10", false),
            (0, 5, 206, "bytes 0-9/10", false),
            // The whole instead of the range.
            (0, 5, 200, "bytes 0-9/10", true),
            (2, 5, 200, "bytes 0-9/10", true),
        ] {
            let found = judge(next, Some(end), &head(status, &[(RANGE, range)]));
            assert_eq!(found.is_ok(), goes_well, "{found:?}");
        }
    }
}
