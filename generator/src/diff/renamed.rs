//! Probable renames: one thing is gone, a new one is in the same place, and they are similar.
//!
//! This is a guess for the reader. It does not affect the verdicts on the two changes.

use std::collections::BTreeSet;

use super::surface::{Entity, Fact, Form, Kind, Rust};
use crate::text::folded;

/// Returns each removed thing with an added one, if they are similar to each other and to no third one.
pub(super) fn pairs<'e>(
    removed: &[&'e Entity],
    added: &[&'e Entity],
) -> Vec<(&'e Entity, &'e Entity)> {
    let mut pairs = Vec::new();
    for from in removed {
        let mut like = added.iter().filter(|to| are_alike(from, to));
        let (Some(to), None) = (like.next(), like.next()) else {
            continue;
        };
        let others = removed.iter().filter(|other| are_alike(other, to));
        if others.count() == 1 {
            pairs.push((*from, *to));
        }
    }
    pairs
}

fn are_alike(old: &Entity, new: &Entity) -> bool {
    if old.kind != new.kind || old.required != new.required {
        return false;
    }
    let same_docs = match (
        old.docs.as_deref().map(folded),
        new.docs.as_deref().map(folded),
    ) {
        (Some(old), Some(new)) => !old.is_empty() && old == new,
        _ => false,
    };
    let same_name = spelled(&old.wire) == spelled(&new.wire);
    let same = |fact| old.facts.get(&fact) == new.facts.get(&fact);
    match old.kind {
        Kind::Method => {
            same(Fact::Verb)
                && (same(Fact::Path) || same_docs)
                && children(old, false) == children(new, false)
        }
        Kind::Resource => !old.children.is_empty() && children(old, false) == children(new, false),
        Kind::Type => {
            let inside = children(old, true);
            inside.len() >= 2 && inside == children(new, true) && form(old) == form(new)
        }
        Kind::Property | Kind::Parameter | Kind::Value => {
            (same_docs || same_name) && types(old) == types(new)
        }
        Kind::Api | Kind::Scope => false,
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

fn form(entity: &Entity) -> Option<Form> {
    entity.items.first().map(|item| item.form)
}

/// Returns the children by name, and by type if `typed` is set.
fn children(entity: &Entity, typed: bool) -> BTreeSet<(&str, &str)> {
    let children = entity.children.iter();
    children
        .map(|child| {
            (
                child.wire.as_str(),
                // The name of an inline type comes from its place.
                if typed && child.children.is_empty() {
                    types(child)
                } else {
                    ""
                },
            )
        })
        .collect()
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
