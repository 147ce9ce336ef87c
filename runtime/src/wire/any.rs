//! JSON that the document does not describe.

use super::reading::{self, Mode};
use super::text::{Source, readable};
use super::{Object, WireFormat};
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

/// The member that `serde_json` hands a number over in, as an object, with its feature `arbitrary_precision`: then for
/// every number that is not a 64-bit integer. Any crate of a build can turn that on for all of them.
pub(super) const NUMBER: &str = "$serde_json::private::Number";

/// From this size on a double can replace an integer that it is not equal to: `serde_json` makes doubles of integers that
/// do not fit 64 bits.
const TWO_POW_63: f64 = 9_223_372_036_854_775_808.0;

/// Reads any value, within the memory of the response.
pub(super) struct AnyVisitor;

impl<'de> DeserializeSeed<'de> for AnyVisitor {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    #[inline]
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    #[inline]
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    #[inline]
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    #[inline]
    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        if value.abs() >= TWO_POW_63 {
            super::needs_text()?;
        }
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    #[inline]
    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        reading::allocate(reading::heap(value.len()))?;
        Ok(Value::String(value.to_owned()))
    }

    #[inline]
    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        reading::allocate(reading::heap(value.len()))?;
        Ok(Value::String(value))
    }

    #[inline]
    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    #[inline]
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    #[inline]
    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(AnyVisitor)? {
            reading::reserve(&mut list)?;
            list.push(element);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let first = members.next_key()?;
        Self::map(first, members)
    }
}

impl AnyVisitor {
    /// Reads an object after the name of its first member, or a number that comes as an object.
    pub(super) fn map<'de, A: MapAccess<'de>>(
        first: Option<String>,
        mut members: A,
    ) -> Result<Value, A::Error> {
        if first.as_deref() == Some(NUMBER) && takes_numbers() {
            let number: String = members.next_value()?;
            return number.parse().map(Value::Number).map_err(A::Error::custom);
        }
        object(first, members).map(Value::Object)
    }
}

/// Returns `true` if an object with the member [`NUMBER`] is a number. In the text of a response it is one only with that feature.
/// Otherwise it is an object of the server.
fn takes_numbers() -> bool {
    static HAS_FEATURE: LazyLock<bool> =
        LazyLock::new(|| serde_json::from_str::<Number>("1e999").is_ok());
    reading::mode() == Mode::Direct || *HAS_FEATURE
}

/// Reads the members of an object after the name of the first one.
fn object<'de, A: MapAccess<'de>>(
    first: Option<String>,
    mut members: A,
) -> Result<Object, A::Error> {
    let mut object = Object::new();
    let mut next = first;
    while let Some(name) = next {
        reading::allocate(reading::heap(name.len()))?;
        reading::allocate_entry::<String, Value, A::Error>(object.len())?;
        let value = members.next_value_seed(AnyVisitor)?;
        object.insert(name, value);
        next = members.next_key()?;
    }
    Ok(object)
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Object, A::Error> {
        let first = members.next_key()?;
        object(first, members)
    }
}

/// A value and, if it cannot be written as it came, its text.
pub(crate) struct Exact<T> {
    pub(crate) value: T,
    pub(crate) text: Option<String>,
}

impl<'de, T: FromAny> Deserialize<'de> for Exact<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match Source::deserialize(deserializer)? {
            Source::Text(text) => text,
            Source::Value(value) => {
                let value = T::from_any(value)?;
                return Ok(Self { value, text: None });
            }
        };
        let readable = readable(&text);
        if let Cow::Owned(text) = &readable.text {
            reading::allocate(reading::heap(text.len()))?;
        }
        let mut deserializer = serde_json::Deserializer::from_str(&readable.text);
        let value = reading::in_mode(Mode::Exact, || T::from_json(&mut deserializer));
        let value = value.map_err(|error| plain(&error))?;
        let text = (!readable.is_exact).then(|| text.to_string());
        if let Some(text) = &text {
            reading::allocate(reading::heap(text.len()))?;
        }
        Ok(Self { value, text })
    }
}

/// Takes the text of an error without the place in a part of the JSON.
fn plain<E: Error>(error: &serde_json::Error) -> E {
    if error.is_syntax() {
        // The text was JSON. Only the levels are limited.
        let other = Unexpected::Other("value with many levels");
        return E::invalid_value(other, &"JSON with fewer levels");
    }
    let text = error.to_string();
    E::custom(text.split(" at line ").next().unwrap_or_default())
}

/// A type for JSON that the document does not describe.
pub(crate) trait FromAny: Sized {
    fn from_any<E: Error>(value: Value) -> Result<Self, E>;
    fn from_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

impl FromAny for Value {
    fn from_any<E: Error>(value: Value) -> Result<Self, E> {
        Ok(value)
    }

    fn from_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyVisitor)
    }
}

impl FromAny for Object {
    fn from_any<E: Error>(value: Value) -> Result<Self, E> {
        match value {
            Value::Object(members) => Ok(members),
            _ => Err(E::custom("invalid type, expected an object")),
        }
    }

    fn from_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

/// Reads a value of a described member. Only the mode `Exact` takes the time for its text.
fn decode<'de, T: FromAny, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    if reading::mode() != Mode::Exact {
        return T::from_json(deserializer);
    }
    let Exact { value, text } = Exact::deserialize(deserializer)?;
    if let Some(text) = text {
        reading::note(&text)?;
    }
    Ok(value)
}

impl WireFormat for Value {
    const HOLDS_NULL: bool = true;

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode(deserializer)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

impl WireFormat for Object {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode(deserializer)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }

    fn of_null() -> Option<Self> {
        Some(Self::new())
    }
}
