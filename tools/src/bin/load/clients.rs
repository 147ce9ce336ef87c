//! A small GET and a list, with a generated client and with handwritten code.

use std::time::Duration;

use gapi::spanner_v1::{Spanner, projects::instances::operations::Operations};
use gapi_runtime::{Backoff, RetryPolicy};

use crate::{
    Result,
    schemas::{ListOperationsResponse, Operation},
};

/// The token that both clients send.
const TOKEN: &str = "ya29.a-token-that-is-as-long-as-those-of-google-are-mostly";

/// The delay before a retry, and the number of attempts, of both clients.
const DELAY: Duration = Duration::from_millis(2);
const ATTEMPTS: u32 = 5;

/// Returns the handle of instance operations at this server.
pub(crate) async fn operations(url: &str) -> Result<Operations> {
    let backoff = Backoff::new().initial_delay(DELAY).without_jitter();
    let policy = RetryPolicy::new().max_attempts(ATTEMPTS).backoff(backoff);
    let spanner = Spanner::builder()
        .endpoint(url)
        .bearer_token(TOKEN)
        .retry(policy.without_throttle())
        .build()
        .await?;
    Ok(spanner.projects().instances().operations())
}

/// The code that a user would write. Cheap to clone.
#[derive(Clone)]
pub(crate) struct ByHand {
    http: reqwest::Client,
    url: String,
}

impl ByHand {
    /// Creates a client with the settings and the read timeout of the runtime.
    pub(crate) fn new(url: &str) -> Result<Self> {
        gapi_runtime::install_tls_provider();
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(20))
            .read_timeout(Duration::from_mins(5))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let url = url.to_owned();
        Ok(Self { http, url })
    }

    pub(crate) async fn get(&self, name: &str) -> Result<Operation> {
        let body = self.body(name).await?;
        Ok(serde_json::from_slice(&body)?)
    }

    pub(crate) async fn list(&self, parent: &str) -> Result<ListOperationsResponse> {
        let body = self.body(parent).await?;
        Ok(serde_json::from_slice(&body)?)
    }

    /// Sends as many headers as the runtime, with the same lengths. Retries status 503.
    async fn body(&self, path: &str) -> Result<bytes::Bytes> {
        for attempt in 1.. {
            let url = format!("{}/v1/{path}?alt=json", self.url);
            let request = self
                .http
                .get(url)
                .bearer_auth(TOKEN)
                .header("accept", "application/json")
                .header("user-agent", "hand/0.1.0 (gzip)")
                .header("x-goog-api-client", "gl-rust/1.91 gdcl/0.1.0");
            let response = request.send().await?;
            if response.status() == 503 && attempt < ATTEMPTS {
                tokio::time::sleep(DELAY).await;
                continue;
            }
            return Ok(response.error_for_status()?.bytes().await?);
        }
        Err("no attempt".into())
    }
}
