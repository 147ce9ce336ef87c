//! The OAuth client of a program, as Google's console describes it.

use super::super::address::{Plain, checked};
use super::super::small_file::{self, MAX_SIZE};
use super::super::token::TOKEN_URI;
use crate::credentials::{CredentialsError, DEFAULT_UNIVERSE};
use serde_json::Value;
use std::fmt;
use std::path::Path;

const AUTH_URI: &str = "https://accounts.google.com/o/oauth2/v2/auth";
const DEVICE_URI: &str = "https://oauth2.googleapis.com/device/code";

/// An OAuth client: the identity of a program that asks users to log in.
///
/// Create one in Google Cloud's console under *APIs & Services*, *Credentials*, *Create credentials*, *OAuth client ID*. For
/// [`UserLogin`](super::UserLogin) choose the application type *Desktop app*. For [`DeviceLogin`](super::DeviceLogin) choose
/// *TVs and Limited Input devices*. Download it as JSON.
///
/// A program that is installed cannot keep its client secret (RFC 8252, section 8.5). Google requires it nevertheless. A client
/// without a secret relies on PKCE alone.
///
/// ```
/// use gapi_runtime::auth::OAuthClient;
///
/// let json = r#"{"installed": {"client_id": "1.apps.googleusercontent.com", "client_secret": "GOCSPX-s"}}"#;
/// let client = OAuthClient::from_json(json)?;
/// assert_eq!(client.client_id(), "1.apps.googleusercontent.com");
/// # Ok::<(), gapi_runtime::CredentialsError>(())
/// ```
#[derive(Clone)]
pub struct OAuthClient {
    id: String,
    secret: Option<String>,
    auth_uri: String,
    token_uri: String,
    device_uri: Option<String>,
    universe_domain: String,
}

impl OAuthClient {
    /// Parses the text of a `client_secret_….json` file.
    ///
    /// It reads the members `client_id`, `client_secret`, `auth_uri` and `token_uri` of the object `installed`. A missing URI is
    /// Google's.
    ///
    /// # Errors
    /// The text is not such a file, the client is for a web server, or a URI is not https. Plain http is accepted for
    /// loopback addresses.
    pub fn from_json(text: impl AsRef<str>) -> Result<Self, CredentialsError> {
        Self::parse("the JSON of the OAuth client", text.as_ref())
    }

    /// Reads a `client_secret_….json` file, as [`from_json`](Self::from_json) does.
    ///
    /// # Errors
    /// As for `from_json`, or the file cannot be read.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, CredentialsError> {
        let path = path.as_ref();
        let subject = format!("the OAuth client file {}", path.display());
        let text = small_file::read(path, MAX_SIZE).map_err(|error| {
            CredentialsError::permanent(format!("{subject} {}", small_file::unread(path, &error)))
        })?;
        Self::parse(&subject, &text)
    }

    fn parse(subject: &str, text: &str) -> Result<Self, CredentialsError> {
        let problem = |problem: &str| CredentialsError::permanent(format!("{subject} {problem}"));
        // Some editors begin a file with a byte-order mark.
        let text = text.trim_start_matches('\u{feff}');
        let json: Value = serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            problem(&format!("is not JSON at line {line}, column {column}"))
        })?;
        let Some(members) = json.get("installed") else {
            return Err(problem(mistake(&json)));
        };
        let text = |name: &str| match members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
            Some(_) => Err(problem(&format!("has a `{name}` that is not a text"))),
        };
        let uri = |name: &str, default: &str| {
            let uri = text(name)?.unwrap_or_else(|| default.to_owned());
            checked(&uri, Plain::Loopback)
                .map_err(|reason| problem(&format!("has a `{name}` that {reason}")))?;
            Ok::<_, CredentialsError>(uri)
        };
        let token_uri = uri("token_uri", TOKEN_URI)?;
        Ok(Self {
            id: text("client_id")?.ok_or_else(|| problem("has no member `client_id`"))?,
            secret: text("client_secret")?,
            auth_uri: uri("auth_uri", AUTH_URI)?,
            device_uri: (token_uri == TOKEN_URI).then(|| DEVICE_URI.to_owned()),
            token_uri,
            universe_domain: text("universe_domain")?
                .unwrap_or_else(|| DEFAULT_UNIVERSE.to_owned()),
        })
    }

    /// Sets the device authorization endpoint (RFC 8628, section 3.1), which the JSON lacks. By default it is Google's if the
    /// token endpoint is.
    ///
    /// ```
    /// use gapi_runtime::auth::OAuthClient;
    ///
    /// let json = r#"{"installed": {"client_id": "1", "token_uri": "https://id.example.com/token"}}"#;
    /// let client = OAuthClient::from_json(json)?;
    /// let client = client.device_authorization_uri("https://id.example.com/device/code")?;
    /// # Ok::<(), gapi_runtime::CredentialsError>(())
    /// ```
    ///
    /// # Errors
    /// The URI is not https. Plain http is accepted for loopback addresses.
    pub fn device_authorization_uri(
        mut self,
        uri: impl Into<String>,
    ) -> Result<Self, CredentialsError> {
        let uri = uri.into();
        checked(&uri, Plain::Loopback).map_err(|reason| {
            CredentialsError::permanent(format!("the device authorization URI {reason}"))
        })?;
        self.device_uri = Some(uri);
        Ok(self)
    }

    /// Returns the client id. It is not a secret.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.id
    }

    pub(super) fn secret(&self) -> Option<&str> {
        self.secret.as_deref()
    }

    pub(super) fn auth_uri(&self) -> &str {
        &self.auth_uri
    }

    pub(super) fn token_uri(&self) -> &str {
        &self.token_uri
    }

    pub(super) fn device_uri(&self) -> Option<&str> {
        self.device_uri.as_deref()
    }

    pub(super) fn universe_domain(&self) -> &str {
        &self.universe_domain
    }

    /// Returns the parameters of a form that identify the client, followed by others.
    pub(super) fn form<'a>(&'a self, others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let secret = self.secret().map(|secret| ("client_secret", secret));
        let own = [("client_id", self.client_id())].into_iter().chain(secret);
        own.chain(others.iter().copied()).collect()
    }
}

/// Returns the mistake of a file without the member `installed`.
fn mistake(json: &Value) -> &'static str {
    if json.get("web").is_some() {
        "is for a web server, which receives the redirect itself; \
         help: create an OAuth client of the type `Desktop app` and download its JSON"
    } else if json.get("type").is_some() {
        "contains the credentials of an account, not an OAuth client; help: pass the file to `credentials_file`"
    } else {
        "has no member `installed`; help: download the JSON of an OAuth client of the type `Desktop app`"
    }
}

/// Shows the client id and the servers, and no secret.
impl fmt::Debug for OAuthClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthClient")
            .field("client_id", &self.id)
            .field("auth_uri", &self.auth_uri)
            .field("token_uri", &self.token_uri)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parsed(installed: &Value) -> Result<OAuthClient, String> {
        let json = json!({ "installed": installed }).to_string();
        OAuthClient::from_json(json).map_err(|error| error.to_string())
    }

    #[test]
    fn a_client_of_the_console_is_read() {
        let client = parsed(&json!({
            "client_id": "id.apps.googleusercontent.com", "project_id": "p",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth", "token_uri": TOKEN_URI,
            "client_secret": "GOCSPX-secret", "redirect_uris": ["http://localhost"]
        }));
        let client = client.unwrap();
        assert_eq!(client.client_id(), "id.apps.googleusercontent.com");
        assert_eq!(client.secret(), Some("GOCSPX-secret"));
        assert_eq!(
            client.auth_uri(),
            "https://accounts.google.com/o/oauth2/auth"
        );
        assert_eq!(client.device_uri(), Some(DEVICE_URI));
        let debug = format!("{client:?}");
        assert!(
            debug.contains("id.apps") && !debug.contains("secret"),
            "{debug}"
        );
    }

    #[test]
    fn a_secret_and_uris_are_optional() {
        let client = parsed(&json!({"client_id": "id"})).unwrap();
        assert_eq!(client.secret(), None);
        assert_eq!(client.auth_uri(), AUTH_URI);
        assert_eq!(client.token_uri(), TOKEN_URI);
        assert_eq!(
            client.form(&[("a", "b")]),
            [("client_id", "id"), ("a", "b")]
        );
        let own = json!({"client_id": "id", "token_uri": "http://[::1]:1/token"});
        let own = parsed(&own).unwrap();
        assert_eq!(own.device_uri(), None);
        let own = own.device_authorization_uri("http://localhost:1/device");
        assert_eq!(own.unwrap().device_uri(), Some("http://localhost:1/device"));
    }

    #[test]
    fn mistakes_are_named_and_secrets_are_not() {
        for (json, expected) in [
            (
                r#"{"installed": {"client_secret": "GOCSPX-secret""#,
                "line 1",
            ),
            (
                r#"{"web": {"client_secret": "GOCSPX-secret"}}"#,
                "Desktop app",
            ),
            (r#"{"type": "authorized_user"}"#, "credentials_file"),
            ("[]", "no member `installed`"),
            (
                r#"{"installed": {"client_secret": "GOCSPX-secret"}}"#,
                "no member `client_id`",
            ),
            (
                r#"{"installed": {"client_id": 1}}"#,
                "`client_id` that is not a text",
            ),
            (
                r#"{"installed": {"client_id": "a", "auth_uri": "http://a.example/x"}}"#,
                "is not https",
            ),
            (
                r#"{"installed": {"client_id": "a", "token_uri": "/x"}}"#,
                "is not absolute",
            ),
            (
                r#"{"installed": {"client_id": "a", "token_uri": "https://u@a.example/"}}"#,
                "user name",
            ),
        ] {
            let error = OAuthClient::from_json(json).unwrap_err().to_string();
            assert!(error.contains(expected), "{json}: {error}");
            assert!(!error.contains("GOCSPX"), "{error}");
        }
        let error = OAuthClient::from_file("/nowhere/client.json").unwrap_err();
        assert!(
            error.to_string().contains("/nowhere/client.json"),
            "{error}"
        );
    }
}
