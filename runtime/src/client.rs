//! The client that all handles and calls of an API share.

use crate::{Body, Error, MethodInfo, Result, Service, ServiceInfo, Transport};
use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

const API_KEY: HeaderName = HeaderName::from_static("x-goog-api-key");
const USER_PROJECT: HeaderName = HeaderName::from_static("x-goog-user-project");

const API_CLIENT: HeaderName = HeaderName::from_static("x-goog-api-client");

const PRODUCT: &str = concat!("gapi/", env!("CARGO_PKG_VERSION"));

/// The language and this library, as Google's servers count them.
const API_CLIENT_VALUE: HeaderValue = HeaderValue::from_static(concat!(
    "gl-rust/",
    env!("CARGO_PKG_RUST_VERSION"),
    " gdcl/",
    env!("CARGO_PKG_VERSION")
));

/// Where an API is, how it is reached and on whose behalf. Cheap to clone; `Debug` shows no secrets.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    service: &'static ServiceInfo,
    /// Scheme, host and perhaps a path; ends in `/`.
    root_url: String,
    transport: Arc<dyn Transport>,
    user_agent: HeaderValue,
    /// What identifies the caller. Marked as sensitive.
    credentials: HeaderMap,
}

impl Client {
    /// What the document says of the API.
    #[must_use]
    pub fn service(&self) -> &'static ServiceInfo {
        self.0.service
    }

    /// The URL of an expanded path with its query. Concatenated, not joined: a path must not be able to leave the host.
    pub(crate) fn url(&self, target: &str) -> String {
        let Inner {
            root_url, service, ..
        } = &*self.0;
        format!("{root_url}{}{target}", service.service_path)
    }

    /// The same for requests that carry media.
    pub(crate) fn upload_url(&self, target: &str) -> String {
        let Inner {
            root_url, service, ..
        } = &*self.0;
        format!("{root_url}upload/{}{target}", service.service_path)
    }

    /// Where all of the API is: scheme, host and perhaps a path; ends in `/`.
    pub(crate) fn root_url(&self) -> &str {
        &self.0.root_url
    }

    /// Whether the other is this one or a clone of it.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// What every request says of the one that makes it.
    pub(crate) fn introduce(&self, headers: &mut HeaderMap) {
        headers.insert(USER_AGENT, self.0.user_agent.clone());
        headers.insert(API_CLIENT, API_CLIENT_VALUE);
    }

    /// The one way to the transport, and the only place that adds the credentials. Any HTTP status is an answer.
    pub(crate) async fn exchange(
        &self,
        method: &'static MethodInfo,
        mut request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>> {
        request.headers_mut().extend(self.0.credentials.clone());
        let answer = self.0.transport.send(request).await;
        answer.map_err(|error| Error::transport(method, error))
    }

    /// The same where a body is not in memory. A stream cannot be sent twice.
    pub(crate) async fn exchange_streaming(
        &self,
        method: &'static MethodInfo,
        mut request: http::Request<Body>,
    ) -> Result<http::Response<Body>> {
        request.headers_mut().extend(self.0.credentials.clone());
        let answer = self.0.transport.send_streaming(request).await;
        answer.map_err(|error| Error::transport(method, error))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let credentials: Vec<_> = self.0.credentials.keys().map(HeaderName::as_str).collect();
        f.debug_struct("Client")
            .field("service", &self.0.service.id)
            .field("root_url", &self.0.root_url)
            .field("credentials", &credentials)
            .field("transport", &self.0.transport)
            .finish_non_exhaustive()
    }
}

/// Settings of a client that is to be built.
///
/// Without [`bearer_token`](Self::bearer_token) and [`api_key`](Self::api_key) requests are sent without authentication; few
/// methods accept that. `Debug` shows no secrets.
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder<S> {
    endpoint: Option<String>,
    api_key: Option<String>,
    bearer_token: Option<String>,
    quota_project: Option<String>,
    user_agent: Option<String>,
    transport: Option<Arc<dyn Transport>>,
    service: PhantomData<fn() -> S>,
}

impl<S: Service> ClientBuilder<S> {
    /// A builder without settings.
    pub fn new() -> Self {
        Self {
            endpoint: None,
            api_key: None,
            bearer_token: None,
            quota_project: None,
            user_agent: None,
            transport: None,
            service: PhantomData,
        }
    }

    /// Sends requests to another root than `https://….googleapis.com/`, for instance a regional one or an emulator:
    /// `http://localhost:9020`. The service path is kept.
    ///
    /// Plain `http` is possible only in this way, and then credentials are sent unencrypted.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// Identifies the project with an API key, in the header `x-goog-api-key`.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Authenticates with this OAuth 2.0 access token. It is not renewed: Google's expire after an hour.
    pub fn bearer_token(mut self, token: impl Into<String>) -> Self {
        self.bearer_token = Some(token.into());
        self
    }

    /// Charges quota and bills to this project, in the header `x-goog-user-project`.
    pub fn quota_project(mut self, project: impl Into<String>) -> Self {
        self.quota_project = Some(project.into());
        self
    }

    /// Names the application in the `user-agent` header, before this library: `my-application/1.0`.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// Sends requests through this transport.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Sends requests through this client, which should not follow redirects (`redirect::Policy::none()`).
    #[cfg(feature = "reqwest")]
    pub fn http_client(self, client: reqwest::Client) -> Self {
        self.transport(crate::Reqwest::from(client))
    }

    /// Builds the client.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) when a setting cannot be used, with all the reasons.
    #[expect(
        clippy::unused_async,
        reason = "credentials are looked up here once the builder can do so, and that takes I/O"
    )]
    pub async fn build(self) -> Result<S> {
        let mut problems = Vec::new();
        let explicit = self.endpoint.is_some();
        let root = self.endpoint.unwrap_or_else(|| S::INFO.root_url.to_owned());
        let root_url = root_url(&root, explicit, &mut problems);

        let mut credentials = HeaderMap::new();
        let bearer = self.bearer_token.map(|token| format!("Bearer {token}"));
        for (setting, name, text, is_sensitive) in [
            ("API key", API_KEY, self.api_key, true),
            ("bearer token", AUTHORIZATION, bearer, true),
            ("quota project", USER_PROJECT, self.quota_project, false),
        ] {
            if let Some(mut value) =
                text.and_then(|text| header_value(setting, &text, &mut problems))
            {
                value.set_sensitive(is_sensitive);
                credentials.insert(name, value);
            }
        }
        let user_agent = match self.user_agent {
            Some(product) => {
                header_value("user agent", &format!("{product} {PRODUCT}"), &mut problems)
            }
            None => Some(HeaderValue::from_static(PRODUCT)),
        };

        let transport = self
            .transport
            .map_or_else(|| default_transport(!root_url.starts_with("http:")), Ok);
        if let Err(problem) = &transport {
            problems.push(problem.clone());
        }
        match (transport, user_agent) {
            (Ok(transport), Some(user_agent)) if problems.is_empty() => {
                let inner = Inner {
                    service: S::INFO,
                    root_url,
                    transport,
                    user_agent,
                    credentials,
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

#[cfg(feature = "reqwest")]
fn default_transport(https_only: bool) -> Result<Arc<dyn Transport>, String> {
    match crate::Reqwest::new(https_only) {
        Ok(transport) => Ok(Arc::new(transport)),
        Err(error) => Err(format!("no HTTP client: {}", error.without_url())),
    }
}

#[cfg(not(feature = "reqwest"))]
fn default_transport(_https_only: bool) -> Result<Arc<dyn Transport>, String> {
    Err("a transport is needed, because the feature `reqwest` is off".to_owned())
}

fn header_value(setting: &str, text: &str, problems: &mut Vec<String>) -> Option<HeaderValue> {
    let value = HeaderValue::from_str(text).ok();
    if value.is_none() {
        problems.push(format!("the {setting} is not a header value"));
    }
    value
}

/// The root with a `/` at its end.
fn root_url(root: &str, is_explicit: bool, problems: &mut Vec<String>) -> String {
    let uri = root.parse::<http::Uri>().unwrap_or_default();
    let scheme = uri.scheme_str();
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    if scheme != Some("https") && !(is_explicit && scheme == Some("http")) {
        problems.push("the endpoint is not an https URL".to_owned());
    } else if authority.contains('@') || uri.query().is_some() || root.contains('#') {
        problems.push("the endpoint has more than a scheme, a host, a port and a path".to_owned());
    } else if uri
        .path()
        .split('/')
        .any(|segment| matches!(segment, "." | ".."))
    {
        problems.push("the endpoint has a `.` or `..` path segment".to_owned());
    }
    let scheme = scheme.unwrap_or_default();
    let path = uri.path().trim_end_matches('/');
    format!("{scheme}://{authority}{path}/")
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
            .field("has_api_key", &self.api_key.is_some())
            .field("has_bearer_token", &self.bearer_token.is_some())
            .field("quota_project", &self.quota_project)
            .field("user_agent", &self.user_agent)
            .field("transport", &self.transport)
            .finish_non_exhaustive()
    }
}
