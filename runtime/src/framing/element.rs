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
    let whole = Element::Message(0..text.len());
    if !outline.is_object {
        return whole;
    }
    let knows = |name: &str| fields.is_some_and(|fields| fields.wire.contains(&name));
    let has_error =
        outline.has_error && (outline.members == 1 || fields.is_some() && !knows("error"));
    let is_bare = outline.has_code && fields.is_some() && !knows("code") && !knows("message");
    if (has_error || is_bare)
        && let Some(status) = status(text, knows("error"), is_bare)
    {
        return Element::Error(status);
    }
    match envelope(text, outline, fields) {
        Some(inner) => Element::Message(inner),
        None => whole,
    }
}

/// Reads the error that an object represents. `is_field` states that messages can have a field `error`, and `is_bare` that the object
/// may be a status itself.
fn status(text: &[u8], is_field: bool, is_bare: bool) -> Option<Status> {
    let error = match object(text) {
        Some(mut object) => match object.remove("error") {
            Some(error) => error,
            None => return (is_bare && is_status(&object)).then(|| Status::of_stream(object)),
        },
        None => brief_error(text)?,
    };
    match error {
        Value::Object(error) => (!is_field || is_certain(&error)).then(|| Status::of_stream(error)),
        Value::String(_) if !is_field => Status::parse(text),
        _ => None,
    }
}

/// Reads the member `error` without its details, for an error that needs more memory than errors may have.
fn brief_error(text: &[u8]) -> Option<Value> {
    const MEMBERS: [&str; 5] = ["code", "grpc_code", "http_code", "message", "status"];
    let error = member(str::from_utf8(text).ok()?, "error")?;
    let brief = |name: &str| {
        let text = member(error, name)?;
        let Decoded(value) = read_json(text.as_bytes(), Budget::OF_ERRORS).ok()?;
        Some((name.to_owned(), value))
    };
    let is_error = error.starts_with(['{', '"']);
    is_error.then(|| Value::Object(MEMBERS.into_iter().filter_map(brief).collect()))
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
    let name = text.get(outline.name.clone())?;
    if outline.members != 1 || name != b"result" {
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
