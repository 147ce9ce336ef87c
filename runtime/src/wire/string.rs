//! Strings, and what they take in place of a string.

use super::WireFormat;
use super::reading::{self, Mode};
use super::text::{Source, readable, unquoted};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A type that is made of a JSON string.
pub(crate) trait FromText: Sized {
    /// The description of the type in errors.
    const EXPECTED: &'static str;
    /// `true` if the type takes objects and arrays, as their JSON.
    const TAKES_ALL: bool = false;

    fn from_text(text: Cow<'_, str>) -> Self;
}

impl FromText for String {
    const EXPECTED: &'static str = "a string";

    fn from_text(text: Cow<'_, str>) -> Self {
        text.into_owned()
    }
}

/// Reads a string. A number and a boolean become their text, with a note, so that they are written as they came.
///
/// # Errors
/// An error for other values, unless the type takes them.
pub(crate) fn decode_text<'de, T: FromText, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    if reading::mode() != Mode::Exact {
        return deserializer.deserialize_any(TextVisitor(PhantomData));
    }
    let json = match Source::deserialize(deserializer)? {
        Source::Text(json) => json,
        Source::Value(value) => value.to_string().into(),
    };
    if let Some(text) = unquoted(&json) {
        if text.contains('\u{fffd}') && !readable(&json).is_exact {
            reading::note(&json)?;
        }
        return taken(text);
    }
    let is_scalar = !json.starts_with(['{', '[', 'n']);
    if !is_scalar && !T::TAKES_ALL {
        let found = Unexpected::Other("value");
        return Err(D::Error::invalid_type(found, &T::EXPECTED));
    }
    other(&json)
}

/// Makes a value of a string.
fn taken<T: FromText, E: Error>(text: Cow<'_, str>) -> Result<T, E> {
    reading::allocate(reading::heap(text.len()))?;
    Ok(T::from_text(text))
}

/// Makes a value of JSON that is not a string.
#[cold]
fn other<T: FromText, E: Error>(json: &str) -> Result<T, E> {
    reading::note(json)?;
    taken(json.into())
}

struct TextVisitor<T>(PhantomData<T>);

impl<'de, T: FromText> Visitor<'de> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        taken(Cow::Borrowed(text))
    }

    #[inline]
    fn visit_string<E: Error>(self, text: String) -> Result<T, E> {
        taken(Cow::Owned(text))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<T, E> {
        other(if value { "true" } else { "false" })
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        other(&value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        other(&value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        super::needs_text()?;
        other(&Value::from(value).to_string())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<T, A::Error> {
        if !T::TAKES_ALL {
            return Err(A::Error::invalid_type(Unexpected::Seq, &self));
        }
        super::needs_text()?;
        let source = Source::deserialize(SeqAccessDeserializer::new(elements))?;
        other(&source.into_text())
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        if !T::TAKES_ALL {
            return Err(A::Error::invalid_type(Unexpected::Map, &self));
        }
        super::needs_text()?;
        let source = Source::deserialize(MapAccessDeserializer::new(members))?;
        other(&source.into_text())
    }
}

impl WireFormat for String {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode_text(deserializer)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }

    fn of_null() -> Option<Self> {
        Some(Self::new())
    }
}
