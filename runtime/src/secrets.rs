//! The secrets of a request. They must not be shown, even if a server repeats them in its response.
//!
//! Messages of servers are shown and logged. A server, a proxy or an emulator may quote the token that it rejected. So a
//! response contains the secrets of its request, and an error made from the response hides them.

mod hidden;

use crate::error::{Error, ErrorKind, Status};
use crate::method::MethodInfo;
use crate::wire::Budget;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
pub(crate) use hidden::Hidden;
use http::{Extensions, HeaderMap, HeaderValue, Uri};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The query parameters that are worth as much as a password: credentials of the caller, and the address of an upload.
const PARAMETERS: [&str; 5] = [
    "access_token",
    "bearer_token",
    "key",
    "oauth_token",
    "upload_id",
];

/// The length, in bytes, from which a text is a secret. Shorter ones, such as the `owner` that emulators take for a token, protect
/// nothing, and messages would be full of holes.
const SHORTEST: usize = 8;

/// The replacement for a secret.
const HIDDEN: &str = "[hidden]";

/// The secrets of a request, as they are in the request. They are hardly ever needed.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    /// The values of headers that are marked as sensitive.
    headers: Vec<HeaderValue>,
    queries: Vec<Bytes>,
    /// The texts to hide, if many responses share them.
    texts: Option<Arc<Texts>>,
}

impl Secrets {
    /// Returns the secrets of a request: the headers that are marked as sensitive, and parameters of the query. `form` is the
    /// body of a request whose query went there.
    pub(crate) fn of(uri: &Uri, headers: &HeaderMap, form: Option<&Bytes>) -> Self {
        let is_secret = |value: &&HeaderValue| value.is_sensitive();
        let mut values = Vec::with_capacity(headers.values().filter(is_secret).count());
        values.extend(headers.values().filter(is_secret).cloned());
        let query = uri.query().filter(|query| !in_query(query).is_empty());
        let query = query.map(|query| Bytes::copy_from_slice(query.as_bytes()));
        Self {
            headers: values,
            queries: query.into_iter().chain(form.cloned()).collect(),
            texts: None,
        }
    }

    /// Adds the value of a header that the transport has added to the request.
    #[cfg(feature = "hyper")]
    pub(crate) fn add(&mut self, value: HeaderValue) {
        self.headers.push(value);
    }

    /// Returns the secrets in the extensions of a response.
    pub(crate) fn of_response(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or_default()
    }

    /// Returns the secrets of several requests that have one response. Copies of them share one list of texts: most requests
    /// have the same token.
    pub(crate) fn together(requests: Vec<Self>) -> Self {
        let mut all = Self::default();
        for Self {
            headers, queries, ..
        } in requests
        {
            all.headers.extend(headers);
            all.queries.extend(queries);
        }
        let texts = Arc::new(all.texts());
        Self {
            texts: Some(texts),
            ..Self::default()
        }
    }

    fn texts(&self) -> Texts {
        let headers = self.headers.iter().filter_map(|value| value.to_str().ok());
        let headers = headers.flat_map(|text| {
            // Without the scheme, `Bearer`, too: a server may repeat the token alone.
            let token = text.rsplit(' ').next().unwrap_or(text);
            let own = [text.to_owned(), token.to_owned()];
            own.into_iter().chain(of_basic(text))
        });
        let queries = self.queries.iter();
        let parameters =
            queries.flat_map(|query| in_query(str::from_utf8(query).unwrap_or_default()));
        let texts = headers.chain(parameters);
        let texts: BTreeSet<String> = texts.filter(|text| text.len() >= SHORTEST).collect();
        let mut texts: Vec<String> = texts.into_iter().collect();
        // A text within another one must not keep the longer one from being found.
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        let encoded = texts.iter().map(String::as_str).collect::<Vec<_>>();
        let encoded = Hidden::of(&encoded);
        Texts { texts, encoded }
    }

    /// The status without them.
    pub(crate) fn hide_in(&self, status: Status) -> Status {
        match &self.texts {
            Some(texts) => texts.hide_in(status),
            None => self.texts().hide_in(status),
        }
    }
}

/// Returns the error for a response with a status other than 2xx.
pub(crate) fn http_error(method: &MethodInfo, response: http::Response<Bytes>) -> Error {
    let budget = response.extensions().get::<Budget>().copied();
    let budget = Budget::OF_ERRORS.at_most(budget);
    let status = Status::parse_within(response.body(), budget);
    let status = status.map(|status| Secrets::of_response(response.extensions()).hide_in(status));
    let message = status.as_ref().map(ToString::to_string).unwrap_or_default();
    Error::unsent(ErrorKind::Http, Some(method.id), message).with_response(response, status)
}

/// Returns the error for an error in the stream of a response with a 2xx status. The body of the response is the element with
/// the error.
pub(crate) fn stream_error(
    method: &MethodInfo,
    status: Status,
    response: http::Response<Bytes>,
) -> Error {
    let status = Secrets::of_response(response.extensions()).hide_in(status);
    let message = format!("the stream ended with an error: {}", status.reason_text());
    Error::unsent(ErrorKind::Stream, Some(method.id), message).with_response(response, Some(status))
}

/// The texts to hide.
struct Texts {
    texts: Vec<String>,
    /// The same in any encoding.
    encoded: Hidden,
}

impl Texts {
    fn hide_in(&self, mut status: Status) -> Status {
        self.hide_in_text(&mut status.message);
        if let Some(name) = &mut status.status {
            self.hide_in_text(name);
        }
        for detail in &mut status.details {
            self.hide_in_value(detail);
        }
        status
    }

    fn hide_in_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.hide_in_text(text),
            Value::Array(values) => values
                .iter_mut()
                .for_each(|value| self.hide_in_value(value)),
            Value::Object(members) => {
                let has_one = |name: &String| self.is_in(name);
                if members.keys().any(has_one) {
                    let taken = std::mem::take(members).into_iter();
                    members.extend(taken.map(|(mut name, value)| {
                        self.hide_in_text(&mut name);
                        (name, value)
                    }));
                }
                members
                    .values_mut()
                    .for_each(|value| self.hide_in_value(value));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn is_in(&self, text: &str) -> bool {
        self.texts.iter().any(|secret| text.contains(secret)) || self.encoded.is_in(text)
    }

    /// Replaces each secret in a text. A text that holds one in an encoding is replaced as a whole.
    fn hide_in_text(&self, text: &mut String) {
        for secret in &self.texts {
            if text.contains(secret) {
                *text = text.replace(secret, HIDDEN);
            }
        }
        if self.encoded.is_in(text) {
            HIDDEN.clone_into(text);
        }
    }
}

/// Returns the name with the password, and the password alone, of the scheme `Basic` (RFC 7617).
fn of_basic(header: &str) -> Vec<String> {
    let Some((scheme, encoded)) = header.split_once(' ') else {
        return Vec::new();
    };
    let decoded = scheme
        .eq_ignore_ascii_case("basic")
        .then(|| BASE64_STANDARD.decode(encoded.trim()).ok())
        .flatten()
        .and_then(|decoded| String::from_utf8(decoded).ok());
    let Some(pair) = decoded else {
        return Vec::new();
    };
    let password = pair
        .split_once(':')
        .map(|(_, password)| password.to_owned());
    password.into_iter().chain([pair]).collect()
}

/// The values of [`PARAMETERS`], as they are written and as they are meant.
fn in_query(query: &str) -> Vec<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let secrets = pairs.filter(|(name, _)| PARAMETERS.contains(name));
    let forms = secrets.flat_map(|(_, value)| {
        let spaced = value.replace('+', " ");
        let meant = percent_decode_str(&spaced).decode_utf8_lossy().into_owned();
        [value.to_owned(), meant]
    });
    forms.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn they_are_hidden_wherever_a_status_says_them() {
        let mut headers = HeaderMap::new();
        for (name, value, is_sensitive) in [
            ("authorization", "Bearer ya29.token", true),
            ("x-goog-api-key", "AIza-key", true),
            ("x-goog-user-project", "my-project", false),
            ("x-pass-phrase-key", "a secret of words", true),
            (
                "proxy-authorization",
                "basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
                true,
            ),
        ] {
            let mut value = HeaderValue::from_static(value);
            value.set_sensitive(is_sensitive);
            headers.insert(name, value);
        }
        let uri = "https://a.example/v1?key=query%2Fkey+1&fields=everything&upload_id=short";
        let secrets = Secrets::of(
            &uri.parse().unwrap(),
            &headers,
            Some(&Bytes::from_static(b"a=1&access_token=form-token")),
        );
        let shown = secrets.hide_in(Status {
            message: "ya29.token, AIza-key, query%2Fkey+1, query/key 1, form-token, my-project, everything, short, \
                      a secret of words, Bearer ya29.token, Aladdin, Aladdin:open sesame, open sesame"
                .to_owned(),
            status: Some("ya29.token".to_owned()),
            details: vec![json!({"form-token": ["AIza-key", {"a": "x=AIza-key;"}], "b": 1})],
            ..Default::default()
        });
        assert_eq!(
            shown.message,
            "[hidden], [hidden], [hidden], [hidden], [hidden], my-project, everything, short, [hidden], [hidden], \
             Aladdin, [hidden], [hidden]"
        );
        assert_eq!(shown.status.as_deref(), Some("[hidden]"));
        assert_eq!(
            shown.details,
            [json!({"[hidden]": ["[hidden]", {"a": "x=[hidden];"}], "b": 1})]
        );
    }
}
