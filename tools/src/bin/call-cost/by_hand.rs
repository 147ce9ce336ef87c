//! Code that a user would write without a client: structs with serde's derive, and a request with reqwest.

use std::{collections::HashMap, time::Duration};

use serde::Deserialize;
use serde_json::Value;

use crate::{Result, TOKEN};

/// `ListOperationsResponse` of the document, member for member. Unknown members are lost.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListOperationsResponse {
    pub(crate) next_page_token: Option<String>,
    pub(crate) operations: Option<Vec<Operation>>,
    pub(crate) unreachable: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Operation {
    pub(crate) done: Option<bool>,
    pub(crate) error: Option<Status>,
    pub(crate) metadata: Option<HashMap<String, Value>>,
    pub(crate) name: Option<String>,
    pub(crate) response: Option<HashMap<String, Value>>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "decoded as the whole response is")]
pub(crate) struct Status {
    pub(crate) code: Option<i32>,
    pub(crate) details: Option<Vec<HashMap<String, Value>>>,
    pub(crate) message: Option<String>,
}

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
