//! The body of an HTTP error, in all the forms that Google's servers use.

#[cfg(feature = "test-util")]
mod build;

use super::{Code, details};
use crate::wire::{Budget, Decoded, Object, read_json};
use serde_json::Value;
use std::fmt;

/// The error in a response: `google.rpc.Status` as of AIP-193.
///
/// Read from `{"error": {…}}`, from a bare status as gRPC gateways send it, from a list with one of them, from the
/// `errors` of older APIs and from the form of OAuth 2.0. Skips members that have an unexpected type.
///
/// ```
/// use gapi_runtime::Status;
///
/// /// Prints what the server says about an error.
/// fn explain(status: &Status) {
///     println!("{:?} ({:?}): {}", status.canonical_code(), status.reason(), status.message);
///     if let Some(text) = status.localized_message() {
///         println!("{}: {}", text.locale, text.message);
///     }
///     if let Some(info) = status.error_info() {
///         println!("{} of {}: {:?}", info.reason, info.domain, info.metadata);
///     }
///     for violation in status.bad_request().unwrap_or_default().field_violations {
///         println!("{}: {}", violation.field, violation.description);
///     }
///     for violation in status.quota_failure().unwrap_or_default().violations {
///         println!("{}: {}", violation.subject, violation.description);
///     }
///     for violation in status.precondition_failure().unwrap_or_default().violations {
///         println!("{} {}: {}", violation.kind, violation.subject, violation.description);
///     }
///     if let Some(resource) = status.resource_info() {
///         println!("{} {}", resource.resource_type, resource.resource_name);
///     }
///     for link in status.help().unwrap_or_default().links {
///         println!("{}: {}", link.description, link.url);
///     }
///     println!("retry after {:?}", status.retry_info().and_then(|info| info.retry_delay));
///     println!("{:?}, {:?}", status.request_info(), status.debug_info());
///     println!("{:?}", status.detail("google.rpc.PoolInfo")); // a type that this crate does not know
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Status {
    /// The numeric code: the HTTP status in `{"error": …}`, a gRPC code in a bare status.
    pub code: Option<i32>,
    /// The canonical code, for instance `NOT_FOUND`; OAuth 2.0 has its own, for instance `invalid_grant`.
    pub status: Option<String>,
    /// The error message, for developers.
    pub message: String,
    /// The details of the response, distinguished by their `@type`; then the entries of `errors` (`domain`, `reason`, `message` …) of older
    /// APIs. The function [`details`](Self::details) reads them.
    pub details: Vec<Value>,
}

impl Status {
    /// Returns the first reason: that of an `ErrorInfo`, or of the first entry of an older API's `errors`.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.details
            .iter()
            .find_map(|detail| detail.get("reason")?.as_str())
    }

    /// Returns the first detail of a type, for instance `google.rpc.RetryInfo`.
    #[must_use]
    pub fn detail(&self, type_name: &str) -> Option<&Object> {
        let mut details = self.details.iter();
        details
            .find(|detail| details::type_name(detail) == Some(type_name))?
            .as_object()
    }

    /// Reads the body of an error, whatever it is. Returns `None` if it says nothing, or is larger than any error is.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        Self::parse_within(body, Budget::OF_ERRORS)
    }

    /// Reads the body like `parse`. Returns `None` if its decoded form takes more memory than the budget.
    pub(crate) fn parse_within(body: &[u8], budget: Budget) -> Option<Self> {
        let Decoded(body): Decoded<Value> = read_json(body, budget).ok()?;
        let body = match body {
            Value::Array(list) => list.into_iter().next()?,
            other => other,
        };
        let Value::Object(mut body) = body else {
            return None;
        };
        let status = match body.remove("error") {
            Some(Value::Object(error)) => Self::from_object(error),
            Some(Value::String(code)) => Self {
                status: Some(code),
                message: body.get("error_description").map(text).unwrap_or_default(),
                ..Self::from_object(body)
            },
            _ => Self::from_object(body).with_canonical_code(),
        };
        (status != Self::default()).then_some(status)
    }

    /// Reads a bare status.
    pub(crate) fn of_value(status: &Value) -> Self {
        let status = match status {
            Value::Object(status) => Self::from_object(status.clone()),
            other => Self {
                message: text(other),
                ..Self::default()
            },
        };
        status.with_canonical_code()
    }

    fn from_object(mut error: Object) -> Self {
        let lists = ["details", "errors"].map(|name| error.remove(name));
        let code = error.get("code");
        let number = code.and_then(|code| code.as_i64().or_else(|| code.as_str()?.parse().ok()));
        // Some servers have the canonical code where the number should be.
        let name = code.and_then(Value::as_str).filter(|_| number.is_none());
        let status = error.get("status").and_then(Value::as_str).or(name);
        Self {
            code: number.and_then(|number| i32::try_from(number).ok()),
            status: status.map(str::to_owned),
            message: error.get("message").map(text).unwrap_or_default(),
            details: lists
                .into_iter()
                .filter_map(|list| match list {
                    Some(Value::Array(list)) => Some(list),
                    _ => None,
                })
                .flatten()
                .collect(),
        }
    }

    /// Reads the error in an element of a stream: of AIP-193, a bare status, or that of grpc-gateway with `grpc_code` and
    /// `http_code`.
    pub(crate) fn of_stream(error: Object) -> Self {
        let number = |name: &str| {
            let number = error.get(name).and_then(Value::as_i64)?;
            i32::try_from(number).ok()
        };
        let (grpc_code, http_code) = (number("grpc_code"), number("http_code"));
        let mut status = Self::from_object(error);
        if status.status.is_none() {
            let code = grpc_code.or(status.code);
            let name = code.and_then(|code| Code::from_number(code).name());
            status.status = name.map(str::to_owned);
        }
        status.code = status.code.or(http_code);
        status
    }

    /// Returns the canonical code and the message, or the number of the code if there is neither.
    pub(crate) fn reason_text(&self) -> String {
        match (self.to_string(), self.code) {
            (text, _) if !text.is_empty() => text,
            (_, Some(code)) => format!("code {code}"),
            (_, None) => "the server states no reason".to_owned(),
        }
    }

    fn with_canonical_code(mut self) -> Self {
        if self.status.is_none() {
            let name = self.code.and_then(|code| Code::from_number(code).name());
            self.status = name.map(str::to_owned);
        }
        self
    }
}

/// A message that should be a string and is not always one.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The canonical code and the message, in one line.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status.as_deref().unwrap_or_default();
        let separator = if status.is_empty() || self.message.is_empty() {
            ""
        } else {
            ": "
        };
        for part in [status, separator, &self.message] {
            for character in part.chars() {
                let character = if character.is_control() {
                    ' '
                } else {
                    character
                };
                fmt::Write::write_char(f, character)?;
            }
        }
        Ok(())
    }
}
