//! A place in a document with typed access to its members.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostics::{Diagnostics, Pointer};

/// A JSON object of the document with its place.
pub(super) struct Node<'a> {
    pub(super) value: &'a Value,
    pub(super) pointer: Pointer,
}

impl<'a> Node<'a> {
    /// Returns the member `name`. Null counts as absent.
    fn member(&self, name: &str) -> Option<&'a Value> {
        self.value.get(name).filter(|value| !value.is_null())
    }

    /// Returns the member `name` with its place.
    fn child(&self, name: &str) -> Option<Node<'a>> {
        let value = self.member(name)?;
        let pointer = self.pointer.child(name);
        Some(Node { value, pointer })
    }

    /// Reports a member of the wrong type.
    fn mismatch(&self, expected: &str, d: &mut Diagnostics) {
        let found = match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        d.error(&self.pointer, format!("expected {expected}, found {found}"));
    }

    /// Returns the member as `pick` reads it. Reports a mismatch.
    fn typed<T>(
        &self,
        name: &str,
        expected: &str,
        d: &mut Diagnostics,
        pick: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let picked = pick(self.member(name)?);
        if picked.is_none()
            && let Some(member) = self.child(name)
        {
            member.mismatch(expected, d);
        }
        picked
    }

    pub(super) fn string(&self, name: &str, d: &mut Diagnostics) -> Option<String> {
        self.typed(name, "a string", d, |value| {
            value.as_str().map(str::to_owned)
        })
    }

    /// Returns a required string. Reports an absent one, and returns an empty one instead.
    pub(super) fn required_string(&self, name: &str, d: &mut Diagnostics) -> String {
        if self.member(name).is_none() {
            d.error(&self.pointer, format!("the member `{name}` is missing"));
        }
        self.string(name, d).unwrap_or_default()
    }

    /// Returns a scalar as text, because documents write defaults as strings, whatever their type is.
    pub(super) fn scalar_text(&self, name: &str, d: &mut Diagnostics) -> Option<String> {
        self.typed(
            name,
            "a string, number or boolean",
            d,
            |value| match value {
                Value::String(text) => Some(text.clone()),
                Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
                _ => None,
            },
        )
    }

    pub(super) fn flag(&self, name: &str, d: &mut Diagnostics) -> bool {
        self.typed(name, "a boolean", d, Value::as_bool)
            .unwrap_or(false)
    }

    pub(super) fn strings(&self, name: &str, d: &mut Diagnostics) -> Vec<String> {
        self.elements(name, "a string", d, |value| {
            value.as_str().map(str::to_owned)
        })
    }

    pub(super) fn flags(&self, name: &str, d: &mut Diagnostics) -> Vec<bool> {
        self.elements(name, "a boolean", d, Value::as_bool)
    }

    fn elements<T>(
        &self,
        name: &str,
        expected: &str,
        d: &mut Diagnostics,
        pick: impl Fn(&'a Value) -> Option<T>,
    ) -> Vec<T> {
        let Some(array) = self.typed(name, "an array", d, Value::as_array) else {
            return Vec::new();
        };
        let mut picked = Vec::new();
        for (index, value) in array.iter().enumerate() {
            match pick(value) {
                Some(element) => picked.push(element),
                None => Node {
                    value,
                    pointer: self.pointer.child(name).child(index),
                }
                .mismatch(expected, d),
            }
        }
        picked
    }

    pub(super) fn object(&self, name: &str, d: &mut Diagnostics) -> Option<Node<'a>> {
        self.typed(name, "an object", d, Value::as_object)?;
        self.child(name)
    }

    /// Returns the members of the object `name`, each read by `read`. Reports those that are not objects.
    pub(super) fn map<T>(
        &self,
        name: &str,
        d: &mut Diagnostics,
        read: impl Fn(&Node<'a>, &mut Diagnostics) -> T,
    ) -> BTreeMap<String, T> {
        let Some(node) = self.object(name, d) else {
            return BTreeMap::new();
        };
        let names = node
            .value
            .as_object()
            .into_iter()
            .flat_map(serde_json::Map::keys);
        names
            .filter_map(|name| {
                let member = node.object(name, d)?;
                Some((name.clone(), read(&member, d)))
            })
            .collect()
    }
}
