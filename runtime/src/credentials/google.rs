//! Credentials of `google-cloud-auth`, and the default ones that it finds.

use super::{CredentialsError, CredentialsProvider, DEFAULT_UNIVERSE};
use crate::{BoxFuture, Status, tls};
use google_cloud_auth::build_errors::Error as BuildError;
use google_cloud_auth::credentials::{Builder, CacheableResource, Credentials};
use google_cloud_auth::errors::CredentialsError as GoogleError;
use http::{Extensions, HeaderMap};
use std::error::Error as StdError;
use std::io;
use std::sync::{Mutex, PoisonError};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// The scope for all of Google Cloud; what a caller may do is then a matter of IAM alone.
const CLOUD_PLATFORM: &str = "https://www.googleapis.com/auth/cloud-platform";

/// Application Default Credentials, looked up again when the tokio runtime that renewed their tokens is gone.
pub(super) struct ApplicationDefault {
    scopes: Vec<String>,
    found: Mutex<Found>,
}

struct Found {
    credentials: Credentials,
    /// Ends with the runtime that it was spawned on. So does what renews the tokens, and asking for one would then panic.
    alive: JoinHandle<()>,
}

impl ApplicationDefault {
    /// Looks for credentials, for these scopes or else for those of a service.
    ///
    /// Reads a file, and asks no server.
    pub(super) fn find(
        scopes: Option<Vec<String>>,
        service: &[&str],
    ) -> Result<Self, CredentialsError> {
        let known = || {
            let all = service.iter().map(|scope| (*scope).to_owned());
            if service.contains(&CLOUD_PLATFORM) {
                vec![CLOUD_PLATFORM.to_owned()]
            } else {
                all.collect()
            }
        };
        let scopes = scopes.unwrap_or_else(known);
        let found = Mutex::new(Found::new(&scopes)?);
        Ok(Self { scopes, found })
    }

    fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if found.alive.is_finished() {
            *found = Found::new(&self.scopes)?;
        }
        Ok(found.credentials.clone())
    }
}

impl Found {
    fn new(scopes: &[String]) -> Result<Self, CredentialsError> {
        // Without either of these google-cloud-auth panics.
        if !tls::is_ready() {
            return Err(CredentialsError::permanent(tls::MISSING));
        }
        let runtime = Handle::try_current().map_err(|_| {
            CredentialsError::permanent("Application Default Credentials need a tokio runtime")
        })?;
        let mut builder = Builder::default();
        if !scopes.is_empty() {
            builder = builder.with_scopes(scopes);
        }
        Ok(Self {
            credentials: builder.build().map_err(|error| unfound(&error))?,
            alive: runtime.spawn(std::future::pending()),
        })
    }
}

impl Drop for Found {
    fn drop(&mut self) {
        self.alive.abort();
    }
}

impl CredentialsProvider for ApplicationDefault {
    fn headers(&self) -> BoxFuture<'_, Result<HeaderMap, CredentialsError>> {
        Box::pin(async { CredentialsProvider::headers(&self.credentials()?).await })
    }

    fn universe_domain(&self) -> BoxFuture<'_, Option<String>> {
        Box::pin(async {
            let credentials = self.credentials().ok()?;
            CredentialsProvider::universe_domain(&credentials).await
        })
    }
}

/// Credentials of `google-cloud-auth`: of a certain file, of another account that they stand for, of a workload elsewhere.
impl CredentialsProvider for Credentials {
    fn headers(&self) -> BoxFuture<'_, Result<HeaderMap, CredentialsError>> {
        Box::pin(async {
            match self.headers(Extensions::new()).await {
                Ok(CacheableResource::New { data, .. }) => Ok(data),
                // The answer to a question that was not asked.
                Ok(CacheableResource::NotModified) => Err(CredentialsError::permanent(
                    "google-cloud-auth gave no headers",
                )),
                Err(error) => Err(failed(&error)),
            }
        })
    }

    fn universe_domain(&self) -> BoxFuture<'_, Option<String>> {
        Box::pin(async {
            let domain = self.universe_domain().await;
            Some(domain.unwrap_or_else(|| DEFAULT_UNIVERSE.to_owned()))
        })
    }
}

/// What is wrong with a file of credentials, without quoting it: the text of serde would.
fn unfound(error: &BuildError) -> CredentialsError {
    let text = if error.is_parsing() {
        let text = "the file of Application Default Credentials cannot be read".to_owned();
        match error.source().and_then(json_problem) {
            Some(problem) => format!("{text}: {problem}"),
            None => text,
        }
    } else if error.is_unknown_type() {
        "the file of Application Default Credentials has a `type` that is not known".to_owned()
    } else {
        error.to_string()
    };
    CredentialsError::permanent(text)
}

fn json_problem(error: &(dyn StdError + 'static)) -> Option<String> {
    let error = error.downcast_ref::<serde_json::Error>()?;
    let text = error.to_string();
    let is_harmless = !error.is_data() || text.starts_with("missing field");
    is_harmless.then_some(text)
}

/// Why there is no token, from what google-cloud-auth says: the words that are its own, what the token server gives as its
/// reason, and what the system says of the connection. The rest of its texts can hold URLs, whole bodies, and bytes of a key.
fn failed(error: &GoogleError) -> CredentialsError {
    let outermost: &(dyn StdError + 'static) = error;
    let chain: Vec<_> = std::iter::successors(Some(outermost), |&error| error.source()).collect();
    let innermost = chain.iter().rev();
    let text = innermost
        .filter_map(|error| error.downcast_ref::<GoogleError>())
        .map(ToString::to_string)
        .next()
        .unwrap_or_default();
    let text = text
        .trim_end_matches(" but future attempts may succeed")
        .trim_end_matches(" and future attempts will not succeed");
    let own_words = text.split([':', ',', '<', '{', '[', '(', '`']).next();
    let http = chain
        .iter()
        .map(ToString::to_string)
        .find_map(|text| Some(text.split_once(" for url (")?.0.to_owned()));
    let system = chain
        .iter()
        .rev()
        .find_map(|error| error.downcast_ref::<io::Error>())
        .filter(|error| is_of_system(error))
        .map(ToString::to_string);
    let mut told: Vec<String> = own_words
        .into_iter()
        .map(|words| words.trim().to_owned())
        .collect();
    // The reason says more than the HTTP status, which is 400 for all of them.
    told.extend(reason(text).or(http));
    told.extend(system);
    let told = told.join(": ");
    if error.is_transient() {
        CredentialsError::transient(told)
    } else {
        CredentialsError::permanent(told)
    }
}

/// Whether an error is the system's or that of TLS, and not one that others have put their own text into.
fn is_of_system(error: &io::Error) -> bool {
    error.get_ref().is_none_or(|inner| {
        inner.is::<rustls::Error>() || inner.to_string().starts_with("failed to lookup address")
    })
}

/// The reason that a token server gives (RFC 6749, section 5.2).
fn reason(text: &str) -> Option<String> {
    let (_, body) = text.split_once("body=<")?;
    let (body, _) = body.rsplit_once('>')?;
    let status = Status::parse(body.as_bytes())?;
    status.status.is_some().then(|| status.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_quote_no_body_url_or_key() {
        let url = "https://user:SECRET@token.example/SECRET";
        let http = io::Error::other(format!(
            "HTTP status client error (400 Bad Request) for url ({url})"
        ));
        for (message, expected) in [
            (
                r#"failed to refresh user access token, body=<{"error": "invalid_grant", "error_description": "Bad Request"}>"#,
                "failed to refresh user access token: invalid_grant: Bad Request",
            ),
            (
                r#"failed to exchange token, body=<{"access_token": "SECRET"}>"#,
                "failed to exchange token: HTTP status client error (400 Bad Request)",
            ),
            (
                "failed to parse service account private key PEM: illegal section start: [83, 69, 67]",
                "failed to parse service account private key PEM: HTTP status client error (400 Bad Request)",
            ),
        ] {
            let inner =
                GoogleError::new(true, message, io::Error::new(http.kind(), http.to_string()));
            let error = failed(&GoogleError::new(true, "the token was not fetched", inner));
            assert_eq!(
                error.to_string(),
                format!("no credentials for now: {expected}")
            );
            assert!(!format!("{error:?}").contains("SECRET"));
        }
        let refused = io::Error::from_raw_os_error(111);
        let error = failed(&GoogleError::new(false, "failed to fetch token", refused));
        let text = error.to_string();
        assert!(
            text.starts_with("no credentials: failed to fetch token: Connection refused"),
            "{text}"
        );
        assert!(!error.is_transient());
        for (source, shown) in [
            (
                io::Error::other("failed to lookup address information: no such name"),
                ": failed to lookup address information: no such name",
            ),
            (
                io::Error::other(rustls::Error::DecryptError),
                ": cannot decrypt peer's message",
            ),
            (io::Error::other("SECRET"), ""),
        ] {
            let text = failed(&GoogleError::new(true, "failed", source)).to_string();
            assert_eq!(text, format!("no credentials for now: failed{shown}"));
        }
    }
}
