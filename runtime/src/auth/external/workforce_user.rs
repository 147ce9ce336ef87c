//! Users of workforce pools who have logged in with gcloud.

use super::super::address::Plain;
use super::super::advice::REFRESH_TOKEN;
use super::super::exchange;
use super::super::token::{Account, RefreshToken, Token, TokenRequest, TokenSource};
use super::members::Members;
use super::pool::ClientAuthentication;
use crate::credentials::CredentialsError;
use crate::transport::BoxFuture;
use std::fmt;

/// A refresh token of a workforce pool.
pub(super) struct WorkforceUser {
    /// The name of the file, for errors.
    file: String,
    account: Account,
    client: ClientAuthentication,
    refresh_token: RefreshToken,
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
        Ok(Self {
            file: members.file().to_owned(),
            account: members.account(token_url)?,
            client,
            refresh_token: RefreshToken::new(required("refresh_token")?),
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
        let server = &self.account.token_url;
        let response = exchange::post_form(request, server, &form, &headers, &secrets);
        let response = response.await?;
        let token = exchange::access_token(&response, &[])?;
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

    fn account(&self) -> Option<&Account> {
        Some(&self.account)
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
