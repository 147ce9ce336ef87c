//! An operation as one response shows it.

use super::info::OperationStyle;
use crate::error::{Error, ErrorKind, Result, Status};
use crate::method::MethodInfo;
use crate::request::Request;
use crate::response::{FromResponse, Origin, wrapped};
use crate::secrets::Secrets;
use crate::wire::{Budget, DEFAULT_LIMIT, Object, member};
use bytes::Bytes;
use serde_json::Value;

/// An operation at one moment.
pub(super) struct Snapshot {
    method: &'static MethodInfo,
    style: OperationStyle,
    /// `true` if the operation is the member `data` of the body.
    is_wrapped: bool,
    response: http::Response<Bytes>,
    operation: Object,
}

impl Snapshot {
    /// Reads the response to a call.
    pub(super) fn read(
        call: &Request,
        style: OperationStyle,
        response: http::Response<Bytes>,
    ) -> Result<Self> {
        let method = call.method();
        let origin = Origin {
            service: call.client().service(),
            method,
        };
        let Value::Object(operation) = Value::from_response(response.clone(), origin)? else {
            let message = "the body is not an operation: expected an object";
            return Err(Error::unreadable(method, message, response));
        };
        let this = Self {
            method,
            style,
            is_wrapped: origin.service.data_wrapper,
            response,
            operation,
        };
        match this.unclear_end() {
            Some((name, expected)) => {
                let place = if this.is_wrapped { "data." } else { "" };
                let problem = format!("{place}{name}: expected {expected}");
                Err(this.unreadable(format!("the operation cannot be read: {problem}")))
            }
            None => Ok(this),
        }
    }

    /// Returns the member that does not say if the operation is done, and its type. Polling would never end.
    fn unclear_end(&self) -> Option<(&'static str, &'static str)> {
        match self.style {
            OperationStyle::Aip151 => match self.member("done") {
                None | Some(Value::Bool(_)) => None,
                Some(Value::String(done)) if matches!(done.as_str(), "true" | "false") => None,
                Some(_) => Some(("done", "a boolean")),
            },
            OperationStyle::Compute => match self.member("status") {
                None | Some(Value::String(_)) => None,
                Some(_) => Some(("status", "a string")),
            },
        }
    }

    pub(super) fn operation(&self) -> &Object {
        &self.operation
    }

    pub(super) fn into_operation(self) -> Object {
        self.operation
    }

    /// A member that is there and not null.
    pub(super) fn member(&self, name: &str) -> Option<&Value> {
        self.operation.get(name).filter(|value| !value.is_null())
    }

    /// Returns the JSON text of the operation. Its numbers are as the server wrote them.
    pub(super) fn text(&self) -> &str {
        let body = self.response.body();
        let data = self.is_wrapped.then(|| wrapped(body)).flatten();
        str::from_utf8(data.unwrap_or(body)).unwrap_or_default()
    }

    /// Returns the JSON text of a member that is there and not null.
    pub(super) fn member_text(&self, name: &str) -> Option<&str> {
        member(self.text(), name).filter(|text| *text != "null")
    }

    /// Returns the memory for a value that is decoded from the response.
    pub(super) fn budget(&self) -> Budget {
        let budget = self.response.extensions().get().copied();
        budget.unwrap_or_else(|| Budget::of(DEFAULT_LIMIT, self.response.body().len()))
    }

    pub(super) fn name(&self) -> Option<&str> {
        let name = self.member("name").and_then(Value::as_str);
        name.filter(|name| !name.is_empty())
    }

    pub(super) fn is_done(&self) -> bool {
        match self.style {
            OperationStyle::Aip151 => match self.member("done") {
                Some(Value::Bool(done)) => *done,
                Some(Value::String(done)) => done == "true",
                _ => false,
            },
            OperationStyle::Compute => {
                self.member("status").and_then(Value::as_str) == Some("DONE")
            }
        }
    }

    /// Returns the error of the operation, if it failed.
    pub(super) fn failure(&self) -> Option<Status> {
        match self.style {
            OperationStyle::Aip151 => {
                let error = self.member("error")?;
                // Some servers write the empty error of a success.
                let is_success = is_ok(error) && self.member("response").is_some();
                (!is_success).then(|| Status::of_value(error))
            }
            OperationStyle::Compute => self.compute_failure(),
        }
    }

    /// A list of errors, or a status; an operation that succeeded may have an empty one.
    fn compute_failure(&self) -> Option<Status> {
        let error = self.member("error").and_then(Value::as_object);
        let code = self.member("httpErrorStatusCode").and_then(Value::as_i64);
        let code = code.filter(|code| *code >= 400);
        let mut status = match error.and_then(|error| error.get("errors")) {
            Some(Value::Array(errors)) => {
                let first = errors.first().and_then(Value::as_object);
                let text = |name: &str| first?.get(name)?.as_str().map(str::to_owned);
                Status {
                    code: None,
                    status: text("code"),
                    message: text("message").unwrap_or_default(),
                    details: errors.clone(),
                }
            }
            _ => error
                .filter(|error| !error.is_empty())
                .map_or_else(Status::default, |error| {
                    Status::of_value(&Value::Object(error.clone()))
                }),
        };
        if status == Status::default() && code.is_none() {
            return None;
        }
        if let Some(code) = code {
            status.code = i32::try_from(code).ok();
        }
        if status.message.is_empty() {
            let message = self.member("httpErrorMessage").and_then(Value::as_str);
            message.unwrap_or_default().clone_into(&mut status.message);
        }
        Some(status)
    }

    /// Creates an error about the content of the response.
    pub(super) fn unreadable(self, message: impl Into<String>) -> Error {
        Error::unreadable(self.method, message, self.response)
    }

    /// The error that the operation ended with.
    pub(super) fn failed(self, status: Status) -> Error {
        let status = Secrets::of_response(self.response.extensions()).hide_in(status);
        let message = format!("the operation failed: {}", status.reason_text());
        Error::unsent(ErrorKind::Operation, Some(self.method.id), message)
            .with_response(self.response, Some(status))
    }
}

/// Returns `true` for a status without an error: the code is 0 (`OK`) or absent, and nothing else is said.
fn is_ok(error: &Value) -> bool {
    let is_empty = |value: &Value| match value {
        Value::Null => true,
        Value::Number(code) => code.as_i64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Bool(_) | Value::Object(_) => false,
    };
    error
        .as_object()
        .is_some_and(|error| error.values().all(is_empty))
}
