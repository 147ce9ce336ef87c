//! Users with a refresh token.

use super::advice::REFRESH_TOKEN;
use super::cache::Cached;
use super::exchange;
use super::file::AUTHORIZED_USER;
use super::json::Json;
use super::metrics;
use super::token::{Account, RefreshToken, Token, TokenRequest, TokenSource, delegates, narrowed};
use crate::credentials::CredentialsError;
use crate::transport::BoxFuture;
use std::fmt;
use std::path::Path;

/// A user with a refresh token: the JSON file that `gcloud auth application-default login` writes
/// ([AIP-4113](https://google.aip.dev/auth/4113)).
///
/// A token has the scopes that the user has granted. [`ClientBuilder::scopes`](crate::ClientBuilder::scopes) can ask for fewer.
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi::spanner_v1::Spanner;
/// use gapi_runtime::auth::AuthorizedUser;
///
/// let user = AuthorizedUser::from_file("user.json")?;
/// let user = match std::env::var("AUTHORIZED_USER") {
///     Ok(json) => AuthorizedUser::from_json(&json)?,
///     Err(_) => user,
/// };
/// let spanner = Spanner::builder().credentials(user).build().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "credentials do nothing until a client has them"]
pub struct AuthorizedUser(Cached<Source>);

/// A refresh token and the OAuth client that it was granted to.
struct Source {
    client_id: String,
    client_secret: String,
    refresh_token: RefreshToken,
    account: Account,
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
            refresh_token: RefreshToken::new(json.required("refresh_token")?),
            account: Account::of(json)?,
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
        let asked = narrowed(request);
        let scope = asked.join(" ");
        let refresh_token = self.refresh_token.current();
        let mut form = vec![
            ("grant_type", REFRESH_TOKEN),
            ("client_id", self.client_id.as_str()),
            ("client_secret", &self.client_secret),
            ("refresh_token", &refresh_token),
        ];
        if !asked.is_empty() {
            form.push(("scope", &scope));
        }
        let secrets = [self.client_secret.as_str(), &refresh_token];
        let headers = [metrics::api_client("cred-type/u")];
        let server = &self.account.token_url;
        let response = exchange::post_form(request, server, &form, &headers, &secrets);
        let response = response.await?;
        let token = exchange::access_token(&response, asked)?;
        self.refresh_token.update(&response);
        Ok(token)
    }
}

impl TokenSource for Source {
    fn token<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<Token, CredentialsError>> {
        Box::pin(self.refresh(request))
    }

    fn account(&self) -> Option<&Account> {
        Some(&self.account)
    }

    fn has_own_scopes(&self, request: &TokenRequest<'_>) -> bool {
        narrowed(request).is_empty()
    }
}

delegates!(AuthorizedUser, 0);

impl fmt::Debug for AuthorizedUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizedUser")
            .field("client_id", &self.0.source().client_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::external::testing::{form, issued, token};
    use crate::transport::MockTransport;
    use serde_json::json;

    #[tokio::test]
    async fn a_refresh_token_that_replaces_another_one_is_used() {
        let file = json!({
            "type": "authorized_user", "client_id": "id", "client_secret": "secret", "refresh_token": "refresh-1",
        });
        let user = AuthorizedUser::from_json(&file.to_string()).unwrap();
        let next = json!({"access_token": "one", "expires_in": 1, "refresh_token": "refresh-2"});
        let none = json!({"access_token": "two", "expires_in": 1, "refresh_token": ""});
        let mock = MockTransport::new()
            .respond(200, next.to_string())
            .respond(200, none.to_string())
            .respond(200, issued("three"));
        for expected in ["Bearer one", "Bearer two", "Bearer three"] {
            assert_eq!(token(&user, &mock).await.unwrap(), expected);
        }
        let sent: Vec<String> = mock
            .requests()
            .iter()
            .filter_map(|request| {
                let mut fields = form(request).into_iter();
                Some(fields.find(|(name, _)| name == "refresh_token")?.1)
            })
            .collect();
        assert_eq!(sent, ["refresh-1", "refresh-2", "refresh-2"]);
    }
}
