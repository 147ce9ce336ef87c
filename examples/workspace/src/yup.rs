//! The adapter: copy this file into your project.

use gapi_runtime::http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use gapi_runtime::{BoxFuture, CredentialsContext, CredentialsError, CredentialsProvider};
use yup_oauth2::Error;
use yup_oauth2::authenticator::DefaultAuthenticator;

/// Credentials of an authenticator of [`yup_oauth2`], for certain OAuth 2.0 scopes.
///
/// The authenticator caches its tokens and refreshes them.
pub struct YupCredentials {
    authenticator: DefaultAuthenticator,
    scopes: Vec<&'static str>,
}

impl YupCredentials {
    /// Requests tokens from `authenticator` for these scopes.
    #[must_use]
    pub fn new(
        authenticator: DefaultAuthenticator,
        scopes: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        let scopes = scopes.into_iter().collect();
        Self {
            authenticator,
            scopes,
        }
    }
}

impl CredentialsProvider for YupCredentials {
    fn headers<'a>(
        &'a self,
        _: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        Box::pin(async {
            let token = self.authenticator.token(&self.scopes).await;
            let token = token.map_err(|error| match error {
                Error::HttpError(_) | Error::HttpClientError(_) => {
                    CredentialsError::transient(error)
                }
                error => CredentialsError::permanent(error),
            })?;
            let text = format!("Bearer {}", token.token().unwrap_or_default());
            let value = HeaderValue::try_from(text).map_err(CredentialsError::permanent)?;
            Ok(HeaderMap::from_iter([(AUTHORIZATION, value)]))
        })
    }
}
