//! Domain-wide delegation without a key: IAM signs the assertion, and the token server exchanges it for a token of the user.

use super::advice::{JWT_BEARER, Rejected};
use super::exchange;
use super::iam::{Caller, scopes_of};
use super::metrics;
use super::token::{TOKEN_URI, Token, TokenRequest, TokenSource};
use crate::credentials::{
    CredentialsContext, CredentialsError, CredentialsProvider, DEFAULT_UNIVERSE,
};
use crate::transport::BoxFuture;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use serde_json::json;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// The lifetime of an assertion, in seconds.
const LIFETIME: u64 = 3600;

/// Returns a token of a user for the target of the caller (RFC 7523).
///
/// For a metadata server the source is the server itself ([`Uncached`]), and the target is its own account.
///
/// # Errors
/// The universe is not Google's, IAM does not sign, or the domain does not allow the service account to act for the user.
pub(super) async fn token_of(
    caller: &Caller<'_>,
    request: &TokenRequest<'_>,
    user: &str,
) -> Result<Token, CredentialsError> {
    if caller.universe != DEFAULT_UNIVERSE {
        return Err(CredentialsError::permanent(
            "there is no domain-wide delegation in other universes; help: remove the subject",
        ));
    }
    let error = match delegated(caller, request, user, 0).await {
        Ok(token) => return Ok(token),
        Err(error) => error,
    };
    match Rejected::in_error(&error).and_then(Rejected::clock_skew) {
        // Once more, by the clock of the server.
        Some(skew) => delegated(caller, request, user, skew).await,
        None => Err(error),
    }
}

/// Exchanges an assertion for a token of the user. `skew` is the number of seconds by which the clock of the server is ahead.
async fn delegated(
    caller: &Caller<'_>,
    request: &TokenRequest<'_>,
    user: &str,
    skew: i64,
) -> Result<Token, CredentialsError> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |now| now.as_secs());
    let now = now.saturating_add_signed(skew);
    let claims = json!({
        "iss": caller.target.email(),
        "scope": scopes_of(request).join(" "),
        "sub": user,
        "aud": TOKEN_URI,
        "iat": now,
        "exp": now.saturating_add(LIFETIME),
    });
    let assertion = caller.sign_jwt(request, &claims).await?;
    let form = [("assertion", &*assertion), ("grant_type", JWT_BEARER)];
    let headers = [metrics::api_client("auth-request-type/at cred-type/sa")];
    let request = CredentialsContext {
        subject: Some(user),
        ..*request
    };
    let secrets = [&*assertion];
    let response = exchange::post_form(&request, TOKEN_URI, &form, &headers, &secrets);
    exchange::access_token(&response.await?, scopes_of(&request))
}

/// A flow whose tokens are not cached: for a flow that signs with its own tokens, as the metadata server does.
pub(super) struct Uncached<'a, S> {
    source: &'a S,
    /// A token that is there already.
    first: Mutex<Option<Token>>,
}

impl<'a, S> Uncached<'a, S> {
    pub(super) fn new(source: &'a S, first: Option<Token>) -> Self {
        Self {
            source,
            first: Mutex::new(first),
        }
    }

    fn take_first(&self) -> Option<Token> {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.take()
    }
}

impl<S: TokenSource> CredentialsProvider for Uncached<'_, S> {
    fn headers<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        Box::pin(async {
            let token = match self.take_first() {
                Some(token) => token,
                None => self.source.token(context).await?,
            };
            Ok(HeaderMap::from_iter([(AUTHORIZATION, token.value)]))
        })
    }

    fn universe_domain<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Option<String>> {
        self.source.universe_domain(context)
    }
}
