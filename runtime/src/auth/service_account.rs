//! Service accounts with a key.

use super::advice::JWT_BEARER;
use super::cache::Cached;
use super::clock::Clock;
use super::exchange;
use super::file::SERVICE_ACCOUNT;
use super::json::Json;
use super::metrics;
use super::sign::{self, Key};
use super::token::{Account, TOKEN_URI, Token, TokenRequest, TokenSource, delegates};
use crate::credentials::{CLOUD_PLATFORM, CredentialsError, DEFAULT_UNIVERSE};
use crate::transport::BoxFuture;
use serde_json::{Value, json};
use std::fmt;
use std::path::Path;
use std::time::Duration;

/// Tokens are dated back by this many seconds, because a clock may be a little ahead.
const BACKDATED: i64 = 10;

/// The lifetime of a token, in seconds. The token server rejects longer ones.
const LIFETIME: i64 = 3600;

/// A service account with its key: the JSON file that Google Cloud's console creates.
///
/// The client signs its own tokens ([AIP-4111](https://google.aip.dev/auth/4111)), so no token server is involved. With a
/// [`subject`](Self::subject) it exchanges a signed assertion for a token of that user (RFC 7523).
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # fn main() -> Result<(), gapi_runtime::CredentialsError> {
/// use gapi::spanner_v1::Spanner;
/// use gapi_runtime::auth::ServiceAccount;
///
/// let robot = ServiceAccount::from_file("key.json")?.subject("ada@example.com");
/// let builder = Spanner::builder().credentials(robot);
/// # Ok(())
/// # }
/// ```
#[must_use = "credentials do nothing until a client has them"]
pub struct ServiceAccount(Cached<Source>);

#[derive(Clone)]
struct Source {
    email: String,
    key_id: Option<String>,
    key: Key,
    account: Account,
    subject: Option<String>,
    clock: Clock,
}

impl ServiceAccount {
    /// Parses the text of a key file. Sends nothing.
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi_runtime::auth::ServiceAccount;
    ///
    /// let robot = ServiceAccount::from_json(&std::env::var("SERVICE_ACCOUNT_KEY")?)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The text is no such key. The error quotes nothing of it.
    pub fn from_json(text: &str) -> Result<Self, CredentialsError> {
        Self::of_json(&Json::parse("the service account key", text)?.of_kind(SERVICE_ACCOUNT)?)
    }

    /// Reads a key file. Sends nothing.
    ///
    /// # Errors
    /// The file cannot be read, or is no such key. The error quotes nothing of it.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, CredentialsError> {
        Self::of_json(&Json::open(path.as_ref())?.of_kind(SERVICE_ACCOUNT)?)
    }

    /// Sets the user to act for: domain-wide delegation. An administrator of the domain must have allowed the service account
    /// the scopes. [`ClientBuilder::subject`](crate::ClientBuilder::subject) overrides it.
    pub fn subject(self, user: impl Into<String>) -> Self {
        Self(Cached::new(Source {
            subject: Some(user.into()),
            ..self.0.source().clone()
        }))
    }

    pub(super) fn of_json(json: &Json) -> Result<Self, CredentialsError> {
        let email = json.required("client_email")?.to_owned();
        let pem = json.required("private_key")?;
        let key = Key::from_pem(pem).map_err(|error| json.unusable(&error.problem()))?;
        Ok(Self(Cached::new(Source {
            email,
            key_id: json.text("private_key_id")?,
            key,
            account: Account::of(json)?,
            subject: None,
            clock: Clock::default(),
        })))
    }
}

impl Source {
    /// Returns the claims of a token that this account signs.
    fn claims(&self, scopes: &[&str]) -> Value {
        let issued = self.clock.seconds().saturating_sub(BACKDATED);
        let scope = if scopes.is_empty() {
            CLOUD_PLATFORM.to_owned()
        } else {
            scopes.join(" ")
        };
        json!({
            "iss": self.email,
            "scope": scope,
            "iat": issued,
            "exp": issued.saturating_add(LIFETIME),
        })
    }

    fn self_signed(&self, request: &TokenRequest<'_>) -> Result<Token, CredentialsError> {
        let mut claims = self.claims(request.scopes);
        claims["sub"] = self.email.as_str().into();
        let token = sign::rs256(&self.key, &claims, self.key_id.as_deref())?;
        let lifetime = (LIFETIME - BACKDATED).unsigned_abs();
        Token::bearer(&token, Some(Duration::from_secs(lifetime)))
    }

    /// Exchanges an assertion for a token of the subject.
    async fn delegated(
        &self,
        request: &TokenRequest<'_>,
        subject: &str,
    ) -> Result<Token, CredentialsError> {
        if self.account.universe_domain != DEFAULT_UNIVERSE {
            return Err(CredentialsError::permanent(
                "there is no domain-wide delegation in other universes; help: remove the subject",
            ));
        }
        let mut claims = self.claims(request.scopes);
        // As google-auth does, even if the file names another server.
        claims["aud"] = TOKEN_URI.into();
        claims["sub"] = subject.into();
        let assertion = sign::rs256(&self.key, &claims, self.key_id.as_deref())?;
        let form = [("grant_type", JWT_BEARER), ("assertion", &assertion)];
        let request = TokenRequest {
            subject: Some(subject),
            ..*request
        };
        let secrets = [assertion.as_str()];
        let headers = [metrics::api_client("auth-request-type/at cred-type/sa")];
        let server = &self.account.token_url;
        let response = exchange::post_form(&request, server, &form, &headers, &secrets);
        exchange::access_token(&response.await?, request.scopes)
    }
}

impl TokenSource for Source {
    fn token<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<Token, CredentialsError>> {
        let Some(subject) = request.subject.or(self.subject.as_deref()) else {
            return Box::pin(std::future::ready(self.self_signed(request)));
        };
        Box::pin(self.delegated(request, subject))
    }

    fn account(&self) -> Option<&Account> {
        Some(&self.account)
    }

    fn note_skew(&self, seconds: i64) -> bool {
        self.clock.note(seconds)
    }
}

delegates!(ServiceAccount, 0);

impl fmt::Debug for ServiceAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = self.0.source();
        f.debug_struct("ServiceAccount")
            .field("email", &source.email)
            .field("subject", &source.subject)
            .finish_non_exhaustive()
    }
}
