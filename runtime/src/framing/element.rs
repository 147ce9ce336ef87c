//! Distinguishes the messages of a stream from errors and envelopes.

use super::json::Outline;
use crate::error::Status;
use crate::wire::{Budget, Decoded, FieldNames, Object, member, read_json};
use serde_json::Value;
use std::ops::Range;

/// The length, in bytes, to which an error that is not JSON is shown.
const LONGEST_TEXT: usize = 1000;

/// An element of a stream.
#[derive(Debug)]
pub(super) enum Element {
    /// A message, and its place in the text of the element.
    Message(Range<usize>),
    /// An error. It ends the stream.
    Error(Status),
}

/// Returns the meaning of an element. `fields` are the fields of the messages, if they are messages with known fields.
pub(super) fn of(text: &[u8], outline: &Outline, fields: Option<FieldNames>) -> Element {
    if let Some(status) = error(text, outline, fields) {
        return Element::Error(status);
    }
    let Some(range) = envelope(text, outline, fields) else {
        return Element::Message(0..text.len());
    };
    let inner = text.get(range.clone()).unwrap_or_default();
    let outline = Outline::of(inner).unwrap_or_default();
    match error(inner, &outline, fields) {
        Some(status) => Element::Error(status),
        None => Element::Message(range),
    }
}

/// Returns the error that an element or the content of an envelope is, if it is one.
///
/// Messages with unknown fields may have any members, so only an object that consists of an error is one.
fn error(text: &[u8], outline: &Outline, fields: Option<FieldNames>) -> Option<Status> {
    let knows = |name: &str| fields.is_some_and(|fields| fields.wire.contains(&name));
    let lacks = |name: &str| fields.is_some() && !knows(name);
    let is_alone = outline.members == 1;
    let has_error = outline.has_error && (is_alone || lacks("error"));
    let has_errors = outline.has_errors && is_alone && lacks("errors");
    let is_bare = outline.has_code && lacks("code") && lacks("message");
    if !outline.is_object || !(has_error || has_errors || is_bare) {
        return None;
    }
    let Some(mut object) = object(text) else {
        return brief_error(text, knows("error"));
    };
    if let Some(error) = object.remove("error") {
        return of_member(error, text, knows("error"));
    }
    if has_errors {
        return of_errors(object);
    }
    (is_bare && is_status(&object)).then(|| Status::of_stream(object))
}

/// Reads the member `error` of an object. `is_field` states that messages can have a field of this name.
fn of_member(error: Value, text: &[u8], is_field: bool) -> Option<Status> {
    let other = |message: String| Status {
        message,
        ..Status::default()
    };
    match error {
        Value::Object(error) => (!is_field || is_certain(&error)).then(|| Status::of_stream(error)),
        _ if is_field => None,
        Value::Null | Value::Bool(false) => None,
        Value::String(_) => Status::parse(text),
        Value::Array(list) => match list.into_iter().next()? {
            Value::Object(error) => Some(Status::of_stream(error)),
            first => Some(other(first.to_string())),
        },
        Value::Bool(true) => Some(Status::default()),
        Value::Number(number) => Some(other(number.to_string())),
    }
}

/// Reads an object that consists of a list of errors. Its message is that of the first one.
fn of_errors(object: Object) -> Option<Status> {
    let first = object.get("errors")?.as_array()?.first()?.as_object()?;
    let message = first.get("message").and_then(Value::as_str);
    Some(Status {
        message: message.unwrap_or_default().to_owned(),
        ..Status::of_stream(object)
    })
}

/// Reads the member `error` without its details, for an error that needs more memory than errors may have.
fn brief_error(text: &[u8], is_field: bool) -> Option<Status> {
    const MEMBERS: [&str; 5] = ["code", "grpc_code", "http_code", "message", "status"];
    let error = member(str::from_utf8(text).ok()?, "error")?;
    let brief = |name: &str| {
        let text = member(error, name)?;
        let Decoded(value) = read_json(text.as_bytes(), Budget::OF_ERRORS).ok()?;
        Some((name.to_owned(), value))
    };
    let is_none = matches!(error, "null" | "false" | "[]");
    let brief = || Value::Object(MEMBERS.into_iter().filter_map(brief).collect());
    (!is_none)
        .then(brief)
        .and_then(|error| of_member(error, text, is_field))
}

/// Reads an error that may stand alone, as in the data of an `error` event.
pub(super) fn of_event(data: &[u8]) -> Status {
    let Some(mut object) = object(data) else {
        if data.trim_ascii_start().starts_with(b"[") {
            // A list with the error.
            return Status::parse(data).unwrap_or_default();
        }
        let text = data.get(..LONGEST_TEXT).unwrap_or(data);
        return Status {
            message: String::from_utf8_lossy(text).into_owned(),
            ..Status::default()
        };
    };
    match object.remove("error") {
        Some(Value::Object(error)) => Status::of_stream(error),
        Some(_) => Status::parse(data).unwrap_or_default(),
        None => Status::of_stream(object),
    }
}

/// Reads an object that may be an error, within the memory for errors.
fn object(text: &[u8]) -> Option<Object> {
    let Decoded(object) = read_json(text, Budget::OF_ERRORS).ok()?;
    Some(object)
}

/// Returns `true` if an object is an error of the protocol, and no `google.rpc.Status` in a field of a message: it has the HTTP
/// status.
fn is_certain(error: &Object) -> bool {
    let code = error.get("code").and_then(Value::as_i64);
    let has_name = error.get("status").is_some_and(Value::is_string);
    let has_http_status = code.is_some_and(|code| (400..600).contains(&code));
    has_name && has_http_status
        || error.contains_key("grpc_code") && error.contains_key("http_code")
}

/// Returns `true` if an object can only be a `google.rpc.Status`.
fn is_status(object: &Object) -> bool {
    const MEMBERS: [&str; 4] = ["code", "message", "status", "details"];
    let is_failure = object
        .get("code")
        .and_then(Value::as_i64)
        .is_some_and(|code| code > 0);
    let has_message = object.get("message").is_some_and(Value::is_string);
    let members = object.keys().all(|name| MEMBERS.contains(&name.as_str()));
    is_failure && has_message && members
}

/// Returns the place of the message in `{"result": …}`, the envelope of grpc-gateway.
///
/// A message may have a field `result` itself. Then the object is an envelope only if its member looks like a whole message.
fn envelope(text: &[u8], outline: &Outline, fields: Option<FieldNames>) -> Option<Range<usize>> {
    if !outline.is_object || outline.members != 1 || !outline.is_result {
        return None;
    }
    let inner = outline.after_name..text.len() - 1;
    let is_envelope = match fields {
        None => !outline.in_array,
        Some(fields) if fields.wire.contains(&"result") => {
            let inner = object(text.get(inner.clone())?)?;
            let is_known = |name: &String| fields.wire.contains(&name.as_str());
            !outline.in_array && !inner.is_empty() && inner.keys().all(is_known)
        }
        Some(_) => true,
    };
    is_envelope.then_some(inner)
}
