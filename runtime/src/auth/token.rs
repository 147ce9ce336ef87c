//! A token, and the flow that requests it.

use super::advice::NETWORK;
use super::json::Json;
use crate::credentials::{CredentialsContext, CredentialsError, DEFAULT_UNIVERSE};
use crate::transport::BoxFuture;
use http::HeaderValue;
use serde_json::Value;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The lifetime of a token whose server states none. Google's tokens are valid for an hour.
const DEFAULT_LIFETIME: Duration = Duration::from_hours(1);

/// The longest lifetime that a server can state. It keeps sums with it in range.
const LONGEST_LIFETIME: Duration = Duration::from_hours(24 * 365);

/// The token server of Google.
pub(super) const TOKEN_URI: &str = "https://oauth2.googleapis.com/token";

/// The circumstances of a token request.
pub(super) type TokenRequest<'a> = CredentialsContext<'a>;

/// An access token.
#[derive(Clone)]
pub(super) struct Token {
    /// The header `authorization`, marked as sensitive.
    pub(super) value: HeaderValue,
    pub(super) expires: Option<Instant>,
}

impl Token {
    /// Makes the token of a bearer token and its lifetime.
    pub(super) fn bearer(text: &str, lifetime: Option<Duration>) -> Result<Self, CredentialsError> {
        let value = HeaderValue::try_from(["Bearer ", text].concat());
        let mut value = match value {
            Ok(value) if is_token(text) => value,
            _ => return Err(CredentialsError::permanent("the token is malformed")),
        };
        value.set_sensitive(true);
        let lifetime = lifetime.unwrap_or(DEFAULT_LIFETIME).min(LONGEST_LIFETIME);
        Ok(Self {
            value,
            expires: Instant::now().checked_add(lifetime),
        })
    }

    /// Returns `true` if the token is valid for at least this long.
    pub(super) fn lasts(&self, time: Duration) -> bool {
        self.expires
            .is_none_or(|expires| expires.saturating_duration_since(Instant::now()) > time)
    }
}

/// Returns `true` for visible ASCII characters, as RFC 6750 has them.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// A refresh token. A server may replace it with each access token (RFC 6749, section 6). It has no `Debug`.
pub(super) struct RefreshToken(Mutex<String>);

impl RefreshToken {
    pub(super) fn new(text: &str) -> Self {
        Self(Mutex::new(text.to_owned()))
    }

    pub(super) fn current(&self) -> String {
        let text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        text.clone()
    }

    /// Keeps the refresh token in a response, if there is one.
    pub(super) fn update(&self, response: &Value) {
        let next = response.get("refresh_token").and_then(Value::as_str);
        if let Some(next) = next.filter(|next| !next.is_empty()) {
            let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            next.clone_into(&mut text);
        }
    }
}

/// A flow that requests an access token. It neither caches nor retries.
pub(super) trait TokenSource: Send + Sync + 'static {
    /// Requests a token.
    ///
    /// # Errors
    /// A transient error is retried.
    fn token<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<Token, CredentialsError>>;

    /// Returns `true` if [`prepare`](Self::prepare) may wait for a person. By default it does not.
    fn is_interactive(&self) -> bool {
        false
    }

    /// Does what may wait for a person, without the deadline of a token request.
    ///
    /// # Errors
    /// There is no token to be had.
    fn prepare<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<(), CredentialsError>> {
        let _ = request;
        Box::pin(std::future::ready(Ok(())))
    }

    /// Returns what the file of the credentials says of the account, for a flow with one token server.
    fn account(&self) -> Option<&Account> {
        None
    }

    /// Returns the project for quota and billing that the credentials name.
    fn quota_project(&self) -> Option<&str> {
        self.account()?.quota_project.as_deref()
    }

    /// Returns the universe domain of the credentials. Asked for after the first token.
    fn universe_domain<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Option<String>> {
        let _ = request;
        let domain = self
            .account()
            .map(|account| account.universe_domain.clone());
        Box::pin(std::future::ready(domain))
    }

    /// Returns the host of the server that issues the tokens, for the error of a request that takes too long.
    fn server(&self) -> Option<String> {
        host_of(&self.account()?.token_url)
    }

    /// Returns the error for a caller that has waited for this time and has no more. The request continues.
    fn unfinished(&self, time: Duration) -> CredentialsError {
        late(self.server(), time)
    }

    /// Notes that the clocks of servers are ahead of the clock of this machine by this many seconds. Returns `true` if that was
    /// not known.
    fn note_skew(&self, seconds: i64) -> bool {
        let _ = seconds;
        false
    }

    /// Returns `true` if the scopes of the request do not change the token, as with a refresh token that has its own scopes.
    /// Then there is one token for all calls.
    fn has_own_scopes(&self, request: &TokenRequest<'_>) -> bool {
        let _ = request;
        false
    }
}

/// Returns the scopes that a request with a refresh token states: those that the caller has named. Without them, the token has
/// all scopes that the user has granted. Stating others is an error.
pub(super) fn narrowed<'a>(request: &TokenRequest<'a>) -> &'a [&'a str] {
    if request.has_named_scopes {
        request.scopes
    } else {
        &[]
    }
}

/// The parts of a file that accounts of several kinds have.
#[derive(Clone)]
pub(super) struct Account {
    /// The URL of the token server.
    pub(super) token_url: String,
    pub(super) universe_domain: String,
    pub(super) quota_project: Option<String>,
}

impl Account {
    /// Reads the members of a file that names none of them if they are Google's.
    pub(super) fn of(json: &Json) -> Result<Self, CredentialsError> {
        let text = |member, default: &str| {
            let text = json.optional(member)?.unwrap_or(default);
            Ok::<_, CredentialsError>(text.to_owned())
        };
        Ok(Self {
            token_url: text("token_uri", TOKEN_URI)?,
            universe_domain: text("universe_domain", DEFAULT_UNIVERSE)?,
            quota_project: json.text("quota_project_id")?,
        })
    }
}

/// Returns the error for a token that is not there after this time.
pub(super) fn late(server: Option<String>, time: Duration) -> CredentialsError {
    let server = server.map(|server| format!(" (token server {server})"));
    let server = server.unwrap_or_default();
    let seconds = seconds(time);
    CredentialsError::transient(format!(
        "no token within {seconds} s{server}; help: {NETWORK}"
    ))
}

/// Returns the seconds for an error: tenths below a second, as a call can have less.
pub(super) fn seconds(time: Duration) -> f64 {
    if time < Duration::from_secs(1) {
        (time.as_secs_f64() * 10.0).round() / 10.0
    } else {
        time.as_secs_f64().round()
    }
}

/// Returns the host of a URL.
pub(super) fn host_of(url: &str) -> Option<String> {
    let uri: http::Uri = url.parse().ok()?;
    Some(uri.authority()?.host().to_owned())
}

/// Makes a type a provider by a field that is one, for instance a cache of tokens.
macro_rules! delegates {
    ($type:ty, $field:tt) => {
        impl $crate::credentials::CredentialsProvider for $type {
            fn headers<'a>(
                &'a self,
                context: &'a $crate::credentials::CredentialsContext<'a>,
            ) -> $crate::transport::BoxFuture<
                'a,
                Result<http::HeaderMap, $crate::credentials::CredentialsError>,
            > {
                self.$field.headers(context)
            }

            fn universe_domain<'a>(
                &'a self,
                context: &'a $crate::credentials::CredentialsContext<'a>,
            ) -> $crate::transport::BoxFuture<'a, Option<String>> {
                self.$field.universe_domain(context)
            }

            fn reject(&self, headers: &http::HeaderMap) -> bool {
                self.$field.reject(headers)
            }

            fn keeps_deadline(&self) -> bool {
                self.$field.keeps_deadline()
            }

            fn is_interactive(&self) -> bool {
                self.$field.is_interactive()
            }

            fn unfinished(
                &self,
                time: std::time::Duration,
            ) -> Option<$crate::credentials::CredentialsError> {
                self.$field.unfinished(time)
            }
        }
    };
}

pub(super) use delegates;
