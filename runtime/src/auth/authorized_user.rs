//! Users with a refresh token.

use super::advice::REFRESH_TOKEN;
use super::cache::Cached;
use super::exchange;
use super::file::AUTHORIZED_USER;
use super::json::Json;
use super::metrics;
use super::service_account::TOKEN_URI;
use super::token::{Token, TokenRequest, TokenSource, cached, host_of};
use crate::credentials::{CredentialsError, DEFAULT_UNIVERSE};
use crate::transport::BoxFuture;
use std::fmt;
use std::path::Path;

/// A user with a refresh token: the JSON file that `gcloud auth application-default login` writes
/// ([AIP-4113](https://google.aip.dev/auth/4113)).
///
/// A token has the scopes that the user has granted. [`ClientBuilder::scopes`](crate::ClientBuilder::scopes) can ask for fewer.
#[must_use = "credentials do nothing until a client has them"]
pub struct AuthorizedUser(Cached<Source>);

/// A refresh token and the OAuth client that it was granted to.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) refresh_token: String,
    pub(super) token_uri: String,
    pub(super) universe_domain: String,
    pub(super) quota_project: Option<String>,
}

impl AuthorizedUser {
    /// Parses the text of a file that gcloud writes. Sends nothing.
    ///
    /// # Errors
    /// The text is no such file. The error quotes nothing of it.
    pub fn from_json(text: &str) -> Result<Self, CredentialsError> {
        Self::of_json(&Json::parse("the authorized user", text)?.of_kind(AUTHORIZED_USER)?)
    }

    /// Reads a file that gcloud writes. Sends nothing.
    ///
    /// # Errors
    /// The file cannot be read, or is no such file. The error quotes nothing of it.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, CredentialsError> {
        Self::of_json(&Json::open(path.as_ref())?.of_kind(AUTHORIZED_USER)?)
    }

    pub(super) fn of_json(json: &Json) -> Result<Self, CredentialsError> {
        Ok(Self(Cached::new(Source {
            client_id: json.required("client_id")?.to_owned(),
            client_secret: json.required("client_secret")?.to_owned(),
            refresh_token: json.required("refresh_token")?.to_owned(),
            token_uri: json
                .text("token_uri")?
                .unwrap_or_else(|| TOKEN_URI.to_owned()),
            universe_domain: json
                .text("universe_domain")?
                .unwrap_or_else(|| DEFAULT_UNIVERSE.to_owned()),
            quota_project: json.text("quota_project_id")?,
        })))
    }
}

impl Source {
    /// Exchanges the refresh token for an access token (RFC 6749, section 6).
    async fn refresh(&self, request: &TokenRequest<'_>) -> Result<Token, CredentialsError> {
        if request.subject.is_some() {
            return Err(CredentialsError::permanent(
                "a user cannot act for another user; help: use a service account with domain-wide delegation, or remove the subject",
            ));
        }
        let scope = request.scopes.join(" ");
        let mut form = vec![
            ("grant_type", REFRESH_TOKEN),
            ("client_id", self.client_id.as_str()),
            ("client_secret", &self.client_secret),
            ("refresh_token", &self.refresh_token),
        ];
        if !self.has_own_scopes(request) {
            form.push(("scope", &scope));
        }
        let secrets = [self.client_secret.as_str(), &self.refresh_token];
        let headers = [metrics::api_client("cred-type/u")];
        let response = exchange::post_form(request, &self.token_uri, &form, &headers, &secrets);
        exchange::access_token(&response.await?)
    }
}

impl TokenSource for Source {
    fn token<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<Token, CredentialsError>> {
        Box::pin(self.refresh(request))
    }

    fn quota_project(&self) -> Option<&str> {
        self.quota_project.as_deref()
    }

    fn universe_domain<'a>(&'a self, _: &'a TokenRequest<'a>) -> BoxFuture<'a, Option<String>> {
        Box::pin(std::future::ready(Some(self.universe_domain.clone())))
    }

    fn server(&self) -> Option<String> {
        host_of(&self.token_uri)
    }

    /// A refresh token has the scopes that the user has granted. Asking for others is an error.
    fn has_own_scopes(&self, request: &TokenRequest<'_>) -> bool {
        !request.has_named_scopes || request.scopes.is_empty()
    }
}

cached!(AuthorizedUser);

impl fmt::Debug for AuthorizedUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizedUser")
            .field("client_id", &self.0.source().client_id)
            .finish_non_exhaustive()
    }
}
