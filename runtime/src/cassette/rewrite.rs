//! A session without its secrets.

mod content;

use super::body::{Exchange, Outcome, RecordedFault, Request};
use super::hide::{HIDDEN, HIDDEN_IN_URL, Names, is_credential, is_upload_id};
use super::scan::{self, Scanned};
use super::secrets::Secrets;
use crate::encode;
use content::{content_by_text, hide_content};
use http::{HeaderMap, HeaderValue};
use percent_encoding::percent_decode_str;

/// The values that were hidden by their names.
#[derive(Default)]
struct Found {
    credentials: Vec<String>,
    others: Vec<String>,
    /// The addresses of uploads. Each has its own marker, because a replay distinguishes them.
    uploads: Vec<String>,
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

    /// Keeps the values that were hidden in a text, and returns the text.
    fn add_all(&mut self, scanned: Scanned) -> String {
        self.credentials.extend(scanned.credentials);
        self.others.extend(scanned.others);
        scanned.text
    }

    /// Returns the marker for the address of an upload.
    fn upload(&mut self, value: String) -> String {
        let known = self.uploads.iter().position(|known| *known == value);
        let position = known.unwrap_or_else(|| {
            self.uploads.push(value);
            self.uploads.len() - 1
        });
        match position {
            0 => HIDDEN_IN_URL.to_owned(),
            _ => format!("%5Bhidden-{}%5D", position + 1),
        }
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
    let request = hide_request(request, names, found);
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
        Outcome::Fault(fault) => Outcome::Fault(hide_fault(fault, names, found)),
        Outcome::Canceled => Outcome::Canceled,
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
    let (url, fragment) = match url.split_once('#') {
        Some((url, fragment)) => (url, Some(fragment)),
        None => (url, None),
    };
    let mut hidden = match url.split_once('?') {
        Some((path, query)) => format!("{path}?{}", hide_pairs(query, names, found)),
        None => url.to_owned(),
    };
    if let Some(fragment) = fragment {
        hidden.push('#');
        hidden.push_str(&hide_pairs(fragment, names, found));
    }
    hidden
}

/// Returns a request without hidden values, for the comparison with a recorded one.
pub(super) fn hidden_request(request: Request, names: &Names) -> Request {
    hide_request(request, names, &mut Found::default())
}

fn hide_request(request: Request, names: &Names, found: &mut Found) -> Request {
    Request {
        content: hide_content(request.content, &request.headers, names, found),
        verb: request.verb,
        uri: hide_url(&request.uri, names, found),
        headers: hide_headers(&request.headers, names, found),
    }
}

fn hide_fault(mut fault: RecordedFault, names: &Names, found: &mut Found) -> RecordedFault {
    fault.message = found.add_all(scan::hide(&fault.message, names));
    fault
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
        let is_credential = is_credential(&meant) || Names::default().hides_parameter(&meant);
        found.add(&decoded(value), is_credential);
        found.add(value, is_credential);
        if is_upload_id(&meant) {
            return format!("{name}={}", found.upload(decoded(value)));
        }
        format!("{name}={HIDDEN_IN_URL}")
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// Hides values in a URL or JSON that is the value of a parameter.
fn within(pair: &str, name: &str, value: &str, names: &Names, found: &mut Found) -> String {
    let meant = decoded(value);
    let is_url = meant.contains('?') && meant.contains('=');
    let mut hidden = if is_url {
        hide_url(&meant, names, found)
    } else {
        meant.clone()
    };
    if let Some(scanned) = scan::hide_value(&hidden, names) {
        hidden = found.add_all(scanned);
    }
    if hidden == meant {
        pair.to_owned()
    } else {
        format!("{name}={}", encode::simple(&hidden))
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
            let text = hide_url(&text, names, found);
            found.add_all(scan::hide(&text, names))
        };
        let value = HeaderValue::from_bytes(text.as_bytes());
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

/// Hides texts in each segment of the path and each value of the query, and those that have several segments.
fn url_by_text(url: &str, secrets: &Secrets) -> String {
    let authority = url.find("://").map_or(0, |at| at + 3);
    let path = url[authority..]
        .find('/')
        .map_or(url.len(), |at| authority + at);
    let (authority, path) = url.split_at(path);
    let url = authority.to_owned() + &secrets.hide_usual(path, HIDDEN_IN_URL);
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
        let value = HeaderValue::from_bytes(text.as_bytes());
        hidden.append(
            name,
            value.unwrap_or_else(|_| HeaderValue::from_static(HIDDEN)),
        );
    }
    hidden
}

fn fault_by_text(fault: &RecordedFault, secrets: &Secrets) -> RecordedFault {
    RecordedFault {
        message: secrets.hide_in(&fault.message, HIDDEN),
        ..fault.clone()
    }
}
