//! The response to a batch: parts, each with an HTTP response in it.
//!
//! Line breaks may lack their carriage return. Parts that are not understood are skipped, and their calls have no response.

use crate::headers::digits;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use std::collections::BTreeSet;

/// The prefix of the id of a call. The position of the call follows.
pub(super) const ID: &str = "call-";

/// The prefix that servers add to the id of a call.
const RESPONSE_TO: &str = "response-";

/// The maximum number of headers of a response that are kept, as in a response to a single call.
const MOST_HEADERS: usize = 100;

/// A response, or the reason why a part is not one.
pub(super) type Part = Result<Response<Bytes>, &'static str>;

/// Returns the first response to each of so many calls by its position, in the server's order. A part that is not a
/// complete HTTP response is a problem. The bodies are parts of the body.
///
/// Returns `None` if the body does not consist of parts.
pub(super) fn read_parts(
    headers: &HeaderMap,
    body: &Bytes,
    calls: usize,
) -> Option<Vec<(usize, Part)>> {
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

/// Returns the headers and the content of each part of a body. `None` if the body does not consist of parts.
#[cfg(feature = "test-util")]
pub(crate) fn split(headers: &HeaderMap, body: &Bytes) -> Option<Vec<(HeaderMap, Bytes)>> {
    let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let boundary = boundary(content_type)?;
    let parts = parts(body, &boundary).map(|part| {
        let (headers, content) = head(part);
        (headers, body.slice_ref(content))
    });
    Some(parts.collect())
}

/// Returns the parameter `boundary` of a multipart type (RFC 2046, section 5.1.1). Ignores parameters without a value.
pub(crate) fn boundary(content_type: &str) -> Option<String> {
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
pub(crate) fn head(text: &[u8]) -> (HeaderMap, &[u8]) {
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
        // Fails if the map is full. Such headers are ignored.
        let _ = headers.try_append(name, value);
    }
}

/// Returns the position of the call that a part responds to. It is in the id that the request has for the call.
fn position(headers: &HeaderMap) -> Option<usize> {
    let id = headers.get("content-id")?.to_str().ok()?;
    let id = id.strip_prefix('<').unwrap_or(id);
    let id = id.strip_suffix('>').unwrap_or(id);
    digits(id.strip_prefix(RESPONSE_TO)?.strip_prefix(ID)?)
}

/// An HTTP response as text: status line, headers, body. It is a part of the whole body.
fn response(text: &[u8], whole: &Bytes) -> Part {
    let (line, rest) = first_line(text.trim_ascii_start());
    let status = status(line).ok_or("the response to the call is not an HTTP response")?;
    let (headers, body) = head(rest);
    if is_cut_off(status, &headers, body) {
        return Err("the response to the call is shorter than its `Content-Length`");
    }
    let mut response = Response::new(whole.slice_ref(body));
    *response.status_mut() = status;
    *response.headers_mut() = bounded(headers);
    Ok(response)
}

/// Returns the status in a status line.
fn status(line: &[u8]) -> Option<StatusCode> {
    let mut words = str::from_utf8(line).ok()?.split_ascii_whitespace();
    words.next().filter(|word| word.starts_with("HTTP/"))?;
    StatusCode::from_u16(words.next()?.parse().ok()?).ok()
}

/// Returns `true` if a body is shorter than its `Content-Length`. Of several ones the longest counts. Those of responses that
/// have no body are about another response (RFC 9110, section 8.6).
fn is_cut_off(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> bool {
    let has_none = matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let lengths = headers.get_all(CONTENT_LENGTH).into_iter();
    let lengths = lengths.flat_map(|line| line.to_str().unwrap_or_default().split(','));
    let longest = lengths.filter_map(|length| digits(length.trim())).max();
    !has_none && longest.is_some_and(|length: usize| length > body.len())
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
mod tests;
