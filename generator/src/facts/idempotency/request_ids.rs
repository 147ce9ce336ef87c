//! Request ids (AIP-155): the methods that take one, and its effect.

use serde::{Deserialize, Serialize};

use super::described::{Described, Place, described};
use crate::ir::{Api, Method, TypeRef};

/// The name of request ids in queries and bodies.
const NAME: &str = "requestId";

/// The exceptions to the rules, in the order in which they apply: methods (`*` at the end matches any rest), the use that the rules
/// found, the correct use, and the reason.
const EXCEPTIONS: &str = include_str!("request_ids.json");

/// The request id of a method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestId {
    /// Its place in the request.
    pub place: Place,
    /// Its use.
    #[serde(rename = "use")]
    pub usage: RequestIdUse,
    /// The reason of this use.
    pub reason: RequestIdReason,
}

/// The use of a request id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestIdUse {
    /// The client sets it. The call is idempotent.
    Fill,
    /// The client does not set it. The call is idempotent if the caller does.
    Condition,
    /// It has no effect on retries.
    Nothing,
}

/// The reason of the use of a request id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestIdReason {
    /// The document mentions a UUID, and promises that a repeated request is not executed again.
    PromisedForUuids,
    /// The document promises it, but requires the value: the caller decides about it.
    Required,
    /// The document promises it, but does not state that a UUID is a valid value.
    OtherFormat,
    /// The document promises it only for some requests.
    Limited,
    /// The document promises nothing.
    NoPromise,
    /// The document states that the value has no effect.
    NoEffect,
    /// An exception from the table, with its reason.
    Exception(String),
}

impl RequestIdReason {
    /// Returns the reason in words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::PromisedForUuids => "a repeated request with the same UUID is not executed again",
            Self::Required => "promised, but the value is required",
            Self::OtherFormat => "promised, but no UUID is mentioned",
            Self::Limited => "promised for some requests only",
            Self::NoPromise => "nothing is promised",
            Self::NoEffect => "the value has no effect",
            Self::Exception(reason) => reason,
        }
    }
}

/// A row of the table of exceptions.
#[derive(Deserialize)]
struct Exception {
    methods: String,
    found: RequestIdUse,
    #[serde(rename = "use")]
    usage: RequestIdUse,
    why: String,
}

/// Returns the request id of a method.
pub(super) fn of(api: &Api, method: &Method) -> Option<RequestId> {
    let value = described(api, method, NAME)?;
    let (usage, reason) = by_rules(&value);
    let (usage, reason) = exception(&method.id, usage).unwrap_or((usage, reason));
    Some(RequestId {
        place: value.place,
        usage,
        reason,
    })
}

fn exception(method: &str, found: RequestIdUse) -> Option<(RequestIdUse, RequestIdReason)> {
    // The table is part of this crate, and a test reads all of it.
    let table: Vec<Exception> = serde_json::from_str(EXCEPTIONS).unwrap_or_default();
    let applies = |row: &Exception| {
        let is_method = match row.methods.strip_suffix('*') {
            Some(start) => method.starts_with(start),
            None => method == row.methods,
        };
        is_method && row.found == found
    };
    let row = table.into_iter().find(applies)?;
    Some((row.usage, RequestIdReason::Exception(row.why)))
}

/// The words for a promise that a repeated request is recognized.
const PROMISES: [&str; 6] = [
    "idempoten",
    "de-dup",
    "deduplicat",
    "duplicate request",
    "duplicated request",
    "handled correctly across retries",
];

/// The words that, together with `ignore`, describe the ignored requests.
const IGNORED: [&str; 6] = [
    "second request",
    "already been completed",
    "has completed",
    "it's complete",
    "subsequent request",
    "same request_id are ignored",
];

/// The words that limit a promise.
const LIMITS: [&str; 4] = [
    "prevents multiple concurrent",
    "only idempotent if both",
    "must not be set",
    "not idempotent",
];

/// The words for a value without an effect.
const EFFECTLESS: [&str; 4] = [
    "no effect",
    "field is ignored",
    "parameter is ignored",
    "is deprecated",
];

fn by_rules(value: &Described<'_>) -> (RequestIdUse, RequestIdReason) {
    use RequestIdReason as Reason;
    use RequestIdUse as Use;
    if value.is_deprecated || value.has_any(&EFFECTLESS) {
        return (Use::Nothing, Reason::NoEffect);
    }
    let avoids = value.has("avoid") && value.has("duplication");
    let ignores = value.has("ignore") && value.has_any(&IGNORED);
    if !value.has_any(&PROMISES) && !avoids && !ignores {
        return (Use::Nothing, Reason::NoPromise);
    }
    if value.has_any(&LIMITS) {
        return (Use::Nothing, Reason::Limited);
    }
    let is_uuid = *value.ty == TypeRef::String && value.has("uuid") && !value.has("signed uuid");
    if value.is_required {
        (Use::Condition, Reason::Required)
    } else if is_uuid {
        (Use::Fill, Reason::PromisedForUuids)
    } else {
        (Use::Condition, Reason::OtherFormat)
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_exceptions_is_read() {
        let table: Vec<Exception> = serde_json::from_str(EXCEPTIONS).expect("the table is JSON");
        assert!(
            table
                .iter()
                .all(|row| !row.why.is_empty() && row.found != row.usage)
        );
    }

    #[test]
    fn descriptions_are_classified() {
        for (text, usage, reason) in [
            (
                "Optional. Specify a unique request ID so that if you must retry your request, the server will know to ignore \
                 the request if it has already been completed. The request ID must be a valid UUID.",
                RequestIdUse::Fill,
                RequestIdReason::PromisedForUuids,
            ),
            (
                "Optional. Idempotent request UUID.",
                RequestIdUse::Fill,
                RequestIdReason::PromisedForUuids,
            ),
            (
                "Required. A UUID. The service ignores the second request with it.",
                RequestIdUse::Condition,
                RequestIdReason::Required,
            ),
            (
                "This is used to de-dup incoming request.",
                RequestIdUse::Condition,
                RequestIdReason::OtherFormat,
            ),
            (
                "Signed UUID request idempotency token.",
                RequestIdUse::Condition,
                RequestIdReason::OtherFormat,
            ),
            (
                "A tag that prevents multiple concurrent workflows, started due to retries. A UUID is recommended. Makes the \
                 request idempotent.",
                RequestIdUse::Nothing,
                RequestIdReason::Limited,
            ),
            (
                "The request ID must be a valid UUID.",
                RequestIdUse::Nothing,
                RequestIdReason::NoPromise,
            ),
            (
                "Request ID used for debugging. Empty values are ignored.",
                RequestIdUse::Nothing,
                RequestIdReason::NoPromise,
            ),
            (
                "A UUID for idempotent requests. This field is ignored.",
                RequestIdUse::Nothing,
                RequestIdReason::NoEffect,
            ),
            ("", RequestIdUse::Nothing, RequestIdReason::NoPromise),
        ] {
            let text = crate::facts::idempotency::described::words(Some(text));
            let value = Described {
                place: Place::Query(NAME.to_owned()),
                ty: &TypeRef::String,
                is_required: text.starts_with("required"),
                is_deprecated: false,
                text,
            };
            assert_eq!(by_rules(&value), (usage, reason), "{}", value.text);
            let number = Described {
                ty: &TypeRef::I64,
                ..value
            };
            assert_ne!(by_rules(&number).0, RequestIdUse::Fill);
        }
    }
}
