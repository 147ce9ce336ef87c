//! The result of a login, and the access tokens that its refresh token returns later.

use super::super::advice::{REFRESH_TOKEN, Rejected};
use super::super::exchange::{access_token, canonical, post_form};
use super::super::metrics;
use super::super::store::{Entry, TokenStore};
use super::super::token::{Token, TokenRequest, TokenSource, host_of, narrowed};
use super::client::OAuthClient;
use crate::credentials::CredentialsError;
use crate::transport::BoxFuture;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The remaining lifetime that makes the first token of a login useful.
const USEFUL: Duration = Duration::from_mins(1);

/// The response of a token server to a login. It has no `Debug`, because it holds secrets.
pub(super) struct Granted {
    pub(super) token: Token,
    pub(super) refresh_token: Option<String>,
    pub(super) scopes: BTreeSet<String>,
}

impl Granted {
    /// Reads a response (RFC 6749, section 5.1). A response without `scope` grants what was asked for.
    ///
    /// # Errors
    /// The response has no token, or it is for another email address than the account.
    pub(super) fn of(
        response: &Value,
        asked: &[String],
        account: &str,
    ) -> Result<Self, CredentialsError> {
        let text = |name: &str| response.get(name).and_then(Value::as_str);
        let email = text("id_token").and_then(email);
        let is_other = |email: &str| !account.eq_ignore_ascii_case(email);
        if account.contains('@') && email.as_deref().is_some_and(is_other) {
            return Err(CredentialsError::permanent(format!(
                "the login is of another account than {account}; help: choose this account on the login page"
            )));
        }
        let scopes = match text("scope") {
            Some(scopes) => scopes
                .split_ascii_whitespace()
                .map(|scope| canonical(scope).into_owned())
                .collect(),
            None => asked
                .iter()
                .map(|scope| canonical(scope).into_owned())
                .collect(),
        };
        Ok(Self {
            token: access_token(response, &[])?,
            refresh_token: text("refresh_token").map(str::to_owned),
            scopes,
        })
    }
}

/// Returns the email address in an ID token. The token comes from the token server itself, over TLS, so its signature need not
/// be checked (OpenID Connect Core, section 3.1.3.7).
fn email(id_token: &str) -> Option<String> {
    let claims = id_token.split('.').nth(1)?.trim_end_matches('=');
    let claims = URL_SAFE_NO_PAD.decode(claims).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    Some(claims.get("email")?.as_str()?.to_owned())
}

/// Returns the code of the server, for instance `invalid_grant`.
pub(super) fn code(error: &CredentialsError) -> Option<&str> {
    let rejected = error.get_ref().downcast_ref::<Rejected>()?;
    rejected.code.as_deref()
}

/// The access tokens of a login.
pub(super) struct Refresh {
    client: OAuthClient,
    store: TokenStore,
    state: Mutex<State>,
    is_dead: AtomicBool,
}

struct State {
    /// The refresh token is empty if the server returned none.
    entry: Entry,
    /// The token that came with the login.
    first: Option<Token>,
}

impl Refresh {
    pub(super) fn new(
        client: OAuthClient,
        store: TokenStore,
        entry: Entry,
        first: Option<Token>,
    ) -> Self {
        Self {
            client,
            store,
            state: Mutex::new(State { entry, first }),
            is_dead: AtomicBool::new(false),
        }
    }

    /// Returns `true` if the token server has rejected the refresh token for good.
    pub(super) fn is_dead(&self) -> bool {
        self.is_dead.load(Ordering::Acquire)
    }

    pub(super) fn entry(&self) -> Entry {
        self.lock().entry.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn die(&self) {
        self.is_dead.store(true, Ordering::Release);
    }

    async fn refresh(&self, request: &TokenRequest<'_>) -> Result<Token, CredentialsError> {
        let first = self.lock().first.take();
        if let Some(token) = first.filter(|token| token.lasts(USEFUL)) {
            return Ok(token);
        }
        let entry = self.entry();
        let old = entry.refresh_token.as_str();
        if old.is_empty() {
            self.die();
            return Err(CredentialsError::permanent(
                "the access token has expired, and the server returned no refresh token",
            ));
        }
        let asked = narrowed(request);
        let scope = asked.join(" ");
        let mut form = vec![("grant_type", REFRESH_TOKEN), ("refresh_token", old)];
        if !asked.is_empty() {
            form.push(("scope", &scope));
        }
        let form = self.client.form(&form);
        let secrets = [old, self.client.secret().unwrap_or_default()];
        let headers = [metrics::api_client("cred-type/u")];
        let response = post_form(request, self.client.token_uri(), &form, &headers, &secrets).await;
        let response = response.inspect_err(|error| {
            if code(error) == Some("invalid_grant") {
                self.die();
            }
        })?;
        let token = access_token(&response, asked)?;
        let new = response.get("refresh_token").and_then(Value::as_str);
        if let Some(new) = new.filter(|new| *new != old && !new.is_empty()) {
            self.rotate(entry, new.to_owned()).await;
        }
        Ok(token)
    }

    /// Stores the refresh token that the server has returned in place of the old one (RFC 9700, section 4.14.2).
    async fn rotate(&self, mut entry: Entry, new: String) {
        let old = std::mem::replace(&mut entry.refresh_token, new);
        self.lock().entry = entry.clone();
        // This process has the new token. If it cannot be stored, the next process has to log in.
        let _ = self.store.save(entry, vec![old]).await;
    }
}

impl TokenSource for Refresh {
    fn token<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<Token, CredentialsError>> {
        Box::pin(self.refresh(request))
    }

    fn universe_domain<'a>(&'a self, _: &'a TokenRequest<'a>) -> BoxFuture<'a, Option<String>> {
        let domain = self.client.universe_domain().to_owned();
        Box::pin(std::future::ready(Some(domain)))
    }

    fn server(&self) -> Option<String> {
        host_of(self.client.token_uri())
    }

    fn has_own_scopes(&self, request: &TokenRequest<'_>) -> bool {
        narrowed(request).is_empty()
    }
}

impl fmt::Debug for Refresh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refresh")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}
