//! What a builder is told of who calls, and where.

use super::ClientBuilder;
use crate::credentials::Source;
use crate::{CredentialsProvider, Service};
use std::sync::Arc;

impl<S: Service> ClientBuilder<S> {
    /// Authenticates with this OAuth 2.0 access token. It is not renewed: Google's expire after an hour.
    ///
    /// Replaces what was said before of where credentials come from.
    pub fn bearer_token(mut self, token: impl Into<String>) -> Self {
        self.caller.source = Source::BearerToken(token.into());
        self
    }

    /// Authenticates with what this gives, asked for before each attempt to send a request: a provider of the caller's own or,
    /// with the feature `auth`, any `Credentials` of [`google-cloud-auth`](https://docs.rs/google-cloud-auth).
    ///
    /// Replaces what was said before of where credentials come from.
    pub fn credentials(mut self, provider: impl CredentialsProvider + 'static) -> Self {
        self.caller.source = Source::Provider(Arc::new(provider));
        self
    }

    /// Authenticates with Application Default Credentials ([AIP-4110]): the file that `GOOGLE_APPLICATION_CREDENTIALS` names,
    /// else that of `gcloud auth application-default login`, else the metadata server of Google Cloud.
    ///
    /// Has to be said only where they are not the default: over a custom transport, and to an endpoint with plain `http`.
    /// Replaces what was said before of where credentials come from.
    ///
    /// [AIP-4110]: https://google.aip.dev/auth/4110
    #[cfg(feature = "auth")]
    pub fn application_default_credentials(mut self) -> Self {
        self.caller.source = Source::ApplicationDefault;
        self
    }

    /// Sends no token and looks for none, for servers that ask for none.
    ///
    /// Replaces what was said before of where credentials come from. An [`api_key`](Self::api_key) is still sent.
    pub fn anonymous(mut self) -> Self {
        self.caller.source = Source::Anonymous;
        self
    }

    /// Identifies the project with an API key, in the header `x-goog-api-key`. Goes along with a token if there is one.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.caller.api_key = Some(key.into());
        self
    }

    /// Charges quota and bills to this project, in the header `x-goog-user-project`. Replaces what the credentials say of it:
    /// `GOOGLE_CLOUD_QUOTA_PROJECT`, or the `quota_project_id` of their file.
    pub fn quota_project(mut self, project: impl Into<String>) -> Self {
        self.caller.quota_project = Some(project.into());
        self
    }

    /// Asks Application Default Credentials for these OAuth 2.0 scopes. The scopes of an API are constants in the module
    /// `scopes` of its module.
    ///
    /// Without it the scope is `https://www.googleapis.com/auth/cloud-platform` where the service takes that one, and all that
    /// the service takes where it does not. Credentials of other kinds have the scopes that they were made with.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.caller.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Sends requests to another root than `https://….googleapis.com/`, for instance a regional one or an emulator:
    /// `http://localhost:9020`. The service path is kept.
    ///
    /// Plain `http` is possible only in this way, and then credentials are sent unencrypted.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.place.endpoint = Some(url.into());
        self
    }

    /// Sends encoded slashes (`%2F`) in resource names, for APIs that ask for them although their document does not say so.
    ///
    /// Otherwise a call with such a name is refused, unless the document of the API asks for it: a gateway that decodes `%2F`
    /// makes two segments of one, and another resource is acted on. So what goes into a name from elsewhere, such as an
    /// identifier that a user types, has to be checked by the caller. Segments `.` and `..` are refused in any case.
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
        self.place.universe_domain = Some(domain.into());
        self
    }

    /// Whether to use the root of the API for clients that show a certificate (`mtlsRootUrl` in the document;
    /// [AIP-4114](https://google.aip.dev/auth/4114)).
    ///
    /// The certificate is a matter of the HTTP client, which has to be given for it: `http_client` or
    /// [`transport`](Self::transport). An [`endpoint`](Self::endpoint) is taken as it is.
    pub fn mtls(mut self, is_wanted: bool) -> Self {
        self.place.mtls = is_wanted;
        self
    }
}
