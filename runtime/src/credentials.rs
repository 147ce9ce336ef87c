//! The credentials of a client: the headers that authenticate each request.

mod context;
mod error;
#[cfg(feature = "google-cloud-auth")]
mod google_cloud_auth;
mod provider;
mod universe;
mod waits;
#[cfg(feature = "yup-oauth2")]
mod yup_oauth2;

pub use context::CredentialsContext;
pub use error::CredentialsError;
pub use provider::CredentialsProvider;
pub(crate) use waits::Waits;

use crate::method::{MethodInfo, ServiceInfo};
use crate::timer;
use crate::transport::Transport;
use http::header::{AUTHORIZATION, DATE, HeaderMap, HeaderName, HeaderValue};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

const API_KEY: HeaderName = HeaderName::from_static("x-goog-api-key");
const USER_PROJECT: HeaderName = HeaderName::from_static("x-goog-user-project");

/// The scope for all of Google Cloud. IAM decides what a principal may do with it.
pub(crate) const CLOUD_PLATFORM: &str = "https://www.googleapis.com/auth/cloud-platform";

/// The time for a request for a token, including retries.
const TOKEN_TIMEOUT: Duration = Duration::from_secs(10);

/// The time that a request for a token has to end by itself after its own limit.
const GRACE: Duration = Duration::from_secs(1);

/// The time between two questions for a universe that the provider does not know.
const UNIVERSE_PAUSE: Duration = Duration::from_secs(10);

const LATE: &str = "their provider did not respond in time";

/// The universe domain of Google Cloud, the default.
pub(crate) const DEFAULT_UNIVERSE: &str = "googleapis.com";

/// The authentication headers of a client's requests.
pub(crate) struct Credentials {
    /// The headers that are the same for every request. Sensitive values are marked as such.
    fixed: HeaderMap,
    provider: Option<Arc<dyn CredentialsProvider>>,
    /// The kind of provider, for `Debug`.
    origin: &'static str,
    universe_domain: String,
    /// `true` if the provider's universe is known and is the client's.
    is_checked: AtomicBool,
    /// The time until which the provider is not asked again for a universe that it did not know.
    pause: Mutex<Option<Instant>>,
    /// The scopes that the caller has named.
    scopes: Option<Vec<String>>,
    service: &'static ServiceInfo,
    subject: Option<String>,
    /// `None` for the default.
    token_timeout: Option<Duration>,
}

/// The methods of the calls in a batch, in the extensions of its request.
#[derive(Clone)]
pub(crate) struct Calls(pub(crate) Arc<[&'static MethodInfo]>);

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

/// The name of a provider of the caller's own.
pub(crate) const PROVIDER: &str = "provider";

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
    /// A provider that is made when the client is built, with its name for `Debug`.
    Deferred(&'static str, MakeProvider),
}

impl CredentialsSource {
    /// A provider that is made when the client is built.
    pub(crate) fn deferred<P: CredentialsProvider + 'static>(
        origin: &'static str,
        make: impl FnOnce() -> Result<P, CredentialsError> + Send + 'static,
    ) -> Self {
        Self::Deferred(origin, Box::new(move || Ok(Arc::new(make()?))))
    }
}

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
            origin: PROVIDER,
            universe_domain,
            is_checked: AtomicBool::new(false),
            pause: Mutex::default(),
            scopes: auth.scopes.clone(),
            service,
            subject: auth.subject.clone(),
            token_timeout: auth.token_timeout,
        }
    }

    /// Adds the provider that the caller has chosen. TLS must be ready, because a provider may send requests at once.
    pub(crate) fn with_provider(
        mut self,
        source: CredentialsSource,
    ) -> Result<Self, CredentialsError> {
        match source {
            CredentialsSource::Unsaid
            | CredentialsSource::Anonymous
            | CredentialsSource::BearerToken(_) => {}
            CredentialsSource::Provider(provider) => self.provider = Some(provider),
            CredentialsSource::Deferred(origin, make) => {
                self.origin = origin;
                self.provider = Some(make()?);
            }
        }
        Ok(self)
    }

    /// Returns `true` if requests have neither a token nor an API key.
    pub(crate) fn are_none(&self) -> bool {
        let has_fixed = [AUTHORIZATION, API_KEY]
            .iter()
            .any(|name| self.fixed.contains_key(name));
        self.provider.is_none() && !has_fixed
    }

    /// Returns the universe domain of the client.
    pub(crate) fn universe_domain(&self) -> &str {
        &self.universe_domain
    }

    /// Returns `true` if each attempt asks a provider for headers.
    pub(crate) fn have_provider(&self) -> bool {
        self.provider.is_some()
    }

    /// Returns `true` if the provider limits its own time.
    pub(crate) fn keep_deadline(&self) -> bool {
        let provider = self.provider.as_ref();
        provider.is_some_and(|provider| provider.keeps_deadline() || provider.is_interactive())
    }

    /// Returns `true` if the provider may wait for a person, who takes longer than a server.
    pub(crate) fn are_interactive(&self) -> bool {
        let provider = self.provider.as_ref();
        provider.is_some_and(|provider| provider.is_interactive())
    }

    /// Returns the moment at which an attempt gives up on the provider. `of_attempt` is the end of the attempt, and
    /// `of_connecting` the end of its time for connecting.
    ///
    /// A request for a token has its own limit. An attempt of a policy without retries does not wait for all of it, unless the
    /// caller has set that limit.
    pub(crate) fn deadline(
        &self,
        of_attempt: Option<Instant>,
        of_connecting: Option<Instant>,
        is_patient: bool,
    ) -> Option<Instant> {
        if self.are_interactive() {
            return of_attempt;
        }
        let waits = is_patient || self.token_timeout.is_some() || of_connecting.is_none();
        if waits && self.keep_deadline() && timer::is_available() {
            // A moment later the request for the token has ended by itself.
            let longest = self.token_timeout().saturating_add(GRACE);
            let longest = Instant::now().checked_add(longest);
            longest.into_iter().chain(of_attempt).min()
        } else {
            of_connecting
        }
    }

    fn token_timeout(&self) -> Duration {
        self.token_timeout.unwrap_or(TOKEN_TIMEOUT)
    }

    /// Returns the headers of the provider.
    pub(crate) async fn provided(
        &self,
        method: &'static MethodInfo,
        calls: Option<&Calls>,
        transport: &Arc<dyn Transport>,
        deadline: Option<Instant>,
        waits: Option<&Waits>,
    ) -> Result<HeaderMap, CredentialsError> {
        let Some(provider) = &self.provider else {
            return Ok(HeaderMap::new());
        };
        let several: Vec<&str>;
        let (scopes, accepted) = match (&self.scopes, calls) {
            (Some(named), _) => {
                several = named.iter().map(String::as_str).collect();
                (&*several, &[][..])
            }
            (None, Some(Calls(methods))) => {
                let scopes = methods.iter().flat_map(|method| self.scopes_of(method));
                let scopes: BTreeSet<&str> = scopes.copied().collect();
                several = scopes.into_iter().collect();
                (&*several, &[][..])
            }
            (None, None) => (self.scopes_of(method), method.scopes),
        };
        let context = CredentialsContext {
            transport,
            scopes,
            accepted,
            has_named_scopes: self.scopes.is_some(),
            subject: self.subject.as_deref(),
            universe_domain: &self.universe_domain,
            #[cfg(feature = "auth")]
            is_for_others: false,
            token_timeout: self.token_timeout(),
            deadline,
            waits,
        };
        let mut headers = provider.headers(&context).await?;
        // After the headers: a metadata server that is not there has been noticed by then.
        if !self.is_checked.load(Ordering::Relaxed) && self.may_ask_for_universe() {
            if let Some(universe) = provider.universe_domain(&context).await {
                universe::check(self.origin, &universe, &self.universe_domain)?;
                self.is_checked.store(true, Ordering::Relaxed);
            } else {
                *self.pause() = Some(Instant::now() + UNIVERSE_PAUSE);
            }
        }
        for (name, value) in &mut headers {
            if name != USER_PROJECT {
                value.set_sensitive(true);
            }
        }
        Ok(headers)
    }

    /// Returns the scopes for a method if the caller names none: the first one that it accepts, which is the default. A method
    /// without scopes has `cloud-platform` if the service takes it, else all scopes of the service.
    fn scopes_of(&self, method: &'static MethodInfo) -> &'static [&'static str] {
        match method.scopes.get(..1) {
            Some(default) => default,
            None if self.service.scopes.contains(&CLOUD_PLATFORM) => &[CLOUD_PLATFORM],
            None => self.service.scopes,
        }
    }

    /// Adds the headers of the provider. A call can name its own project.
    pub(crate) fn add(&self, mut provided: HeaderMap, headers: &mut HeaderMap) {
        if headers.contains_key(USER_PROJECT) || self.fixed.contains_key(USER_PROJECT) {
            provided.remove(USER_PROJECT);
        }
        headers.extend(provided);
    }

    /// Adds the headers that are the same for every request.
    pub(crate) fn add_fixed(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.fixed {
            if name != USER_PROJECT || !headers.contains_key(USER_PROJECT) {
                headers.insert(name, value.clone());
            }
        }
    }

    /// Returns the token in the headers of a request if it is one of the provider.
    pub(crate) fn token_in(&self, headers: &HeaderMap) -> Option<Box<HeaderValue>> {
        self.provider.as_ref()?;
        headers.get(AUTHORIZATION).cloned().map(Box::new)
    }

    /// Reports to the provider that a server has rejected a token. Returns `true` if another one may be had.
    pub(crate) fn reject(&self, token: HeaderValue, response: &HeaderMap) -> bool {
        let Some(provider) = &self.provider else {
            return false;
        };
        let mut headers = HeaderMap::from_iter([(AUTHORIZATION, token)]);
        if let Some(date) = response.get(DATE) {
            headers.insert(DATE, date.clone());
        }
        provider.reject(&headers)
    }

    fn pause(&self) -> MutexGuard<'_, Option<Instant>> {
        self.pause.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn may_ask_for_universe(&self) -> bool {
        self.pause().is_none_or(|until| Instant::now() >= until)
    }

    /// Returns the error for an attempt that has waited for the provider for this time and gives up.
    pub(crate) fn unfinished(&self, time: Duration) -> CredentialsError {
        let provider = self.provider.as_ref();
        let error = provider.and_then(|provider| provider.unfinished(time));
        error.unwrap_or_else(|| CredentialsError::transient(LATE))
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
            Self::Provider(_) => PROVIDER,
            Self::Deferred(origin, _) => origin,
        })
    }
}
