//! The lines of a cassette: JSON Lines.

mod read;

pub(super) use read::{Recorded, read};

use super::body::{Content, End, Exchange, FAULT_KINDS, Outcome, RecordedFault, Request};
use super::hide::Names;
use crate::wire::Object;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

/// The version of the format.
pub(super) const VERSION: u64 = 1;

/// Returns the text of a cassette.
pub(super) fn write(names: &Names, exchanges: &[Exchange]) -> String {
    let Names {
        headers,
        fields,
        parameters,
    } = names;
    let hidden = json!({"fields": fields, "headers": headers, "parameters": parameters});
    let mut text = json!({"cassette": VERSION, "hidden": hidden}).to_string();
    text.push('\n');
    for exchange in exchanges {
        text.push_str(&line(exchange));
        text.push('\n');
    }
    text
}

fn line(exchange: &Exchange) -> String {
    let Exchange {
        method,
        request,
        outcome,
    } = exchange;
    // Media is not JSON, whatever its type is.
    let is_json = request.uri.contains("alt=json");
    let Request {
        verb,
        uri,
        headers,
        content,
    } = request;
    let request = object([
        ("verb", Some(json!(verb).to_string())),
        ("url", Some(json!(uri).to_string())),
        ("headers", Some(of_headers(headers))),
        ("body", of_request(content, headers)),
    ]);
    let outcome = match outcome {
        Outcome::Response {
            status,
            headers,
            content,
        } => (
            "response",
            object([
                ("status", Some(status.to_string())),
                ("headers", Some(of_headers(headers))),
                ("body", of_content(content, headers, is_json)),
            ]),
        ),
        Outcome::Fault(fault) => ("fault", of_fault(fault)),
        Outcome::Canceled => ("canceled", "true".to_owned()),
    };
    object([
        ("method", Some(json!(method).to_string())),
        ("request", Some(request)),
        (outcome.0, Some(outcome.1)),
    ])
}

/// Returns an object of the members that are there. Their values are JSON.
fn object<const N: usize>(members: [(&str, Option<String>); N]) -> String {
    let members = members.into_iter();
    let members = members.filter_map(|(name, json)| Some(format!("\"{name}\":{}", json?)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// Returns each header with its value, or with all of them.
fn of_headers(headers: &HeaderMap) -> String {
    let mut members = Object::new();
    for name in headers.keys() {
        let values = headers.get_all(name).iter();
        let mut values: Vec<Value> = values
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into())
            .collect();
        let value = match (values.pop(), values.is_empty()) {
            (Some(value), true) => value,
            (last, _) => values.into_iter().chain(last).collect(),
        };
        members.insert(name.as_str().to_owned(), value);
    }
    Value::Object(members).to_string()
}

/// Returns the body of a request. The transport may have read it in any chunks.
fn of_request(content: &Content, headers: &HeaderMap) -> Option<String> {
    let whole = Content::whole(content.joined());
    of_content(&whole, headers, true)
}

fn of_content(content: &Content, headers: &HeaderMap, is_json: bool) -> Option<String> {
    let end = match &content.end {
        End::Complete => None,
        End::Fault(fault) => Some(("fault", of_fault(fault))),
        // A reader of messages stops after the last one.
        End::Canceled if is_json_text(&content.joined()) => None,
        End::Canceled => Some(("canceled", "true".to_owned())),
    };
    if content.chunks.is_empty() && end.is_none() {
        return None;
    }
    let (end_name, end) = end.unzip();
    let json = end_name
        .is_none()
        .then(|| json_of(content, headers))
        .flatten();
    let (name, body) = match (json.filter(|_| is_json), &content.chunks[..]) {
        (Some(json), _) => ("json", json),
        (None, [chunk]) => of_chunk(chunk),
        (None, chunks) => {
            let chunks = chunks.iter().map(|chunk| {
                let (name, body) = of_chunk(chunk);
                object([(name, Some(body))])
            });
            let chunks = chunks.collect::<Vec<_>>().join(",");
            ("chunks", format!("[{chunks}]"))
        }
    };
    Some(object([
        (name, Some(body)),
        (end_name.unwrap_or_default(), end),
    ]))
}

/// Returns the JSON of a body. A list that came in several chunks may be a stream.
fn json_of(content: &Content, headers: &HeaderMap) -> Option<String> {
    let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    if !content_type.starts_with("application/json") {
        return None;
    }
    let bytes = content.joined();
    let text = str::from_utf8(&bytes).ok()?;
    let is_one = content.chunks.len() == 1 || text.trim_start().starts_with('{');
    (is_one && is_json_text(&bytes)).then(|| minified(text))
}

fn is_json_text(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
}

fn of_chunk(chunk: &[u8]) -> (&'static str, String) {
    match str::from_utf8(chunk) {
        Ok(text) => ("text", json!(text).to_string()),
        Err(_) => ("base64", json!(STANDARD.encode(chunk)).to_string()),
    }
}

fn of_fault(fault: &RecordedFault) -> String {
    let name = FAULT_KINDS
        .iter()
        .find_map(|(kind, name)| (*kind == fault.kind).then_some(*name));
    let RecordedFault {
        is_transient,
        message,
        ..
    } = fault;
    json!({"kind": name, "transient": is_transient, "message": message}).to_string()
}

/// Returns JSON without white space between its parts. Numbers and strings keep their text.
fn minified(json: &str) -> String {
    let (mut minified, mut is_string, mut is_escaped) = (String::new(), false, false);
    for character in json.chars() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = is_string,
            '"' => is_string = !is_string,
            ' ' | '\t' | '\r' | '\n' if !is_string => continue,
            _ => {}
        }
        minified.push(character);
    }
    minified
}

#[cfg(test)]
mod tests {
    use super::minified;

    #[test]
    fn white_space_within_strings_stays() {
        let json = "{ \"a b\" : [ 1e999 ,\n\t\"\\\" x\\\\\" ] }";
        assert_eq!(minified(json), r#"{"a b":[1e999,"\" x\\"]}"#);
    }
}
