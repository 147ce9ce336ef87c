//! Types in the modules that their names say: inline types in the module of their parent, allowed
//! values in the module of their method.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::{Cx, Items, docs, file_stem, ident, params, schema};
use crate::{
    ir::{Api, Owner, TypeId},
    names::Names,
};

/// Types by the modules that hold them.
#[derive(Debug, Default)]
pub(crate) struct Tree<'a> {
    /// The name of the module; the root has none.
    name: Option<&'a str>,
    /// The types of the module itself, by name.
    types: Vec<TypeId>,
    /// The modules inside it.
    children: BTreeMap<&'a str, Tree<'a>>,
}

impl<'a> Tree<'a> {
    pub(crate) fn new(api: &Api, names: &'a Names, types: &BTreeSet<TypeId>) -> Self {
        let mut types: Vec<TypeId> = types
            .iter()
            .copied()
            .filter(|id| !params::is_decided_type(&api[*id]))
            .collect();
        types.sort_by_key(|id| &names[*id].ident);
        let mut root = Self::default();
        for id in types {
            let path = names[id].module.iter();
            let module = path.fold(&mut root, |tree, name| {
                let child = tree.children.entry(name).or_default();
                child.name = Some(name);
                child
            });
            module.types.push(id);
        }
        root
    }

    /// The types of this module and of those inside it.
    pub(super) fn ids(&self) -> Box<dyn Iterator<Item = TypeId> + '_> {
        let inside = self.children.values().flat_map(Self::ids);
        Box::new(self.types.iter().copied().chain(inside))
    }

    /// The module of this path, if there are types in it or below.
    pub(super) fn get(&self, path: &[String]) -> Option<&Self> {
        path.iter()
            .try_fold(self, |tree, name| tree.children.get(name.as_str()))
    }
}

/// The types of a module, by name, then the modules inside it.
pub(super) fn items<'a>(cx: Cx<'a>, module: &[String]) -> Items<'a> {
    match cx.types.get(module) {
        Some(tree) => items_of(cx, tree),
        None => Box::new(std::iter::empty()),
    }
}

fn items_of<'a>(cx: Cx<'a>, tree: &'a Tree<'a>) -> Items<'a> {
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

/// A module is called like the one around it where the document has `errors` in `errors`. Another name
/// would be harder to find than the lint is to silence.
pub(super) fn inception(around: Option<&str>, name: &str) -> Option<TokenStream> {
    (around == Some(name)).then(|| quote! { #[allow(clippy::module_inception)] })
}

/// Whose types the module holds.
fn child_docs(cx: Cx<'_>, name: &str, module: &Tree<'_>) -> String {
    // A parent may stand further out, and a link would not find it.
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
        return format!("Types of `{}`.", file_stem(name));
    }
    let links: Vec<String> = parents.into_iter().map(|parent| link(parent)).collect();
    format!("Types inside {}.", links.join(" and "))
}

/// Macros that every module knows by the name that a type may have, too.
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

/// A link to a type in the module around.
fn link(name: &str) -> String {
    if DERIVES.contains(&name) {
        format!("[`{name}`](type@{name})")
    } else {
        format!("[`{name}`]")
    }
}
