//! Types in the modules that their names say: inline types in the module of their parent, allowed
//! values in the module of their method.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::{Cx, docs, file_stem, ident, params, schema};
use crate::ir::{Owner, TypeId};

/// The types of a module, by name, and those of the modules inside it.
pub(super) fn items(cx: Cx<'_>, module: &[String]) -> TokenStream {
    let mut own: Vec<TypeId> = types(cx)
        .filter(|id| cx.names[*id].module == module)
        .collect();
    own.sort_by_key(|id| &cx.names[*id].ident);
    let own = own.into_iter().map(|id| schema::emit(cx, id));
    let inner = types(cx)
        .map(|id| &cx.names[id].module)
        .filter(|path| path.starts_with(module));
    let children: BTreeSet<&String> = inner.filter_map(|path| path.get(module.len())).collect();
    let children = children.into_iter().map(|name| {
        let path: Vec<String> = module.iter().chain([name]).cloned().collect();
        let docs = docs::line(&child_docs(cx, module, &path));
        let items = items(cx, &path);
        let inception = inception(module.last(), name);
        let name = ident(name);
        quote! { #docs #inception pub mod #name { #items } }
    });
    quote! { #(#own)* #(#children)* }
}

/// A module is called like the one around it where the document has `errors` in `errors`. Another name
/// would be harder to find than the lint is to silence.
pub(super) fn inception(around: Option<&String>, name: &str) -> Option<TokenStream> {
    around
        .is_some_and(|around| around == name)
        .then(|| quote! { #[allow(clippy::module_inception)] })
}

fn types(cx: Cx<'_>) -> impl Iterator<Item = TypeId> {
    cx.api
        .type_ids()
        .filter(move |id| !params::is_decided_type(cx, *id))
}

/// Whose types the module `path`, directly inside `module`, holds.
fn child_docs(cx: Cx<'_>, module: &[String], path: &[String]) -> String {
    let inside = types(cx).filter(|id| cx.names[*id].module == path);
    let parents: BTreeSet<&String> = inside
        .filter_map(|id| match cx.api[id].owner {
            Owner::Inline { parent, .. } if cx.names[parent].module == module => {
                Some(&cx.names[parent].ident)
            }
            _ => None,
        })
        .collect();
    if parents.is_empty() {
        let name = path.last().map(|name| file_stem(name)).unwrap_or_default();
        return format!("Types of `{name}`.");
    }
    let links: Vec<String> = parents
        .into_iter()
        .map(|parent| format!("[`{parent}`]"))
        .collect();
    format!("Types inside {}.", links.join(" and "))
}
