//! A session without its secrets.

use super::body::{Content, End, Exchange, Outcome, RecordedFault, Request};
use super::hide::{HIDDEN, HIDDEN_IN_URL, Names};
use super::scan;
use super::secrets::Secrets;
use super::urls;
use crate::encode;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use percent_encoding::percent_decode_str;

/// The values that were hidden by their names.
#[derive(Default)]
struct Found {
    credentials: Vec<String>,
    others: Vec<String>,
}

impl Found {
    fn add(&mut self, value: &str, is_credential: bool) {
        let list = if is_credential {
            &mut self.credentials
        } else {
            &mut self.others
        };
        list.push(value.to_owned());
    }
}

/// Hides values by their names, and then their texts wherever the session repeats them.
pub(super) fn all(exchanges: Vec<Exchange>, names: &Names) -> Vec<Exchange> {
    let mut found = Found::default();
    let rewritten = exchanges.into_iter();
    let rewritten: Vec<Exchange> = rewritten
        .map(|exchange| by_name(exchange, names, &mut found))
        .collect();
    let secrets = Secrets::new(&found.credentials, &found.others);
    rewritten
        .into_iter()
        .map(|exchange| by_text(exchange, &secrets))
        .collect()
}

fn by_name(exchange: Exchange, names: &Names, found: &mut Found) -> Exchange {
    let Exchange {
        method,
        request,
        outcome,
    } = exchange;
    let names = &names.of_method(&method);
    let content = hide_content(request.content, &request.headers, names, found);
    let request = Request {
        verb: request.verb,
        uri: hide_url(&request.uri, names, found),
        headers: hide_headers(&request.headers, names, found),
        content,
    };
    let outcome = match outcome {
        Outcome::Response {
            status,
            headers,
            content,
        } => Outcome::Response {
            status,
            content: hide_content(content, &headers, names, found),
            headers: hide_headers(&headers, names, found),
        },
        outcome => outcome,
    };
    Exchange {
        method,
        request,
        outcome,
    }
}

/// Hides the values of query parameters.
pub(super) fn hidden_url(url: &str, names: &Names) -> String {
    hide_url(url, names, &mut Found::default())
}

fn hide_url(url: &str, names: &Names, found: &mut Found) -> String {
    match url.split_once('?') {
        Some((path, query)) => format!("{path}?{}", hide_pairs(query, names, found)),
        None => url.to_owned(),
    }
}

/// Hides the values of a query or a form.
fn hide_pairs(query: &str, names: &Names, found: &mut Found) -> String {
    let pairs = query.split('&').map(|pair| {
        let Some((name, value)) = pair.split_once('=') else {
            return pair.to_owned();
        };
        let meant = decoded(name);
        let is_hidden = names.hides_parameter(&meant) || names.hides_field(&meant);
        if !is_hidden || value.is_empty() {
            return within(pair, name, value, names, found);
        }
        let is_credential = Names::default().hides_parameter(&meant);
        found.add(&decoded(value), is_credential);
        found.add(value, is_credential);
        format!("{name}={HIDDEN_IN_URL}")
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// Hides values in a URL that is the value of a parameter.
fn within(pair: &str, name: &str, value: &str, names: &Names, found: &mut Found) -> String {
    let url = decoded(value);
    let is_url = url.contains('?') && url.contains('=');
    let hidden = is_url.then(|| hide_url(&url, names, found));
    match hidden.filter(|hidden| *hidden != url) {
        Some(hidden) => format!("{name}={}", encode::simple(&hidden)),
        None => pair.to_owned(),
    }
}

fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

fn hide_headers(headers: &HeaderMap, names: &Names, found: &mut Found) -> HeaderMap {
    let mut hidden = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let text = String::from_utf8_lossy(value.as_bytes());
        let text = if names.hides_header(name.as_str()) || value.is_sensitive() {
            let is_credential =
                value.is_sensitive() || Names::default().hides_header(name.as_str());
            keep_header(&text, is_credential, found);
            HIDDEN.to_owned()
        } else {
            hide_url(&text, names, found)
        };
        let value = HeaderValue::from_str(&text);
        // Other characters than these have no meaning in headers of Google's servers.
        let value = value.unwrap_or_else(|_| HeaderValue::from_static(HIDDEN));
        hidden.append(name, value);
    }
    hidden
}

/// Keeps a value, also without the scheme before it, such as `Bearer`.
fn keep_header(value: &str, is_credential: bool, found: &mut Found) {
    found.add(value, is_credential);
    if let Some((_, token)) = value.rsplit_once(' ') {
        found.add(token, is_credential);
    }
}

/// Hides values in a body. Chunks stay if nothing changes.
fn hide_content(
    content: Content,
    headers: &HeaderMap,
    names: &Names,
    found: &mut Found,
) -> Content {
    let bytes = content.joined();
    // Each byte becomes a character if the bytes are not text, so that JSON is found next to media.
    let is_text = str::from_utf8(&bytes).is_ok();
    let text = match str::from_utf8(&bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    let content_type = headers.get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default();
    let mut hidden = if content_type.starts_with("application/x-www-form-urlencoded") {
        hide_pairs(&text, names, found)
    } else {
        let scanned = scan::hide(&text, names);
        for (values, is_credential) in [(scanned.credentials, true), (scanned.others, false)] {
            for value in values {
                let value = if is_text { value } else { as_text(&value) };
                found.add(&value, is_credential);
            }
        }
        let (hidden, values) = urls::hide(&scanned.text, names);
        for value in values {
            found.add(&decoded(&value), true);
            found.add(&value, true);
        }
        hidden
    };
    if content_type.starts_with("multipart/") {
        hidden = hide_lines(&hidden, names, found);
    }
    if hidden == text {
        return content;
    }
    let bytes = if is_text {
        Bytes::from(hidden)
    } else {
        as_bytes(&hidden).into()
    };
    Content {
        chunks: vec![bytes],
        end: content.end,
    }
}

/// Hides values of headers, and in request lines, within the parts of a body.
fn hide_lines(text: &str, names: &Names, found: &mut Found) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let body = line.trim_end_matches(['\r', '\n']);
        let end = &line[body.len()..];
        if let Some((target, version)) = body.rsplit_once(" HTTP/") {
            let target = hide_url(target, names, found);
            return format!("{target} HTTP/{version}{end}");
        }
        match body.split_once(':') {
            Some((name, value)) if is_token(name) && names.hides_header(name) => {
                let is_credential = Names::default().hides_header(name);
                keep_header(value.trim(), is_credential, found);
                format!("{name}: {HIDDEN}{end}")
            }
            _ => line.to_owned(),
        }
    });
    lines.collect()
}

fn is_token(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !name.is_empty() && name.bytes().all(plain)
}

fn as_bytes(text: &str) -> Vec<u8> {
    // Every character is a byte, or one of the marker.
    text.chars()
        .filter_map(|c| u8::try_from(u32::from(c)).ok())
        .collect()
}

fn as_text(value: &str) -> String {
    String::from_utf8_lossy(&as_bytes(value)).into_owned()
}

fn by_text(exchange: Exchange, secrets: &Secrets) -> Exchange {
    let Exchange {
        method,
        request,
        outcome,
    } = exchange;
    let request = Request {
        verb: request.verb,
        uri: url_by_text(&request.uri, secrets),
        headers: headers_by_text(&request.headers, secrets),
        content: content_by_text(request.content, secrets),
    };
    let outcome = match outcome {
        Outcome::Response {
            status,
            headers,
            content,
        } => Outcome::Response {
            status,
            headers: headers_by_text(&headers, secrets),
            content: content_by_text(content, secrets),
        },
        Outcome::Fault(fault) => Outcome::Fault(fault_by_text(&fault, secrets)),
        Outcome::Canceled => Outcome::Canceled,
    };
    Exchange {
        method,
        request,
        outcome,
    }
}

/// Hides texts in each segment of the path and each value of the query.
fn url_by_text(url: &str, secrets: &Secrets) -> String {
    let units = url.split_inclusive(['/', '?', '&', '=']).map(|unit| {
        let body = unit.trim_end_matches(['/', '?', '&', '=']);
        let hidden = secrets.hide_in(body, HIDDEN_IN_URL);
        [&hidden, &unit[body.len()..]].concat()
    });
    units.collect()
}

fn headers_by_text(headers: &HeaderMap, secrets: &Secrets) -> HeaderMap {
    let mut hidden = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let text = String::from_utf8_lossy(value.as_bytes());
        let text = match text.split_once("://") {
            Some(_) => url_by_text(&text, secrets),
            None => secrets.hide_in(&text, HIDDEN),
        };
        let value = HeaderValue::from_str(&text);
        hidden.append(
            name,
            value.unwrap_or_else(|_| HeaderValue::from_static(HIDDEN)),
        );
    }
    hidden
}

fn content_by_text(content: Content, secrets: &Secrets) -> Content {
    let end = match content.end {
        End::Fault(fault) => End::Fault(fault_by_text(&fault, secrets)),
        end => end,
    };
    let bytes = content.chunks.concat();
    let hidden = match str::from_utf8(&bytes) {
        Ok(text) => {
            let hidden = secrets.hide_in(text, HIDDEN);
            (hidden != text).then_some(hidden)
        }
        Err(_) => secrets.are_in(&bytes).then(|| HIDDEN.to_owned()),
    };
    let chunks = match hidden {
        Some(hidden) => vec![hidden.into()],
        None => content.chunks,
    };
    Content { chunks, end }
}

fn fault_by_text(fault: &RecordedFault, secrets: &Secrets) -> RecordedFault {
    RecordedFault {
        message: secrets.hide_in(&fault.message, HIDDEN),
        ..fault.clone()
    }
}
