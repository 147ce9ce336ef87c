//! Reads JSON and notes what [`serde_json::Value`] alone would swallow: members that occur twice.

use std::{cell::RefCell, fmt};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::diagnostics::{Diagnostics, Pointer};

/// Parses the text of a document.
///
/// Notes an error with line and column when the text is not JSON, and one for each duplicate member.
pub(crate) fn parse(text: &str, diagnostics: &mut Diagnostics) -> Option<Value> {
    let duplicates = RefCell::new(Vec::new());
    let mut reader = serde_json::Deserializer::from_str(text);
    let seed = Seed {
        place: &Place::Root,
        duplicates: &duplicates,
    };
    let parsed = seed
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    match parsed {
        Ok(value) => {
            for pointer in duplicates.into_inner() {
                diagnostics.error(&pointer, "the member occurs twice in its object");
            }
            Some(value)
        }
        Err(error) => {
            diagnostics.error(&Pointer::root(), format!("not JSON: {error}"));
            None
        }
    }
}

/// Where the reader is. Pointers are text, and hardly any place needs one.
enum Place<'p> {
    Root,
    Element(&'p Place<'p>, usize),
    Member(&'p Place<'p>, &'p str),
}

impl Place<'_> {
    fn pointer(&self) -> Pointer {
        match self {
            Self::Root => Pointer::root(),
            Self::Element(array, index) => array.pointer().child(index),
            Self::Member(object, name) => object.pointer().child(name),
        }
    }
}

/// Builds the value at `place`.
struct Seed<'d> {
    place: &'d Place<'d>,
    duplicates: &'d RefCell<Vec<Pointer>>,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        loop {
            let seed = Seed {
                place: &Place::Element(self.place, array.len()),
                duplicates: self.duplicates,
            };
            match elements.next_element_seed(seed)? {
                Some(element) => array.push(element),
                None => return Ok(Value::Array(array)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let place = Place::Member(self.place, &name);
            let seed = Seed {
                place: &place,
                duplicates: self.duplicates,
            };
            let value = members.next_value_seed(seed)?;
            if object.contains_key(&name) {
                self.duplicates.borrow_mut().push(place.pointer());
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> (Option<Value>, Vec<String>) {
        let mut diagnostics = Diagnostics::new("d");
        let value = parse(text, &mut diagnostics);
        (
            value,
            diagnostics.all().iter().map(ToString::to_string).collect(),
        )
    }

    #[test]
    fn reads_what_serde_json_reads() {
        let text = r#"{"a": [1, -2, 3.5, true, null, "x\n"], "b": {"c": {}}}"#;
        assert_eq!(messages(text), (serde_json::from_str(text).ok(), vec![]));
    }

    #[test]
    fn reports_every_duplicate_member() {
        let (_, found) = messages(r#"{"a": {"b": 1, "b": 2}, "a": 3}"#);
        assert_eq!(
            found,
            [
                "error: d#/a/b: the member occurs twice in its object",
                "error: d#/a: the member occurs twice in its object"
            ]
        );
    }

    #[test]
    fn reports_the_line_of_a_syntax_error() {
        let (value, found) = messages("{\n  \"a\": ,\n}");
        assert_eq!(value, None);
        assert_eq!(
            found,
            ["error: d: not JSON: expected value at line 2 column 8"]
        );
    }

    #[test]
    fn refuses_endless_nesting() {
        let (value, found) = messages(&"[".repeat(100_000));
        assert_eq!(value, None);
        assert_eq!(
            found,
            ["error: d: not JSON: recursion limit exceeded at line 1 column 128"]
        );
    }
}
