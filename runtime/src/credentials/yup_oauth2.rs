//! Authenticators of the crate `yup-oauth2`.

use super::{CredentialsContext, CredentialsError, CredentialsProvider};
use crate::transport::BoxFuture;
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use hyper_util::client::legacy::connect::Connect;
use yup_oauth2::Error;
use yup_oauth2::authenticator::Authenticator;

/// An authenticator of `yup-oauth2`. It caches its tokens and refreshes them with its own HTTP client.
///
/// A token has the scopes of the call: see [`ClientBuilder::scopes`](crate::ClientBuilder::scopes). An authenticator that logs
/// a user in asks the user for them.
impl<C> CredentialsProvider for Authenticator<C>
where
    C: Connect + Clone + Send + Sync + 'static,
{
    fn headers<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        Box::pin(async move {
            let token = self.token(context.scopes()).await.map_err(failed)?;
            let text = token.token().unwrap_or_default();
            let value = HeaderValue::try_from(["Bearer ", text].concat());
            let value = value.map_err(|_| CredentialsError::permanent("the token is malformed"))?;
            Ok(HeaderMap::from_iter([(AUTHORIZATION, value)]))
        })
    }
}

/// Converts an error. Keeps no text of the token server, which may repeat the secrets of the request.
fn failed(error: Error) -> CredentialsError {
    match error {
        Error::HttpError(_) | Error::HttpClientError(_) => CredentialsError::transient(error),
        Error::AuthError(error) => {
            let code = error.error.as_str().to_owned();
            let is_code = |c: char| c.is_ascii_lowercase() || c == '_';
            CredentialsError::permanent(if code.chars().all(is_code) {
                format!("the token server returned an error: {code}")
            } else {
                "the token server returned an error".to_owned()
            })
        }
        Error::JSONError(_) => {
            CredentialsError::permanent("the response of the token server cannot be read")
        }
        error => CredentialsError::permanent(error),
    }
}
