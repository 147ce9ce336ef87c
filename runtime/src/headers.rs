//! Headers and query parameters that callers add, and the names that are reserved.

use http::header::{HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use std::fmt;
use std::str::FromStr;

/// A group of reserved names, and the reason why a caller cannot set them.
type Reserved = (&'static [&'static str], &'static str);

/// The reserved headers. All that begin with `proxy-` are reserved as well, and all that begin with `x-goog-upload-`.
const HEADERS: [Reserved; 9] = [
    (
        &["authorization"],
        "set the credentials with the builder of the client",
    ),
    (
        &["x-goog-api-key"],
        "set it with `api_key` of the builder of the client",
    ),
    (
        &["user-agent"],
        "set it with `user_agent` of the builder of the client",
    ),
    (&["x-goog-api-client"], "it names this library"),
    (
        &[
            "accept-encoding",
            "connection",
            "content-length",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
        ],
        BY_TRANSPORT,
    ),
    (&["content-type"], "it follows from the body of the call"),
    (
        &["content-range", "if-range", "range"],
        "for a part of the media use `download().range(…)`",
    ),
    (
        &[
            "x-http-method",
            "x-http-method-override",
            "x-method-override",
        ],
        "it would change the method",
    ),
    (
        &[
            "x-goog-resumable",
            "x-upload-content-length",
            "x-upload-content-type",
        ],
        BY_UPLOAD,
    ),
];

/// The reserved query parameters.
const PARAMETERS: [Reserved; 5] = [
    (
        &["alt", "$alt", "callback", "$callback"],
        "the type of the response decides about its form",
    ),
    (
        &["key", "$key"],
        "set it with `api_key` of the builder of the client",
    ),
    (
        &[
            "access_token",
            "$access_token",
            "bearer_token",
            "$bearer_token",
            "oauth_token",
            "$oauth_token",
        ],
        "set the credentials with the builder of the client",
    ),
    (
        &[
            "uploadType",
            "$uploadType",
            "upload_id",
            "upload_protocol",
            "$upload_protocol",
        ],
        BY_UPLOAD,
    ),
    (
        &["$httpHeaders", "$httpMethod"],
        "add headers with `Call::header`",
    ),
];

const BY_TRANSPORT: &str = "the transport sets it";
const BY_UPLOAD: &str = "an upload sets it";

/// Parts of the names of headers whose values are secrets, for example `x-goog-encryption-key`.
const SECRET: [&str; 9] = [
    "assertion",
    "auth",
    "cookie",
    "credential",
    "key",
    "password",
    "secret",
    "signature",
    "token",
];

/// Headers that make a call depend on the state of its resource (RFC 9110, section 13.1).
const CONDITIONS: [&str; 4] = [
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
];

/// The header that holds a mask of the response (<https://cloud.google.com/apis/docs/system-parameters>).
pub(crate) const MASK: HeaderName = HeaderName::from_static(MASK_NAME);

/// The name of [`MASK`].
pub(crate) const MASK_NAME: &str = "x-goog-fieldmask";

/// Headers that a caller has added, and the reasons why others are rejected.
#[derive(Clone, Default)]
pub(crate) struct Headers {
    accepted: HeaderMap,
    problems: Vec<String>,
}

impl Headers {
    /// Adds a header. `None` means that it is not a valid name or value.
    pub(crate) fn add(&mut self, name: Option<HeaderName>, value: Option<HeaderValue>) {
        match checked(name, value) {
            Err(problem) => self.problems.push(problem),
            Ok((name, value)) => {
                if self.accepted.try_append(name, value).is_err() {
                    self.problems.push("there are too many headers".to_owned());
                }
            }
        }
    }

    /// Sets a header to this value only.
    pub(crate) fn set(&mut self, name: HeaderName, value: Option<HeaderValue>) {
        self.accepted.remove(&name);
        self.add(Some(name), value);
    }

    /// Replaces each value of a header, or removes it.
    pub(crate) fn change(
        &mut self,
        name: &HeaderName,
        change: impl Fn(&HeaderValue) -> Option<HeaderValue>,
    ) {
        let values = self.accepted.get_all(name).iter();
        let values: Vec<_> = values.filter_map(change).collect();
        self.accepted.remove(name);
        for value in values {
            self.accepted.append(name, value);
        }
    }

    /// Adds a reason to reject the call.
    pub(crate) fn reject(&mut self, problem: String) {
        self.problems.push(problem);
    }

    pub(crate) fn accepted(&self) -> &HeaderMap {
        &self.accepted
    }

    pub(crate) fn problems(&self) -> &[String] {
        &self.problems
    }

    /// Returns the headers for further requests of the same call. They have no conditions, because the first request has
    /// changed the resource.
    pub(crate) fn without_conditions(&self) -> HeaderMap {
        let mut headers = self.accepted.clone();
        for name in CONDITIONS {
            headers.remove(name);
        }
        headers
    }

    /// Writes the headers over others of the same names.
    pub(crate) fn write_to(&self, headers: &mut HeaderMap) {
        write(&self.accepted, headers);
    }
}

impl From<HeaderMap> for Headers {
    fn from(accepted: HeaderMap) -> Self {
        Self {
            accepted,
            problems: Vec::new(),
        }
    }
}

/// The names alone.
impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.accepted.keys().map(HeaderName::as_str);
        f.debug_list().entries(names).finish()
    }
}

/// Writes headers over others of the same names.
pub(crate) fn write(from: &HeaderMap, to: &mut HeaderMap) {
    for name in from.keys() {
        to.remove(name);
        for value in from.get_all(name) {
            to.append(name, value.clone());
        }
    }
}

/// Returns the reason why a header cannot be one of all calls of a client.
pub(crate) fn default_problem(name: &HeaderName) -> Option<String> {
    if CONDITIONS.contains(&name.as_str()) || *name == MASK {
        let setter = match name.as_str() {
            "if-match" => "if_match",
            "if-none-match" => "if_none_match",
            _ => "header",
        };
        Some(format!(
            "the header `{name}` is for single calls: set it with `Call::{setter}`"
        ))
    } else if name == "x-goog-user-project" {
        Some(format!(
            "the header `{name}` is reserved: use `quota_project`"
        ))
    } else {
        None
    }
}

/// Returns the reason why a caller cannot add a query parameter of this name.
pub(crate) fn parameter_problem(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("a query parameter has no name".to_owned());
    }
    let reason = reason(&PARAMETERS, name)?;
    Some(format!(
        "the query parameter `{name}` is reserved: {reason}"
    ))
}

fn checked(
    name: Option<HeaderName>,
    value: Option<HeaderValue>,
) -> Result<(HeaderName, HeaderValue), String> {
    let Some(name) = name else {
        return Err("the name of a header is not a token (RFC 9110)".to_owned());
    };
    let reserved = match name.as_str() {
        text if text.starts_with("proxy-") => Some(BY_TRANSPORT),
        text if text.starts_with("x-goog-upload-") => Some(BY_UPLOAD),
        text => reason(&HEADERS, text),
    };
    if let Some(reason) = reserved {
        return Err(format!("the header `{name}` is reserved: {reason}"));
    }
    // Others mean different characters to different servers.
    let Some(mut value) = value.filter(|value| value.to_str().is_ok()) else {
        return Err(format!(
            "the value of the header `{name}` has characters other than visible ASCII"
        ));
    };
    // Without an etag the server would not compare anything.
    if value.as_bytes().trim_ascii().is_empty() && (name == IF_MATCH || name == IF_NONE_MATCH) {
        return Err(format!("the header `{name}` has no etag"));
    }
    if is_secret(name.as_str()) {
        value.set_sensitive(true);
    }
    Ok((name, value))
}

/// Returns `true` if the name of a header says that its values are secrets.
pub(crate) fn is_secret(name: &str) -> bool {
    SECRET.iter().any(|part| name.contains(part))
}

/// Marks the values of headers whose names suggest secrets.
pub(crate) fn mark_secrets(headers: &mut HeaderMap) {
    for (name, value) in headers {
        if is_secret(name.as_str()) {
            value.set_sensitive(true);
        }
    }
}

fn reason(reserved: &[Reserved], name: &str) -> Option<&'static str> {
    let mut reserved = reserved.iter();
    let (_, reason) = reserved.find(|(names, _)| names.contains(&name))?;
    Some(reason)
}

/// Returns the number that a header states. It has digits only. `parse` would accept a sign too.
pub(crate) fn digits<T: FromStr>(text: &str) -> Option<T> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests;
