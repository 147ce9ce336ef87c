//! The credentials of a client: the headers that authenticate each request.

#[cfg(feature = "auth")]
mod application_default;
mod context;
#[cfg(feature = "auth")]
mod google;
#[cfg(feature = "auth")]
mod google_error;
#[cfg(feature = "auth")]
mod json;
#[cfg(feature = "auth")]
mod metadata;

use crate::error::{Error, ErrorKind};
use crate::method::ServiceInfo;
use crate::transport::{BoxFuture, Transport};
pub use context::CredentialsContext;
#[cfg(feature = "auth")]
pub(crate) use google::GoogleSource;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::Instant;

const API_KEY: HeaderName = HeaderName::from_static("x-goog-api-key");
/// The scope for all of Google Cloud. IAM decides what a principal may do with it.
const CLOUD_PLATFORM: &str = "https://www.googleapis.com/auth/cloud-platform";

const USER_PROJECT: HeaderName = HeaderName::from_static("x-goog-user-project");

/// The time for a request for a token, including retries.
const TOKEN_TIMEOUT: Duration = Duration::from_secs(10);

/// The universe that everybody is in who does not say otherwise.
pub(crate) const DEFAULT_UNIVERSE: &str = "googleapis.com";

/// A provider of the headers that authenticate requests, for [`ClientBuilder::credentials`](crate::ClientBuilder::credentials).
///
/// With the feature `auth` every `Credentials` of [`google-cloud-auth`](https://docs.rs/google-cloud-auth) is one.
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
///                 .map_err(|_| CredentialsError::permanent("the file holds no token"))?;
///             Ok(HeaderMap::from_iter([(AUTHORIZATION, value)]))
///         })
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

    /// The universe domain that the credentials are of, for instance `googleapis.com`; `None`, which is the default, when that
    /// is not known. Asked for once, after the first headers; a client of another universe sends nothing.
    fn universe_domain<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Option<String>> {
        let _ = context;
        Box::pin(std::future::ready(None))
    }

    /// Drops the token in these headers, because a server rejected it with HTTP 401. Returns `true` if another one may be had:
    /// then the client sends the request once more. `false` by default.
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
}

/// The error for credentials that cannot be provided.
///
/// Its text is shown wherever errors are, so it must not hold tokens or keys. `Display` contains the text of the cause, which is
/// therefore no [source](StdError::source). As the source of the [`Error`] of a call, which shows all of that, it has a short
/// text.
#[derive(Debug)]
pub struct CredentialsError {
    is_transient: bool,
    /// `true` if the error of a call shows the text. Then a chain that is printed does not repeat it.
    is_shown: bool,
    source: Box<dyn StdError + Send + Sync>,
}

/// The authentication headers of a client's requests.
pub(crate) struct Credentials {
    /// The headers that are the same for every request. Sensitive values are marked as such.
    fixed: HeaderMap,
    provider: Option<Arc<dyn CredentialsProvider>>,
    /// The kind of provider, for `Debug`.
    origin: &'static str,
    universe_domain: String,
    /// `true` if the provider's universe has been compared with the client's.
    is_checked: AtomicBool,
    /// The scopes that the caller has named.
    scopes: Option<Vec<String>>,
    service: &'static ServiceInfo,
    subject: Option<String>,
    token_timeout: Duration,
}

/// The settings of a builder that concern authentication.
#[derive(Default)]
pub(crate) struct AuthConfig {
    pub(crate) source: CredentialsSource,
    pub(crate) api_key: Option<String>,
    pub(crate) quota_project: Option<String>,
    /// Replace the scopes of the service.
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) subject: Option<String>,
    pub(crate) token_timeout: Option<Duration>,
}

/// Makes a provider while the client is built.
type MakeProvider =
    Box<dyn FnOnce() -> Result<Arc<dyn CredentialsProvider>, CredentialsError> + Send>;

/// The source of credentials.
#[derive(Default)]
pub(crate) enum CredentialsSource {
    /// Application Default Credentials, where a client looks for them by default.
    #[default]
    Unsaid,
    Anonymous,
    BearerToken(String),
    Provider(Arc<dyn CredentialsProvider>),
    /// A provider that can only be made once TLS is ready.
    Deferred(MakeProvider),
    /// Credentials that google-cloud-auth implements.
    #[cfg(feature = "auth")]
    Google(GoogleSource),
}

/// The OAuth 2.0 scopes that a token is requested for.
#[cfg(feature = "auth")]
#[derive(Clone)]
struct Scopes {
    /// The scopes that the caller has named.
    named: Option<Vec<String>>,
    /// All scopes of the service.
    service: &'static [&'static str],
}

#[cfg(feature = "auth")]
impl Scopes {
    /// The scopes for credentials that have none of their own.
    fn or_of_service(&self) -> Vec<String> {
        self.named.clone().unwrap_or_else(|| {
            if self.service.contains(&CLOUD_PLATFORM) {
                vec![CLOUD_PLATFORM.to_owned()]
            } else {
                let all = self.service.iter();
                all.map(|&scope| scope.to_owned()).collect()
            }
        })
    }
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
        Self {
            is_transient: true,
            is_shown: false,
            source: source.into(),
        }
    }

    /// Creates an error that lasts until someone fixes its cause, for instance a revoked key or a malformed file.
    pub fn permanent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            is_transient: false,
            is_shown: false,
            source: source.into(),
        }
    }

    /// The error of a closure that makes credentials. The text of google-cloud-auth can quote a key.
    pub(crate) fn unmade(error: Box<dyn StdError + Send + Sync>) -> Self {
        #[cfg(feature = "auth")]
        if let Some(error) = google_error::of_build(&*error) {
            return error;
        }
        Self::permanent(error)
    }

    /// The text without the introduction that `Display` puts before it.
    #[cfg(feature = "auth")]
    fn problem(&self) -> String {
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

impl Credentials {
    /// Makes the headers that never change. Adds a problem for each setting that is not a header value.
    pub(crate) fn new(
        auth: &AuthConfig,
        universe_domain: String,
        service: &'static ServiceInfo,
        problems: &mut Vec<String>,
    ) -> Self {
        let bearer = match &auth.source {
            CredentialsSource::BearerToken(token) => Some(format!("Bearer {token}")),
            _ => None,
        };
        let mut fixed = HeaderMap::new();
        for (setting, name, text, is_sensitive) in [
            ("API key", API_KEY, auth.api_key.as_deref(), true),
            ("bearer token", AUTHORIZATION, bearer.as_deref(), true),
            (
                "quota project",
                USER_PROJECT,
                auth.quota_project.as_deref(),
                false,
            ),
        ] {
            if let Some(mut value) = text.and_then(|text| header_value(setting, text, problems)) {
                value.set_sensitive(is_sensitive);
                fixed.insert(name, value);
            }
        }
        Self {
            fixed,
            provider: None,
            origin: "provider",
            universe_domain,
            is_checked: AtomicBool::new(false),
            scopes: auth.scopes.clone(),
            service,
            subject: auth.subject.clone(),
            token_timeout: auth.token_timeout.unwrap_or(TOKEN_TIMEOUT),
        }
    }

    /// Adds the provider that the caller has chosen. TLS must be ready, because a provider may send requests at once.
    #[cfg_attr(
        not(feature = "auth"),
        expect(unused_variables, reason = "only google-cloud-auth takes scopes")
    )]
    pub(crate) fn with_provider(
        mut self,
        auth: AuthConfig,
        seeks_default: bool,
        service: &'static ServiceInfo,
    ) -> Result<Self, CredentialsError> {
        #[cfg(feature = "auth")]
        let google = |source: GoogleSource| {
            let scopes = Scopes {
                named: auth.scopes,
                service: service.scopes,
            };
            Ok::<_, CredentialsError>((source.origin(), source.provider(scopes)?))
        };
        let found = match auth.source {
            CredentialsSource::Anonymous | CredentialsSource::BearerToken(_) => None,
            CredentialsSource::Provider(provider) => Some((self.origin, provider)),
            CredentialsSource::Deferred(make) => Some((self.origin, make()?)),
            #[cfg(feature = "auth")]
            CredentialsSource::Google(source) => Some(google(source)?),
            #[cfg(feature = "auth")]
            CredentialsSource::Unsaid if seeks_default => {
                Some(google(GoogleSource::ApplicationDefault)?)
            }
            CredentialsSource::Unsaid => None,
        };
        if let Some((origin, provider)) = found {
            self.origin = origin;
            self.provider = Some(provider);
        }
        Ok(self)
    }

    /// Returns `true` if requests carry neither a token nor an API key.
    pub(crate) fn are_none(&self) -> bool {
        let has_fixed = [AUTHORIZATION, API_KEY]
            .iter()
            .any(|name| self.fixed.contains_key(name));
        self.provider.is_none() && !has_fixed
    }

    /// The domain that the API is under.
    pub(crate) fn universe_domain(&self) -> &str {
        &self.universe_domain
    }

    /// Adds the headers that say who calls.
    pub(crate) async fn add_to(
        &self,
        headers: &mut HeaderMap,
        transport: &Arc<dyn Transport>,
        deadline: Option<Instant>,
    ) -> Result<(), CredentialsError> {
        // A call can name a project of its own.
        let of_call = headers.get(USER_PROJECT).cloned();
        if let Some(provider) = &self.provider {
            // Boxed: clients without a provider do not need room for it.
            let theirs = Box::pin(self.provided(&**provider, transport, deadline)).await?;
            headers.extend(theirs);
        }
        for (name, value) in &self.fixed {
            headers.insert(name, value.clone());
        }
        if let Some(project) = of_call {
            headers.insert(USER_PROJECT, project);
        }
        Ok(())
    }

    /// Returns the headers of the provider.
    async fn provided(
        &self,
        provider: &dyn CredentialsProvider,
        transport: &Arc<dyn Transport>,
        deadline: Option<Instant>,
    ) -> Result<HeaderMap, CredentialsError> {
        let named: Vec<&str>;
        let scopes = match &self.scopes {
            Some(scopes) => {
                named = scopes.iter().map(String::as_str).collect();
                &named
            }
            None if self.service.scopes.contains(&CLOUD_PLATFORM) => &[CLOUD_PLATFORM][..],
            None => self.service.scopes,
        };
        let context = CredentialsContext {
            transport,
            scopes,
            has_named_scopes: self.scopes.is_some(),
            subject: self.subject.as_deref(),
            universe_domain: &self.universe_domain,
            token_timeout: self.token_timeout,
            deadline,
        };
        let mut headers = provider.headers(&context).await?;
        // After the headers: a metadata server that is not there has been noticed by then.
        if !self.is_checked.load(Ordering::Relaxed) {
            self.check_universe(provider.universe_domain(&context).await)?;
            self.is_checked.store(true, Ordering::Relaxed);
        }
        for (name, value) in &mut headers {
            if name != USER_PROJECT {
                value.set_sensitive(true);
            }
        }
        Ok(headers)
    }

    fn check_universe(&self, theirs: Option<String>) -> Result<(), CredentialsError> {
        let ours = &self.universe_domain;
        match theirs {
            Some(theirs) if theirs != *ours => {
                // The text comes from a file or a server.
                let is_domain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
                let theirs = match theirs.as_str() {
                    text if text.chars().all(is_domain) => text,
                    _ => "with a malformed name",
                };
                Err(CredentialsError::permanent(format!(
                    "they are of the universe {theirs}, and the client is of {ours}: \
                     set `universe_domain` or GOOGLE_CLOUD_UNIVERSE_DOMAIN"
                )))
            }
            _ => Ok(()),
        }
    }
}

pub(crate) fn header_value(
    setting: &str,
    text: &str,
    problems: &mut Vec<String>,
) -> Option<HeaderValue> {
    let value = HeaderValue::from_str(text).ok();
    if value.is_none() {
        problems.push(format!("the {setting} is not a header value"));
    }
    value
}

/// The names of the headers, and where others come from.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        list.entries(self.fixed.keys().map(HeaderName::as_str));
        if self.provider.is_some() {
            list.entry(&self.origin);
        }
        list.finish()
    }
}

impl fmt::Debug for CredentialsSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unsaid => "unsaid",
            Self::Anonymous => "anonymous",
            Self::BearerToken(_) => "bearer token",
            Self::Provider(_) | Self::Deferred(_) => "provider",
            #[cfg(feature = "auth")]
            Self::Google(source) => source.origin(),
        })
    }
}
