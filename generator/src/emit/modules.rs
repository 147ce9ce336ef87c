//! Types in their modules: inline types in the module of their parent, allowed values in the module of their method.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    cx::{Cx, Fragments},
    docs, schema,
};
use crate::{
    ir::{Owner, TypeId},
    items::{Tree, ident, without_raw},
};

/// Returns the types of a module, by name, then the modules inside it.
pub(super) fn items<'a>(cx: Cx<'a>, module: &[String]) -> Fragments<'a> {
    match cx.types.get(module) {
        Some(tree) => items_of(cx, tree),
        None => Box::new(std::iter::empty()),
    }
}

fn items_of<'a>(cx: Cx<'a>, tree: &'a Tree<'a>) -> Fragments<'a> {
    let own = tree.types.iter().map(move |id| schema::emit(cx, *id));
    let children = tree.children.iter().map(move |(name, child)| {
        let docs = docs::line(&child_docs(cx, name, child));
        let items = items_of(cx, child);
        let inception = inception(tree.name, name);
        let name = ident(name);
        quote! { #docs #inception pub mod #name { #(#items)* } }
    });
    Box::new(own.chain(children))
}

/// Returns an attribute for a module with the same name as its parent, for example `errors` in `errors`. Another name
/// would be harder to find.
pub(super) fn inception(around: Option<&str>, name: &str) -> Option<TokenStream> {
    (around == Some(name)).then(
        || quote! { #[allow(clippy::module_inception, reason = "the name is that of the API")] },
    )
}

/// Returns the documentation of a module. It names the types that the module's types are written inside.
fn child_docs(cx: Cx<'_>, name: &str, module: &Tree<'_>) -> String {
    // A parent in another module needs a full path.
    let beside = |parent: TypeId, id: TypeId| {
        let outer = cx.names[id].module.split_last().map(|(_, outer)| outer);
        outer == Some(&cx.names[parent].module)
    };
    let parents: BTreeSet<&String> = module
        .types
        .iter()
        .filter_map(|id| match cx.api[*id].owner {
            Owner::Inline { parent, .. } if beside(parent, *id) => Some(&cx.names[parent].ident),
            _ => None,
        })
        .collect();
    if parents.is_empty() {
        return format!("Types of `{}`.", without_raw(name));
    }
    let links: Vec<String> = parents.into_iter().map(|parent| link(parent)).collect();
    format!("Types inside {}.", links.join(" and "))
}

/// Derive macros that are in scope in every module. A type may have the same name.
const DERIVES: [&str; 9] = [
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Eq",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
];

/// Returns a link to a type in the module, or in the parent module of a module's own documentation.
pub(super) fn link(name: &str) -> String {
    if DERIVES.contains(&name) {
        format!("[`{name}`](type@{name})")
    } else {
        format!("[`{name}`]")
    }
}
