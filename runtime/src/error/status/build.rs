//! Building errors for tests, and their JSON.

use super::Status;
use crate::error::Code;
use crate::error::details::Detail;
use crate::wire::Object;
use http::StatusCode;
use serde_json::{Value, json};

impl Status {
    /// Creates an error with a canonical code and a message, for the response of a [`Mock`](crate::mock::Mock).
    ///
    /// ```
    /// use gapi_runtime::{Code, Status, details::ErrorInfo};
    ///
    /// let info = ErrorInfo::new().reason("API_DISABLED").metadata([("service", "spanner.googleapis.com")]);
    /// let status = Status::new(Code::PermissionDenied, "the API is disabled").with_detail(info);
    /// assert_eq!(status.code, Some(403));
    /// assert_eq!(status.reason(), Some("API_DISABLED"));
    /// ```
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code: Some(i32::from(code.http_status().as_u16())),
            status: code.name().map(str::to_owned),
            message: message.into(),
            details: Vec::new(),
        }
    }

    /// Adds a detail: a message of [`details`](crate::details), or JSON. JSON without an `@type` is an entry of `errors`, as
    /// older APIs send them.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<Detail>) -> Self {
        self.details.push(detail.into().into());
        self
    }

    /// Returns the HTTP status of a response with this error.
    pub(crate) fn http_status_of_response(&self) -> StatusCode {
        let stated = self.http_status().filter(|status| status.as_u16() >= 400);
        let code = self.canonical_code().map(Code::http_status);
        stated.or(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Returns the body of an HTTP error: `{"error": {…}}` as of AIP-193.
    pub(crate) fn http_body(&self) -> Value {
        let mut error = self.members(i32::from(self.http_status_of_response().as_u16()));
        if let Some(status) = &self.status {
            error.insert("status".to_owned(), status.clone().into());
        }
        json!({"error": error})
    }

    /// Returns a bare `google.rpc.Status`, as operations have it.
    pub(crate) fn rpc(&self) -> Value {
        let code = self.canonical_code().and_then(Code::number);
        Value::Object(self.members(code.or(self.code).unwrap_or(2)))
    }

    fn members(&self, code: i32) -> Object {
        let mut members = Object::new();
        members.insert("code".to_owned(), code.into());
        members.insert("message".to_owned(), self.message.clone().into());
        let is_typed = |detail: &&Value| detail.get("@type").is_some();
        let (typed, others): (Vec<_>, Vec<_>) = self.details.iter().partition(is_typed);
        for (name, list) in [("details", typed), ("errors", others)] {
            if !list.is_empty() {
                members.insert(name.to_owned(), list.into_iter().cloned().collect());
            }
        }
        members
    }
}
