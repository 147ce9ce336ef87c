//! Structs that a user would write without a client, with serde's derive.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

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
