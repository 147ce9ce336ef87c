//! Code that a user would write without a client: a request with reqwest, and structs with serde's derive.

use std::time::Duration;

use reqwest::{Request, Url};

use crate::{Result, TOKEN, schemas::Operation};

pub(crate) struct Client {
    http: reqwest::Client,
    url: String,
}

impl Client {
    /// Creates a client with the settings and the read timeout of the runtime. A client of the runtime must exist before,
    /// because it installs a TLS provider.
    pub(crate) fn new(url: &str) -> Result<Self> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(20))
            .read_timeout(Duration::from_mins(5))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let url = url.to_owned();
        Ok(Self { http, url })
    }

    pub(crate) async fn get(&self, name: &str) -> Result<Operation> {
        let request = self.get_request(name)?;
        let response = self.http.execute(request).await?.error_for_status()?;
        Ok(serde_json::from_slice(&response.bytes().await?)?)
    }

    pub(crate) fn get_request(&self, name: &str) -> Result<Request> {
        self.request(Url::parse(&format!("{}/v1/{name}?alt=json", self.url))?)
    }

    pub(crate) fn list_request(&self, parent: &str, query: &[(&str, &str)]) -> Result<Request> {
        let mut url = Url::parse(&format!("{}/v1/{parent}?alt=json", self.url))?;
        url.query_pairs_mut().extend_pairs(query);
        self.request(url)
    }

    /// Builds a request with as many headers as those of the runtime, of the same lengths.
    fn request(&self, url: Url) -> Result<Request> {
        let request = self
            .http
            .get(url)
            .bearer_auth(TOKEN)
            .header("accept", "application/json")
            .header("user-agent", "hand/0.1.0")
            .header("x-goog-api-client", "gl-rust/1.91 gdcl/0.1.0");
        Ok(request.build()?)
    }
}
