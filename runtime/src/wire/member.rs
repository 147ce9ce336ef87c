//! One member of a JSON object, without reading the others.

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use serde_json::value::RawValue;
use std::fmt;

/// Returns the text of a member of a JSON object. The last one of a name counts. Returns `None` if there is none, or if the
/// text is not an object.
pub(crate) fn member<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let member = deserializer.deserialize_map(MemberVisitor(name)).ok()?;
    deserializer.end().ok()?;
    member.map(RawValue::get)
}

struct MemberVisitor<'n>(&'n str);

impl<'de> Visitor<'de> for MemberVisitor<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(is_found) = members.next_key_seed(Is(self.0))? {
            if is_found {
                found = Some(members.next_value()?);
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// Compares a name without a copy of it.
struct Is<'n>(&'n str);

impl<'de> DeserializeSeed<'de> for Is<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        // Half of a surrogate pair in another name is not an error here.
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Is<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }

    fn visit_bytes<E>(self, name: &[u8]) -> Result<bool, E> {
        Ok(self.0.as_bytes() == name)
    }
}

/// An object without the members of one name.
pub(crate) struct Without<'n, D> {
    pub(crate) name: &'n str,
    pub(crate) object: D,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Without<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let Self { name, object } = self;
        object.deserialize_any(WithoutVisitor { name, visitor })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct WithoutVisitor<'n, V> {
    name: &'n str,
    visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for WithoutVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        let Self { name, visitor } = self;
        visitor.visit_map(MembersWithout { name, members })
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_unit()
    }
}

struct MembersWithout<'n, A> {
    name: &'n str,
    members: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for MembersWithout<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        loop {
            let Some(name) = self.members.next_key::<String>()? else {
                return Ok(None);
            };
            if name != self.name {
                let name = serde::de::value::StringDeserializer::new(name);
                return seed.deserialize(name).map(Some);
            }
            self.members.next_value::<IgnoredAny>()?;
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.members.next_value_seed(seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_without_reading_others() {
        let json = r#"{"a": [1e999, {"b": 2}], "b": "x", "\u0062": {"c": 1} }"#;
        assert_eq!(member(json, "b"), Some(r#"{"c": 1}"#));
        assert_eq!(member(json, "a"), Some(r#"[1e999, {"b": 2}]"#));
        for (json, name) in [(json, "c"), ("[]", "a"), ("{", "a"), (r#"{"a":1} x"#, "a")] {
            assert_eq!(member(json, name), None, "{json}");
        }
    }
}
