//! Failures on demand.

use crate::http::{Request, Response};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A failure that replaces the response to one request, or changes it.
#[derive(Clone, Debug)]
pub enum Fault {
    /// An OAuth error: status, code and description.
    OAuth(u16, &'static str, &'static str),
    /// A status with a body that is not JSON.
    Status(u16),
    /// A status with the header `retry-after`.
    RetryAfter(u16, &'static str),
    /// A status 200 with this body.
    Body(String),
    /// No response until the client closes the connection.
    Hang,
    /// A response that starts after this number of milliseconds.
    Late(u64),
    /// A closed connection instead of a response.
    Close,
    /// Half of the response, and then a closed connection.
    Cut,
    /// An error that repeats every secret of the request in this encoding.
    Repeat(Encoding),
}

/// An encoding in which a server may repeat a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As it was sent.
    Plain,
    /// Each byte as `%xx`.
    Percent,
    /// Percent-encoded twice.
    PercentTwice,
    /// Each letter as `\u00xx` in the JSON of the response. A parser decodes that.
    JsonEscape,
    /// A JSON text within the JSON text.
    NestedJson,
    /// Each letter as `&#xx;`.
    Html,
    /// Base64 with the standard alphabet.
    Base64,
    /// Base64 with the alphabet of URLs, without padding.
    Base64Url,
    /// Hexadecimal digits.
    Hex,
    /// As the header `authorization` of HTTP Basic would have it.
    Basic,
}

impl Encoding {
    /// All encodings.
    pub const ALL: [Self; 10] = [
        Self::Plain,
        Self::Percent,
        Self::PercentTwice,
        Self::JsonEscape,
        Self::NestedJson,
        Self::Html,
        Self::Base64,
        Self::Base64Url,
        Self::Hex,
        Self::Basic,
    ];

    /// Encodes a text.
    pub fn encode(self, text: &str) -> String {
        let bytes =
            |format: fn(u8) -> String| text.bytes().map(format).collect::<Vec<_>>().concat();
        match self {
            // `JsonEscape` is up to the response.
            Self::Plain | Self::JsonEscape => text.to_owned(),
            Self::Percent => bytes(|byte| format!("%{byte:02X}")),
            Self::PercentTwice => bytes(|byte| format!("%25{byte:02x}")),
            Self::NestedJson => {
                let escaped = text.chars().fold(String::new(), |mut all, character| {
                    let _ = write!(all, "\\u{:04x}", u32::from(character));
                    all
                });
                format!("{{\"token\":\"{escaped}\"}}")
            }
            Self::Html => bytes(|byte| format!("&#{byte};")),
            Self::Base64 => BASE64_STANDARD.encode(text),
            Self::Base64Url => BASE64_URL_SAFE_NO_PAD.encode(text),
            Self::Hex => bytes(|byte| format!("{byte:02x}")),
            Self::Basic => BASE64_STANDARD.encode(format!("client:{text}")),
        }
    }
}

/// Parameters and members whose values are secrets.
const SECRETS: [&str; 9] = [
    "assertion",
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "refresh_token",
    "subject_token",
    "access_token",
    "token",
];

/// Returns the secrets in a request.
pub fn secrets_of(request: &Request) -> Vec<String> {
    let form = request.form().into_iter();
    let form = form.filter(|(name, _)| SECRETS.contains(&name.as_str()));
    let mut secrets: Vec<String> = form.map(|(_, value)| value).collect();
    secrets.extend(request.bearer().map(str::to_owned));
    secrets.extend(request.basic().map(|(_, password)| password));
    secrets.retain(|secret| !secret.is_empty());
    secrets
}

/// Returns the error that repeats the secrets of a request.
pub(crate) fn repeated(request: &Request, encoding: Encoding) -> Response {
    let secrets = secrets_of(request).into_iter();
    let secrets: Vec<_> = secrets.map(|secret| encoding.encode(&secret)).collect();
    let text = format!("Bad Request: {}", secrets.join(" and "));
    let body: Value = if request.bearer().is_some() {
        json!({"error": {"code": 400, "message": text, "status": "INVALID_ARGUMENT"}})
    } else {
        json!({"error": "invalid_grant", "error_description": text})
    };
    let mut body = body.to_string();
    if encoding == Encoding::JsonEscape {
        for secret in secrets_of(request) {
            let escaped = secret.chars().fold(String::new(), |mut all, character| {
                let _ = write!(all, "\\u{:04x}", u32::from(character));
                all
            });
            body = body.replace(&secret, &escaped);
        }
    }
    Response::new(400, "application/json", body)
}
