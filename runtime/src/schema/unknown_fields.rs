//! The members of a JSON object that a struct has no field for.

use crate::wire::Object;
use serde_json::Value;
use std::fmt;

/// Members of a JSON object that the struct has no field for, and explicit nulls of those that it has.
///
/// They are kept when a struct is read and written back after its fields. A null is written for a known field only while
/// that field is `None`. Takes one pointer when empty.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct UnknownFields(Option<Box<Object>>);

impl UnknownFields {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self(None)
    }

    /// The value under a JSON name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.get(name)
    }

    /// Returns `true` if there is a value, null included, under a JSON name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets the value under a JSON name and returns the previous value.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.0
            .get_or_insert_default()
            .insert(name.into(), value.into())
    }

    /// Takes the value under a JSON name out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let members = self.0.as_mut()?;
        let value = members.remove(name);
        if members.is_empty() {
            self.0 = None;
        }
        value
    }

    /// The members.
    #[must_use]
    pub fn iter(&self) -> UnknownFieldsIter<'_> {
        UnknownFieldsIter(self.0.as_ref().map(|members| members.iter()))
    }

    /// Returns the number of members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |members| members.len())
    }

    /// Returns `true` if there are no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl fmt::Debug for UnknownFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl From<Object> for UnknownFields {
    fn from(members: Object) -> Self {
        Self((!members.is_empty()).then(|| Box::new(members)))
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
