//! A JSON parser that reports duplicate members and overlong names. [`serde_json::Value`] ignores them.

use std::{
    cell::{Cell, RefCell},
    fmt,
};

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Number, Value};

use crate::diagnostics::{Diagnostics, Pointer};

/// The maximum length of a place in a document, in bytes. It limits memory, because every value has a place. The
/// longest one in the published documents has 242.
const LONGEST: usize = 2_000;

/// The maximum number of values in a document. It limits the memory and the time of all stages. The largest published
/// document has 111,000.
const MOST: usize = 1_000_000;

const TOO_MANY: &str = "the document has more than 1,000,000 values";

const TOO_LONG: &str = "the names that lead to a value in here have more than 2,000 letters";
const TWICE: &str = "the member occurs twice in its object";

/// Parses the text of a document.
///
/// Adds an error with line and column if the text is not JSON, and one for each duplicate member and each overlong
/// place.
pub(crate) fn parse(text: &str, diagnostics: &mut Diagnostics) -> Option<Value> {
    let notes = Notes {
        values: Cell::new(0),
        diagnostics: RefCell::new(std::mem::take(diagnostics)),
    };
    let parsed = read(text, &notes);
    *diagnostics = notes.diagnostics.into_inner();
    match parsed {
        Ok(value) => Some(value),
        Err(message) => {
            diagnostics.error(&Pointer::root(), message);
            None
        }
    }
}

/// Returns the JSON of a document, within the limits of documents.
#[must_use]
pub fn value_of_document(text: &str) -> Option<Value> {
    read(text, &Notes::default()).ok()
}

fn read(text: &str, notes: &Notes) -> Result<Value, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = serde_json::Deserializer::from_str(text);
    let seed = Seed {
        place: &Place::Root,
        length: 0,
        notes,
    };
    let parsed = seed
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    parsed.map_err(|error| {
        if notes.values.get() > MOST {
            TOO_MANY.to_owned()
        } else {
            format!("not JSON: {error}")
        }
    })
}

/// The state of the parser.
#[derive(Default)]
struct Notes {
    /// The number of values so far.
    values: Cell<usize>,
    diagnostics: RefCell<Diagnostics>,
}

/// The current place in the document. It is converted to a pointer, which is text, only if needed.
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
    /// The approximate length of the pointer: escapes and long indices count as one letter.
    length: usize,
    notes: &'d Notes,
}

impl Seed<'_> {
    fn note(&self, pointer: &Pointer, message: &'static str) {
        let mut diagnostics = self.notes.diagnostics.borrow_mut();
        diagnostics.error(pointer, message);
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let values = &self.notes.values;
        values.set(values.get() + 1);
        if values.get() > MOST {
            return Err(D::Error::custom(TOO_MANY));
        }
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
                length: self.length + 2,
                notes: self.notes,
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
            let length = self.length + 1 + name.len();
            if length > LONGEST {
                members.next_value::<IgnoredAny>()?;
                self.note(&self.place.pointer(), TOO_LONG);
                continue;
            }
            let seed = Seed {
                place: &place,
                length,
                notes: self.notes,
            };
            let value = members.next_value_seed(seed)?;
            if object.contains_key(&name) {
                self.note(&place.pointer(), TWICE);
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
    fn case_g6_a_byte_order_mark_is_no_part_of_the_text() {
        assert_eq!(
            messages("\u{feff}{}"),
            (Some(Value::Object(Map::new())), vec![])
        );
        let (value, found) = messages("\u{feff}\u{feff}{}");
        assert_eq!((value, found.len()), (None, 1));
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
    fn rejects_names_that_are_longer_than_any_place() {
        let name = "x".repeat(700);
        let (value, found) = messages(&format!(r#"{{"{name}": {{"{name}": {{"{name}": 1}}}}}}"#));
        assert!(value.is_some());
        assert_eq!(found.len(), 1);
        assert!(
            found[0]
                .ends_with("the names that lead to a value in here have more than 2,000 letters"),
            "{found:?}"
        );
    }

    #[test]
    fn case_s7_rejects_too_many_values() {
        let values = |number: usize| format!("[{}1]", "1,".repeat(number - 2));
        assert_eq!(messages(&values(MOST)).1, Vec::<String>::new());
        let (value, found) = messages(&values(MOST + 1));
        assert_eq!(value, None);
        assert_eq!(
            found,
            ["error: d: the document has more than 1,000,000 values"]
        );
        assert_eq!(value_of_document(&values(MOST + 1)), None);
    }

    #[test]
    fn rejects_endless_nesting() {
        let (value, found) = messages(&"[".repeat(100_000));
        assert_eq!(value, None);
        assert_eq!(
            found,
            ["error: d: not JSON: recursion limit exceeded at line 1 column 128"]
        );
    }
}
