//! The response to a batch: parts, each with an HTTP response in it.
//!
//! Line breaks may lack their carriage return. Parts that are not understood are skipped, and their calls have no response.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use std::collections::BTreeSet;

/// The prefix of the id of a call. The position of the call follows.
pub(super) const ID: &str = "call-";

/// The prefix that servers add to the id of a call.
const RESPONSE_TO: &str = "response-";

/// The maximum number of headers of a response that are kept, as in a response to a single call.
const MOST_HEADERS: usize = 100;

/// Returns the first response to each of so many calls by its position, in the server's order; `None` for a part that is no
/// HTTP response. The bodies are parts of the body.
///
/// Returns `None` if the body does not consist of parts.
pub(super) fn read_parts(
    headers: &HeaderMap,
    body: &Bytes,
    calls: usize,
) -> Option<Vec<(usize, Option<Response<Bytes>>)>> {
    let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let boundary = boundary(content_type)?;
    let mut seen = BTreeSet::new();
    let responses = parts(body, &boundary).filter_map(|part| {
        let (headers, content) = head(part);
        let position = position(&headers).filter(|position| *position < calls)?;
        seen.insert(position)
            .then(|| (position, response(content, body)))
    });
    Some(responses.collect())
}

/// Returns the parameter `boundary` of a multipart type (RFC 2046, section 5.1.1). Ignores parameters without a value.
fn boundary(content_type: &str) -> Option<String> {
    let (kind, mut rest) = content_type.split_once(';')?;
    if !kind.trim().to_ascii_lowercase().starts_with("multipart/") {
        return None;
    }
    while !rest.is_empty() {
        let at = rest.find([';', '=']).unwrap_or(rest.len());
        let (name, value) = rest.split_at(at);
        let Some(value) = value.strip_prefix('=') else {
            rest = value.strip_prefix(';').unwrap_or_default();
            continue;
        };
        let (value, after) = if let Some(quoted) = value.trim_start().strip_prefix('"') {
            unquoted(quoted)?
        } else {
            let (value, after) = value.split_once(';').unwrap_or((value, ""));
            (value.trim().to_owned(), after)
        };
        if name.trim().eq_ignore_ascii_case("boundary") {
            return Some(value).filter(|value| !value.is_empty());
        }
        rest = after;
    }
    None
}

/// The text up to the closing quotation mark, and what comes after it and a semicolon.
fn unquoted(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '"' => break,
            '\\' => text.push(characters.next()?),
            other => text.push(other),
        }
    }
    let after = characters.as_str();
    Some((text, after.split_once(';').map_or("", |(_, after)| after)))
}

/// Returns the parts between the boundaries. Ignores a part without a boundary after it, because it is incomplete.
fn parts<'a>(body: &'a [u8], boundary: &str) -> impl Iterator<Item = &'a [u8]> {
    let delimiter = format!("--{boundary}");
    let mut begun = None;
    let mut at = 0;
    let mut is_over = false;
    let lines = body.split_inclusive(|byte| *byte == b'\n');
    lines.filter_map(move |line| {
        let start = at;
        at += line.len();
        let after = line.trim_ascii_end().strip_prefix(delimiter.as_bytes());
        let Some(b"" | b"--") = after.filter(|_| !is_over) else {
            return None;
        };
        is_over = after == Some(b"--");
        let part = begun.replace(at).and_then(|begin| body.get(begin..start));
        part.map(without_break)
    })
}

/// The line break before a boundary belongs to the boundary.
fn without_break(part: &[u8]) -> &[u8] {
    let part = part.strip_suffix(b"\n").unwrap_or(part);
    part.strip_suffix(b"\r").unwrap_or(part)
}

/// The first line without its break, and what follows.
fn first_line(text: &[u8]) -> (&[u8], &[u8]) {
    let mut lines = text.splitn(2, |byte| *byte == b'\n');
    let line = lines.next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    (line, lines.next().unwrap_or_default())
}

/// The headers up to an empty line, and what comes after it. A line that begins with a space continues the one before it
/// (RFC 9112, section 5.2).
fn head(text: &[u8]) -> (HeaderMap, &[u8]) {
    let mut headers = HeaderMap::new();
    let mut rest = text;
    let mut folded = Vec::new();
    while !rest.is_empty() {
        let (line, after) = first_line(rest);
        rest = after;
        if let [b' ' | b'\t', ..] = line {
            folded.push(b' ');
            folded.extend_from_slice(line.trim_ascii());
            continue;
        }
        add(&mut headers, &folded);
        folded.clear();
        if line.is_empty() {
            break;
        }
        folded.extend_from_slice(line);
    }
    add(&mut headers, &folded);
    (headers, rest)
}

/// Adds a line of a header. Ignores other lines.
fn add(headers: &mut HeaderMap, line: &[u8]) {
    let mut sides = line.splitn(2, |byte| *byte == b':');
    let name = sides.next().unwrap_or_default();
    let value = sides.next().unwrap_or_default();
    let name = HeaderName::from_bytes(name.trim_ascii());
    let value = HeaderValue::from_bytes(value.trim_ascii());
    if let (Ok(name), Ok(value)) = (name, value)
        && line.contains(&b':')
    {
        // Fails where a map can hold no more, and then nobody misses it.
        let _ = headers.try_append(name, value);
    }
}

/// Returns the position of the call that a part responds to. It is in the id that the request has for the call.
fn position(headers: &HeaderMap) -> Option<usize> {
    let id = headers.get("content-id")?.to_str().ok()?;
    let id = id.strip_prefix('<').unwrap_or(id);
    let id = id.strip_suffix('>').unwrap_or(id);
    let digits = id.strip_prefix(RESPONSE_TO)?.strip_prefix(ID)?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}

/// An HTTP response as text: status line, headers, body. It is a part of the whole body.
fn response(text: &[u8], whole: &Bytes) -> Option<Response<Bytes>> {
    let (line, rest) = first_line(text.trim_ascii_start());
    let line = str::from_utf8(line).ok()?;
    let mut words = line.split_ascii_whitespace();
    words.next().filter(|word| word.starts_with("HTTP/"))?;
    let status = words.next()?.parse().ok()?;
    let (headers, body) = head(rest);
    let mut response = Response::new(whole.slice_ref(body));
    *response.status_mut() = StatusCode::from_u16(status).ok()?;
    *response.headers_mut() = bounded(headers);
    Some(response)
}

/// The first headers, if there are more than a response should have.
fn bounded(headers: HeaderMap) -> HeaderMap {
    if headers.len() <= MOST_HEADERS {
        return headers;
    }
    let mut kept = HeaderMap::new();
    for (name, value) in headers.iter().take(MOST_HEADERS) {
        kept.append(name, value.clone());
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the responses to any number of calls.
    fn read(headers: &HeaderMap, body: &[u8]) -> Option<Vec<(usize, Option<Response<Bytes>>)>> {
        read_parts(headers, &Bytes::copy_from_slice(body), usize::MAX)
    }

    const TYPE: &str = "multipart/mixed; boundary=\"b 1\"";
    const RESPONSE: &str = "preamble\r\n\
        --b 1\r\n\
        Content-Type: application/http\r\n\
        Content-ID: <response-call-1>\r\n\
        \r\n\
        HTTP/1.1 200 OK\r\n\
        Content-Type: application/json\r\n\
        ETag: \"x:y\"\r\n\
        \r\n\
        {\"name\":\r\n\r\n\"--b 1\"}\r\n\
        --b 1  \r\n\
        content-id: response-call-0\r\n\
        \r\n\
        HTTP/1.1 204 No Content\r\n\
        \r\n\
        --b 1--\r\n\
        epilogue\r\n--b 1\r\n\r\n";

    /// The position, and status and body.
    type Shown = (usize, Option<(u16, Bytes)>);

    fn responses(content_type: &str, body: &[u8]) -> Option<Vec<Shown>> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).ok()?);
        let responses = read(&headers, body)?.into_iter();
        let shown = responses.map(|(position, response)| {
            let shown = response.map(|response| (response.status().as_u16(), response.into_body()));
            (position, shown)
        });
        Some(shown.collect())
    }

    #[test]
    fn parts_are_found_by_their_ids() {
        let expected = |line_break: &str| {
            let json = format!("{{\"name\":{line_break}{line_break}\"--b 1\"}}");
            Some(vec![
                (1, Some((200, Bytes::from(json)))),
                (0, Some((204, Bytes::new()))),
            ])
        };
        assert_eq!(responses(TYPE, RESPONSE.as_bytes()), expected("\r\n"));
        let bare = RESPONSE.replace("\r\n", "\n");
        assert_eq!(responses(TYPE, bare.as_bytes()), expected("\n"));
    }

    #[test]
    fn case_r23_parameters_without_a_value() {
        for (content_type, expected) in [
            ("multipart/mixed; boundary=b", Some("b")),
            ("Multipart/Mixed;charset=x ; BOUNDARY = b ; c=d", Some("b")),
            (
                r#"multipart/mixed; a="x;boundary=y"; boundary="b\"c;d""#,
                Some("b\"c;d"),
            ),
            ("multipart/mixed; boundary=batch_a-b=c", Some("batch_a-b=c")),
            ("multipart/mixed; boundary=", None),
            // Parameters without a value, and semicolons too many.
            ("multipart/mixed; foo; boundary=b", Some("b")),
            ("multipart/mixed;foo;;boundary=b;bar", Some("b")),
            ("multipart/mixed; foo=; boundary=b", Some("b")),
            ("multipart/mixed; boundary; boundary=b", Some("b")),
            (
                r#"multipart/mixed; foo="a\\"; bar; boundary="b\ c""#,
                Some("b c"),
            ),
            (
                r#"multipart/mixed; foo="a;boundary=x" bar; boundary=b"#,
                Some("b"),
            ),
            ("multipart/mixed; boundary=\"\"", None),
            ("multipart/mixed; boundary=\"b", None),
            ("multipart/mixed; boundary", None),
            ("multipart/mixed", None),
            ("application/json; boundary=b", None),
            ("", None),
        ] {
            assert_eq!(
                boundary(content_type).as_deref(),
                expected,
                "{content_type}"
            );
        }
    }

    #[test]
    fn what_is_not_whole_does_not_count() {
        let whole = RESPONSE.find("--b 1--").unwrap();
        let cut = &RESPONSE.as_bytes()[..whole];
        assert_eq!(
            responses(TYPE, cut).map(|responses| responses.len()),
            Some(1)
        );
        for content in [
            "",
            "HTTP/1.1",
            "HTTP/1.1 20",
            "HTTP/1.1 x y",
            "SMTP 200 OK",
            "{}",
            "\u{e9}",
        ] {
            let body = format!(
                "--b 1\n\ncontent-id: x\n--b 1\ncontent-id: <response-call-7>\n\n{content}\n--b 1--"
            );
            assert_eq!(
                responses(TYPE, body.as_bytes()),
                Some(vec![(7, None)]),
                "{content}"
            );
        }
        for id in [
            "",
            "call-1",
            "<response-call->",
            "<response-call-+1>",
            "<response-x + 1>",
        ] {
            let body = format!("--b 1\ncontent-id: {id}\n\nHTTP/1.1 200 OK\n\n{{}}\n--b 1--");
            assert_eq!(responses(TYPE, body.as_bytes()), Some(Vec::new()), "{id}");
        }
    }

    #[test]
    fn case_r23_folded_headers() {
        for fold in ["\n ", "\r\n\t", "\n  \n\t "] {
            let body = format!(
                "--b 1\ncontent-type:{fold}application/http\nContent-ID:{fold}<response-call-3>{fold}\n\n\
                 HTTP/1.1 200 OK\nx: a{fold}b\n\n{{}}\n--b 1--"
            );
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(TYPE));
            let responses = read(&headers, body.as_bytes()).unwrap();
            let [(3, Some(response))] = &responses[..] else {
                panic!("{responses:?}");
            };
            assert_eq!(response.body(), "{}");
            let value = response.headers()["x"].to_str().unwrap();
            assert_eq!(value.split_whitespace().collect::<Vec<_>>(), ["a", "b"]);
        }
    }

    #[test]
    fn more_headers_than_a_map_can_hold() {
        let many = (0..40_000).fold(String::new(), |text, n| text + &format!("x-{n}: y\n"));
        let body = format!(
            "--b 1\ncontent-id: <response-call-0>\n\nHTTP/1.1 200 OK\n{many}\n{{}}\n--b 1--"
        );
        let found = responses(TYPE, body.as_bytes());
        assert_eq!(found, Some(vec![(0, Some((200, Bytes::from("{}"))))]));
    }

    /// Reads responses with bytes changed, lost, doubled and moved, and accepts any result.
    #[test]
    fn no_response_is_too_odd_to_be_read() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % 1_000_003).unwrap_or_default() % below.max(1)
        };
        let marks: &[&[u8]] = &[
            b"\n",
            b"\r\n",
            b"--",
            b"--b 1\n",
            b":",
            b"\"",
            b"\\",
            b"\0",
            b"\xff",
            b"HTTP/1.1 ",
        ];
        for _ in 0..50_000 {
            let mut body = RESPONSE.as_bytes().to_vec();
            let mut content_type = TYPE.as_bytes().to_vec();
            for _ in 0..=random(4) {
                let text = if random(8) == 0 {
                    &mut content_type
                } else {
                    &mut body
                };
                let (at, to) = (random(text.len()), random(text.len()));
                let range = at.min(to)..at.max(to);
                match random(5) {
                    0 => text.truncate(at),
                    1 => drop(text.drain(range)),
                    2 => text.extend_from_within(range),
                    3 => drop(text.splice(at..at, marks[random(marks.len())].iter().copied())),
                    _ => text
                        .iter_mut()
                        .skip(at)
                        .take(1)
                        .for_each(|byte| *byte = u8::try_from(to % 256).unwrap()),
                }
            }
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_bytes(&content_type) {
                headers.insert(CONTENT_TYPE, value);
            }
            let _ = read(&headers, &body);
        }
    }
}
