//! Comparison of a request with a recorded one.

use super::body::{Request, place};
use super::hide::{HIDDEN, HIDDEN_IN_URL, Names, is_upload_id};
use crate::batch;
use crate::method::Place;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::fmt::Write as _;

/// The headers that decide about the response.
const HEADERS: [&str; 5] = [
    "content-range",
    "if-match",
    "if-none-match",
    "range",
    "x-http-method-override",
];

/// The length, in bytes, of a value that a message shows.
const SHOWN: usize = 100;

/// The rules of a comparison.
pub(super) struct Comparison<'a> {
    pub(super) names: &'a Names,
    /// The place of a value that is another one each time: the id of the request.
    pub(super) ignored: Option<Place>,
}

impl Comparison<'_> {
    /// Returns the first difference. A hidden value of the recorded request is equal to any value.
    pub(super) fn difference(&self, recorded: &Request, found: &Request) -> Option<String> {
        if recorded.verb != found.verb {
            return Some(format!(
                "the verb is {}, recorded is {}",
                found.verb, recorded.verb
            ));
        }
        self.of_urls(&recorded.uri, &found.uri)
            .or_else(|| self.of_headers(&recorded.headers, &found.headers))
            .or_else(|| self.of_bodies(recorded, found))
    }

    fn of_urls(&self, recorded: &str, found: &str) -> Option<String> {
        let (recorded_path, recorded_query) = recorded.split_once('?').unwrap_or((recorded, ""));
        let (found_path, found_query) = found.split_once('?').unwrap_or((found, ""));
        if !matches(recorded_path, found_path, HIDDEN_IN_URL) {
            let (recorded, found) = (place(recorded_path), place(found_path));
            return Some(format!("the URL is {found}, recorded is {recorded}"));
        }
        if !is_same_upload(recorded_query, found_query) {
            return Some("the upload is another one than the recorded one".to_owned());
        }
        self.of_pairs("the query", recorded_query, found_query)
    }

    /// Compares a query or a form.
    fn of_pairs(&self, what: &str, recorded: &str, found: &str) -> Option<String> {
        let (recorded, found) = (self.pairs(recorded), self.pairs(found));
        let shown = |pairs: &[(String, String)]| {
            let pairs = pairs.iter().map(|(name, value)| format!("{name}={value}"));
            cut(&pairs.collect::<Vec<_>>().join("&"))
        };
        let is_equal = recorded.len() == found.len()
            && recorded
                .iter()
                .zip(&found)
                .all(|(recorded, found)| recorded.0 == found.0 && is_text(&recorded.1, &found.1));
        (!is_equal).then(|| {
            format!(
                "{what} is {}, recorded is {}",
                shown(&found),
                shown(&recorded)
            )
        })
    }

    /// Returns the pairs that are compared, decoded, by name.
    fn pairs(&self, query: &str) -> Vec<(String, String)> {
        let decode = |text: &str| {
            let spaced = text.replace('+', " ");
            percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
        };
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        let is_compared = |(name, _): &(String, String)| {
            let is_ignored = matches!(self.ignored, Some(Place::Query(known)) if known == name);
            !is_ignored && !self.names.hides_parameter(name) && !self.names.hides_field(name)
        };
        let mut pairs: Vec<_> = pairs.filter(is_compared).collect();
        // Stable: values of a repeated parameter keep their order.
        pairs.sort_by(|one, other| one.0.cmp(&other.0));
        pairs
    }

    fn of_headers(&self, recorded: &HeaderMap, found: &HeaderMap) -> Option<String> {
        let names = HEADERS.iter().filter(|name| !self.names.hides_header(name));
        names.copied().find_map(|name| {
            let text = |headers: &HeaderMap| {
                let value = headers.get(name).map(http::HeaderValue::as_bytes);
                value.map(|value| String::from_utf8_lossy(value).into_owned())
            };
            let (recorded, found) = (text(recorded), text(found));
            let is_equal = match (&recorded, &found) {
                (Some(recorded), Some(found)) => matches(recorded, found, HIDDEN),
                (recorded, found) => recorded == found,
            };
            let shown =
                |value: Option<String>| value.map_or("missing".to_owned(), |text| cut(&text));
            (!is_equal).then(|| {
                format!(
                    "the header `{name}` is {}, recorded is {}",
                    shown(found),
                    shown(recorded)
                )
            })
        })
    }

    fn of_bodies(&self, recorded: &Request, found: &Request) -> Option<String> {
        let (old, new) = (recorded.content.joined(), found.content.joined());
        if old == new {
            return None;
        }
        if content_type(&found.headers)
            .to_ascii_lowercase()
            .starts_with("application/x-www-form-urlencoded")
        {
            let [old, new] = [old, new].map(|body| String::from_utf8_lossy(&body).into_owned());
            return self.of_pairs("the form", &old, &new);
        }
        if let (Ok(old), Ok(new)) = (serde_json::from_slice(&old), serde_json::from_slice(&new)) {
            return self.of_json(&old, &new, &mut "the body".to_owned());
        }
        // Boundaries are random, and texts of parts are compared line by line.
        let text = |request: &Request, body: &[u8]| {
            let boundary = batch::boundary(content_type(&request.headers));
            let text = String::from_utf8_lossy(body).into_owned();
            boundary.map_or(text.clone(), |boundary| text.replace(&boundary, "boundary"))
        };
        let (old, new) = (text(recorded, &old), text(found, &new));
        let is_equal = old == HIDDEN || self.of_lines(&old, &new);
        (!is_equal).then(|| {
            format!(
                "the body has {} bytes of another content than the recorded {} bytes",
                new.len(),
                old.len()
            )
        })
    }

    fn of_lines(&self, recorded: &str, found: &str) -> bool {
        let (mut recorded, mut found) = (recorded.lines(), found.lines());
        loop {
            match (recorded.next(), found.next()) {
                (None, None) => return true,
                (Some(recorded), Some(found)) if self.is_line(recorded, found) => {}
                _ => return false,
            }
        }
    }

    fn is_line(&self, recorded: &str, found: &str) -> bool {
        if is_text(recorded, found) {
            return true;
        }
        // The length of a body in which something is hidden.
        let is_length = |line: &str| line.starts_with("content-length:");
        if is_length(recorded) && is_length(found) {
            return true;
        }
        match (serde_json::from_str(recorded), serde_json::from_str(found)) {
            (Ok(recorded), Ok(found)) => self
                .of_json(&recorded, &found, &mut String::new())
                .is_none(),
            _ => false,
        }
    }

    /// Returns the first difference of JSON. `path` leads to the value.
    fn of_json(&self, recorded: &Value, found: &Value, path: &mut String) -> Option<String> {
        match (recorded, found) {
            (Value::Object(recorded), Value::Object(found)) => {
                let names: std::collections::BTreeSet<_> =
                    recorded.keys().chain(found.keys()).collect();
                names.into_iter().find_map(|name| {
                    if self.names.hides_field(name) || self.is_ignored(path, name) {
                        return None;
                    }
                    let length = path.len();
                    path.push('.');
                    path.push_str(name);
                    let difference = match (recorded.get(name), found.get(name)) {
                        (Some(recorded), Some(found)) => self.of_json(recorded, found, path),
                        (Some(_), None) => Some(format!("{path} is missing")),
                        _ => Some(format!("{path} is not recorded")),
                    };
                    path.truncate(length);
                    difference
                })
            }
            (Value::Array(recorded), Value::Array(found)) if recorded.len() == found.len() => {
                let mut pairs = recorded.iter().zip(found).enumerate();
                pairs.find_map(|(index, (recorded, found))| {
                    let length = path.len();
                    let _ = write!(path, "[{index}]");
                    let difference = self.of_json(recorded, found, path);
                    path.truncate(length);
                    difference
                })
            }
            (Value::String(recorded), Value::String(found)) if is_text(recorded, found) => None,
            _ if recorded == found => None,
            _ => Some(format!(
                "{path} is {}, recorded is {}",
                cut(&found.to_string()),
                cut(&recorded.to_string())
            )),
        }
    }

    /// Returns `true` if a member is the id of the request.
    fn is_ignored(&self, path: &str, name: &str) -> bool {
        let Some(Place::Body(ignored)) = self.ignored else {
            return false;
        };
        let path = path.strip_prefix("the body").unwrap_or(path);
        format!("{path}.{name}").trim_start_matches('.') == ignored
    }
}

/// Returns `false` if a replayed upload asks for the address of another one. Each address has its own marker.
fn is_same_upload(recorded: &str, found: &str) -> bool {
    let marker = |query: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, id) = pairs.find(|(name, _)| is_upload_id(name))?;
        Some(percent_decode_str(id).decode_utf8_lossy().into_owned())
            .filter(|id| id.starts_with("[hidden") && id.ends_with(']'))
    };
    match (marker(recorded), marker(found)) {
        (Some(recorded), Some(found)) => recorded == found,
        _ => true,
    }
}

fn content_type(headers: &HeaderMap) -> &str {
    let value = headers.get(CONTENT_TYPE);
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Returns `true` if a text is a recorded one, in which both markers match any text.
fn is_text(recorded: &str, found: &str) -> bool {
    matches(&recorded.replace(HIDDEN_IN_URL, HIDDEN), found, HIDDEN)
}

/// Returns `true` if a text is a recorded one, in which a marker matches any text.
fn matches(recorded: &str, found: &str, marker: &str) -> bool {
    let mut parts = recorded.split(marker);
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = found.strip_prefix(first) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

/// Cuts off a long text.
fn cut(text: &str) -> String {
    if text.len() <= SHOWN {
        return format!("`{text}`");
    }
    let end = (0..=SHOWN).rev().find(|end| text.is_char_boundary(*end));
    format!("`{}…`", &text[..end.unwrap_or(0)])
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_hidden_text_stands_for_any() {
        for (recorded, found, expected) in [
            ("abc", "abc", true),
            ("abc", "abcd", false),
            ("[hidden]", "", true),
            ("[hidden]", "abc", true),
            ("a[hidden]c", "abc", true),
            ("a[hidden]c", "ac", true),
            ("a[hidden]c", "abd", false),
            ("a[hidden]b[hidden]c", "a1b2c", true),
            ("a[hidden]b[hidden]c", "a1c", false),
        ] {
            assert_eq!(
                matches(recorded, found, "[hidden]"),
                expected,
                "{recorded} {found}"
            );
        }
    }
}
