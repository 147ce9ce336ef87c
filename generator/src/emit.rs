//! Model, facts and names → the Rust of each file. Pure functions: nothing here makes a name or
//! decides what an API means.

use std::path::PathBuf;

use proc_macro2::{Ident, Span, TokenStream};

use crate::{
    InCrate,
    derives::Derives,
    facts::Facts,
    ir::{Api, Resource},
    names::Names,
};

mod client;
pub(crate) mod deprecation;
pub(crate) mod docs;
mod enums;
pub(crate) mod example;
mod lints;
pub(crate) mod manifest;
pub(crate) mod method;
mod modules;
mod operation;
pub(crate) mod params;
mod resource;
pub(crate) mod schema;
pub(crate) mod ty;

pub(crate) use modules::Tree;

/// What every emitter reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cx<'a> {
    pub(crate) api: &'a Api,
    pub(crate) facts: &'a Facts,
    pub(crate) names: &'a Names,
    /// The resources to emit.
    pub(crate) root: &'a Resource,
    /// The types to emit, by the modules that hold them.
    pub(crate) types: &'a Tree<'a>,
    /// The crate that the code becomes a part of, where that is known.
    pub(crate) in_crate: Option<&'a InCrate>,
    /// What structs derive besides what they always have.
    pub(crate) derives: &'a Derives,
}

impl<'a> Cx<'a> {
    /// Doc comments for something in this API.
    fn docs(&self) -> docs::Docs<'a> {
        docs::Docs::new(self.api.documentation_link.as_deref().and_then(docs::web))
    }
}

/// The Rust of one file. The tokens come piece by piece, so that those of a large file are never all
/// in memory at once.
pub(crate) struct Module<'a> {
    /// Relative to the folder that holds the API's own file.
    pub(crate) path: PathBuf,
    pub(crate) items: Items<'a>,
}

/// The tokens of whole items, in the order of the file; inner attributes are in the first piece.
pub(crate) type Items<'a> = Box<dyn Iterator<Item = TokenStream> + 'a>;

/// Emits the files of an API: `<module>.rs` and those under `<module>/`. With `allow_lints` they turn off lints of the
/// crate around them.
pub(crate) fn emit(cx: Cx<'_>, allow_lints: bool) -> impl Iterator<Item = Module<'_>> {
    let own = PathBuf::from(&cx.names.module);
    let of_the_api = [
        (own.with_extension("rs"), client::emit(cx, allow_lints)),
        (own.join("schemas.rs"), schema::emit_all(cx)),
        (own.join("params.rs"), params::emit_api_wide(cx)),
    ];
    let mut resources = Vec::new();
    for child in &cx.root.children {
        descend(child, &mut resources);
    }
    let resources = resources
        .into_iter()
        .map(move |resource| (resource_path(cx, resource), resource::emit(cx, resource)));
    let modules = of_the_api.into_iter().chain(resources);
    modules.map(|(path, items)| Module { path, items })
}

/// A resource and all below it.
fn descend<'a>(resource: &'a Resource, found: &mut Vec<&'a Resource>) {
    found.push(resource);
    for child in &resource.children {
        descend(child, found);
    }
}

fn resource_path(cx: Cx<'_>, resource: &Resource) -> PathBuf {
    let mut path = PathBuf::from(&cx.names.module);
    let name = &cx.names.resources[&resource.path];
    path.extend(name.module.iter().map(|module| file_stem(module)));
    path.with_extension("rs")
}

/// The name of a module's file: raw identifiers have none of their own.
fn file_stem(module: &str) -> &str {
    module.strip_prefix("r#").unwrap_or(module)
}

/// An identifier that [`names`](crate::names) made.
fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}
