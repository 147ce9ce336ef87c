//! Objects, maps and arrays.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{
    Builder, MAX_DEPTH, Plan,
    class::{Class, Kind},
    references,
};

/// A member that an object is going to have.
enum Member<'d> {
    /// A member that the document describes.
    Known(&'d Value),
    /// The member that leads deeper in a deep instance.
    Way(&'d Value),
    /// A described member, as an explicit null.
    Null,
    /// A member that the document does not know.
    Unknown,
}

/// The nesting depth of a deep recursion.
const DEEP: usize = 30;

/// The maximum number of values inside one member of a complete instance.
const BUDGET_OF_MEMBER: usize = 8;

impl<'d> Builder<'d> {
    /// Writes an object with described members.
    pub(super) fn object(&mut self, schema: &'d Value) -> Value {
        self.counts.kind(Kind::Struct);
        let known = schema.get("properties").and_then(Value::as_object);
        let members = self.choose(known);
        if members.is_empty() {
            self.counts.class(Class::Empty);
        }
        self.structs += 1;
        if self.structs == DEEP && self.way.is_some() {
            self.counts.class(Class::DeepRecursion);
        }
        let value = self.write(members);
        self.structs -= 1;
        value
    }

    fn write(&mut self, members: Vec<(String, Member<'d>)>) -> Value {
        let is_top = self.structs == 1;
        let mut written = Map::new();
        self.open('{');
        for (name, member) in members {
            self.key(&name, written.is_empty());
            if is_top && matches!(self.plan, Plan::Complete) {
                self.budget = BUDGET_OF_MEMBER;
            }
            let value = match member {
                Member::Way(schema) => self.value(schema),
                Member::Known(schema) => self.off_the_way(|builder| builder.value(schema)),
                Member::Null => {
                    self.counts.class(Class::ExplicitNull);
                    self.text += "null";
                    Value::Null
                }
                Member::Unknown => {
                    self.counts.class(Class::UnknownMember);
                    self.off_the_way(Self::any)
                }
            };
            written.insert(name, value);
        }
        self.close('}');
        written.into()
    }

    /// Writes a value that does not lead deeper.
    fn off_the_way(&mut self, write: impl FnOnce(&mut Self) -> Value) -> Value {
        let way = self.way.take();
        let value = write(self);
        self.way = way;
        value
    }

    /// Chooses the members of an object, in a random order.
    fn choose(&mut self, known: Option<&'d Map<String, Value>>) -> Vec<(String, Member<'d>)> {
        let is_top = self.structs == 0;
        let mut members = Vec::new();
        if self.depth >= MAX_DEPTH || (is_top && matches!(self.plan, Plan::Empty)) {
            return members;
        }
        let is_complete = is_top && matches!(self.plan, Plan::Complete);
        let way = self.choose_way(known);
        for (name, schema) in known.into_iter().flatten() {
            let is_way = way == Some(name);
            if !(is_way || is_complete || self.is_wanted()) {
                continue;
            }
            let member = if is_way {
                Member::Way(schema)
            } else if !is_complete && self.random.one_in(16) {
                Member::Null
            } else {
                Member::Known(schema)
            };
            members.push((name.clone(), member));
        }
        if is_complete {
            self.counts.class(Class::Complete);
        }
        if is_complete || self.random.one_in(8) {
            let count = self.random.below(2) + 1;
            let names = self.unknown_names(count, known).into_iter();
            members.extend(names.map(|name| (name, Member::Unknown)));
        }
        self.random.shuffle(&mut members);
        members
    }

    /// Returns the member that leads deeper, by the shortest path.
    fn choose_way(&mut self, known: Option<&'d Map<String, Value>>) -> Option<&'d String> {
        let distances = self.way.as_ref()?;
        let distance = |schema: &Value| references::distance(schema, distances);
        let members: Vec<_> = known.into_iter().flatten().collect();
        let shortest = members
            .iter()
            .filter_map(|(_, schema)| distance(schema))
            .min()?;
        let ways: Vec<&String> = members
            .iter()
            .filter(|(_, schema)| distance(schema) == Some(shortest))
            .map(|(name, _)| *name)
            .collect();
        self.random.pick(&ways).copied()
    }

    /// Returns whether an optional member is present.
    fn is_wanted(&mut self) -> bool {
        let percent = match self.plan {
            Plan::Empty => 0,
            Plan::Complete => 100,
            Plan::Random { percent } => percent,
            Plan::Deep => 5,
        };
        self.budget > 0 && self.random.below(100) < percent
    }

    /// Writes an object with any keys.
    pub(super) fn map(&mut self, values: Option<&'d Value>) -> Value {
        self.counts.kind(Kind::Map);
        let count = self.length();
        if count == 0 {
            self.counts.class(Class::EmptyMap);
        }
        let mut written = Map::new();
        self.open('{');
        for name in self.unknown_names(count, None) {
            if !name
                .chars()
                .all(|character| character.is_ascii_alphanumeric())
            {
                self.counts.class(Class::AwkwardKey);
            }
            self.key(&name, written.is_empty());
            let value = self.inner(values);
            written.insert(name, value);
        }
        self.close('}');
        written.into()
    }

    /// Writes an array.
    pub(super) fn list(&mut self, elements: Option<&'d Value>) -> Value {
        self.counts.kind(Kind::List);
        let count = self.length();
        if count == 0 {
            self.counts.class(Class::EmptyList);
        }
        let mut written = Vec::new();
        self.open('[');
        for _ in 0..count {
            self.separate(written.is_empty());
            written.push(self.inner(elements));
        }
        self.close(']');
        written.into()
    }

    /// Writes an element of this schema, or any JSON without one.
    fn inner(&mut self, schema: Option<&'d Value>) -> Value {
        match schema {
            Some(schema) => self.value(schema),
            None => self.any(),
        }
    }

    /// Returns the number of elements of an array or a map.
    fn length(&mut self) -> usize {
        let is_top = self.structs == 0;
        match self.plan {
            Plan::Empty if is_top => 0,
            Plan::Complete if is_top => 3,
            _ if self.way.is_some() => 1,
            _ if self.budget == 0 || self.depth >= MAX_DEPTH => self.random.below(2),
            _ => self.random.below(4),
        }
    }

    /// Returns names that no described member has. Some differ from one only slightly.
    pub(super) fn unknown_names(
        &mut self,
        count: usize,
        known: Option<&Map<String, Value>>,
    ) -> BTreeSet<String> {
        let words = [
            "",
            " ",
            "key",
            "Key",
            "unknownFields",
            "unknown_fields",
            "@type",
            "$ref",
            "a.b/c",
            "漢",
            "\"",
            "\\",
            "_",
            "0",
            "type",
            "self",
            "null",
        ];
        let near: Vec<&String> = known.into_iter().flat_map(Map::keys).collect();
        let mut names = BTreeSet::new();
        for _ in 0..count {
            let name = match self.random.pick(&near) {
                Some(near) if self.random.one_in(4) => self.near(near),
                _ => self.random.word(&words).to_owned(),
            };
            if !known.is_some_and(|known| known.contains_key(&name)) {
                names.insert(name);
            }
        }
        names
    }

    fn near(&mut self, name: &str) -> String {
        match self.random.below(4) {
            0 => name.to_uppercase(),
            1 => format!("{name} "),
            2 => format!("{name}_"),
            _ => snake(name),
        }
    }
}

/// Converts `displayName` to `display_name`, as protocol buffers name the same member.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}
