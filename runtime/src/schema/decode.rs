//! Decoding of structs: each member of an object goes to its field, or to the unknown fields.

use super::{DecodeField, Schema, UnknownFields};
use crate::wire::{self, Exact, Nullable, Step, WireFormat};
use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;
use std::marker::PhantomData;

/// Reads a schema from a JSON object.
#[doc(hidden)]
pub fn decode_schema<'de, T: Schema, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(SchemaVisitor(PhantomData))
}

/// Decodes a struct on the heap.
#[doc(hidden)]
pub fn decode_boxed<'de, T: Schema, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Box<T>, D::Error> {
    wire::allocate(wire::heap(size_of::<T>()))?;
    decode_schema(deserializer).map(Box::new)
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
                    decode_unknown(name, schema.unknown_fields_mut(), &mut map)?;
                    continue;
                }
            };
            let mut decoder = FieldDecoder {
                map: &mut map,
                before: position,
                outcome: Ok(Field::Value),
                de: PhantomData,
            };
            schema.decode_field(&mut decoder);
            let outcome = decoder.outcome;
            let wire_name = T::FIELDS.wire[position];
            match outcome {
                // A null before it, under the same name.
                Ok(Field::Value) => schema.unknown_fields_mut().forget(wire_name),
                Ok(Field::Null) => {
                    let unknown_fields = schema.unknown_fields_mut();
                    unknown_fields.allocate(wire_name, false)?;
                    unknown_fields.insert(wire_name, Value::Null);
                }
                Ok(Field::Noted(before)) => {
                    let notes = wire::take_notes(before);
                    let unknown_fields = schema.unknown_fields_mut();
                    unknown_fields.allocate(wire_name, true)?;
                    unknown_fields.note(wire_name, notes);
                }
                Err(error) => {
                    wire::failed_at(|| Step::Field(wire_name));
                    return Err(error);
                }
            }
        }
        Ok(schema)
    }
}

/// Reads a member that the struct has no field for.
#[cold]
fn decode_unknown<'de, A: MapAccess<'de>>(
    name: String,
    unknown_fields: &mut UnknownFields,
    map: &mut A,
) -> Result<(), A::Error> {
    let member: Result<Exact<Value>, A::Error> = map.next_value();
    let Exact { value, text } = member.inspect_err(|_| {
        wire::failed_at(|| Step::Member(name.as_str().into()));
    })?;
    unknown_fields.allocate(&name, text.is_some())?;
    unknown_fields.insert_exact(name, value, text);
    Ok(())
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
    outcome: Result<Field, A::Error>,
    de: PhantomData<&'de ()>,
}

/// A field that was read.
enum Field {
    Value,
    Null,
    /// A value with notes, which were made since there were so many.
    Noted(usize),
}

impl<'de, A: MapAccess<'de>> DecodeField for FieldDecoder<'_, 'de, A> {
    fn field<T: WireFormat>(&mut self, field: &mut Option<T>) {
        if self.before == 0 {
            let before = wire::enter_field();
            let value = self.map.next_value_seed(Nullable(PhantomData));
            wire::leave_field();
            let is_noted = wire::pending() != before;
            self.outcome = match value {
                Ok(value) => {
                    *field = value;
                    match field {
                        None => Ok(Field::Null),
                        Some(_) if is_noted => Ok(Field::Noted(before)),
                        Some(_) => Ok(Field::Value),
                    }
                }
                Err(error) => {
                    if is_noted {
                        drop(wire::take_notes(before));
                    }
                    Err(error)
                }
            };
        }
        self.before = self.before.wrapping_sub(1);
    }
}
