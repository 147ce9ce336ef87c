//! Credentials of the crate `google-cloud-auth`.

mod error;

use super::{CredentialsContext, CredentialsError, CredentialsProvider, DEFAULT_UNIVERSE};
use crate::transport::BoxFuture;
use error::failed;
pub(super) use error::of_build;
use google_cloud_auth::credentials::{CacheableResource, Credentials};
use http::{Extensions, HeaderMap};
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// The error for credentials whose background task has ended.
const TASK_ENDED: &str = "the background task of these google-cloud-auth credentials has ended: \
     they were made before TLS was ready, or in a tokio runtime that is gone; \
     help: make them with `credentials_with`, or call `gapi_runtime::install_tls_provider()` before you make them";

/// Credentials of `google-cloud-auth` that the caller has made. They keep their own scopes and their own HTTP client.
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
