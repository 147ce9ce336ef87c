//! The settings of a builder that concern requests and the endpoint.

use super::{ClientBuilder, Service};
use crate::headers;
use http::header::{HeaderName, HeaderValue};
#[cfg(feature = "reqwest")]
use std::sync::Arc;

impl<S: Service> ClientBuilder<S> {
    /// Adds a header to all requests of the client: calls, uploads, downloads, polls and batches. Of several calls with the
    /// same name, all values are sent.
    ///
    /// [`Call::header`](crate::Call::header) does this for one call, and replaces a header that the client has. The same names
    /// are reserved. Conditions such as `if-match` are for single calls. The project for quota has its own setting:
    /// [`quota_project`](Self::quota_project). [`build`](Self::build) reports what is rejected.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # fn main() {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// let builder = Spanner::builder().default_header("x-goog-request-reason", "ticket 7");
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
    /// By default the client still looks for credentials. Needs the feature `reqwest`.
    ///
    /// Pass a [`reqwest::ClientBuilder`]. Redirects are turned off, because they would send API keys to other hosts.
    /// Connecting has the limits of the policy: see [`RetryPolicy::connect_time_limit`](crate::RetryPolicy::connect_time_limit).
    ///
    /// A [`reqwest::Client`] is possible as well if it was built with `redirect(Policy::none())`. [`build`](Self::build) fails
    /// with any other. Such a client should have a `connect_timeout`, because only that ends an attempt to connect.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[cfg(feature = "reqwest")]
    /// # fn example(proxy: reqwest::Proxy) {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// let http = reqwest::Client::builder().proxy(proxy);
    /// let builder = Spanner::builder().http_client(http);
    /// # }
    /// # fn main() {}
    /// ```
    ///
    /// [`reqwest::ClientBuilder`]: https://docs.rs/reqwest/latest/reqwest/struct.ClientBuilder.html
    /// [`reqwest::Client`]: https://docs.rs/reqwest/latest/reqwest/struct.Client.html
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

    /// Sends requests to another root than that of the document (`https://….googleapis.com/`), for instance a regional one or an
    /// emulator: `http://localhost:9020`. The service path is kept.
    ///
    /// Only this setting allows plain `http` to other machines. Credentials are then sent unencrypted.
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// let emulator = Spanner::builder().endpoint("http://localhost:9020").build().await?;
    /// # Ok(())
    /// # }
    /// ```
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
    /// With `false`, requests contain nothing that the caller has not set.
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// let spanner = Spanner::builder().fill_request_ids(false).build().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn fill_request_ids(mut self, fills: bool) -> Self {
        self.fills_request_ids = fills;
        self
    }

    /// Sends encoded slashes (`%2F`) in resource names, for APIs that ask for them although their document does not say so.
    ///
    /// By default a call with such a name is rejected, unless the document of the API asks for it. A gateway that decodes `%2F`
    /// turns one segment into two, and the call then acts on another resource. So check the parts of a name that come from
    /// elsewhere, such as an identifier that a user types. Segments `.` and `..` are always rejected.
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// let spanner = Spanner::builder().allow_encoded_slashes().build().await?;
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// let emulator = Spanner::builder()
    ///     .endpoint("http://localhost:9020")
    ///     .skip_pattern_checks()
    ///     .build()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn skip_pattern_checks(mut self) -> Self {
        self.skips_pattern_checks = true;
        self
    }

    /// Uses the API in another universe than `googleapis.com`: replaces that domain in the root of the API. Credentials that
    /// are known to be of another universe are not sent.
    ///
    /// Without it the environment variable `GOOGLE_CLOUD_UNIVERSE_DOMAIN` counts. An [`endpoint`](Self::endpoint) is taken as it
    /// is.
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// let spanner = Spanner::builder().universe_domain("example.com").build().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn universe_domain(mut self, domain: impl Into<String>) -> Self {
        self.endpoint.universe_domain = Some(domain.into());
        self
    }

    /// Sets whether to use the root URL for clients that show a certificate (`mtlsRootUrl` in the document;
    /// [AIP-4114](https://google.aip.dev/auth/4114)).
    ///
    /// As in Google's Python client, the environment variable `GOOGLE_API_USE_MTLS_ENDPOINT` can be `never`, which turns it off, or
    /// `always`, which turns it on unless `false` is set here.
    ///
    /// The HTTP client presents the certificate, so set one that has it, with `http_client` or [`transport`](Self::transport). An
    /// [`endpoint`](Self::endpoint) is used as it is.
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[cfg(feature = "reqwest")]
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// let identity = reqwest::Identity::from_pem(&std::fs::read("client.pem")?)?;
    /// let http = reqwest::Client::builder().identity(identity);
    /// let spanner = Spanner::builder().http_client(http).mtls(true).build().await?;
    /// # Ok(())
    /// # }
    /// # fn main() {}
    /// ```
    pub fn mtls(mut self, is_wanted: bool) -> Self {
        self.endpoint.mtls = Some(is_wanted);
        self
    }
}
