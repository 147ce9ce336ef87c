//! The settings of a builder that concern authentication.

use super::{ClientBuilder, Service};
#[cfg(feature = "auth")]
use crate::auth::{ApplicationDefault, AuthorizedUser, CredentialsFile, ServiceAccount};
use crate::credentials::{CredentialsError, CredentialsProvider, CredentialsSource, PROVIDER};
use std::error::Error as StdError;
#[cfg(feature = "auth")]
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Returns the source of Application Default Credentials, whose files are read when the client is built.
#[cfg(feature = "auth")]
pub(super) fn application_default() -> CredentialsSource {
    CredentialsSource::deferred("Application Default Credentials", || {
        let credentials = ApplicationDefault::new();
        credentials.find()?;
        Ok(credentials)
    })
}

impl<S: Service> ClientBuilder<S> {
    /// Authenticates with this OAuth 2.0 access token. It is not renewed: Google's expire after an hour.
    ///
    /// Replaces the source of credentials that was set before.
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// let token = std::env::var("ACCESS_TOKEN")?;
    /// let spanner = Spanner::builder().bearer_token(token).build().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn bearer_token(mut self, token: impl Into<String>) -> Self {
        self.auth.source = CredentialsSource::BearerToken(token.into());
        self
    }

    /// Authenticates with a provider: a type of the module `auth`, or one of the caller's own. With the feature
    /// `google-cloud-auth` it may be any `Credentials` of [that crate](https://docs.rs/google-cloud-auth), and with the feature
    /// `yup-oauth2` any `Authenticator` of [yup-oauth2](https://docs.rs/yup-oauth2). The client asks it for headers before each
    /// attempt.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[cfg(feature = "auth")]
    /// # fn example() {
    /// use gapi::spanner_v1::Spanner;
    /// use gapi_runtime::auth::MetadataServer;
    ///
    /// let builder = Spanner::builder().credentials(MetadataServer::new());
    /// # }
    /// # fn main() {}
    /// ```
    ///
    /// Credentials of google-cloud-auth start a background task that needs TLS at once. Make them in the argument of this
    /// function, or in the closure of [`credentials_with`](Self::credentials_with). **If you make them before you
    /// call `builder()`, call `gapi_runtime::install_tls_provider()` first.** Otherwise the task can panic, and each call fails
    /// with [`ErrorKind::Credentials`](crate::ErrorKind::Credentials).
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
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[cfg(feature = "google-cloud-auth")]
    /// # fn example(config: gapi_runtime::Value) {
    /// use gapi::spanner_v1::Spanner;
    /// use gapi_runtime::google_cloud_auth::credentials::impersonated;
    ///
    /// // `config` is the JSON of the credentials.
    /// let builder = Spanner::builder()
    ///     .credentials_with(|| impersonated::Builder::new(config).build());
    /// # }
    /// # fn main() {}
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
        self.auth.source = CredentialsSource::deferred(PROVIDER, move || {
            make().map_err(|error| CredentialsError::unmade(error.into()))
        });
        self
    }

    /// Authenticates as a service account with its key: the text of the JSON file that Google Cloud's console creates.
    ///
    /// The client signs its own tokens ([AIP-4111](https://google.aip.dev/auth/4111)), so no token server is involved unless a
    /// [`subject`](Self::subject) is set. The key
    /// is parsed in [`build`](Self::build), which fails with [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) if the
    /// text is no such key. See [`scopes`](Self::scopes) for the scopes of the tokens, and
    /// [`quota_project`](Self::quota_project) for the project for quota.
    ///
    /// Replaces the source of credentials that was set before.
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[cfg(feature = "auth")]
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// let key = std::env::var("SERVICE_ACCOUNT_KEY")?; // the JSON, not a path
    /// let spanner = Spanner::builder().service_account_key(key).build().await?;
    /// # Ok(())
    /// # }
    /// # fn main() {}
    /// ```
    #[cfg(feature = "auth")]
    pub fn service_account_key(mut self, json: impl Into<String>) -> Self {
        let json = json.into();
        self.auth.source = CredentialsSource::deferred("service account key", move || {
            ServiceAccount::from_json(&json)
        });
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
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[cfg(feature = "auth")]
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// let login = std::env::var("AUTHORIZED_USER")?; // the JSON, not a path
    /// let spanner = Spanner::builder().authorized_user(login).build().await?;
    /// # Ok(())
    /// # }
    /// # fn main() {}
    /// ```
    #[cfg(feature = "auth")]
    pub fn authorized_user(mut self, json: impl Into<String>) -> Self {
        let json = json.into();
        self.auth.source = CredentialsSource::deferred("authorized user", move || {
            AuthorizedUser::from_json(&json)
        });
        self
    }

    /// Authenticates with the credentials in a JSON file. Its member `type` may be `service_account`, `authorized_user`,
    /// `impersonated_service_account`, `external_account` or `external_account_authorized_user`. A program that the file names
    /// is not started. To allow it, use
    /// `credentials(CredentialsFile::open(path)?.allow_executables())`: see
    /// [`CredentialsFile::allow_executables`](crate::auth::CredentialsFile::allow_executables).
    ///
    /// The file is read in [`build`](Self::build), which fails with
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) if it cannot be read or used. Only use files from people you
    /// trust: the URLs in a file decide which servers receive its secrets.
    ///
    /// Replaces the source of credentials that was set before.
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[cfg(feature = "auth")]
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// let spanner = Spanner::builder().credentials_file("key.json").build().await?;
    /// # Ok(())
    /// # }
    /// # fn main() {}
    /// ```
    #[cfg(feature = "auth")]
    pub fn credentials_file(mut self, path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        self.auth.source =
            CredentialsSource::deferred("credentials file", move || CredentialsFile::open(path));
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
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[cfg(feature = "auth")]
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// // A proxy on this machine, which passes the tokens on.
    /// let spanner = Spanner::builder()
    ///     .endpoint("http://localhost:8080")
    ///     .application_default_credentials()
    ///     .build()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// # fn main() {}
    /// ```
    #[cfg(feature = "auth")]
    pub fn application_default_credentials(mut self) -> Self {
        self.auth.source = application_default();
        self
    }

    /// Sends no token and searches for none, for servers without authentication.
    ///
    /// Replaces the source of credentials that was set before. An [`api_key`](Self::api_key) is still sent.
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// let spanner = Spanner::builder()
    ///     .endpoint("https://spanner.example.com")
    ///     .anonymous()
    ///     .build()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn anonymous(mut self) -> Self {
        self.auth.source = CredentialsSource::Anonymous;
        self
    }

    /// Identifies the project with an API key, in the header `x-goog-api-key`. A token is sent as well if there is one.
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// let spanner = Spanner::builder().api_key("AIza-key").build().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.auth.api_key = Some(key.into());
        self
    }

    /// Charges quota and bills to this project, in the header `x-goog-user-project`. By default the credentials of the module
    /// `auth` name it: the environment variable `GOOGLE_CLOUD_QUOTA_PROJECT`, else the `quota_project_id` of their file.
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// let spanner = Spanner::builder().quota_project("my-project").build().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn quota_project(mut self, project: impl Into<String>) -> Self {
        self.auth.quota_project = Some(project.into());
        self
    }

    /// Requests tokens with these OAuth 2.0 scopes. The scopes of an API are constants in the module `scopes` of its module.
    ///
    /// By default each call asks for the first scope of its method (`Method::INFO.scopes`): `cloud-platform` if the service takes
    /// it, and otherwise the narrowest scope that shows all data of the method. A user's token has the scopes that the user has
    /// granted. A provider of the caller's own gets the scopes in its context. Credentials of google-cloud-auth keep their own.
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::{Spanner, scopes};
    ///
    /// let spanner = Spanner::builder().scopes([scopes::SPANNER_ADMIN]).build().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.auth.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Acts for this user of a domain: domain-wide delegation. An administrator of the domain must have allowed the service
    /// account the scopes, which [`scopes`](Self::scopes) should name.
    ///
    /// It applies to every request of the client: all attempts, later pages, polls of operations, chunks of uploads, parts of
    /// downloads and batches. A client acts for one user. For another user, build another client.
    ///
    /// Works with the credentials of a service account: a key, the metadata server, or impersonation. Without a key, the service
    /// account needs the role Service Account Token Creator on itself. Other credentials of the module `auth` fail.
    /// Providers of the caller's own decide themselves.
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[cfg(feature = "auth")]
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::{Spanner, scopes};
    ///
    /// let spanner = Spanner::builder()
    ///     .credentials_file("key.json")
    ///     .scopes([scopes::SPANNER_ADMIN])
    ///     .subject("ada@example.com")
    ///     .build()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// # fn main() {}
    /// ```
    pub fn subject(mut self, user: impl Into<String>) -> Self {
        self.auth.subject = Some(user.into());
        self
    }

    /// Sets the time for a request for a token, including its retries; 10 seconds by default.
    ///
    /// An attempt of a call that is never retried ([`RetryPolicy::never`](crate::RetryPolicy::never)) waits for a token no longer
    /// than for a connection by default, 4 seconds. With this setting it waits for all of this time. The timeout of a call
    /// always ends the call, but not the request for the token: the next call can use it.
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    /// use std::time::Duration;
    ///
    /// let spanner = Spanner::builder().token_timeout(Duration::from_secs(30)).build().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn token_timeout(mut self, timeout: Duration) -> Self {
        self.auth.token_timeout = Some(timeout);
        self
    }
}
