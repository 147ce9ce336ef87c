//! Messages of a type that only their `@type` tells: `google.protobuf.Any`.

use crate::error::{Error, ErrorKind, Result};
use crate::wire::{
    Budget, DEFAULT_LIMIT, Decoded, JsonError, WireFormat, Without, member, read_json, to_json,
};
use serde::{Deserialize, Deserializer};

/// The longest name of a type that an error repeats.
const LONGEST_NAME: usize = 200;

/// The member with the type of a message.
const TYPE: &str = "@type";

/// The member with a message whose JSON is not an object of its members.
const VALUE: &str = "value";

/// The maximum number of messages around a message, each in its own `Any`.
const MOST_NESTED: usize = 16;

/// The messages that are in [`VALUE`], because ProtoJSON has a special form for them.
const WELL_KNOWN: [&str; 17] = [
    "Any",
    "BoolValue",
    "BytesValue",
    "DoubleValue",
    "Duration",
    "Empty",
    "FieldMask",
    "FloatValue",
    "Int32Value",
    "Int64Value",
    "ListValue",
    "StringValue",
    "Struct",
    "Timestamp",
    "UInt32Value",
    "UInt64Value",
    "Value",
];

/// Decodes a member of a message as the requested type.
///
/// # Errors
/// [`ErrorKind::Decode`] if the member states another type, or has one.
pub fn member_as<S: WireFormat, T: WireFormat>(message: &S, name: &str) -> Result<Option<T>> {
    let json = to_json(message).unwrap_or_default();
    let json = str::from_utf8(&json).unwrap_or_default();
    match member(json, name) {
        None | Some("null") => Ok(None),
        Some(any) => unpack(any, budget(any.len())).map(Some).map_err(|problem| {
            let message = format!("the operation's {name} {problem}");
            Error::unsent(ErrorKind::Decode, None, message)
        }),
    }
}

/// Returns the memory for the decoded form of a member of this length. The member has no client whose limit could count. It is
/// in memory already, so a limit below its length would only fail.
fn budget(length: usize) -> Budget {
    Budget::of(DEFAULT_LIMIT.max(length), length)
}

/// Decodes a message, if its `@type` is absent or that of `T`. A type without a name takes any.
///
/// The `@type` does not become a member of the message, because a server would reject the message with it.
pub(super) fn unpack<T: WireFormat>(any: &str, budget: Budget) -> Result<T, String> {
    let unreadable = |error: JsonError| format!("cannot be read{error}");
    let mut any = any;
    for _ in 0..MOST_NESTED {
        let url = member(any, TYPE).and_then(|url| serde_json::from_str::<String>(url).ok());
        let Some(url) = url else {
            break;
        };
        let full_name = url.rsplit('/').next().unwrap_or_default();
        let well_known = full_name
            .strip_prefix("google.protobuf.")
            .filter(|name| WELL_KNOWN.contains(name));
        let value = well_known.and_then(|_| member(any, VALUE));
        if let (Some("Any"), Some(value)) = (well_known, value) {
            any = value;
            continue;
        }
        if !is_of_type::<T>(&url, full_name) {
            return Err(mismatch::<T>(full_name));
        }
        if let Some(value) = value {
            let read = read_json(value.as_bytes(), budget);
            return read
                .map(|Decoded(value)| value)
                .map_err(|error| unreadable(error.within(VALUE)));
        }
        if T::MESSAGE.is_some() {
            let read = read_json(any.as_bytes(), budget);
            return read.map(|Untyped(value)| value).map_err(unreadable);
        }
        break;
    }
    let read = read_json(any.as_bytes(), budget);
    read.map(|Decoded(value)| value).map_err(unreadable)
}

/// A message without its `@type`.
struct Untyped<T>(T);

impl<'de, T: WireFormat> Deserialize<'de> for Untyped<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let message = Without {
            name: TYPE,
            object: deserializer,
        };
        T::decode(message).map(Self)
    }
}

fn mismatch<T: WireFormat>(found: &str) -> String {
    let found: String = found
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))
        .take(LONGEST_NAME)
        .collect();
    let expected = T::MESSAGE.map(|message| message.name).or(T::WELL_KNOWN);
    format!("is a `{found}`, not a `{}`", expected.unwrap_or_default())
}

/// Returns `true` if a type can represent the message of this type URL.
fn is_of_type<T: WireFormat>(url: &str, full_name: &str) -> bool {
    match (T::MESSAGE, T::WELL_KNOWN) {
        (Some(message), _) => names(url, message.name),
        // A time in a `StringValue` is a text like any other.
        (None, Some(well_known)) => {
            well_known == full_name || full_name == "google.protobuf.StringValue"
        }
        (None, None) => true,
    }
}

/// Returns `true` if a type URL names a schema.
///
/// Documents call the message `google.example.v1.Parent.Child` by as much of its full name as keeps it apart from others:
/// `Child`, `ParentChild`, …, `GoogleExampleV1ParentChild`. Some documents omit the version: `ExampleParentChild`.
fn names(url: &str, schema: &str) -> bool {
    let wanted = folded(schema);
    let full_name = url.rsplit('/').next().unwrap_or_default();
    let is_tail = |mut parts: Box<dyn Iterator<Item = &str> + '_>| {
        let mut tail = String::new();
        parts.any(|part| {
            tail.insert_str(0, &folded(part));
            tail == wanted
        })
    };
    let parts = || full_name.rsplit('.');
    is_tail(Box::new(parts())) || is_tail(Box::new(parts().filter(|part| !is_version(part))))
}

fn is_version(part: &str) -> bool {
    let mut letters = part.chars();
    letters.next() == Some('v') && letters.next().is_some_and(|c| c.is_ascii_digit())
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
    use super::{Budget, DEFAULT_LIMIT, budget, names};

    #[test]
    fn a_member_beyond_the_default_limit_has_memory() {
        assert_eq!(budget(10), Budget::of(DEFAULT_LIMIT, 10));
        let large = 8 * DEFAULT_LIMIT;
        assert_eq!(budget(large), Budget::of(large, large));
    }

    #[test]
    fn a_type_goes_by_any_tail_of_its_full_name() {
        let url = "type.googleapis.com/google.example.v1.Parent.HTTPChild";
        for schema in [
            "HttpChild",
            "ParentHTTPChild",
            "V1ParentHttpChild",
            "Google_ExampleV1ParentHttpChild",
            "ExampleParentHttpChild",
        ] {
            assert!(names(url, schema), "{schema}");
        }
        for schema in [
            "Child",
            "Parent",
            "GoogleHttpChild",
            "",
            "HttpChildren",
            "V1HttpChild",
        ] {
            assert!(!names(url, schema), "{schema}");
        }
    }
}
