//! The trait of all credentials that are not fixed.

use super::{CredentialsContext, CredentialsError};
use crate::transport::BoxFuture;
use http::HeaderMap;
use std::time::Duration;

/// A provider of the headers that authenticate requests, for [`ClientBuilder::credentials`](crate::ClientBuilder::credentials).
///
/// With the feature `google-cloud-auth` every `Credentials` of [that crate](https://docs.rs/google-cloud-auth) is one, and with
/// the feature `yup-oauth2` every `Authenticator` of [yup-oauth2](https://docs.rs/yup-oauth2).
///
/// ```
/// use gapi_runtime::http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
/// use gapi_runtime::{BoxFuture, CredentialsContext, CredentialsError, CredentialsProvider};
///
/// /// A token that another process keeps fresh.
/// struct TokenFile(std::path::PathBuf);
///
/// impl CredentialsProvider for TokenFile {
///     fn headers<'a>(
///         &'a self,
///         _: &'a CredentialsContext<'a>,
///     ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
///         Box::pin(async {
///             let token = std::fs::read_to_string(&self.0).map_err(CredentialsError::transient)?;
///             let value = HeaderValue::try_from(format!("Bearer {}", token.trim()))
///                 .map_err(|_| CredentialsError::permanent("the file contains no token"))?;
///             Ok(HeaderMap::from_iter([(AUTHORIZATION, value)]))
///         })
///     }
///
///     fn reject(&self, _: &HeaderMap) -> bool {
///         true // the file may have another token by now
///     }
///
///     fn keeps_deadline(&self) -> bool {
///         true // a file is read at once
///     }
///
///     fn is_interactive(&self) -> bool {
///         false
///     }
///
///     fn unfinished(&self, _: std::time::Duration) -> Option<CredentialsError> {
///         Some(CredentialsError::transient("the disk of the token file does not respond"))
///     }
/// }
/// ```
pub trait CredentialsProvider: Send + Sync {
    /// Returns the headers for one request, mostly `authorization`. They replace others of the same names.
    ///
    /// The client calls it before each attempt to send a request, for many requests at a time. A provider should keep a token
    /// until it expires. The client gives up on one that does not respond within
    /// [`RetryPolicy::connect_time_limit`](crate::RetryPolicy::connect_time_limit).
    ///
    /// # Errors
    /// Nothing is sent then, and the call fails with [`ErrorKind::Credentials`](crate::ErrorKind::Credentials).
    fn headers<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>>;

    /// Returns the universe domain of the credentials, for instance `googleapis.com`. `None`, the default, means that it is
    /// unknown.
    ///
    /// The client calls it after the first headers, and every 10 seconds while the universe is unknown. If its own universe is
    /// another one, it sends nothing, and the call fails with [`ErrorKind::Credentials`](crate::ErrorKind::Credentials).
    fn universe_domain<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Option<String>> {
        let _ = context;
        Box::pin(std::future::ready(None))
    }

    /// Drops the token in these headers, because a server rejected it with HTTP 401. Returns `true` if another one may be had:
    /// then the client sends the request once more. `false` by default.
    ///
    /// The headers are `authorization` of the request, and `date` of the response, by which a provider can detect that the clock
    /// of the machine is wrong.
    fn reject(&self, headers: &HeaderMap) -> bool {
        let _ = headers;
        false
    }

    /// Returns `true` if [`headers`](Self::headers) keeps the deadline of its context
    /// ([`time_left`](CredentialsContext::time_left)) and retries what may pass. Then the client waits for it as long as
    /// [`ClientBuilder::token_timeout`](crate::ClientBuilder::token_timeout) says. `false` by default.
    fn keeps_deadline(&self) -> bool {
        false
    }

    /// Returns `true` if [`headers`](Self::headers) may wait for a person, for instance for a login. Then only the timeouts of
    /// the call limit it, and these do not include what is run by
    /// [`wait_for_person`](CredentialsContext::wait_for_person). `false` by default.
    fn is_interactive(&self) -> bool {
        false
    }

    /// Returns the error for a caller that has waited for [`headers`](Self::headers) for this time and gives up. `None`, the
    /// default, means that the provider does not know what it waits for.
    fn unfinished(&self, time: Duration) -> Option<CredentialsError> {
        let _ = time;
        None
    }
}
