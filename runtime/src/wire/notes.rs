//! The JSON of values that a typed field holds in another form, to write them back as they came.

use super::text;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

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
    /// Of a null in a map: the other entries of the map.
    others: Option<Others>,
    /// Of a null in a list: the list as it was read.
    elements: Option<Elements>,
}

/// The entries of a map with nulls. They tell it apart from a map that replaced it. Its nulls share them.
#[derive(Clone)]
pub(crate) struct Others {
    /// The hashes of the keys.
    keys: Arc<[u64]>,
    /// `true` if the caller has set the null. Then it counts in a map that was empty and no longer is.
    is_set: bool,
}

impl Others {
    pub(crate) fn of<'k>(keys: impl Iterator<Item = &'k String>, is_set: bool) -> Self {
        Self {
            keys: keys.map(|key| hash(key)).collect(),
            is_set,
        }
    }

    /// Returns `true` if a map has all of the entries. Others can have come.
    fn are_in(&self, keys: &BTreeSet<u64>) -> bool {
        if self.keys.is_empty() {
            self.is_set || keys.is_empty()
        } else {
            self.keys.iter().all(|key| keys.contains(key))
        }
    }
}

/// A list with nulls, as it was read. It distinguishes the list from one whose elements have moved: a null is the empty value
/// there, and another element can be equal to it.
#[derive(Clone, Copy)]
pub(crate) struct Elements {
    count: usize,
    /// The hash of the JSON of all elements. `None` if it was not worth the memory.
    hash: Option<u64>,
}

impl Elements {
    /// Makes the state of a list of which nothing else is known.
    pub(crate) fn unknown(count: usize) -> Self {
        Self { count, hash: None }
    }

    /// Makes the state of a list from the JSON of its elements.
    pub(crate) fn of(texts: impl Iterator<Item = impl AsRef<str>>) -> Self {
        let mut hasher = DefaultHasher::new();
        let mut count = 0;
        for text in texts {
            text.as_ref().hash(&mut hasher);
            count += 1;
        }
        Self {
            count,
            hash: Some(hasher.finish()),
        }
    }

    /// Returns `true` if a list begins with all of the elements. Others can have come at its end.
    fn are_first_in(self, list: &[Box<RawValue>]) -> bool {
        let first = list.get(..self.count);
        first.is_some_and(|first| {
            let now = Self::of(first.iter().map(|element| element.get()));
            self.hash.is_some() && self.hash == now.hash
        })
    }
}

impl PartialEq for Elements {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Elements {}

impl Hash for Elements {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// Notes of the same text at the same place are equal, even if one was read and the other was set.
impl PartialEq for Others {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Others {}

impl Hash for Others {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// Returns the same number for the same key, in this process.
fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

impl Note {
    /// The text of a member or a field.
    pub(crate) fn of(text: impl Into<Box<str>>) -> Self {
        Self {
            path: Vec::new(),
            text: text.into(),
            others: None,
            elements: None,
        }
    }

    /// A null that the caller sets under a key of a map with these other entries.
    pub(crate) fn null_at(key: &str, others: Others) -> Self {
        Self {
            path: vec![Step::Key(key.into())],
            text: "null".into(),
            others: Some(others),
            elements: None,
        }
    }

    pub(super) fn place(&mut self, step: Step) {
        self.path.push(step);
    }

    /// Notes the other entries of the map, if this is a null that was just read in one.
    pub(super) fn stand_beside(&mut self, others: &Others) {
        if matches!(&*self.path, [Step::Key(_)]) && &*self.text == "null" {
            self.others.get_or_insert_with(|| others.clone());
        }
    }

    /// Returns `true` for a null that was just read in a list.
    pub(super) fn is_null_element(&self) -> bool {
        matches!(&*self.path, [Step::Index(_)]) && &*self.text == "null" && self.elements.is_none()
    }

    /// Notes the list, if this is a null that was just read in one.
    pub(super) fn stand_among(&mut self, elements: Elements) {
        if self.is_null_element() {
            self.elements = Some(elements);
        }
    }

    /// Notes that the caller has removed an entry from a map in a field.
    pub(crate) fn forget_entry(&mut self, key: &str) {
        if let ([_], Some(others)) = (&*self.path, &mut self.others) {
            let removed = hash(key);
            let rest = others.keys.iter().filter(|key| **key != removed);
            others.keys = rest.copied().collect();
        }
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
        others: note.others.as_ref(),
        elements: note.elements,
    });
    restore_at(json, places.collect())
}

/// A note with the way to its value, from the outermost step on.
struct Place<'a> {
    way: Vec<&'a Step>,
    text: &'a str,
    others: Option<&'a Others>,
    elements: Option<Elements>,
}

impl Place<'_> {
    /// Returns `true` for a null without an entry, if a map with these keys is still the one with the null.
    fn is_null_in(&self, keys: &BTreeSet<u64>) -> bool {
        let is_null = self.way.is_empty() && self.text == "null";
        is_null && self.others.is_none_or(|others| others.are_in(keys))
    }
}

fn restore_at(json: &str, places: Vec<Place<'_>>) -> serde_json::Result<String> {
    let mut inner: Vec<(&Step, Vec<Place<'_>>)> = Vec::new();
    for place in places {
        let Place { way, text, .. } = place;
        let mut way = way.into_iter();
        let Some(step) = way.next() else {
            let is_unchanged = stands_for(json, text);
            return Ok(if is_unchanged { text } else { json }.to_owned());
        };
        let way = way.collect();
        let place = Place { way, ..place };
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
    // All nulls of a list have been read with the same elements.
    let mut nulls = inner.iter().flat_map(|(_, places)| places);
    let elements = nulls.find_map(|place| place.elements.filter(|_| place.way.is_empty()));
    let has_moved = elements.is_some_and(|elements| !elements.are_first_in(&list));
    for (step, places) in inner {
        let is_null = |place: &Place<'_>| place.way.is_empty() && place.elements.is_some();
        if let Step::Index(index) = step
            && let Some(element) = list.get_mut(*index)
            && !(has_moved && places.iter().any(is_null))
        {
            *element = RawValue::from_string(restore_at(element.get(), places)?)?;
        }
    }
    serde_json::to_string(&list)
}

fn restore_map(json: &str, inner: Vec<(&Step, Vec<Place<'_>>)>) -> serde_json::Result<String> {
    let mut map: BTreeMap<String, Box<RawValue>> = serde_json::from_str(json)?;
    let keys: BTreeSet<u64> = map.keys().map(|key| hash(key)).collect();
    for (step, places) in inner {
        let Step::Key(key) = step else { continue };
        if let Some(value) = map.get_mut(&**key) {
            *value = RawValue::from_string(restore_at(value.get(), places)?)?;
        } else if let [place] = &*places
            && place.is_null_in(&keys)
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
    // A number in place of a string, or an integer that a float field holds as the nearest double.
    let is_nearest = || held.is_f64() && noted.parse().ok() == held.as_f64();
    held.as_str() == Some(noted)
        || is_nearest()
        // Another value in place of that of an enum.
        || parsed(&text::readable(noted).text) == Some(held)
}

/// A JSON text, written as it is.
pub(crate) struct Verbatim<'a>(pub(crate) &'a str);

impl serde::Serialize for Verbatim<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}
