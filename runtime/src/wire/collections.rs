//! Lists and maps.

use super::notes::{Elements, Step};
use super::reading;
use super::{Encoded, FieldNames, WireFormat};
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserializer, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// Reads a value, or `None` for a null that the type has no value for.
pub(crate) struct Nullable<T>(pub(crate) PhantomData<T>);

impl<'de, T: WireFormat> DeserializeSeed<'de> for Nullable<T> {
    type Value = Option<T>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: WireFormat> Visitor<'de> for Nullable<T> {
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

/// The same for elements and entries, where some types have a value for null.
struct Element<T>(PhantomData<T>);

impl<'de, T: WireFormat> DeserializeSeed<'de> for Element<T> {
    type Value = Option<T>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        if T::HOLDS_NULL {
            T::decode(deserializer).map(Some)
        } else {
            Nullable(PhantomData).deserialize(deserializer)
        }
    }
}

/// Reads an element that is not in the text of a list, such as a message of a stream. A null is what it is in a list.
///
/// # Errors
/// The errors of the type.
pub(crate) fn decode_element<'de, T: WireFormat, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    match Element(PhantomData).deserialize(deserializer)? {
        Some(element) => Ok(element),
        None => null_element(),
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: WireFormat> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        let (first, memory) = (reading::pending(), reading::left());
        loop {
            let before = reading::pending();
            match next_element(&mut elements, &mut list) {
                Ok(true) => {}
                Ok(false) => {
                    if before != first {
                        note_elements(&list, first, memory);
                    }
                    return Ok(list);
                }
                Err(error) => {
                    reading::failed_at(|| Step::Index(list.len()));
                    return Err(error);
                }
            }
            if reading::pending() != before {
                reading::place_notes(before, || Step::Index(list.len() - 1));
            }
        }
    }
}

/// Adds the next element to a list. Returns `false` if there is none.
#[inline]
fn next_element<'de, T: WireFormat, A: SeqAccess<'de>>(
    elements: &mut A,
    list: &mut Vec<T>,
) -> Result<bool, A::Error> {
    let Some(element) = elements.next_element_seed(Element(PhantomData))? else {
        return Ok(false);
    };
    reading::reserve(list)?;
    list.push(match element {
        Some(element) => element,
        None => null_element()?,
    });
    Ok(true)
}

/// Adds the elements of a list to the notes about its nulls. `first` and `memory` are the notes and the memory before the list.
#[cold]
fn note_elements<T: WireFormat>(list: &[T], first: usize, memory: usize) {
    if !reading::has_null_element(first) {
        return;
    }
    // The text of an element is short-lived, but it needs memory, too.
    let left = reading::left();
    let is_small = memory.saturating_sub(left) <= left / 4;
    let elements = if is_small {
        // An element that cannot be written has no text here and there.
        let text = |element| serde_json::to_string(&Encoded(element)).unwrap_or_default();
        Elements::of(list.iter().map(text))
    } else {
        Elements::unknown(list.len())
    };
    reading::note_elements(first, elements);
}

/// The element for a null. Its position matters, so it is not omitted.
#[cold]
fn null_element<T: WireFormat, E: Error>() -> Result<T, E> {
    let element = T::of_null();
    let element = element.ok_or_else(|| E::invalid_type(Unexpected::Unit, &"a value"))?;
    reading::note("null")?;
    Ok(element)
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

    fn append<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        let element = decode_element(deserializer)?;
        reading::reserve(self)?;
        self.push(element);
        Ok(())
    }

    const EMPTY_BODY: &'static str = "[]";

    fn of_null() -> Option<Self> {
        Some(Self::new())
    }
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: WireFormat> Visitor<'de> for MapVisitor<T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<BTreeMap<String, T>, A::Error> {
        let mut map = BTreeMap::new();
        let first = reading::pending();
        let mut has_nulls = false;
        while let Some(key) = members.next_key::<String>()? {
            let before = reading::pending();
            let value = match next_value(&key, map.len(), &mut members) {
                Ok(value) => value,
                Err(error) => {
                    reading::failed_at(|| Step::Key(key.into()));
                    return Err(error);
                }
            };
            if reading::pending() != before {
                reading::place_notes(before, || Step::Key(key.as_str().into()));
            }
            if let Some(value) = value {
                map.insert(key, value);
            } else {
                has_nulls = true;
                map.remove(&key);
            }
        }
        if has_nulls {
            reading::note_entries(first, map.keys())?;
        }
        Ok(map)
    }
}

/// Reads the value under a key. A null has a note instead of a value: to most readers it is the same as no entry.
#[inline]
fn next_value<'de, T: WireFormat, A: MapAccess<'de>>(
    key: &str,
    entries: usize,
    members: &mut A,
) -> Result<Option<T>, A::Error> {
    let value = members.next_value_seed(Element(PhantomData))?;
    reading::allocate(reading::heap(key.len()))?;
    reading::allocate_entry::<String, T, A::Error>(entries)?;
    if value.is_none() {
        reading::note("null")?;
    }
    Ok(value)
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

    fn of_null() -> Option<Self> {
        Some(Self::new())
    }
}
