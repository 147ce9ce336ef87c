//! Credentials of the metadata server of Google Cloud.

use super::application_default::HELP;
use super::google::{Renewable, TokenServer, needs_timer};
use super::google_error::unusable;
use super::{CredentialsContext, CredentialsError, CredentialsProvider, Scopes};
use crate::dns;
use crate::transport::BoxFuture;
use google_cloud_auth::credentials::mds;
use http::HeaderMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;

const HOST: &str = "metadata.google.internal";

/// Replaces the host of the metadata server, with or without a port.
const HOST_VARIABLE: &str = "GCE_METADATA_HOST";

/// The longest search for a metadata server that has not responded yet, retries included.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(4);
/// The search ends this long before, because a call without a connection is cut off after the same time. The error of the search
/// says what to do.
const MARGIN: Duration = Duration::from_millis(150);

/// The delay before the first retry of the search. It doubles from retry to retry.
const FIRST_DELAY: Duration = Duration::from_millis(250);

/// The number of attempts to look up the name of the metadata server. Outside Google Cloud there is no such name.
const LOOKUP_ATTEMPTS: u32 = 2;

/// The metadata server as the last place to look for Application Default Credentials.
///
/// Until it has responded once, a failure means that there are no credentials at all.
pub(super) struct Metadata {
    tokens: Renewable,
    /// The places without credentials, for the error.
    searched: Vec<String>,
    is_found: AtomicBool,
    /// The number of searches that have failed.
    failures: AtomicU64,
    /// The problem of the last search. Locked during a search, so that calls that start together search once.
    problem: Mutex<String>,
}

impl Metadata {
    pub(super) fn new(scopes: Scopes, searched: Vec<String>) -> Self {
        let make = move || {
            let mut builder = mds::Builder::default();
            let scopes = scopes.or_of_service();
            if !scopes.is_empty() {
                builder = builder.with_scopes(scopes);
            }
            if let Ok(project) = std::env::var(super::json::QUOTA_PROJECT_VARIABLE) {
                builder = builder.with_quota_project_id(project);
            }
            let built = builder.build();
            built.map_err(|error| unusable("the metadata server", &error))
        };
        Self {
            tokens: Renewable::new(Box::new(make), TokenServer::default()),
            searched,
            is_found: AtomicBool::new(false),
            failures: AtomicU64::new(0),
            problem: Mutex::default(),
        }
    }

    /// Requests the first token, and retries while the search has time.
    async fn search(
        &self,
        context: &CredentialsContext<'_>,
    ) -> Result<HeaderMap, CredentialsError> {
        let failures_before = self.failures.load(Ordering::Acquire);
        let mut problem = self.problem.lock().await;
        if self.is_found.load(Ordering::Relaxed) {
            drop(problem);
            return self.tokens.headers(context).await;
        }
        // A search that another call has begun is as good as one of this call.
        if self.failures.load(Ordering::Acquire) > failures_before {
            return Err(self.nowhere(&problem));
        }
        needs_timer()?;
        problem.clear();
        let first_token = self.first_token(context, &mut problem);
        let result = tokio::time::timeout(SEARCH_TIMEOUT.saturating_sub(MARGIN), first_token).await;
        if let Ok(Ok(headers)) = result {
            self.is_found.store(true, Ordering::Relaxed);
            return Ok(headers);
        }
        if problem.is_empty() {
            *problem = format!("no response within {} s", SEARCH_TIMEOUT.as_secs());
        }
        self.failures.fetch_add(1, Ordering::Release);
        Err(self.nowhere(&problem))
    }

    /// Returns the first token. Leaves the problem of the last attempt, also when it is canceled.
    async fn first_token(
        &self,
        context: &CredentialsContext<'_>,
        problem: &mut String,
    ) -> Result<HeaderMap, ()> {
        let host = host();
        let mut delay = FIRST_DELAY;
        for attempt in 1_u32.. {
            let is_last = match dns::look_up(name_of(&host), 80).await {
                Ok(_) => match self.tokens.headers(context).await {
                    Ok(headers) => return Ok(headers),
                    Err(error) => {
                        *problem = error.problem();
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
            tokio::time::sleep(delay).await;
            delay *= 2;
        }
        Err(())
    }

    fn nowhere(&self, problem: &str) -> CredentialsError {
        let (searched, host) = (self.searched.join("; "), host());
        CredentialsError::permanent(format!(
            "found no Application Default Credentials: {searched}; \
             the metadata server of Google Cloud ({}): {problem}; {HELP}",
            printable(&host)
        ))
    }
}

impl CredentialsProvider for Metadata {
    fn headers<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        Box::pin(async move {
            if self.is_found.load(Ordering::Relaxed) {
                self.tokens.headers(context).await
            } else {
                self.search(context).await
            }
        })
    }

    fn universe_domain<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Option<String>> {
        self.tokens.universe_domain(context)
    }
}

/// The host of the metadata server, with or without a port.
fn host() -> String {
    std::env::var(HOST_VARIABLE).unwrap_or_else(|_| HOST.to_owned())
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

#[cfg(test)]
mod tests {
    #[test]
    fn a_host_may_have_a_port() {
        for (host, name) in [
            ("metadata.google.internal", "metadata.google.internal"),
            ("127.0.0.1:8080", "127.0.0.1"),
            ("[::1]:8080", "::1"),
        ] {
            assert_eq!(super::name_of(host), name);
        }
    }
}
