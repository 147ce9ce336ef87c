//! The JSON form of the types that fields can have.
//!
//! It is not always the form that serde uses: 64-bit integers are JSON strings, and a float may be `"NaN"`. Reading is
//! more tolerant than writing, because servers are less strict than documents.

mod field_names;

pub use field_names::FieldNames;

use serde::de::{Error as _, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// A JSON object whose members the document does not describe.
pub type Object = serde_json::Map<String, Value>;

/// A type with a JSON form in Google's APIs.
///
/// Implemented for the scalars, for lists and maps of such types, and by [`schema!`](crate::schema!) and
/// [`open_enum!`](crate::open_enum!).
pub trait WireFormat: fmt::Debug + Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// When the input is not JSON, or not of this type.
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Writes the value.
    ///
    /// # Errors
    /// The errors of the serializer.
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// Returns an empty list and the fields of its elements. `None` if the type is no list.
    #[doc(hidden)]
    #[must_use]
    fn empty_list() -> Option<(Self, Option<FieldNames>)> {
        None
    }

    /// Appends an element to a list.
    #[doc(hidden)]
    fn append(&mut self, _json: &[u8]) -> serde_json::Result<()> {
        Ok(())
    }

    /// The JSON that a response without a body stands for.
    #[doc(hidden)]
    const EMPTY_BODY: &'static str = "{}";

    /// The name and the fields of a message. `None` for any other type.
    #[doc(hidden)]
    const MESSAGE: Option<FieldNames> = None;
}

/// Reads a [`WireFormat`] type where serde asks for a `Deserialize` one.
pub(crate) struct Decoded<T>(pub(crate) T);

impl<'de, T: WireFormat> Deserialize<'de> for Decoded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::decode(deserializer).map(Self)
    }
}

/// Reads a value from JSON.
pub(crate) fn from_json<T: WireFormat>(json: &[u8]) -> serde_json::Result<T> {
    let decoded = match str::from_utf8(json) {
        // Once for the whole takes less time than for each string.
        Ok(json) => serde_json::from_str(json),
        // An error that says where.
        Err(_) => serde_json::from_slice(json),
    };
    decoded.map(|Decoded(value)| value)
}

/// Writes a [`WireFormat`] type where serde asks for a `Serialize` one.
pub(crate) struct Encoded<'a, T>(pub(crate) &'a T);

impl<T: WireFormat> Serialize for Encoded<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.encode(serializer)
    }
}

/// The JSON text of a value.
pub(crate) fn to_json<T: WireFormat>(value: &T) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&Encoded(value))
}

struct BoolVisitor;

impl Visitor<'_> for BoolVisitor {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a boolean")
    }

    fn visit_bool<E>(self, value: bool) -> Result<bool, E> {
        Ok(value)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<bool, E> {
        match value {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(E::invalid_value(Unexpected::Other("string"), &self)),
        }
    }
}

impl WireFormat for bool {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BoolVisitor)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(*self)
    }
}

/// The member that `serde_json` hands a number over in, as an object, with its feature `arbitrary_precision`: then for
/// every number that is no 64-bit integer. Any crate of a build can turn that on for all of them.
const NUMBER: &str = "$serde_json::private::Number";

/// Reads a number that comes in such an object.
fn visit_number<'de, V: Visitor<'de>, A: MapAccess<'de>>(
    visitor: V,
    mut members: A,
) -> Result<V::Value, A::Error> {
    match members.next_entry::<String, String>() {
        Ok(Some((name, number))) if name == NUMBER => visitor.visit_str(&number),
        _ => Err(A::Error::invalid_type(Unexpected::Map, &visitor)),
    }
}

/// One visitor for all integers, so that only the range check depends on the type.
struct IntegerVisitor;

/// 2^64: every float below it in size has an exact `i128`.
const TWO_POW_64: f64 = 18_446_744_073_709_551_616.0;

fn integral(value: f64) -> Option<i128> {
    #[expect(clippy::cast_possible_truncation, reason = "integral and below 2^64")]
    (value.trunc().to_bits() == value.to_bits() && value.abs() < TWO_POW_64)
        .then_some(value as i128)
}

impl<'de> Visitor<'de> for IntegerVisitor {
    type Value = i128;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer, or a string that holds one")
    }

    fn visit_i64<E>(self, value: i64) -> Result<i128, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<i128, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<i128, E> {
        integral(value).ok_or_else(|| E::invalid_value(Unexpected::Other("fraction"), &self))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<i128, E> {
        let integer = value
            .parse()
            .ok()
            .or_else(|| value.parse().ok().and_then(integral));
        integer.ok_or_else(|| E::invalid_value(Unexpected::Other("string"), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<i128, A::Error> {
        visit_number(self, members)
    }
}

fn decode_integer<'de, T: TryFrom<i128>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let value = deserializer.deserialize_any(IntegerVisitor)?;
    T::try_from(value).map_err(|_| {
        D::Error::invalid_value(
            Unexpected::Other("integer"),
            &"an integer that fits the type",
        )
    })
}

macro_rules! integer {
    ($($type:ident, $value:ident, $serializer:ident => $encode:expr;)*) => {$(
        impl WireFormat for $type {
            fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode_integer(deserializer)
            }

            fn encode<S: Serializer>(&self, $serializer: S) -> Result<S::Ok, S::Error> {
                let $value = self;
                $encode
            }
        }
    )*};
}

integer! {
    i32, value, serializer => serializer.serialize_i32(*value);
    u32, value, serializer => serializer.serialize_u32(*value);
    // Strings, because JavaScript has no integers above 2^53.
    i64, value, serializer => serializer.collect_str(value);
    u64, value, serializer => serializer.collect_str(value);
}

struct FloatVisitor;

impl<'de> Visitor<'de> for FloatVisitor {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or a string that holds one")
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a JSON number for a float field has no more precision"
    )]
    fn visit_i64<E>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a JSON number for a float field has no more precision"
    )]
    fn visit_u64<E>(self, value: u64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_f64<E>(self, value: f64) -> Result<f64, E> {
        Ok(value)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<f64, E> {
        value
            .parse()
            .map_err(|_| E::invalid_value(Unexpected::Other("string"), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<f64, A::Error> {
        visit_number(self, members)
    }
}

impl WireFormat for f64 {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FloatVisitor)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_finite() {
            serializer.serialize_f64(*self)
        } else if self.is_nan() {
            serializer.serialize_str("NaN")
        } else if *self > 0.0 {
            serializer.serialize_str("Infinity")
        } else {
            serializer.serialize_str("-Infinity")
        }
    }
}

macro_rules! by_serde {
    ($($type:ty),*) => {$(
        impl WireFormat for $type {
            fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <$type>::deserialize(deserializer)
            }

            fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }
        }
    )*};
}

by_serde!(String, Value, Object);

/// Reads an array.
struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: WireFormat> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(Decoded(element)) = elements.next_element()? {
            list.push(element);
        }
        Ok(list)
    }
}

impl<T: WireFormat> WireFormat for Vec<T> {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.len()))?;
        for element in self {
            list.serialize_element(&Encoded(element))?;
        }
        list.end()
    }

    fn empty_list() -> Option<(Self, Option<FieldNames>)> {
        Some((Self::new(), T::MESSAGE))
    }

    fn append(&mut self, json: &[u8]) -> serde_json::Result<()> {
        self.push(from_json(json)?);
        Ok(())
    }

    const EMPTY_BODY: &'static str = "[]";
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: WireFormat> Visitor<'de> for MapVisitor<T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<BTreeMap<String, T>, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((key, Decoded(value))) = members.next_entry()? {
            map.insert(key, value);
        }
        Ok(map)
    }
}

impl<T: WireFormat> WireFormat for BTreeMap<String, T> {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MapVisitor(PhantomData))
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (key, value) in self {
            map.serialize_entry(key, &Encoded(value))?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::value::{Error, MapDeserializer};

    fn decode<T: WireFormat>(name: &str, number: &str) -> Result<T, Error> {
        T::decode(MapDeserializer::new([(name, number)].into_iter()))
    }

    #[test]
    fn numbers_of_arbitrary_precision_are_read() {
        assert_eq!(decode(NUMBER, "0.1"), Ok(0.1));
        assert_eq!(decode(NUMBER, "-2E+2"), Ok(-200.0));
        assert_eq!(decode(NUMBER, "3.0"), Ok(3_i32));
        assert_eq!(decode(NUMBER, "1e3"), Ok(1000_u64));
        assert!(decode::<i64>(NUMBER, "1.5").is_err());
        assert!(decode::<i32>("3", "3").is_err());
        assert!(decode::<f64>("0.1", "0.1").is_err());
    }
}
