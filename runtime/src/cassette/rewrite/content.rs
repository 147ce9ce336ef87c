//! Bodies without their secrets.

use super::{Found, decoded, fault_by_text, hide_pairs, hide_url, keep_header};
use crate::cassette::body::{Content, End};
use crate::cassette::gzip;
use crate::cassette::hide::{HIDDEN, Names};
use crate::cassette::scan;
use crate::cassette::secrets::Secrets;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// Hides values in a body. Chunks stay if nothing changes.
pub(super) fn hide_content(
    content: Content,
    headers: &HeaderMap,
    names: &Names,
    found: &mut Found,
) -> Content {
    let joined = content.joined();
    let opened = gzip::decompressed(&joined);
    let bytes = opened.as_deref().unwrap_or(&joined);
    // Each byte becomes a character if the bytes are not text, so that JSON is found next to media.
    let is_text = str::from_utf8(bytes).is_ok();
    let text = match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    let content_type = headers.get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
    let mut hidden = if content_type.starts_with("application/x-www-form-urlencoded") {
        hide_pairs(&text, names, found)
    } else {
        let mut scanned = scan::hide(&text, names);
        let meant = |value: String| if is_text { value } else { as_text(&value) };
        let credentials = scanned.credentials.into_iter().map(meant);
        // Values of URLs are encoded.
        scanned.credentials = credentials
            .flat_map(|value| [decoded(&value), value])
            .collect();
        scanned.others = scanned.others.into_iter().map(meant).collect();
        found.add_all(scanned)
    };
    if content_type.starts_with("multipart/") {
        hidden = hide_lines(&hidden, names, found);
    }
    if hidden == text {
        return content;
    }
    let hidden = if is_text {
        hidden.into_bytes()
    } else {
        as_bytes(&hidden)
    };
    let hidden = if opened.is_some() {
        gzip::compressed(&hidden)
    } else {
        hidden
    };
    Content {
        chunks: vec![hidden.into()],
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

pub(super) fn content_by_text(content: Content, secrets: &Secrets) -> Content {
    let end = match content.end {
        End::Fault(fault) => End::Fault(fault_by_text(&fault, secrets)),
        end => end,
    };
    let joined = content.chunks.concat();
    let opened = gzip::decompressed(&joined);
    let bytes = opened.as_deref().unwrap_or(&joined);
    let hidden = match str::from_utf8(bytes) {
        Ok(text) => {
            let hidden = secrets.hide_in_body(text);
            (hidden != text).then_some(hidden)
        }
        Err(_) => secrets.are_in(bytes).then(|| HIDDEN.to_owned()),
    };
    let chunks = match hidden.map(String::into_bytes) {
        Some(hidden) if opened.is_some() => vec![gzip::compressed(&hidden).into()],
        Some(hidden) => vec![hidden.into()],
        None => content.chunks,
    };
    Content { chunks, end }
}
