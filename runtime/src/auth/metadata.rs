//! The metadata server of Google Cloud.

use super::advice::Rejected;
use super::cache::Cached;
use super::exchange;
use super::iam::{Caller, SCOPE, Target};
use super::metrics;
use super::sign_jwt::{self, Uncached};
use super::token::{Token, TokenRequest, TokenSource, delegates, late, seconds};
use crate::credentials::{CredentialsError, DEFAULT_UNIVERSE};
use crate::dns;
use crate::transport::BoxFuture;
use bytes::Bytes;
use http::header::HeaderName;
use http::{HeaderValue, StatusCode};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::time::{Instant, sleep, timeout};

const HOST: &str = "metadata.google.internal";

/// Replaces the host of the metadata server, with or without a port.
const HOST_VARIABLE: &str = "GCE_METADATA_HOST";

/// The header without which the server does not respond.
const FLAVOR: HeaderName = HeaderName::from_static("metadata-flavor");

/// The kind of request for the statistics of Google.
const METRICS: &str = "auth-request-type/at cred-type/mds";

/// The longest search for a metadata server that has not responded yet, retries included.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(4);

/// The search ends this long before, because a call that is never retried waits for the same time. The error of the search says
/// what to do.
const MARGIN: Duration = Duration::from_millis(300);

/// The delay before the first retry of the search. It doubles from retry to retry.
const FIRST_DELAY: Duration = Duration::from_millis(250);

/// The number of attempts to look up the name of the metadata server. Outside Google Cloud there is no such name.
const LOOKUP_ATTEMPTS: u32 = 2;

/// The longest wait for the universe of the credentials.
const UNIVERSE_TIMEOUT: Duration = Duration::from_secs(1);

/// The time between two requests for the universe, if the server does not respond to the first one. Calls do not wait for each
/// of them.
const UNIVERSE_PAUSE: Duration = Duration::from_secs(10);

/// The two ways to provide credentials on a machine outside Google Cloud.
const HELP: &str = "help: run `gcloud auth application-default login`, \
     or set `GOOGLE_APPLICATION_CREDENTIALS` to the path of a credentials file";

/// The service account of a virtual machine, a container or a function of Google Cloud
/// ([AIP-4115](https://google.aip.dev/auth/4115)).
///
/// The environment variable `GCE_METADATA_HOST` replaces the host of the server.
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi::spanner_v1::Spanner;
/// use gapi_runtime::auth::MetadataServer;
///
/// // Fails outside of Google Cloud, where `ApplicationDefault` finds other credentials.
/// let spanner = Spanner::builder().credentials(MetadataServer::new()).build().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "credentials do nothing until a client has them"]
pub struct MetadataServer(Cached<Source>);

/// The metadata server. Until it has responded once, a failure means that there are no credentials at all.
pub(super) struct Source {
    /// The places without credentials, for the error.
    searched: Vec<String>,
    is_found: AtomicBool,
    universe: OnceCell<String>,
    /// The time until which no call asks for the universe again.
    pause: Mutex<Option<Instant>>,
}

impl MetadataServer {
    /// Creates the credentials. Sends nothing.
    pub fn new() -> Self {
        Self::after(Vec::new())
    }

    /// Creates the credentials as the last place of a search.
    pub(super) fn after(searched: Vec<String>) -> Self {
        Self(Cached::new(Source {
            searched,
            is_found: AtomicBool::new(false),
            universe: OnceCell::new(),
            pause: Mutex::default(),
        }))
    }
}

impl Default for MetadataServer {
    fn default() -> Self {
        Self::new()
    }
}

impl Source {
    /// Requests the first token, and retries while the search has time. It ends before the request for the token does, whose
    /// error would not list the places.
    async fn search(&self, request: &TokenRequest<'_>) -> Result<Token, CredentialsError> {
        let mut problem = String::new();
        let left = request.time_left().unwrap_or(SEARCH_TIMEOUT);
        let longest = left.min(SEARCH_TIMEOUT);
        let first_token = self.first_token(request, &mut problem);
        let result = timeout(longest.saturating_sub(MARGIN), first_token).await;
        if let Ok(Some(token)) = result {
            self.is_found.store(true, Ordering::Relaxed);
            return Ok(token);
        }
        if problem.is_empty() {
            problem = no_response_within(longest);
        }
        Err(self.nowhere(&problem))
    }

    /// Returns the first token. Leaves the problem of the last attempt, also when it is canceled.
    async fn first_token(&self, request: &TokenRequest<'_>, problem: &mut String) -> Option<Token> {
        let host = host();
        let mut delay = FIRST_DELAY;
        for attempt in 1_u32.. {
            let mut wait = delay;
            let is_last = match dns::look_up(name_of(&host), 80).await {
                Ok(_) => match access_token(request).await {
                    Ok(token) => return Some(token),
                    Err(error) => {
                        wait = delay.max(error.retry_after().unwrap_or_default());
                        *problem = without_help(&error.problem());
                        !error.is_transient()
                    }
                },
                Err(error) => {
                    *problem = error.to_string();
                    attempt >= LOOKUP_ATTEMPTS
                }
            };
            if is_last {
                break;
            }
            sleep(wait).await;
            delay *= 2;
        }
        None
    }

    /// Returns the universe of the machine. Calls that start together ask once, whatever the response is.
    async fn universe(&self, request: &TokenRequest<'_>) -> Option<&str> {
        let pause = || self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = || async {
            if pause().is_some_and(|until| Instant::now() < until) {
                return Err(());
            }
            let universe = universe(request).await;
            universe.ok_or_else(|| *pause() = Some(Instant::now() + UNIVERSE_PAUSE))
        };
        let universe = self.universe.get_or_try_init(asked).await;
        universe.ok().map(String::as_str)
    }

    fn nowhere(&self, problem: &str) -> CredentialsError {
        let host = host();
        let host = printable(&host);
        let searched: String = self
            .searched
            .iter()
            .flat_map(|place| [place, "; "])
            .collect();
        let what = if self.searched.is_empty() {
            "found no credentials: "
        } else {
            "found no Application Default Credentials: "
        };
        CredentialsError::permanent(format!(
            "{what}{searched}the metadata server of Google Cloud ({host}): {problem}; {HELP}"
        ))
    }
}

impl TokenSource for Source {
    fn token<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<Token, CredentialsError>> {
        Box::pin(async move {
            // The account of the machine signs with a token for IAM.
            let own = TokenRequest {
                scopes: request.subject.map_or(request.scopes, |_| &[SCOPE][..]),
                subject: None,
                ..*request
            };
            let is_found = self.is_found.load(Ordering::Relaxed);
            let found = if is_found {
                None
            } else {
                Some(self.search(&own).await?)
            };
            match (request.subject, found) {
                (Some(user), found) => delegated(self, found, request, user).await,
                (None, Some(token)) => Ok(token),
                (None, None) => access_token(request).await,
            }
        })
    }

    fn universe_domain<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Option<String>> {
        Box::pin(async move { Some(self.universe(request).await?.to_owned()) })
    }

    fn server(&self) -> Option<String> {
        Some(printable(&host()).to_owned())
    }

    /// A caller with little time gets the places, too.
    fn unfinished(&self, time: Duration) -> CredentialsError {
        if self.is_found.load(Ordering::Relaxed) {
            return late(self.server(), time);
        }
        self.nowhere(&no_response_within(time))
    }
}

/// Returns the universe of the machine, or `None` if the server does not say it for now.
async fn universe(request: &TokenRequest<'_>) -> Option<String> {
    let domain = timeout(UNIVERSE_TIMEOUT, text(request, "universe/universe-domain"));
    match domain.await.ok()? {
        Ok(domain) if !domain.is_empty() => Some(domain),
        Ok(_) => Some(DEFAULT_UNIVERSE.to_owned()),
        // Older servers do not know it.
        Err(error) => {
            let rejected = Rejected::in_error(&error)?;
            (rejected.status == StatusCode::NOT_FOUND).then(|| DEFAULT_UNIVERSE.to_owned())
        }
    }
}

/// Returns an entry as text.
async fn text(request: &TokenRequest<'_>, path: &str) -> Result<String, CredentialsError> {
    let body = read(request, path, &[]).await?;
    Ok(String::from_utf8_lossy(&body).trim().to_owned())
}

/// Requests a token of a user: the service account of the machine signs for it with its own token, `found` if there is one.
async fn delegated(
    source: &Source,
    found: Option<Token>,
    request: &TokenRequest<'_>,
    user: &str,
) -> Result<Token, CredentialsError> {
    let own = TokenRequest {
        subject: None,
        ..*request
    };
    let email = text(&own, "instance/service-accounts/default/email").await?;
    let caller = Caller {
        source: &Uncached::new(source, found),
        universe: source.universe(&own).await.unwrap_or(DEFAULT_UNIVERSE),
        target: &Target::new(email),
        delegates: None,
    };
    sign_jwt::token_of(&caller, request, user).await
}

/// Requests a token for the default service account of the machine.
async fn access_token(request: &TokenRequest<'_>) -> Result<Token, CredentialsError> {
    let scopes = request.scopes.join(",");
    let query = exchange::form_body(&[("scopes", &scopes)]);
    let mut path = "instance/service-accounts/default/token".to_owned();
    if !scopes.is_empty() {
        path.push('?');
        path.push_str(&query);
    }
    let body = read(request, &path, &[metrics::api_client(METRICS)]).await?;
    let response = serde_json::from_slice(&body).unwrap_or_default();
    exchange::access_token(&response, &[])
}

/// Reads an entry of the metadata server.
async fn read(
    request: &TokenRequest<'_>,
    path: &str,
    headers: &[(HeaderName, HeaderValue)],
) -> Result<Bytes, CredentialsError> {
    let url = format!("http://{}/computeMetadata/v1/{path}", host());
    let flavor = (FLAVOR, HeaderValue::from_static("Google"));
    let headers = [&[flavor], headers].concat();
    exchange::get(request, &url, &headers, &[]).await
}

fn no_response_within(time: Duration) -> String {
    format!("no response within {} s", seconds(time))
}

/// Returns the host of the metadata server, with or without a port.
pub(super) fn host() -> String {
    let host = std::env::var(HOST_VARIABLE).ok();
    let host = host.filter(|host| !host.is_empty());
    host.unwrap_or_else(|| HOST.to_owned())
}

/// The problem alone: the error of the search has its own advice.
fn without_help(problem: &str) -> String {
    let (problem, _) = problem.split_once("; help: ").unwrap_or((problem, ""));
    problem.to_owned()
}

/// The host for an error, unless it is not one.
fn printable(host: &str) -> &str {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if host.chars().all(is_plain) {
        host
    } else {
        HOST_VARIABLE
    }
}

/// The name in a host that may have a port.
fn name_of(host: &str) -> &str {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name.trim_start_matches('[').trim_end_matches(']')
}

delegates!(MetadataServer, 0);

impl fmt::Debug for MetadataServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MetadataServer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::external::testing::context;
    use crate::transport::{MockTransport, Transport};
    use std::sync::Arc;

    #[test]
    fn a_host_may_have_a_port() {
        for (host, name) in [
            ("metadata.google.internal", "metadata.google.internal"),
            ("127.0.0.1:8080", "127.0.0.1"),
            ("[::1]:8080", "::1"),
        ] {
            assert_eq!(name_of(host), name);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn calls_do_not_wait_one_after_the_other_for_an_unknown_universe() {
        let mock = MockTransport::new()
            .respond(500, "")
            .respond(200, "universe.example");
        let transport: Arc<dyn Transport> = Arc::new(mock.clone());
        let request = context(&transport);
        let server = MetadataServer::new();
        let source = server.0.source();
        let calls = (0..50).map(|_| source.universe(&request));
        let known = futures_util::future::join_all(calls).await;
        assert_eq!(known, [None; 50]);
        assert_eq!(mock.requests().len(), 1);
        sleep(UNIVERSE_PAUSE).await;
        for _ in 0..2 {
            assert_eq!(source.universe(&request).await, Some("universe.example"));
        }
        assert_eq!(mock.requests().len(), 2);
    }
}
