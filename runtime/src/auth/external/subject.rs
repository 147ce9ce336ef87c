//! Subject tokens from files and URLs.

use super::super::address::Plain;
use super::super::exchange;
use super::super::small_file::{self, MAX_SIZE};
use super::super::token::TokenRequest;
use super::members::{Members, within};
use super::work::apart;
use crate::credentials::CredentialsError;
use http::header::ACCEPT;
use http::{HeaderName, HeaderValue};
use serde_json::Value;
use std::path::PathBuf;

/// A file that another program keeps up to date, for instance a token of Kubernetes.
#[derive(Debug)]
pub(super) struct TokenFile {
    /// The name of the file of the credentials, for errors.
    file: String,
    path: PathBuf,
    format: Format,
}

/// A URL on this machine or of an identity provider, for instance Azure's metadata server.
pub(super) struct TokenUrl {
    file: String,
    url: String,
    /// They can be credentials.
    headers: Vec<(HeaderName, HeaderValue)>,
    format: Format,
}

/// The place of the token in a text.
#[derive(Debug)]
enum Format {
    /// The text is the token.
    Text,
    /// The text is a JSON object, and a member with this name is the token.
    Json(String),
}

impl TokenFile {
    /// Reads the member `credential_source` of a file.
    pub(super) fn new(source: &Members<'_>) -> Result<Self, CredentialsError> {
        Ok(Self {
            file: source.file().to_owned(),
            path: source.required("file")?.into(),
            format: Format::new(source)?,
        })
    }

    /// Reads the file. It is read for each token, since it changes.
    pub(super) async fn subject_token(&self) -> Result<String, CredentialsError> {
        let path = self.path.clone();
        let text = apart(move |_| small_file::read(&path, MAX_SIZE)).await?.map_err(|error| {
            self.problem(&format!(
                "cannot be read: {error}; help: check the path, and that the program that writes the file runs"
            ))
        })?;
        let token = self.format.token(&text);
        token.map_err(|problem| self.problem(problem))
    }

    fn problem(&self, problem: &str) -> CredentialsError {
        let (path, file) = (self.path.display(), &self.file);
        CredentialsError::permanent(format!(
            "the subject token file {path} (`credential_source.file` of {file}) {problem}"
        ))
    }
}

impl TokenUrl {
    /// Reads the member `credential_source` of a file.
    pub(super) fn new(source: &Members<'_>) -> Result<Self, CredentialsError> {
        let url = source.required("url")?;
        source.checked("url", url, Plain::Metadata)?;
        let headers = match source.object("headers")? {
            None => Vec::new(),
            Some(headers) => headers
                .all_texts()?
                .into_iter()
                .map(|(name, text)| {
                    let value = HeaderValue::from_str(text);
                    match (HeaderName::try_from(name), value) {
                        (Ok(name), Ok(mut value)) => {
                            value.set_sensitive(true);
                            Ok((name, value))
                        }
                        _ => Err(source.problem("headers", "is not a list of headers")),
                    }
                })
                .collect::<Result<_, _>>()?,
        };
        Ok(Self {
            file: source.file().to_owned(),
            url: url.to_owned(),
            headers,
            format: Format::new(source)?,
        })
    }

    pub(super) async fn subject_token(
        &self,
        request: &TokenRequest<'_>,
    ) -> Result<String, CredentialsError> {
        let mut headers = vec![(ACCEPT, HeaderValue::from_static("*/*"))];
        headers.extend_from_slice(&self.headers);
        let secrets: Vec<&str> = self
            .headers
            .iter()
            .filter_map(|(name, value)| secrets_in(name, value.to_str().ok()?))
            .flatten()
            .collect();
        let body = exchange::get(request, &self.url, &headers, &secrets).await;
        let body = body.map_err(|error| {
            let file = &self.file;
            within(
                &format!("no subject token from `credential_source.url` of {file}"),
                &error,
            )
        })?;
        let problem = |problem: &str| {
            CredentialsError::permanent(format!(
                "the response of the URL for subject tokens (`credential_source.url` of {}) {problem}",
                self.file
            ))
        };
        let text = str::from_utf8(&body).map_err(|_| problem("is not text"))?;
        self.format.token(text).map_err(problem)
    }
}

/// The parts of the names of headers that hold secrets.
const SECRET_NAMES: [&str; 9] = [
    "assertion",
    "auth",
    "cookie",
    "credential",
    "key",
    "password",
    "secret",
    "session",
    "token",
];

/// The length from which a value of letters and digits may be a secret, whatever the header is called.
const SECRET_LENGTH: usize = 16;

/// Returns the secrets in a header: the value, and the value without the scheme before it. Headers such as
/// `metadata-flavor: Google` have none, and their values are words that errors contain, too.
fn secrets_in<'a>(name: &HeaderName, value: &'a str) -> Option<[&'a str; 2]> {
    let name = name.as_str();
    let has_name = SECRET_NAMES.iter().any(|part| name.contains(part));
    let is_type = name.starts_with("accept") || name.starts_with("content-");
    let has = |is_part: fn(&char) -> bool| value.chars().any(|c| is_part(&c));
    let is_random = value.len() >= SECRET_LENGTH
        && has(char::is_ascii_digit)
        && has(char::is_ascii_alphabetic)
        && !is_type;
    let last = value.rsplit(' ').next().unwrap_or(value);
    (has_name || is_random).then_some([value, last])
}

impl std::fmt::Debug for TokenUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenUrl")
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

impl Format {
    fn new(source: &Members<'_>) -> Result<Self, CredentialsError> {
        let Some(format) = source.object("format")? else {
            return Ok(Self::Text);
        };
        match format.text("type")? {
            None | Some("text") => Ok(Self::Text),
            Some("json") => {
                let name = format.required("subject_token_field_name")?;
                Ok(Self::Json(name.to_owned()))
            }
            Some(_) => Err(format.problem("type", "is neither `text` nor `json`")),
        }
    }

    /// Returns the token in a text, without the newline that editors and shells add at the end.
    fn token(&self, text: &str) -> Result<String, &'static str> {
        let token = match self {
            Self::Text => text.trim().to_owned(),
            Self::Json(name) => {
                let json: Value = serde_json::from_str(text).map_err(|_| "is not JSON")?;
                let token = json.get(name).and_then(Value::as_str);
                token
                    .ok_or("has no text in the member that `subject_token_field_name` names")?
                    .to_owned()
            }
        };
        if token.is_empty() {
            return Err("is empty");
        }
        Ok(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_headers_like_secrets_hold_one() {
        for (name, value, is_secret) in [
            ("metadata-flavor", "Google", false),
            ("metadata", "True", false),
            ("accept", "application/json;charset=utf-8", false),
            ("x-identity", "gapi", false),
            ("x-purpose", "workload-identity-federation", false),
            ("authorization", "Bearer abc.DEF-123", true),
            ("x-api-key", "short", true),
            ("x-vault-token", "hvs.abcdef", true),
            ("cookie", "a=1; b=2", true),
            ("x-custom", "Zk3qV8rT1wZk3qV8rT1w", true),
        ] {
            let name = HeaderName::try_from(name).unwrap();
            let last = value.rsplit(' ').next().unwrap();
            let expected = is_secret.then_some([value, last]);
            assert_eq!(secrets_in(&name, value), expected, "{name}");
        }
    }
}
