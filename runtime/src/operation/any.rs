//! Messages of a type that only their `@type` tells: `google.protobuf.Any`.

use crate::error::{Error, ErrorKind, Result};
use crate::wire::{Decoded, WireFormat, to_json};
use serde_json::Value;

/// The longest name of a type that an error repeats.
const LONGEST_NAME: usize = 200;

/// Decodes a member of a message as the requested type.
///
/// # Errors
/// [`ErrorKind::Decode`] if the member states another type, or has one.
pub fn member_as<S: WireFormat, T: WireFormat>(message: &S, member: &str) -> Result<Option<T>> {
    let unwritable = |_| undecodable(member, "cannot be written as JSON");
    let json = to_json(message).map_err(unwritable)?;
    let value = serde_json::from_slice::<Value>(&json).map_err(unwritable)?;
    match value.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(any) => unpack(any)
            .map(Some)
            .map_err(|problem| undecodable(member, &problem)),
    }
}

fn undecodable(member: &str, problem: &str) -> Error {
    let message = format!("the operation's {member} {problem}");
    Error::unsent(ErrorKind::Decode, None, message)
}

/// Decodes a message, if its `@type` is absent or that of `T`. A type without a name takes any.
///
/// The `@type` does not become a member of the message, because a server would reject the message with it.
pub(super) fn unpack<T: WireFormat>(any: &Value) -> Result<T, String> {
    let mut any = any.clone();
    if let Some(expected) = T::MESSAGE
        && let Some(Value::String(url)) = any.as_object_mut().and_then(|any| any.remove("@type"))
        && !is_of_type(&url, expected.name)
    {
        let found: String = url
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))
            .take(LONGEST_NAME)
            .collect();
        return Err(format!("is a `{found}`, not a `{}`", expected.name));
    }
    match serde_json::from_value::<Decoded<T>>(any) {
        Ok(Decoded(value)) => Ok(value),
        // Its text can quote the message.
        Err(_) => Err("cannot be read".to_owned()),
    }
}

/// Returns `true` if a type URL names a schema.
///
/// Documents call the message `google.example.v1.Parent.Child` by as much of its full name as keeps it apart from others:
/// `Child`, `ParentChild`, …, `GoogleExampleV1ParentChild`.
fn is_of_type(url: &str, schema: &str) -> bool {
    let wanted = folded(schema);
    let full_name = url.rsplit('/').next().unwrap_or_default();
    let mut tail = String::new();
    full_name.rsplit('.').any(|part| {
        tail.insert_str(0, &folded(part));
        tail == wanted
    })
}

/// Names of types differ in underscores and in the case of acronyms.
fn folded(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::is_of_type;

    #[test]
    fn a_type_goes_by_any_tail_of_its_full_name() {
        let url = "type.googleapis.com/google.example.v1.Parent.HTTPChild";
        for schema in [
            "HttpChild",
            "ParentHTTPChild",
            "V1ParentHttpChild",
            "Google_ExampleV1ParentHttpChild",
        ] {
            assert!(is_of_type(url, schema), "{schema}");
        }
        for schema in ["Child", "Parent", "GoogleHttpChild", "", "HttpChildren"] {
            assert!(!is_of_type(url, schema), "{schema}");
        }
    }
}
