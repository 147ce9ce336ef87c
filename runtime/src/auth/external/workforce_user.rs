//! Users of workforce pools who have logged in with gcloud.

use super::super::advice::REFRESH_TOKEN;
use super::super::exchange;
use super::super::token::{RefreshToken, Token, TokenRequest, TokenSource, host_of};
use super::members::{Members, Plain};
use super::pool::ClientAuthentication;
use crate::credentials::{CredentialsError, DEFAULT_UNIVERSE};
use crate::transport::BoxFuture;
use std::fmt;

/// A refresh token of a workforce pool.
pub(super) struct WorkforceUser {
    /// The name of the file, for errors.
    file: String,
    token_url: String,
    client: ClientAuthentication,
    refresh_token: RefreshToken,
    quota_project: Option<String>,
    universe_domain: String,
}

impl WorkforceUser {
    /// Reads a file with the `type` `external_account_authorized_user`.
    pub(super) fn new(members: &Members<'_>) -> Result<Self, CredentialsError> {
        const LOG_IN: &str =
            "log in again with `gcloud auth application-default login --login-config=FILE`";
        let required = |name| {
            let text = members.text(name)?;
            text.ok_or_else(|| members.problem_with_help(name, "is missing", LOG_IN))
        };
        let token_url = required("token_url")?;
        members.checked("token_url", token_url, Plain::Loopback)?;
        required("client_id")?;
        required("client_secret")?;
        let client = ClientAuthentication::new(members)?;
        let client = client.ok_or_else(|| members.problem("client_id", "is missing"))?;
        let universe = members.text("universe_domain")?;
        Ok(Self {
            file: members.file().to_owned(),
            token_url: token_url.to_owned(),
            client,
            refresh_token: RefreshToken::new(required("refresh_token")?),
            quota_project: members.text("quota_project_id")?.map(str::to_owned),
            universe_domain: universe.unwrap_or(DEFAULT_UNIVERSE).to_owned(),
        })
    }

    async fn refresh(&self, request: &TokenRequest<'_>) -> Result<Token, CredentialsError> {
        if request.subject.is_some() {
            return Err(CredentialsError::permanent(format!(
                "a subject needs a service account, and {} has a user; help: remove the subject",
                self.file
            )));
        }
        let refresh_token = self.refresh_token.current();
        let form = [
            ("grant_type", REFRESH_TOKEN),
            ("refresh_token", &*refresh_token),
        ];
        let [secret, basic] = self.client.secrets();
        let secrets = [&*refresh_token, secret, basic];
        let headers = [self.client.header()];
        let response = exchange::post_form(request, &self.token_url, &form, &headers, &secrets);
        let response = response.await?;
        let token = exchange::access_token(&response)?;
        self.refresh_token.update(&response);
        Ok(token)
    }
}

impl TokenSource for WorkforceUser {
    fn token<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<Token, CredentialsError>> {
        Box::pin(self.refresh(request))
    }

    fn quota_project(&self) -> Option<&str> {
        self.quota_project.as_deref()
    }

    fn server(&self) -> Option<String> {
        host_of(&self.token_url)
    }

    fn universe_domain<'a>(&'a self, _: &'a TokenRequest<'a>) -> BoxFuture<'a, Option<String>> {
        Box::pin(std::future::ready(Some(self.universe_domain.clone())))
    }

    /// The scopes were chosen when the user logged in, and the token server takes no others.
    fn has_own_scopes(&self, _: &TokenRequest<'_>) -> bool {
        true
    }
}

impl fmt::Debug for WorkforceUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkforceUser").finish_non_exhaustive()
    }
}
