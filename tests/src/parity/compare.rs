//! Compares two requests. The verb and the path must be the same bytes. Query parameters too, as an ordered list for
//! each name. Only headers that affect a server count. JSON is compared as values, multipart bodies part by part.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{multipart, recording::Sent};

/// The request that a generated client makes of the arguments of a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// The client sends this request.
    Sent(Sent),
    /// The client rejects the call for this reason.
    Rejected(String),
    /// The client has no function for this argument.
    Missing(String),
    /// There is no page after the given one.
    End,
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The place: `verb`, `path`, `query NAME`, `header NAME`, `body POINTER`, `rejected`, `missing`.
    pub place: String,
    /// The recorded value.
    pub recorded: String,
    /// The value of the generated client.
    pub generated: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            place,
            recorded,
            generated,
        } = self;
        write!(
            f,
            "{place}: recorded {}, generated {}",
            cut(recorded),
            cut(generated)
        )
    }
}

/// Shortens a text, from the position where it differs.
fn cut(text: &str) -> String {
    let mut characters = text.chars();
    let mut short: String = characters.by_ref().take(300).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

/// Headers that affect a server. Content types are compared without the boundary of their parts.
const HEADERS: [&str; 6] = [
    "accept",
    "content-type",
    "x-goog-api-version",
    "x-http-method-override",
    "x-upload-content-type",
    "x-upload-content-length",
];

/// Returns the differences between the recorded request and the request of a generated client: the verb, the path, each
/// query parameter, each header, and the first one in the body.
#[must_use]
pub fn differences(recorded: &Sent, outcome: &CallOutcome) -> Vec<Difference> {
    let all = |place: &str, generated: &str| {
        vec![Difference {
            place: place.to_owned(),
            recorded: format!("{} {}", recorded.http_method, recorded.url),
            generated: generated.to_owned(),
        }]
    };
    match outcome {
        CallOutcome::Sent(sent) => {
            let mut found = head(recorded, sent);
            found.extend(body(recorded, sent));
            found
        }
        CallOutcome::Rejected(reason) => all("rejected", reason),
        CallOutcome::Missing(what) => all("missing", what),
        CallOutcome::End => all("rejected", "there is no next page"),
    }
}

fn unequal(place: impl Into<String>, recorded: &str, generated: &str) -> Option<Difference> {
    (recorded != generated).then(|| Difference {
        place: place.into(),
        recorded: recorded.to_owned(),
        generated: generated.to_owned(),
    })
}

fn head(recorded: &Sent, generated: &Sent) -> Vec<Difference> {
    let ((path, query), (own_path, own_query)) = (split(&recorded.url), split(&generated.url));
    let headers = HEADERS.iter().filter_map(|name| {
        let value = |sent: &Sent| header(&sent.header(name).unwrap_or_default());
        unequal(
            format!("header {name}"),
            &value(recorded),
            &value(generated),
        )
    });
    unequal("verb", &recorded.http_method, &generated.http_method)
        .into_iter()
        .chain(unequal("path", path, own_path))
        .chain(form("query", query, own_query))
        .chain(headers)
        .collect()
}

/// Returns a URL's path, with scheme and host, and its query.
fn split(url: &str) -> (&str, &str) {
    url.split_once('?').unwrap_or((url, ""))
}

/// Returns the value of a header without the boundary of parts, which is arbitrary.
fn header(value: &str) -> String {
    let parameters = value.split(';').map(str::trim);
    let kept = parameters.filter(|parameter| !parameter.starts_with("boundary="));
    kept.collect::<Vec<_>>().join("; ")
}

/// Compares `application/x-www-form-urlencoded` texts. The order of different names does not matter.
fn form(place: &str, recorded: &str, generated: &str) -> Vec<Difference> {
    let (recorded, generated) = (by_name(recorded), by_name(generated));
    let names: BTreeSet<&&str> = recorded.keys().chain(generated.keys()).collect();
    let different = names.into_iter().filter_map(|name| {
        let values = |form: &BTreeMap<_, Vec<&str>>| {
            form.get(name)
                .map_or_else(|| "nothing".to_owned(), |values| values.join(" & "))
        };
        unequal(
            format!("{place} {name}"),
            &values(&recorded),
            &values(&generated),
        )
    });
    different.collect()
}

fn by_name(form: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for pair in form.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        found.entry(name).or_default().push(value);
    }
    found
}

fn body(recorded: &Sent, generated: &Sent) -> Option<Difference> {
    let content_type = recorded.header("content-type").unwrap_or_default();
    let (text, own_text) = (recorded.text(), generated.text());
    if text.is_empty() != own_text.is_empty() {
        return unequal("body", &text, &own_text);
    }
    if content_type.starts_with("multipart/") {
        let of = |sent: &Sent, text: &str| {
            let content_type = sent.header("content-type").unwrap_or_default();
            multipart::parts(text, multipart::boundary(&content_type)?)
        };
        let (Some(parts), Some(own)) = (of(recorded, &text), of(generated, &own_text)) else {
            return unequal("body", &text, &own_text);
        };
        return unequal(
            "body: number of parts",
            &parts.len().to_string(),
            &own.len().to_string(),
        )
        .or_else(|| {
            parts
                .iter()
                .zip(&own)
                .enumerate()
                .find_map(|(index, (part, own))| self::part(index, part, own))
        });
    }
    if content_type.starts_with("application/x-www-form-urlencoded") {
        return form("body", &text, &own_text).into_iter().next();
    }
    content("body ", &content_type, &text, &own_text)
}

/// Compares JSON as values and anything else as text.
fn content(place: &str, content_type: &str, recorded: &str, generated: &str) -> Option<Difference> {
    if content_type.starts_with("application/json") {
        let read = |text: &str| serde_json::from_str::<Value>(text).ok();
        if let (Some(recorded), Some(generated)) = (read(recorded), read(generated)) {
            return json(place, &recorded, &generated);
        }
    }
    unequal(place.trim_end(), recorded, generated)
}

fn json(pointer: &str, recorded: &Value, generated: &Value) -> Option<Difference> {
    match (recorded, generated) {
        (Value::Object(recorded), Value::Object(generated)) => {
            let names = recorded.keys().chain(generated.keys());
            names.into_iter().find_map(|name| {
                let pointer = format!("{pointer}/{name}");
                match (recorded.get(name), generated.get(name)) {
                    (Some(recorded), Some(generated)) => json(&pointer, recorded, generated),
                    (recorded, generated) => unequal(pointer, &shown(recorded), &shown(generated)),
                }
            })
        }
        (Value::Array(recorded), Value::Array(generated)) if recorded.len() == generated.len() => {
            let pairs = recorded.iter().zip(generated).enumerate();
            pairs
                .into_iter()
                .find_map(|(index, (recorded, generated))| {
                    json(&format!("{pointer}/{index}"), recorded, generated)
                })
        }
        (Value::Number(a), Value::Number(b))
            if a.as_f64() == b.as_f64() && exact(a) == exact(b) =>
        {
            None
        }
        _ => unequal(pointer, &recorded.to_string(), &generated.to_string()),
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), Value::to_string)
}

/// Returns an integer that no float can represent. `1` and `1.0` are the same number.
fn exact(number: &serde_json::Number) -> Option<i128> {
    let integer = number
        .as_i64()
        .map(i128::from)
        .or_else(|| number.as_u64().map(i128::from));
    integer.filter(|integer| integer.unsigned_abs() > 1 << 53)
}

/// Compares the headers and the content of a part. A part of a batch is itself a request.
fn part(
    index: usize,
    recorded: &multipart::Part,
    generated: &multipart::Part,
) -> Option<Difference> {
    let place = format!("body: part {index}");
    let content_type = recorded.header("content-type");
    unequal(
        format!("{place}, content-type"),
        content_type,
        generated.header("content-type"),
    )
    .or_else(|| {
        if content_type.starts_with("application/http") {
            return request(&place, &recorded.content, &generated.content);
        }
        content(
            &format!("{place} "),
            content_type,
            &recorded.content,
            &generated.content,
        )
    })
}

/// Compares requests written as text: the target, the headers of the request, the body.
fn request(place: &str, recorded: &str, generated: &str) -> Option<Difference> {
    let (line, rest) = recorded.split_once('\n').unwrap_or((recorded, ""));
    let (own_line, own_rest) = generated.split_once('\n').unwrap_or((generated, ""));
    let sent = |line: &str, rest: &str| {
        let mut words = line.split_whitespace();
        let part = multipart::part(rest);
        let mut headers: BTreeMap<String, Value> = BTreeMap::new();
        for (name, value) in part.headers {
            headers.insert(name, value.into());
        }
        let body = part.content.trim_end_matches(['\r', '\n']);
        // The Python client sends the content type of JSON even without a body.
        if body.is_empty() {
            headers.remove("content-type");
        }
        Sent {
            http_method: words.next().unwrap_or_default().to_owned(),
            url: words.next().unwrap_or_default().to_owned(),
            headers,
            body: body.into(),
        }
    };
    let (recorded, generated) = (sent(line, rest), sent(own_line, own_rest));
    let found = head(&recorded, &generated);
    let found = found
        .into_iter()
        .next()
        .or_else(|| body(&recorded, &generated))?;
    Some(Difference {
        place: format!("{place}: {}", found.place),
        ..found
    })
}
