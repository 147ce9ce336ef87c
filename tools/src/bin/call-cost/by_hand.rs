//! Code that a user would write without a client: a request with reqwest, and structs with serde's derive.

use std::time::Duration;

use crate::{Result, TOKEN, schemas::Operation};

pub(crate) struct Client {
    http: reqwest::Client,
    url: String,
}

impl Client {
    /// Creates a client with the settings and the read timeout of the runtime's own. A client of the runtime must exist
    /// before, because it installs TLS.
    pub(crate) fn new(url: &str) -> Result<Self> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(20))
            .read_timeout(Duration::from_mins(5))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let url = url.to_owned();
        Ok(Self { http, url })
    }

    /// Sends as many headers as the runtime, with the same lengths.
    pub(crate) async fn get(&self, name: &str) -> Result<Operation> {
        let url = format!("{}/v1/{name}?alt=json", self.url);
        let request = self
            .http
            .get(url)
            .bearer_auth(TOKEN)
            .header("accept", "application/json")
            .header("user-agent", "hand/0.1.0")
            .header("x-goog-api-client", "gl-rust/1.91 gdcl/0.1.0");
        let response = request.send().await?.error_for_status()?;
        Ok(serde_json::from_slice(&response.bytes().await?)?)
    }
}
