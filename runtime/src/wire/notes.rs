//! The JSON of values that a typed field holds in another form, to write them back as they came.

use super::text;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// A step into a JSON value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    /// A field of a message, by its JSON name.
    Field(&'static str),
    /// A member that a message has no field for.
    Member(Box<str>),
    /// An entry of a map.
    Key(Box<str>),
    /// An element of a list.
    Index(usize),
}

/// The JSON text of a value within a field.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Note {
    /// From the innermost step to the outermost, as it is found. Empty for the field itself.
    path: Vec<Step>,
    text: Box<str>,
}

impl Note {
    /// The text of a member or a field.
    pub(crate) fn of(text: impl Into<Box<str>>) -> Self {
        Self {
            path: Vec::new(),
            text: text.into(),
        }
    }

    /// A null under a key of a map.
    pub(crate) fn null_at(key: &str) -> Self {
        Self {
            path: vec![Step::Key(key.into())],
            text: "null".into(),
        }
    }

    pub(super) fn place(&mut self, step: Step) {
        self.path.push(step);
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns `true` if two notes are about the same value.
    pub(crate) fn is_same_place(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

/// The content of a response is not for logs.
impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Note").finish_non_exhaustive()
    }
}

/// Puts the noted texts into the JSON of a field, where the field still has the values that were read from them.
///
/// # Errors
/// When the JSON is invalid.
pub(crate) fn restore(json: &str, notes: &[Note]) -> serde_json::Result<String> {
    let places = notes.iter().map(|note| Place {
        way: note.path.iter().rev().collect(),
        text: &note.text,
    });
    restore_at(json, places.collect())
}

/// A note with the way to its value, from the outermost step on.
struct Place<'a> {
    way: Vec<&'a Step>,
    text: &'a str,
}

fn restore_at(json: &str, places: Vec<Place<'_>>) -> serde_json::Result<String> {
    let mut inner: Vec<(&Step, Vec<Place<'_>>)> = Vec::new();
    for place in places {
        let mut way = place.way.into_iter();
        let Some(step) = way.next() else {
            let is_unchanged = stands_for(json, place.text);
            return Ok(if is_unchanged { place.text } else { json }.to_owned());
        };
        let place = Place {
            way: way.collect(),
            text: place.text,
        };
        match inner.last_mut() {
            Some((last, places)) if *last == step => places.push(place),
            _ => inner.push((step, vec![place])),
        }
    }
    match json.trim_ascii_start().bytes().next() {
        Some(b'[') => restore_list(json, inner),
        Some(b'{') => restore_map(json, inner),
        _ => Ok(json.to_owned()),
    }
}

fn restore_list(json: &str, inner: Vec<(&Step, Vec<Place<'_>>)>) -> serde_json::Result<String> {
    let mut list: Vec<Box<RawValue>> = serde_json::from_str(json)?;
    for (step, places) in inner {
        if let Step::Index(index) = step
            && let Some(element) = list.get_mut(*index)
        {
            *element = RawValue::from_string(restore_at(element.get(), places)?)?;
        }
    }
    serde_json::to_string(&list)
}

fn restore_map(json: &str, inner: Vec<(&Step, Vec<Place<'_>>)>) -> serde_json::Result<String> {
    let mut map: BTreeMap<String, Box<RawValue>> = serde_json::from_str(json)?;
    for (step, places) in inner {
        let Step::Key(key) = step else { continue };
        if let Some(value) = map.get_mut(&**key) {
            *value = RawValue::from_string(restore_at(value.get(), places)?)?;
        } else if let [Place { way, text: "null" }] = &*places
            && way.is_empty()
        {
            map.insert(key.to_string(), RawValue::NULL.to_owned());
        }
    }
    serde_json::to_string(&map)
}

/// Returns `true` if the JSON is the form in which a field holds the noted text.
fn stands_for(json: &str, noted: &str) -> bool {
    if noted == "null" {
        return matches!(
            json,
            r#""""# | "0" | r#""0""# | "0.0" | "false" | "[]" | "{}"
        );
    }
    let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    let Some(held) = parsed(json) else {
        return false;
    };
    // A number in place of a string, or another value in that of an enum.
    held.as_str() == Some(noted) || parsed(&text::readable(noted).text) == Some(held)
}

/// A JSON text, written as it is.
pub(crate) struct Verbatim<'a>(pub(crate) &'a str);

impl serde::Serialize for Verbatim<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}
