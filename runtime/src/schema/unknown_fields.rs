//! The members of a JSON object that a struct has no field for.

use crate::wire::{self, Note, Object, Others};
use serde::de::Error;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// Members of a JSON object that the struct has no field for, and explicit nulls of those that it has.
///
/// They are kept when a struct is read and written back after its fields. A null is written for a known field only while
/// that field is `None`. Takes one pointer when empty.
///
/// A member with a number that a [`Value`] cannot hold is written back with its text. In the `Value` an integer beyond 64 bits,
/// or a number beyond the range of a double, is a string. [`text`](Self::text) returns the text.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi::spanner_v1::schemas::Instance;
/// use gapi_runtime::UnknownFields;
///
/// let mut instance: Instance = serde_json::from_str(r#"{"color": "red", "size": 3}"#)?;
/// let unknown: &mut UnknownFields = &mut instance.unknown_fields;
/// assert_eq!(unknown.get("color").and_then(|color| color.as_str()), Some("red"));
/// assert!(unknown.contains("size") && unknown.len() == 2);
/// unknown.insert("shape", "round");
/// unknown.remove("color");
/// let names: Vec<&String> = unknown.iter().map(|(name, _)| name).collect();
/// assert_eq!(names, ["shape", "size"]);
/// assert!(UnknownFields::new().is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct UnknownFields(Option<Box<Members>>);

#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Members {
    values: Object,
    /// The texts of members, or of values in fields, that would be written in another form.
    notes: BTreeMap<Box<str>, Vec<Note>>,
}

impl UnknownFields {
    /// Creates an empty set of members.
    #[must_use]
    pub const fn new() -> Self {
        Self(None)
    }

    fn values(&self) -> Option<&Object> {
        self.0.as_ref().map(|members| &members.values)
    }

    /// Returns the value under a JSON name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values()?.get(name)
    }

    /// Returns the JSON text of a member whose value a [`Value`] cannot hold as it came. Returns `None` for all others.
    ///
    /// ```
    /// # pub struct Size { pub unknown_fields: gapi_runtime::UnknownFields }
    /// # gapi_runtime::schema!(Size {});
    /// let size: Size = serde_json::from_str(r#"{"a": 1, "b": 123456789012345678901234567890}"#)?;
    /// assert_eq!(size.unknown_fields.text("a"), None);
    /// assert_eq!(size.unknown_fields.text("b"), Some("123456789012345678901234567890"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?;
        self.notes(name).first().map(Note::text)
    }

    /// Returns `true` if there is a value, null included, under a JSON name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets the value under a JSON name and returns the previous value.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        let name = name.into();
        let members = self.0.get_or_insert_default();
        members.notes.remove(name.as_str());
        members.values.insert(name, value.into())
    }

    /// Sets the value under a JSON name, and the text to write for it.
    pub(super) fn insert_exact(&mut self, name: String, value: Value, text: Option<String>) {
        let note = text.map(|text| (name.as_str().into(), vec![Note::of(text)]));
        self.insert(name, value);
        self.0.get_or_insert_default().notes.extend(note);
    }

    /// Takes the value under a JSON name out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let members = self.0.as_mut()?;
        members.notes.remove(name);
        let value = members.values.remove(name);
        if members.values.is_empty() && members.notes.is_empty() {
            self.0 = None;
        }
        value
    }

    /// Removes all that is known about a field.
    #[inline]
    pub(super) fn forget(&mut self, name: &str) {
        if self.0.is_some() {
            self.remove(name);
        }
    }

    /// Replaces the notes about a field that has a value.
    #[cold]
    pub(super) fn note(&mut self, name: &str, notes: Vec<Note>) {
        let members = self.0.get_or_insert_default();
        members.values.remove(name);
        members.notes.insert(name.into(), notes);
    }

    /// Notes a null under a key of a map, which has these other entries now.
    pub(super) fn note_null(&mut self, name: &str, key: &str, others: Others) {
        let note = Note::null_at(key, others);
        let members = self.0.get_or_insert_default();
        let notes = members.notes.entry(name.into()).or_default();
        notes.retain(|other| !other.is_same_place(&note));
        for other in notes.iter_mut() {
            other.forget_entry(key);
        }
        notes.push(note);
        members.values.remove(name);
    }

    /// The notes about a field, in the order of their places.
    pub(super) fn notes(&self, name: &str) -> &[Note] {
        let notes = self.0.as_ref().and_then(|members| members.notes.get(name));
        notes.map_or(&[], Vec::as_slice)
    }

    /// Takes the memory of one more member, or of a field with notes.
    ///
    /// # Errors
    /// An error if there is not enough memory.
    pub(super) fn allocate<E: Error>(&self, name: &str, is_noted: bool) -> Result<(), E> {
        let (values, notes) = self.0.as_ref().map_or((0, 0), |members| {
            (members.values.len(), members.notes.len())
        });
        if self.0.is_none() {
            wire::allocate(wire::heap(size_of::<Members>()))?;
        }
        wire::allocate(wire::heap(name.len()))?;
        wire::allocate_entry::<String, Value, E>(values)?;
        if is_noted {
            wire::allocate(wire::heap(name.len()) + wire::heap(size_of::<Note>()))?;
            wire::allocate_entry::<Box<str>, Vec<Note>, E>(notes)?;
        }
        Ok(())
    }

    /// Returns `true` if there is nothing to write apart from the fields.
    pub(super) fn is_blank(&self) -> bool {
        self.0.is_none()
    }

    /// Returns an iterator over the members.
    #[must_use]
    pub fn iter(&self) -> UnknownFieldsIter<'_> {
        UnknownFieldsIter(self.values().map(Object::iter))
    }

    /// Returns the number of members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values().map_or(0, Object::len)
    }

    /// Returns `true` if there are no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Debug for UnknownFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl From<Object> for UnknownFields {
    fn from(members: Object) -> Self {
        let members = Members {
            values: members,
            notes: BTreeMap::new(),
        };
        Self((!members.values.is_empty()).then(|| Box::new(members)))
    }
}

impl<'a> IntoIterator for &'a UnknownFields {
    type Item = (&'a String, &'a Value);
    type IntoIter = UnknownFieldsIter<'a>;

    fn into_iter(self) -> UnknownFieldsIter<'a> {
        self.iter()
    }
}

/// The members of an [`UnknownFields`].
///
/// ```
/// use gapi_runtime::{UnknownFields, UnknownFieldsIter};
///
/// /// Returns the first of the names.
/// fn first(fields: &UnknownFields) -> Option<&str> {
///     let mut members: UnknownFieldsIter<'_> = fields.iter();
///     members.next().map(|(name, _)| name.as_str())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct UnknownFieldsIter<'a>(Option<serde_json::map::Iter<'a>>);

impl<'a> Iterator for UnknownFieldsIter<'a> {
    type Item = (&'a String, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.as_mut()?.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.as_ref().map_or((0, Some(0)), Iterator::size_hint)
    }
}
