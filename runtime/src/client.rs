//! The client that all handles and calls of an API share.

mod attempt;
mod authentication;
mod body;
#[cfg(feature = "test-util")]
mod called;
mod endpoint;
mod exchange;
mod hook;
#[cfg(feature = "tower")]
mod layers;
mod outcome;
mod service;
mod settings;
mod values;

#[cfg(feature = "auth")]
use crate::credentials::CredentialsSource;
use crate::credentials::{AuthConfig, Credentials, header_value};
use crate::error::{Error, Result};
use crate::headers::{self, Headers};
use crate::method::ServiceInfo;
use crate::retry::RetryPolicy;
use crate::retry::Throttle;
use crate::trace::Instruments;
use crate::transport::Transport;
use crate::wire::DEFAULT_LIMIT;
pub(crate) use body::BodyMode;
#[cfg(feature = "test-util")]
pub(crate) use called::Called;
use endpoint::{EndpointConfig, default_transport};
pub(crate) use exchange::Outgoing;
pub use hook::Attempt;
use hook::Hooks;
use http::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};
pub use service::Service;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

/// The header with the verb of a request that is sent as a POST.
pub(crate) const METHOD_OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");
const API_CLIENT: HeaderName = HeaderName::from_static("x-goog-api-client");

/// This library, and the word that Google's servers look for before they compress a response.
const PRODUCT: &str = concat!("gapi/", env!("CARGO_PKG_VERSION"), " (gzip)");

/// The language and this library, as Google's servers count them.
const API_CLIENT_VALUE: HeaderValue = HeaderValue::from_static(concat!(
    "gl-rust/",
    env!("CARGO_PKG_RUST_VERSION"),
    " gdcl/",
    env!("CARGO_PKG_VERSION")
));

/// A client for an API: its location, its transport and its credentials. Cheap to clone; `Debug` shows no secrets.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_runtime::{Client, Service};
///
/// # let spanner = spanner([]).await?;
/// let client: &Client = spanner.client();
/// assert_eq!(client.service().title, "Cloud Spanner API");
/// let another = gapi::spanner_v1::Spanner::from_client(client.clone());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    service: &'static ServiceInfo,
    /// Scheme, host and perhaps a path; ends in `/`.
    root_url: String,
    transport: Arc<dyn Transport>,
    user_agent: HeaderValue,
    /// Headers that the application adds to all requests.
    headers: HeaderMap,
    credentials: Credentials,
    hooks: Hooks,
    instruments: Instruments,
    retry: RetryPolicy,
    timeout: Option<Duration>,
    max_response_size: usize,
    throttle: Throttle,
    takes_encoded_slashes: bool,
    skips_pattern_checks: bool,
    fills_request_ids: bool,
}

impl Client {
    /// Returns the description of the API in its document.
    #[must_use]
    pub fn service(&self) -> &'static ServiceInfo {
        self.0.service
    }

    /// The URL of an expanded path with its query. Concatenated, not joined: a path must not be able to leave the host.
    pub(crate) fn url(&self, target: &str) -> String {
        let Inner {
            root_url, service, ..
        } = &*self.0;
        [root_url, service.service_path, target].concat()
    }

    /// The same for requests with media.
    pub(crate) fn upload_url(&self, target: &str) -> String {
        let Inner {
            root_url, service, ..
        } = &*self.0;
        [root_url, "upload/", service.service_path, target].concat()
    }

    /// Returns `true` if the other client is this one or a clone of it.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Adds the headers of all requests: those of the application, and those that identify it and this library.
    pub(crate) fn introduce(&self, headers: &mut HeaderMap) {
        headers::write(&self.0.headers, headers);
        headers.insert(USER_AGENT, self.0.user_agent.clone());
        headers.insert(API_CLIENT, API_CLIENT_VALUE);
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("service", &self.0.service.id)
            .field("root_url", &self.0.root_url)
            .field("credentials", &self.0.credentials)
            .field("transport", &self.0.transport)
            .finish_non_exhaustive()
    }
}

/// Settings for building a client.
///
/// # Authentication
///
/// The last of these settings decides: `service_account_key`, `authorized_user`, `credentials_file`,
/// `application_default_credentials` (all with the feature `auth`), [`bearer_token`](Self::bearer_token),
/// [`credentials`](Self::credentials), [`credentials_with`](Self::credentials_with), [`anonymous`](Self::anonymous).
///
/// Without any of them the client uses Application Default Credentials ([AIP-4110](https://google.aip.dev/auth/4110)). It does not
/// look for them, and sends no token, in these cases:
///
/// * An [`api_key`](Self::api_key) is set.
/// * A [`transport`](Self::transport) of the caller's own is set, other than with `http_client`. Tests stay off the network.
/// * The [`endpoint`](Self::endpoint) is plain `http`, as with emulators. A token never goes out unencrypted by default.
/// * The feature `auth` is off.
///
/// `Debug` shows no secrets.
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi::spanner_v1::Spanner;
/// use gapi_runtime::RetryPolicy;
/// use std::time::Duration;
///
/// let spanner = Spanner::builder()
///     .user_agent("my-application/1.0")
///     .retry(RetryPolicy::new().max_attempts(3))
///     .timeout(Duration::from_secs(60))
///     .max_response_size(256 << 20)
///     .build()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a builder does nothing until it is built"]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own"
)]
pub struct ClientBuilder<S> {
    endpoint: EndpointConfig,
    auth: AuthConfig,
    user_agent: Option<String>,
    headers: Headers,
    transport: Option<Result<Arc<dyn Transport>, String>>,
    #[cfg(feature = "tower")]
    layers: layers::Layers,
    hooks: Hooks,
    retry: RetryPolicy,
    timeout: Option<Duration>,
    max_response_size: usize,
    /// `true` if the transport is the caller's own HTTP client. By default the client still looks for credentials then.
    is_http_client: bool,
    takes_encoded_slashes: bool,
    skips_pattern_checks: bool,
    fills_request_ids: bool,
    service: PhantomData<fn() -> S>,
}

impl<S: Service> ClientBuilder<S> {
    /// Returns a builder with the default settings.
    pub fn new() -> Self {
        // Credentials that an argument of `credentials` makes need it at once.
        #[cfg(any(feature = "auth", feature = "_http"))]
        crate::tls::install_tls_provider();
        Self {
            endpoint: EndpointConfig::default(),
            auth: AuthConfig::default(),
            user_agent: None,
            headers: Headers::default(),
            transport: None,
            #[cfg(feature = "tower")]
            layers: layers::Layers::default(),
            hooks: Hooks::default(),
            retry: RetryPolicy::new(),
            timeout: None,
            max_response_size: DEFAULT_LIMIT,
            is_http_client: false,
            takes_encoded_slashes: S::TAKES_ENCODED_SLASHES,
            skips_pattern_checks: false,
            fills_request_ids: true,
            service: PhantomData,
        }
    }

    /// Names the application in the `user-agent` header, before this library: `my-application/1.0`.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// Sends requests through this transport. No credentials are looked for then.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Ok(Arc::new(transport)));
        self.is_http_client = false;
        self
    }

    /// Sets the retry policy of calls that do not set one. [`RetryPolicy::never`] turns retries off.
    ///
    /// | failure | idempotent calls | other calls |
    /// |---|---|---|
    /// | no connection | retried for 4 seconds | retried for 4 seconds |
    /// | a rate limit | retried for 60 seconds | retried for 60 seconds |
    /// | the connection broke; HTTP 503 or `UNAVAILABLE` | retried for 60 seconds | never |
    /// | failures that the policy adds | retried for 60 seconds | never |
    /// | anything else | no | never |
    ///
    /// `GET`, `PUT`, `DELETE`, and calls with a request id or a precondition are idempotent, unless a call says otherwise: see
    /// [`RetryPolicy`](RetryPolicy#idempotent-calls). To wait longer for a network
    /// or an emulator, set [`RetryPolicy::connect_time_limit`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets the deadline for each whole call, including retries and delays; none by default. A call that has not ended by then
    /// fails with [`ErrorKind::Timeout`](crate::ErrorKind::Timeout), with [`ErrorKind::Connect`](crate::ErrorKind::Connect) if
    /// it is still connecting, or with the last error if there is no time for another attempt.
    ///
    /// It applies to each page, each chunk of an upload, and each request of anything else that takes several.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets the maximum size of a successful response that is read into memory, in bytes after decompression. The default is
    /// 64 MiB. A larger response is an error ([`ErrorKind::Decode`](crate::ErrorKind::Decode)), so that a server or a proxy
    /// cannot use up all memory.
    ///
    /// A response and the value that is decoded from it together take at most three times that size. JSON that needs more, such
    /// as a long list of empty objects, is an error of the same kind. The decoded value may take 64 KiB in any case.
    ///
    /// Downloads of media have no limit: [`Download::stream`](crate::Download::stream) returns the media in chunks. Only the
    /// first MiB of an error response is read.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.max_response_size = bytes;
        self
    }

    /// Builds the client. Needs a tokio runtime only if the caller's credentials need one.
    ///
    /// Files with credentials are read here. Tokens are fetched with the first call.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) if a setting cannot be used, with all reasons;
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) if the credentials cannot be read or used.
    #[expect(
        clippy::unused_async,
        reason = "other kinds of credentials may need to wait"
    )]
    pub async fn build(self) -> Result<S> {
        let mut problems = Vec::new();
        let universe = self.endpoint.universe(&mut problems);
        let has_transport = self.transport.is_some();
        let root_url = self
            .endpoint
            .root_url(S::INFO, &universe, has_transport, &mut problems);
        let is_https = !root_url.starts_with("http:");

        let credentials = Credentials::new(&self.auth, universe, S::INFO, &mut problems);
        let user_agent = match self.user_agent {
            Some(product) => {
                header_value("user agent", &format!("{product} {PRODUCT}"), &mut problems)
            }
            None => Some(HeaderValue::from_static(PRODUCT)),
        };
        #[cfg_attr(
            not(feature = "auth"),
            expect(unused_variables, reason = "only the feature finds credentials")
        )]
        let seeks_default =
            is_https && (!has_transport || self.is_http_client) && self.auth.api_key.is_none();

        problems.extend_from_slice(self.headers.problems());
        let transport = self
            .transport
            .unwrap_or_else(|| default_transport(is_https));
        #[cfg(feature = "tower")]
        let transport = transport.map(|transport| self.layers.around(transport));
        if let Err(problem) = &transport {
            problems.push(problem.clone());
        }
        match (transport, user_agent) {
            (Ok(transport), Some(user_agent)) if problems.is_empty() => {
                let source = match self.auth.source {
                    #[cfg(feature = "auth")]
                    CredentialsSource::Unsaid if seeks_default => {
                        authentication::application_default()
                    }
                    source => source,
                };
                let credentials = credentials
                    .with_provider(source)
                    .map_err(|error| error.into_error(None))?;
                let inner = Inner {
                    service: S::INFO,
                    root_url,
                    transport,
                    user_agent,
                    headers: self.headers.accepted().clone(),
                    credentials,
                    hooks: self.hooks,
                    instruments: Instruments::new(),
                    retry: self.retry,
                    timeout: self.timeout,
                    max_response_size: self.max_response_size,
                    throttle: Throttle::default(),
                    takes_encoded_slashes: self.takes_encoded_slashes,
                    skips_pattern_checks: self.skips_pattern_checks,
                    fills_request_ids: self.fills_request_ids,
                };
                Ok(S::from_client(Client(Arc::new(inner))))
            }
            _ => Err(Error::invalid_argument(
                None,
                format!("{}: {}", S::INFO.id, problems.join("; ")),
            )),
        }
    }
}

impl<S: Service> Default for ClientBuilder<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for ClientBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("endpoint", &self.endpoint)
            .field("credentials", &self.auth.source)
            .field("has_api_key", &self.auth.api_key.is_some())
            .field("quota_project", &self.auth.quota_project)
            .field("scopes", &self.auth.scopes)
            .field("subject", &self.auth.subject)
            .field("token_timeout", &self.auth.token_timeout)
            .field("user_agent", &self.user_agent)
            .field("headers", &self.headers)
            .field("transport", &self.transport)
            .field("hooks", &self.hooks)
            .field("retry", &self.retry)
            .field("timeout", &self.timeout)
            .field("max_response_size", &self.max_response_size)
            .field("takes_encoded_slashes", &self.takes_encoded_slashes)
            .field("skips_pattern_checks", &self.skips_pattern_checks)
            .field("fills_request_ids", &self.fills_request_ids)
            .finish_non_exhaustive()
    }
}
