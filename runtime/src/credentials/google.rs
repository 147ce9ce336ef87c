//! Credentials that `google-cloud-auth` implements.

use super::google_error::failed;
use super::json::{Config, Kind};
use super::{
    CredentialsContext, CredentialsError, CredentialsProvider, DEFAULT_UNIVERSE, Scopes,
    application_default,
};
use crate::timer;
use crate::tls;
use crate::transport::BoxFuture;
use google_cloud_auth::credentials::{CacheableResource, Credentials};
use http::{Extensions, HeaderMap};
use percent_encoding::percent_decode_str;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// The longest wait for the universe of credentials, which only the metadata server is asked for.
const UNIVERSE_TIMEOUT: Duration = Duration::from_secs(1);

/// The longest wait for a token. google-cloud-auth sets no timeout of its own, so a dead network would go unnoticed.
const TOKEN_TIMEOUT: Duration = Duration::from_secs(4);

/// The error for credentials whose background task has ended.
const TASK_ENDED: &str = "the background task of these google-cloud-auth credentials has ended: \
     they were made before TLS was ready, or in a tokio runtime that is gone; \
     help: make them with `credentials_with`, or call `gapi_runtime::install_tls_provider()` before you make them";

/// The source of the JSON of the credentials.
pub(crate) enum GoogleSource {
    ApplicationDefault,
    /// The path of a file with credentials of any kind.
    File(PathBuf),
    /// The text of a key file.
    ServiceAccountKey(String),
    /// The text of a file that gcloud writes.
    AuthorizedUser(String),
}

impl GoogleSource {
    /// The name that `Debug` shows.
    pub(super) fn origin(&self) -> &'static str {
        match self {
            Self::ApplicationDefault => "Application Default Credentials",
            Self::File(_) => "credentials file",
            Self::ServiceAccountKey(_) => "service account key",
            Self::AuthorizedUser(_) => "authorized user",
        }
    }

    /// Reads the credentials and makes their provider. Reads files, but sends no request before the first call.
    pub(super) fn provider(
        self,
        scopes: Scopes,
    ) -> Result<Arc<dyn CredentialsProvider>, CredentialsError> {
        let config = match self {
            Self::ApplicationDefault => return application_default::find(scopes),
            Self::File(path) => Config::read(&path, &path.display().to_string())?,
            Self::ServiceAccountKey(text) => {
                Config::parse("the service account key", &text)?.of_kind(Kind::ServiceAccount)?
            }
            Self::AuthorizedUser(text) => {
                Config::parse("the authorized user", &text)?.of_kind(Kind::AuthorizedUser)?
            }
        };
        Ok(Arc::new(Renewable::of_config(config, scopes)?))
    }
}

/// The token server of the credentials, and the secrets that it gets.
#[derive(Default)]
pub(super) struct TokenServer {
    pub(super) host: Option<String>,
    pub(super) secrets: Vec<String>,
}

impl TokenServer {
    /// Adds to an error what a person needs, and hides what the server repeats of the request.
    fn explain(&self, error: &CredentialsError) -> CredentialsError {
        let mut text = error.problem();
        let decoded = percent_decode_str(&text)
            .decode_utf8_lossy()
            .replace('\\', "");
        let is_hidden = |secret: &String| text.contains(secret) || decoded.contains(secret);
        if self.secrets.iter().any(is_hidden) {
            let own_words = text.split(':').next().unwrap_or_default();
            text = format!("{own_words}: [hidden], because the token server repeats a secret");
        }
        match &self.host {
            Some(host) if error.is_transient() => CredentialsError::transient(format!(
                "{text} (token server {host}); help: check the network, the proxy and the address of the token server"
            )),
            _ if error.is_transient() => CredentialsError::transient(text),
            _ => CredentialsError::permanent(text),
        }
    }
}

/// Makes credentials of google-cloud-auth, as often as needed.
type Make = Box<dyn Fn() -> Result<Credentials, CredentialsError> + Send + Sync>;

/// Credentials of google-cloud-auth that are made again after a failure that may pass, and when the tokio runtime that renewed
/// their tokens is gone.
///
/// google-cloud-auth keeps such a failure for ten seconds, longer than a call retries.
pub(super) struct Renewable {
    make: Make,
    server: TokenServer,
    current: Mutex<Option<Arc<Made>>>,
}

struct Made {
    credentials: Credentials,
    /// Ends with the runtime that it was spawned on. So does the task that renews the tokens.
    alive: JoinHandle<()>,
}

impl Renewable {
    pub(super) fn new(make: Make, server: TokenServer) -> Self {
        Self {
            make,
            server,
            current: Mutex::new(None),
        }
    }

    /// Makes the credentials at once, so that an unusable configuration is an error of building the client.
    pub(super) fn of_config(config: Config, scopes: Scopes) -> Result<Self, CredentialsError> {
        let server = config.token_server();
        let this = Self::new(Box::new(move || config.credentials(&scopes)), server);
        this.current()?;
        Ok(this)
    }

    fn current(&self) -> Result<Arc<Made>, CredentialsError> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        match &*current {
            Some(made) if !made.alive.is_finished() => Ok(Arc::clone(made)),
            _ => {
                let made = Arc::new(Made::new(&self.make)?);
                *current = Some(Arc::clone(&made));
                Ok(made)
            }
        }
    }

    async fn token_headers(&self) -> Result<HeaderMap, CredentialsError> {
        for _ in 0..2 {
            let made = self.current()?;
            match headers_of(&made.credentials).await {
                Some(Ok(headers)) => return Ok(headers),
                Some(Err(error)) => {
                    if error.is_transient() {
                        self.forget(&made);
                    }
                    return Err(error);
                }
                // Its runtime has ended meanwhile, or it has panicked.
                None => self.forget(&made),
            }
        }
        Err(CredentialsError::transient(
            "the background task of google-cloud-auth has ended",
        ))
    }

    /// Makes the next request start over, unless another call has seen to that.
    fn forget(&self, failed: &Arc<Made>) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current
            .as_ref()
            .is_some_and(|made| Arc::ptr_eq(made, failed))
        {
            *current = None;
        }
    }
}

/// Returns an error in a runtime without a timer, where google-cloud-auth would panic.
pub(super) fn needs_timer() -> Result<(), CredentialsError> {
    if timer::is_available() {
        Ok(())
    } else {
        let problem = "credentials of google-cloud-auth need a Tokio runtime with time enabled";
        Err(CredentialsError::permanent(problem))
    }
}

impl Made {
    fn new(make: &Make) -> Result<Self, CredentialsError> {
        // Without either of these google-cloud-auth panics.
        if !tls::is_ready() {
            return Err(CredentialsError::permanent(tls::MISSING));
        }
        needs_timer()?;
        let runtime = Handle::try_current().map_err(CredentialsError::permanent)?;
        Ok(Self {
            credentials: make()?,
            alive: runtime.spawn(std::future::pending()),
        })
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        self.alive.abort();
    }
}

impl CredentialsProvider for Renewable {
    fn headers<'a>(
        &'a self,
        _: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        Box::pin(async {
            needs_timer()?;
            let result = tokio::time::timeout(TOKEN_TIMEOUT, self.token_headers()).await;
            // The request for the token goes on, and a later call can use it.
            let result = result.unwrap_or_else(|_| {
                let seconds = TOKEN_TIMEOUT.as_secs();
                Err(CredentialsError::transient(format!(
                    "no token within {seconds} s"
                )))
            });
            result.map_err(|error| self.server.explain(&error))
        })
    }

    fn universe_domain<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Option<String>> {
        Box::pin(async move {
            let made = self.current().ok()?;
            let domain = CredentialsProvider::universe_domain(&made.credentials, context);
            tokio::time::timeout(UNIVERSE_TIMEOUT, domain).await.ok()?
        })
    }
}

/// Credentials of `google-cloud-auth` that the caller has made.
///
/// The process needs a TLS provider before they are made: see [`ClientBuilder::credentials`](crate::ClientBuilder::credentials).
impl CredentialsProvider for Credentials {
    fn headers<'a>(
        &'a self,
        _: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        Box::pin(async {
            let headers = headers_of(self).await;
            headers.unwrap_or_else(|| Err(CredentialsError::permanent(TASK_ENDED)))
        })
    }

    fn universe_domain<'a>(
        &'a self,
        _: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Option<String>> {
        Box::pin(async {
            let domain = self.universe_domain().await;
            Some(domain.unwrap_or_else(|| DEFAULT_UNIVERSE.to_owned()))
        })
    }
}

/// The headers of credentials, or `None` if their background task has ended. google-cloud-auth panics then.
async fn headers_of(credentials: &Credentials) -> Option<Result<HeaderMap, CredentialsError>> {
    let mut headers = pin!(credentials.headers(Extensions::new()));
    let result = poll_fn(|context| {
        let poll = AssertUnwindSafe(|| headers.as_mut().poll(context));
        match catch_unwind(poll) {
            Ok(poll) => poll.map(Some),
            Err(_) => Poll::Ready(None),
        }
    });
    Some(match result.await? {
        Ok(CacheableResource::New { data, .. }) => Ok(data),
        // Only requests with an entity tag get this response.
        Ok(CacheableResource::NotModified) => Err(CredentialsError::permanent(
            "google-cloud-auth returned no headers",
        )),
        Err(error) => Err(failed(&error)),
    })
}
