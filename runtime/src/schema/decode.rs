//! Decoding of structs: each member of an object goes to its field, or to the unknown fields.

use super::{DecodeField, Schema};
use crate::wire::WireFormat;
use serde::de::{DeserializeSeed, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::fmt;
use std::marker::PhantomData;

/// Reads a schema from a JSON object.
#[doc(hidden)]
pub fn decode_schema<'de, T: Schema, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(SchemaVisitor(PhantomData))
}

struct SchemaVisitor<T>(PhantomData<T>);

impl<'de, T: Schema> Visitor<'de> for SchemaVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut schema = T::default();
        while let Some(key) = map.next_key_seed(KeySeed(T::FIELDS.wire))? {
            let position = match key {
                Key::Known(position) => position,
                Key::Unknown(name) => {
                    let value: Value = map.next_value()?;
                    schema.unknown_fields_mut().insert(name, value);
                    continue;
                }
            };
            let mut decoder = FieldDecoder {
                map: &mut map,
                before: position,
                null: false,
                outcome: Ok(()),
                de: PhantomData,
            };
            schema.decode_field(&mut decoder);
            let FieldDecoder { null, outcome, .. } = decoder;
            outcome?;
            let wire_name = T::FIELDS.wire[position];
            if null {
                schema.unknown_fields_mut().insert(wire_name, Value::Null);
            } else {
                // A null before it, under the same name.
                schema.unknown_fields_mut().remove(wire_name);
            }
        }
        Ok(schema)
    }
}

enum Key {
    Known(usize),
    Unknown(String),
}

/// Looks a key up while it is still borrowed from the input, so that only unknown ones are allocated.
struct KeySeed(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Key, E> {
        let position = self.0.iter().position(|known| *known == name);
        Ok(position.map_or_else(|| Key::Unknown(name.to_owned()), Key::Known))
    }
}

struct FieldDecoder<'a, 'de, A: MapAccess<'de>> {
    map: &'a mut A,
    /// The number of fields before the wanted one. It wraps after that field, and so is zero only once.
    before: usize,
    null: bool,
    outcome: Result<(), A::Error>,
    de: PhantomData<&'de ()>,
}

impl<'de, A: MapAccess<'de>> DecodeField for FieldDecoder<'_, 'de, A> {
    fn field<T: WireFormat>(&mut self, field: &mut Option<T>) {
        if self.before == 0 {
            match self.map.next_value() {
                Ok(Nullable(value)) => {
                    self.null = value.is_none();
                    *field = value;
                }
                Err(error) => self.outcome = Err(error),
            }
        }
        self.before = self.before.wrapping_sub(1);
    }
}

struct Nullable<T>(Option<T>);

impl<'de, T: WireFormat> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_option(NullableVisitor(PhantomData))
            .map(Self)
    }
}

struct NullableVisitor<T>(PhantomData<T>);

impl<'de, T: WireFormat> Visitor<'de> for NullableVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::decode(deserializer).map(Some)
    }
}
