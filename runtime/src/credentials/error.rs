//! The error for credentials that cannot be provided.

use crate::error::{Error, ErrorKind};
use std::error::Error as StdError;
use std::fmt;
#[cfg(feature = "auth")]
use std::time::Duration;

/// The error for credentials that cannot be provided.
///
/// Its text is shown wherever errors are, so it must not hold tokens or keys. `Display` contains the text of the cause, which is
/// therefore no [source](StdError::source). As the source of the [`Error`] of a call, which shows all of that, it has a short
/// text.
///
/// ```
/// use gapi_runtime::{CredentialsError, Error};
/// use std::error::Error as _;
///
/// let revoked = CredentialsError::permanent("the key was revoked");
/// assert!(!revoked.is_transient());
/// assert_eq!(revoked.get_ref().to_string(), "the key was revoked");
/// assert!(CredentialsError::transient("the token server is busy").is_transient()); // retried
///
/// /// Returns the credentials' part in the error of a call.
/// fn of_call(error: &Error) -> Option<&CredentialsError> {
///     error.source()?.downcast_ref()
/// }
/// ```
#[derive(Debug)]
pub struct CredentialsError {
    is_transient: bool,
    /// `true` if the error of a call shows the text. Then a chain that is printed does not repeat it.
    is_shown: bool,
    /// The delay that the server asks for.
    #[cfg(feature = "auth")]
    retry_after: Option<Duration>,
    source: Box<dyn StdError + Send + Sync>,
}

impl CredentialsError {
    /// Returns the error of a call, or of building a client.
    pub(crate) fn into_error(self, method_id: Option<&'static str>) -> Error {
        let error = Error::unsent(ErrorKind::Credentials, method_id, self.to_string());
        let is_transient = self.is_transient();
        let shown = Self {
            is_shown: true,
            ..self
        };
        error.with_source(Box::new(shown), is_transient)
    }

    /// Creates an error that may pass, for instance a token server without a response. The call is retried.
    pub fn transient(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(true, source.into())
    }

    /// Creates an error that lasts until someone fixes its cause, for instance a revoked key or a malformed file.
    pub fn permanent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(false, source.into())
    }

    fn new(is_transient: bool, source: Box<dyn StdError + Send + Sync>) -> Self {
        Self {
            is_transient,
            is_shown: false,
            #[cfg(feature = "auth")]
            retry_after: None,
            source,
        }
    }

    /// Returns the same error with another text.
    #[cfg(feature = "auth")]
    pub(crate) fn with_text(&self, text: String) -> Self {
        Self::new(self.is_transient, text.into()).after(self.retry_after)
    }

    /// Sets the delay that the server asks for.
    #[cfg(feature = "auth")]
    pub(crate) fn after(self, retry_after: Option<Duration>) -> Self {
        Self {
            retry_after,
            ..self
        }
    }

    /// Returns the delay that the server asks for.
    #[cfg(feature = "auth")]
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The error of a closure that makes credentials. The text of google-cloud-auth can quote a key.
    pub(crate) fn unmade(error: Box<dyn StdError + Send + Sync>) -> Self {
        #[cfg(feature = "google-cloud-auth")]
        if let Some(error) = super::google_cloud_auth::of_build(&*error) {
            return error;
        }
        Self::permanent(error)
    }

    /// The text without the introduction that `Display` puts before it.
    #[cfg(feature = "auth")]
    pub(crate) fn problem(&self) -> String {
        self.source.to_string()
    }

    /// Returns whether the error may pass, so that a retry can succeed.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.is_transient
    }

    /// Returns the cause that the error was made of, for programs that look for a type.
    #[must_use]
    pub fn get_ref(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.source
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_shown {
            return f.write_str("the provider of the credentials failed");
        }
        f.write_str(if self.is_transient {
            "no credentials for now: "
        } else {
            "no credentials: "
        })?;
        self.source.fmt(f)
    }
}

impl StdError for CredentialsError {}
