//! The circumstances under which a client asks for credentials.

use super::Waits;
use crate::transport::Transport;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The circumstances under which a client asks for credentials: one attempt to send a request.
///
/// A provider of tokens that are good for everything ignores it.
///
/// ```
/// use gapi_runtime::http::HeaderMap;
/// use gapi_runtime::{BoxFuture, CredentialsContext, CredentialsError, CredentialsProvider};
///
/// /// Another provider, for services that accept no other scope than one.
/// struct Narrow<P>(P);
///
/// impl<P: CredentialsProvider> CredentialsProvider for Narrow<P> {
///     fn headers<'a>(
///         &'a self,
///         context: &'a CredentialsContext<'a>,
///     ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
///         let context = context.with_scopes(&["https://www.googleapis.com/auth/drive.file"]);
///         Box::pin(async move { self.0.headers(&context.without_subject()).await })
///     }
/// }
///
/// /// Prints what a provider may have to know.
/// fn log(context: &CredentialsContext<'_>) {
///     println!("a token for {:?}", context.scopes());
///     println!("one of {:?} is enough", context.accepted_scopes());
///     println!("named by the application: {}", context.has_named_scopes());
///     println!("for {:?} in {}", context.subject(), context.universe_domain());
///     println!("within {:?} of {:?}", context.token_timeout(), context.time_left());
///     println!("by {:?}", context.transport());
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct CredentialsContext<'a> {
    pub(crate) transport: &'a Arc<dyn Transport>,
    pub(crate) scopes: &'a [&'a str],
    /// The scopes of which each alone is enough. Empty if the caller has named scopes.
    pub(crate) accepted: &'a [&'a str],
    pub(crate) has_named_scopes: bool,
    pub(crate) subject: Option<&'a str>,
    pub(crate) universe_domain: &'a str,
    /// `true` if other credentials need the headers to request their own token.
    #[cfg(feature = "auth")]
    pub(crate) is_for_others: bool,
    /// The time for a request for a token, including retries.
    pub(crate) token_timeout: Duration,
    /// The moment at which the client gives up, without the waits for a person.
    pub(crate) deadline: Option<Instant>,
    /// The time that the attempt has waited for a person, if its limits do not include that.
    pub(crate) waits: Option<&'a Waits>,
}

impl<'a> CredentialsContext<'a> {
    /// Returns the transport of the client. Requests for tokens can go through it.
    #[must_use]
    pub fn transport(&self) -> &'a Arc<dyn Transport> {
        self.transport
    }

    /// Returns the OAuth 2.0 scopes that the call needs.
    ///
    /// These are the scopes of [`ClientBuilder::scopes`](crate::ClientBuilder::scopes). Without them it is the first scope of the
    /// method ([`MethodInfo::scopes`](crate::MethodInfo::scopes)), which is its default. Empty if the API has no scopes.
    #[must_use]
    pub fn scopes(&self) -> &'a [&'a str] {
        self.scopes
    }

    /// Returns the scopes that the method accepts. A token with one of them is enough, even if [`scopes`](Self::scopes) has
    /// another one.
    ///
    /// Empty if the caller has named scopes, or if the scopes of the method are unknown.
    #[must_use]
    pub fn accepted_scopes(&self) -> &'a [&'a str] {
        self.accepted
    }

    /// Returns `true` if the caller has named the scopes with [`ClientBuilder::scopes`](crate::ClientBuilder::scopes).
    ///
    /// A refresh token has its own scopes. Only scopes that the caller named should replace them.
    #[must_use]
    pub fn has_named_scopes(&self) -> bool {
        self.has_named_scopes
    }

    /// Returns the user to act for: [`ClientBuilder::subject`](crate::ClientBuilder::subject).
    #[must_use]
    pub fn subject(&self) -> Option<&'a str> {
        self.subject
    }

    /// Returns the universe domain of the client, for instance `googleapis.com`.
    #[must_use]
    pub fn universe_domain(&self) -> &'a str {
        self.universe_domain
    }

    /// Returns the time that a request for a token may take, including retries:
    /// [`ClientBuilder::token_timeout`](crate::ClientBuilder::token_timeout).
    #[must_use]
    pub fn token_timeout(&self) -> Duration {
        self.token_timeout
    }

    /// Returns the remaining time before the client gives up, or `None` if it waits forever.
    #[must_use]
    pub fn time_left(&self) -> Option<Duration> {
        Some(self.deadline()?.saturating_duration_since(Instant::now()))
    }

    /// Returns the moment at which the client gives up.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let waited = self.waits.map(Waits::time).unwrap_or_default();
        self.deadline?.checked_add(waited)
    }

    /// Runs a future that waits for a person, for instance for a login. No limit of the call includes its time: neither its
    /// timeout nor those of its retry policy.
    ///
    /// A provider that uses it must limit the wait itself, and return `true` from
    /// [`is_interactive`](crate::CredentialsProvider::is_interactive). The client does not know of waits on other tasks.
    ///
    /// ```
    /// use gapi_runtime::{CredentialsContext, CredentialsError};
    /// use std::time::Duration;
    /// use tokio::time::timeout;
    ///
    /// /// Waits for the user of the application, for up to 5 minutes.
    /// async fn log_in(context: &CredentialsContext<'_>) -> Result<String, CredentialsError> {
    ///     let login = timeout(Duration::from_secs(300), token_of_the_user());
    ///     let token = context.wait_for_person(login).await;
    ///     token.map_err(|_| CredentialsError::permanent("the user did not log in"))
    /// }
    /// # async fn token_of_the_user() -> String { String::new() }
    /// ```
    pub async fn wait_for_person<F: Future>(&self, future: F) -> F::Output {
        match self.waits {
            Some(waits) => waits.around(future).await,
            None => future.await,
        }
    }

    /// Returns the same circumstances with other scopes, for a provider that asks another one.
    #[must_use]
    pub fn with_scopes(self, scopes: &'a [&'a str]) -> Self {
        Self {
            scopes,
            accepted: &[],
            has_named_scopes: true,
            ..self
        }
    }

    /// Returns the same circumstances without a subject, for a provider that acts for the subject itself.
    #[must_use]
    pub fn without_subject(self) -> Self {
        Self {
            subject: None,
            ..self
        }
    }
}
