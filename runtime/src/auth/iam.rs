//! The IAM Service Account Credentials API: tokens and signatures of service accounts for other accounts.

use super::address::{Plain, is_loopback};
use super::advice::Rejected;
use super::exchange;
use super::external::members::{Members, within};
use super::metrics;
use super::token::{Token, TokenRequest};
use crate::credentials::{
    CLOUD_PLATFORM, CredentialsContext, CredentialsError, CredentialsProvider,
};
use crate::types::unix_seconds;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The scope that this API needs.
pub(super) const SCOPE: &str = "https://www.googleapis.com/auth/iam";

const GENERATE: &str = ":generateAccessToken";
const SIGN: &str = ":signJwt";

/// A service account that another account uses.
#[derive(Clone, Debug)]
pub(super) struct Target {
    email: String,
    /// The URL of the account that a file names, without its verb.
    url: Option<String>,
}

impl Target {
    /// Makes the target of an email address, or of the unique id of an account.
    pub(super) fn new(email: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            url: None,
        }
    }

    /// Reads the member `service_account_impersonation_url` of a file.
    pub(super) fn of(
        members: &Members<'_>,
        universe: &str,
    ) -> Result<Option<Self>, CredentialsError> {
        const NAME: &str = "service_account_impersonation_url";
        let Some(text) = members.text(NAME)? else {
            return Ok(None);
        };
        let parts = members.checked(NAME, text, Plain::Loopback)?;
        let host = parts.host().unwrap_or_default().to_ascii_lowercase();
        if !is_host(&host, universe) && !is_loopback(&parts) {
            let problem = format!("is not a URL of `iamcredentials.{universe}`");
            return Err(members.problem(NAME, &problem));
        }
        let account = text.strip_suffix(GENERATE);
        let email = account.and_then(|account| account.rsplit_once('/'));
        match (account, email) {
            (Some(account), Some((_, email))) if is_email(email) && parts.query().is_none() => {
                Ok(Some(Self {
                    email: email.to_owned(),
                    url: Some(account.to_owned()),
                }))
            }
            _ => Err(members.problem(
                NAME,
                "does not end with `/serviceAccounts/EMAIL:generateAccessToken`",
            )),
        }
    }

    pub(super) fn email(&self) -> &str {
        &self.email
    }

    fn url(&self, universe: &str, verb: &str) -> Result<String, CredentialsError> {
        if let Some(url) = &self.url {
            return Ok(format!("{url}{verb}"));
        }
        let is_domain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        if !is_email(&self.email) || !universe.chars().all(is_domain) {
            return Err(CredentialsError::permanent(
                "the service account to impersonate is not an email address; \
                 help: use the address, for instance name@project.iam.gserviceaccount.com",
            ));
        }
        let email = &self.email;
        Ok(format!(
            "https://iamcredentials.{universe}/v1/projects/-/serviceAccounts/{email}{verb}"
        ))
    }
}

/// Returns `true` for the hosts of the API: the global one, regional ones and private ones. Google's libraries used to accept
/// the same forms.
fn is_host(host: &str, universe: &str) -> bool {
    let Some(name) = host
        .strip_suffix(universe)
        .and_then(|name| name.strip_suffix('.'))
    else {
        return false;
    };
    let is_label = |label: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !label.is_empty() && label.chars().all(is_part)
    };
    name == "iamcredentials"
        || name.strip_suffix(".iamcredentials").is_some_and(is_label)
        || name.strip_suffix("-iamcredentials").is_some_and(is_label)
        || name.strip_prefix("iamcredentials.").is_some_and(is_label)
        || name
            .strip_prefix("iamcredentials-")
            .and_then(|name| name.strip_suffix(".p"))
            .is_some_and(is_label)
}

/// Returns the scopes of a request. APIs without scopes take the scope of Google Cloud.
pub(super) fn scopes_of<'a>(request: &TokenRequest<'a>) -> &'a [&'a str] {
    if request.scopes.is_empty() {
        &[CLOUD_PLATFORM]
    } else {
        request.scopes
    }
}

/// Returns `true` for a text that is safe in a path: an email address or a number.
fn is_email(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "@._-+".contains(c);
    !text.is_empty() && text.chars().all(is_part)
}

/// The account that calls the API, for a target.
pub(super) struct Caller<'a> {
    pub(super) source: &'a dyn CredentialsProvider,
    /// The universe of the source.
    pub(super) universe: &'a str,
    pub(super) target: &'a Target,
    /// The accounts between the source and the target, as resource names. google-auth sends null if there is no list.
    pub(super) delegates: Option<&'a [String]>,
}

impl Caller<'_> {
    /// Requests an access token of the target.
    ///
    /// # Errors
    /// The source has no token, or the API rejects the request.
    pub(super) async fn access_token(
        &self,
        request: &TokenRequest<'_>,
        lifetime: Duration,
    ) -> Result<Token, CredentialsError> {
        let body = json!({
            "delegates": self.delegates,
            "scope": scopes_of(request),
            "lifetime": format!("{}s", lifetime.as_secs()),
        });
        let response = self.post(request, GENERATE, &body).await?;
        let token = response.get("accessToken").and_then(Value::as_str);
        let token = token.ok_or_else(|| self.problem("the response has no `accessToken`"))?;
        let expires = response.get("expireTime").and_then(Value::as_str);
        let expires = expires.and_then(unix_seconds);
        let lifetime = remaining(lifetime, expires, SystemTime::now());
        Token::bearer(token, Some(lifetime))
    }

    /// Requests a JWT with these claims that is signed by the target.
    ///
    /// # Errors
    /// The source has no token, or the API rejects the request.
    pub(super) async fn sign_jwt(
        &self,
        request: &TokenRequest<'_>,
        claims: &Value,
    ) -> Result<String, CredentialsError> {
        let body = json!({"delegates": self.delegates, "payload": claims.to_string()});
        let response = self.post(request, SIGN, &body).await?;
        let jwt = response.get("signedJwt").and_then(Value::as_str);
        jwt.map(str::to_owned)
            .ok_or_else(|| self.problem("the response has no `signedJwt`"))
    }

    /// Returns the headers of the source.
    ///
    /// # Errors
    /// The source has no token.
    pub(super) async fn headers(
        &self,
        request: &TokenRequest<'_>,
    ) -> Result<HeaderMap, CredentialsError> {
        let context = CredentialsContext {
            scopes: &[SCOPE],
            accepted: &[SCOPE, CLOUD_PLATFORM],
            // A refresh token keeps the scopes that it has.
            has_named_scopes: false,
            is_for_others: true,
            subject: None,
            ..*request
        };
        let headers = self.source.headers(&context).await;
        headers.map_err(|error| self.of_source(&error))
    }

    /// Posts with a token of the source. A token that is rejected is requested once more.
    async fn post(
        &self,
        request: &TokenRequest<'_>,
        verb: &str,
        body: &Value,
    ) -> Result<Value, CredentialsError> {
        let url = self.target.url(self.universe, verb)?;
        let mut is_fresh = false;
        loop {
            let theirs = self.headers(request).await?;
            match self.attempt(request, &url, &theirs, body).await {
                Err(error)
                    if !is_fresh && is_unauthenticated(&error) && self.source.reject(&theirs) =>
                {
                    is_fresh = true;
                }
                result => return result.map_err(|error| within(&self.name(), &error)),
            }
        }
    }

    async fn attempt(
        &self,
        request: &TokenRequest<'_>,
        url: &str,
        theirs: &HeaderMap,
        body: &Value,
    ) -> Result<Value, CredentialsError> {
        let mut headers = vec![
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            metrics::api_client("auth-request-type/at cred-type/imp"),
        ];
        headers.extend(
            theirs
                .iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        let token = theirs.get(AUTHORIZATION).map(HeaderValue::to_str);
        let token = token.and_then(Result::ok).unwrap_or_default();
        let token = token.rsplit(' ').next().unwrap_or_default();
        let body = body.to_string().into();
        let secrets = [token];
        let response = exchange::send(request, Method::POST, url, &headers, body, &secrets);
        let response = response.await?;
        serde_json::from_slice(&response)
            .map_err(|_| CredentialsError::permanent("the response is not JSON"))
    }

    pub(super) fn of_source(&self, error: &CredentialsError) -> CredentialsError {
        let text = self.text("the source of its tokens failed");
        within(&text, error)
    }

    fn problem(&self, text: &str) -> CredentialsError {
        CredentialsError::permanent(self.text(text))
    }

    fn text(&self, text: &str) -> String {
        format!("{}: {text}", self.name())
    }

    fn name(&self) -> String {
        let email = self.target.email();
        format!("the service account {email} cannot be impersonated")
    }
}

fn is_unauthenticated(error: &CredentialsError) -> bool {
    let rejected = Rejected::in_error(error);
    rejected.is_some_and(|rejected| rejected.status == StatusCode::UNAUTHORIZED)
}

/// Returns the lifetime of a token: the shorter of the one that was asked for, and the time until it expires. A clock that is
/// ahead by more than the lifetime says nothing.
fn remaining(asked: Duration, expires: Option<i64>, now: SystemTime) -> Duration {
    let expires = expires.and_then(|seconds| u64::try_from(seconds).ok());
    let expires = expires.and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds)));
    let until = expires.and_then(|expires| expires.duration_since(now).ok());
    until.map_or(asked, |until| until.min(asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_the_api() {
        for (host, expected) in [
            ("iamcredentials.googleapis.com", true),
            ("us-east1-iamcredentials.googleapis.com", true),
            ("us-east1.iamcredentials.googleapis.com", true),
            ("iamcredentials.us-east1.googleapis.com", true),
            ("iamcredentials-mine.p.googleapis.com", true),
            ("iamcredentials.googleapis.com.example.com", false),
            ("iamcredentialsgoogleapis.com", false),
            ("iamcredentials.example.com", false),
            ("storage.googleapis.com", false),
            ("a.b.iamcredentials.googleapis.com", false),
            (".iamcredentials.googleapis.com", false),
            ("googleapis.com", false),
        ] {
            assert_eq!(is_host(host, "googleapis.com"), expected, "{host}");
        }
        assert!(is_host(
            "iamcredentials.universe.example",
            "universe.example"
        ));
        assert!(!is_host(
            "iamcredentials.googleapis.com",
            "universe.example"
        ));
    }

    #[test]
    fn the_lifetime_does_not_trust_the_clock() {
        let hour = Duration::from_hours(1);
        let now = UNIX_EPOCH + Duration::from_secs(1_000_000);
        for (expires, expected) in [
            (None, 3600),
            (Some(1_003_600), 3600),
            (Some(1_000_600), 600),
            (Some(1_010_000), 3600),
            (Some(900_000), 3600),
            (Some(-1), 3600),
            (Some(i64::MAX), 3600),
        ] {
            assert_eq!(remaining(hour, expires, now).as_secs(), expected);
        }
    }
}
