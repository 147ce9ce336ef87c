//! The settings of a builder that concern authentication and the endpoint.

use super::{ClientBuilder, Service};
use crate::credentials::CredentialsSource;
#[cfg(feature = "auth")]
use crate::credentials::GoogleSource;
use crate::credentials::{CredentialsError, CredentialsProvider};
use crate::headers;
use http::header::{HeaderName, HeaderValue};
use std::error::Error as StdError;
#[cfg(feature = "auth")]
use std::path::PathBuf;
use std::sync::Arc;

impl<S: Service> ClientBuilder<S> {
    /// Authenticates with this OAuth 2.0 access token. It is not renewed: Google's expire after an hour.
    ///
    /// Replaces the source of credentials that was set before.
    pub fn bearer_token(mut self, token: impl Into<String>) -> Self {
        self.auth.source = CredentialsSource::BearerToken(token.into());
        self
    }

    /// Authenticates with a provider of the caller's own or, with the feature `auth`, with any `Credentials` of
    /// [`google-cloud-auth`](https://docs.rs/google-cloud-auth). The client asks it for headers before each attempt.
    ///
    /// Credentials of google-cloud-auth start a background task that needs TLS at once. Make them in the argument of this
    /// function, as below, or in the closure of [`credentials_with`](Self::credentials_with). **If you make them before you
    /// call `builder()`, call `gapi_runtime::install_tls_provider()` first.** Otherwise the task can panic, and each call fails
    /// with [`ErrorKind::Credentials`](crate::ErrorKind::Credentials). For the files of Google's console and of gcloud you
    /// need none of this: see `service_account_key`, `authorized_user` and `credentials_file`.
    ///
    /// ```
    /// # #[cfg(feature = "auth")]
    /// # fn example<S: gapi_runtime::Service>() -> gapi_runtime::ClientBuilder<S> {
    /// use gapi_runtime::ClientBuilder;
    /// use gapi_runtime::google_cloud_auth::credentials::api_key_credentials;
    ///
    /// ClientBuilder::<S>::new().credentials(api_key_credentials::Builder::new("AIza-key").build())
    /// # }
    /// ```
    ///
    /// Replaces the source of credentials that was set before.
    pub fn credentials(mut self, provider: impl CredentialsProvider + 'static) -> Self {
        self.auth.source = CredentialsSource::Provider(Arc::new(provider));
        self
    }

    /// Authenticates with the provider that a closure makes. [`build`](Self::build) runs the closure once TLS is ready.
    ///
    /// This suits credentials of `google-cloud-auth`, whose background task needs TLS as soon as they are made. An error of the
    /// closure is the error of `build`, with [`ErrorKind::Credentials`](crate::ErrorKind::Credentials).
    ///
    /// ```
    /// # #[cfg(feature = "auth")]
    /// # fn example<S: gapi_runtime::Service>(config: gapi_runtime::Value) -> gapi_runtime::ClientBuilder<S> {
    /// use gapi_runtime::ClientBuilder;
    /// use gapi_runtime::google_cloud_auth::credentials::impersonated;
    ///
    /// ClientBuilder::<S>::new().credentials_with(|| impersonated::Builder::new(config).build())
    /// # }
    /// ```
    ///
    /// Replaces the source of credentials that was set before.
    pub fn credentials_with<P, E>(
        mut self,
        make: impl FnOnce() -> Result<P, E> + Send + 'static,
    ) -> Self
    where
        P: CredentialsProvider + 'static,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        self.auth.source = CredentialsSource::Deferred(Box::new(move || match make() {
            Ok(provider) => Ok(Arc::new(provider)),
            Err(error) => Err(CredentialsError::unmade(error.into())),
        }));
        self
    }

    /// Authenticates as a service account with its key: the text of the JSON file that Google Cloud's console creates.
    ///
    /// The client signs its own tokens ([AIP-4111](https://google.aip.dev/auth/4111)), so no token server is involved. The key
    /// is parsed in [`build`](Self::build), which fails with [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) if the
    /// text is no such key. See [`scopes`](Self::scopes) for the scopes of the tokens. The project for quota is that of
    /// [`quota_project`](Self::quota_project), else of the environment variable `GOOGLE_CLOUD_QUOTA_PROJECT`.
    ///
    /// Replaces the source of credentials that was set before.
    #[cfg(feature = "auth")]
    pub fn service_account_key(mut self, json: impl Into<String>) -> Self {
        self.auth.source = CredentialsSource::Google(GoogleSource::ServiceAccountKey(json.into()));
        self
    }

    /// Authenticates as a user with a refresh token: the text of the JSON file that
    /// `gcloud auth application-default login` writes, with the `type` `authorized_user`
    /// ([AIP-4113](https://google.aip.dev/auth/4113)).
    ///
    /// The token has the scopes that the user has granted, unless [`scopes`](Self::scopes) asks for fewer. The text is parsed in
    /// [`build`](Self::build), which fails with [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) if it cannot be used.
    ///
    /// Replaces the source of credentials that was set before.
    #[cfg(feature = "auth")]
    pub fn authorized_user(mut self, json: impl Into<String>) -> Self {
        self.auth.source = CredentialsSource::Google(GoogleSource::AuthorizedUser(json.into()));
        self
    }

    /// Authenticates with the credentials in a JSON file. Its member `type` may be `service_account`, `authorized_user`,
    /// `impersonated_service_account` or `external_account`.
    ///
    /// The file is read in [`build`](Self::build), which fails with
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) if it cannot be read or used. Only use files from people you
    /// trust: the URLs in a file decide which servers receive its secrets.
    ///
    /// Replaces the source of credentials that was set before.
    #[cfg(feature = "auth")]
    pub fn credentials_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.auth.source = CredentialsSource::Google(GoogleSource::File(path.into()));
        self
    }

    /// Authenticates with Application Default Credentials ([AIP-4110]): the file that `GOOGLE_APPLICATION_CREDENTIALS` names,
    /// else the file of `gcloud auth application-default login`, else the metadata server of Google Cloud.
    ///
    /// Needed only where they are not the default: with a custom transport, an API key or an endpoint with plain `http`. The
    /// search of the metadata server takes at most four seconds. Its error lists the places that were searched.
    ///
    /// Replaces the source of credentials that was set before.
    ///
    /// [AIP-4110]: https://google.aip.dev/auth/4110
    #[cfg(feature = "auth")]
    pub fn application_default_credentials(mut self) -> Self {
        self.auth.source = CredentialsSource::Google(GoogleSource::ApplicationDefault);
        self
    }

    /// Sends no token and looks for none, for servers that ask for none.
    ///
    /// Replaces the source of credentials that was set before. An [`api_key`](Self::api_key) is still sent.
    pub fn anonymous(mut self) -> Self {
        self.auth.source = CredentialsSource::Anonymous;
        self
    }

    /// Identifies the project with an API key, in the header `x-goog-api-key`. Goes along with a token if there is one.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.auth.api_key = Some(key.into());
        self
    }

    /// Charges quota and bills to this project, in the header `x-goog-user-project`. Replaces what the credentials say of it:
    /// `GOOGLE_CLOUD_QUOTA_PROJECT`, or the `quota_project_id` of their file.
    pub fn quota_project(mut self, project: impl Into<String>) -> Self {
        self.auth.quota_project = Some(project.into());
        self
    }

    /// Requests tokens with these OAuth 2.0 scopes. The scopes of an API are constants in the module `scopes` of its module.
    ///
    /// By default a service account asks for `https://www.googleapis.com/auth/cloud-platform` where the service takes it, and for
    /// all scopes of the service where it does not. A user's token has the scopes that the user has granted. Tokens, providers
    /// and credentials that the caller has made keep their own scopes.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.auth.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a header to all requests of the client: calls, uploads, downloads, polls and batches. Of several calls with the
    /// same name, all values are sent.
    ///
    /// [`Call::header`](crate::Call::header) does this for one call, and replaces a header that the client has. The same names
    /// are reserved. Conditions such as `if-match` are for single calls. The project for quota has a setting of its own:
    /// [`quota_project`](Self::quota_project). [`build`](Self::build) reports what is rejected.
    ///
    /// ```
    /// # fn example<S: gapi_runtime::Service>() -> gapi_runtime::ClientBuilder<S> {
    /// gapi_runtime::ClientBuilder::<S>::new().default_header("x-goog-request-reason", "ticket 7")
    /// # }
    /// ```
    pub fn default_header(
        mut self,
        name: impl TryInto<HeaderName>,
        value: impl TryInto<HeaderValue>,
    ) -> Self {
        let (name, value) = (name.try_into().ok(), value.try_into().ok());
        match name.as_ref().and_then(headers::default_problem) {
            Some(problem) => self.headers.reject(problem),
            None => self.headers.add(name, value),
        }
        self
    }

    /// Sends requests through an HTTP client of reqwest with the settings of the application: proxies, certificates, timeouts.
    /// By default the client still looks for credentials.
    ///
    /// Pass a [`reqwest::ClientBuilder`]. Redirects are turned off, because they would carry API keys to other hosts.
    /// Connecting has the limits of the policy: see [`RetryPolicy::connect_time_limit`](crate::RetryPolicy::connect_time_limit).
    ///
    /// A [`reqwest::Client`] is possible as well if it was built with `redirect(Policy::none())`. [`build`](Self::build) fails
    /// with any other. Such a client should have a `connect_timeout`, because only that ends an attempt to connect.
    ///
    /// ```
    /// # #[cfg(feature = "reqwest")]
    /// # fn example<S: gapi_runtime::Service>(proxy: reqwest::Proxy) -> gapi_runtime::ClientBuilder<S> {
    /// gapi_runtime::ClientBuilder::<S>::new().http_client(reqwest::Client::builder().proxy(proxy))
    /// # }
    /// ```
    #[cfg(feature = "reqwest")]
    pub fn http_client(mut self, client: impl Into<crate::transport::HttpClient>) -> Self {
        let transport = crate::transport::Reqwest::with_client(client);
        self.transport = Some(match transport {
            Ok(transport) => Ok(Arc::new(transport)),
            Err(error) => Err(error.to_string()),
        });
        self.is_http_client = true;
        self
    }

    /// Sends requests to another root than `https://….googleapis.com/`, for instance a regional one or an emulator:
    /// `http://localhost:9020`. The service path is kept.
    ///
    /// Plain `http` is possible only in this way, and then credentials are sent unencrypted.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint.endpoint = Some(url.into());
        self
    }

    /// Sets whether calls get a request id ([AIP-155](https://google.aip.dev/155)) if the caller sets none; `true` by default.
    ///
    /// Many methods have a parameter or a field `requestId`, and their documents promise that the server executes requests with
    /// the same id only once. The client sets it to a random UUID (version 4), once for each call, and keeps it for all attempts.
    /// Such a call is idempotent: it is retried when the server may have executed it already. Services promise this for 15 to 60
    /// minutes, which is longer than the default time limit of retries.
    ///
    /// An id that the caller sets is kept, and makes the call idempotent too. Methods without such a promise get no id. The
    /// documentation of a call says whether it gets one.
    ///
    /// With `false`, requests carry nothing that the caller has not set.
    pub fn fill_request_ids(mut self, fills: bool) -> Self {
        self.fills_request_ids = fills;
        self
    }

    /// Sends encoded slashes (`%2F`) in resource names, for APIs that ask for them although their document does not say so.
    ///
    /// By default a call with such a name is rejected, unless the document of the API asks for it. A gateway that decodes `%2F`
    /// turns one segment into two, and the call then acts on another resource. So check the parts of a name that come from
    /// elsewhere, such as an identifier that a user types. Segments `.` and `..` are always rejected.
    pub fn allow_encoded_slashes(mut self) -> Self {
        self.takes_encoded_slashes = true;
        self
    }

    /// Sends names that do not match the patterns of the document, in all calls of the client.
    ///
    /// By default a call with such a name fails before it is sent, so that a wrong name is found early. Some documents are
    /// stricter than their service, and an emulator may know other names.
    /// [`Call::skip_pattern_checks`](crate::Call::skip_pattern_checks) does this for one call.
    ///
    /// All other checks stay: a name that would change the path, for example with a `..` segment, is still rejected.
    pub fn skip_pattern_checks(mut self) -> Self {
        self.skips_pattern_checks = true;
        self
    }

    /// Uses the API in another universe than `googleapis.com`: replaces that domain in the root of the API. Credentials that
    /// are known to be of another universe are not sent.
    ///
    /// Without it the environment variable `GOOGLE_CLOUD_UNIVERSE_DOMAIN` counts. An [`endpoint`](Self::endpoint) is taken as it
    /// is.
    pub fn universe_domain(mut self, domain: impl Into<String>) -> Self {
        self.endpoint.universe_domain = Some(domain.into());
        self
    }

    /// Sets whether to use the root URL for clients that show a certificate (`mtlsRootUrl` in the document;
    /// [AIP-4114](https://google.aip.dev/auth/4114)).
    ///
    /// The HTTP client holds the certificate, so set one that does, with `http_client` or [`transport`](Self::transport). An
    /// [`endpoint`](Self::endpoint) is used as it is.
    pub fn mtls(mut self, is_wanted: bool) -> Self {
        self.endpoint.mtls = is_wanted;
        self
    }
}
