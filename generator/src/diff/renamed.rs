//! Probable renames: one entity was removed, another was added in the same place, and they are similar.
//!
//! This is a hint for the reader. It does not affect the verdicts on the two changes. Entities are found by their keys, so the
//! time is linear in their number.

use std::collections::HashMap;

use super::surface::{Entity, Fact, Form, Kind, Rust};
use crate::text::folded;

/// Returns the positions of each removed thing and of an added one, if they are similar to each other and to no third one.
pub(super) fn pairs(removed: &[&Entity], added: &[&Entity]) -> Vec<(usize, usize)> {
    let (from, to) = (Index::of(removed), Index::of(added));
    let pairs = from.keys.iter().enumerate().filter_map(|(old, keys)| {
        let new = to.only(keys)?;
        (from.only(&to.keys[new]) == Some(old)).then_some((old, new))
    });
    pairs.collect()
}

/// A property of a thing. Two things are similar if they share one.
#[derive(PartialEq, Eq, Hash)]
struct Key<'e> {
    kind: Kind,
    required: bool,
    by: By<'e>,
    /// The verb of a method, the type of a field.
    ty: &'e str,
    form: Option<Form>,
    /// The children by name, and by type if types are compared.
    children: Vec<(&'e str, &'e str)>,
}

#[derive(PartialEq, Eq, Hash)]
enum By<'e> {
    Name(String),
    Docs(String),
    Path(&'e str),
    Children,
}

/// Things by their keys.
struct Index<'e> {
    keys: Vec<Vec<Key<'e>>>,
    /// The position of the only thing with a key; `None` if there are several.
    positions: HashMap<Key<'e>, Option<usize>>,
}

impl<'e> Index<'e> {
    fn of(entities: &[&'e Entity]) -> Self {
        let mut positions = HashMap::new();
        for (position, entity) in entities.iter().enumerate() {
            for key in keys(entity) {
                let only = positions.entry(key);
                only.and_modify(|only| *only = None)
                    .or_insert(Some(position));
            }
        }
        let keys = entities.iter().map(|entity| keys(entity)).collect();
        Self { keys, positions }
    }

    /// Returns the position of the thing with some of these keys, if it is the only one.
    fn only(&self, keys: &[Key<'_>]) -> Option<usize> {
        let mut found = None;
        for key in keys {
            match (self.positions.get(key), found) {
                (None, _) => {}
                (Some(None), _) => return None,
                (Some(Some(one)), Some(other)) if *one != other => return None,
                (Some(one), _) => found = *one,
            }
        }
        found
    }
}

/// Returns the keys of a thing. Without any, it is similar to nothing.
fn keys(entity: &Entity) -> Vec<Key<'_>> {
    let fact = |fact| entity.facts.get(&fact).map_or("", String::as_str);
    let key = |by| Key {
        kind: entity.kind,
        required: entity.required,
        by,
        ty: "",
        form: None,
        children: Vec::new(),
    };
    let docs = entity.docs.as_deref().map(folded);
    let docs = docs.filter(|docs| !docs.is_empty()).map(By::Docs);
    match entity.kind {
        Kind::Method => {
            let path = By::Path(fact(Fact::Path));
            let alike = |by| Key {
                ty: fact(Fact::Verb),
                children: children(entity, false),
                ..key(by)
            };
            [path].into_iter().chain(docs).map(alike).collect()
        }
        Kind::Resource if entity.children.is_empty() => Vec::new(),
        Kind::Resource => vec![Key {
            children: children(entity, false),
            ..key(By::Children)
        }],
        Kind::Type => {
            let children = children(entity, true);
            let alike = (children.len() >= 2).then(|| Key {
                form: entity.items.first().map(|item| item.form),
                children,
                ..key(By::Children)
            });
            alike.into_iter().collect()
        }
        Kind::Property | Kind::Parameter | Kind::Value => {
            let name = By::Name(spelled(&entity.wire));
            let alike = |by| Key {
                ty: types(entity),
                ..key(by)
            };
            [name].into_iter().chain(docs).map(alike).collect()
        }
        Kind::Api | Kind::Scope => Vec::new(),
    }
}

/// Returns a name without the parts that spellings vary: case, separators, the plural.
fn spelled(wire: &str) -> String {
    let letters = wire.chars().filter(char::is_ascii_alphanumeric);
    let letters = letters.collect::<String>().to_ascii_lowercase();
    letters
        .strip_suffix('s')
        .map_or(letters.clone(), str::to_owned)
}

/// Returns the children by name, and by type if `typed` is set, sorted.
fn children(entity: &Entity, typed: bool) -> Vec<(&str, &str)> {
    let children = entity.children.iter();
    let children = children.map(|child| {
        // The name of an inline type comes from its place.
        let ty = if typed && child.children.is_empty() {
            types(child)
        } else {
            ""
        };
        (child.wire.as_str(), ty)
    });
    let mut children: Vec<_> = children.collect();
    children.sort_unstable();
    children.dedup();
    children
}

/// Returns the type of a field or of a setter's parameter. A setter's own name does not count.
fn types(entity: &Entity) -> &str {
    match entity.items.first().map(|item| &item.rust) {
        Some(Rust::Type(ty)) => ty,
        Some(Rust::Function(signature)) => match &signature.parameters[..] {
            [(_, ty), ..] => ty,
            [] => "",
        },
        Some(Rust::Name) | None => "",
    }
}
