//! Model, facts and names → the Rust of each file. Pure functions: nothing here makes a name or
//! decides what an API means.

use std::path::PathBuf;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::{
    facts::Facts,
    ir::{Api, Resource},
    names::Names,
};

mod client;
mod docs;
mod enums;
pub(crate) mod manifest;
mod method;
mod modules;
pub(crate) mod params;
mod resource;
mod schema;
mod ty;

/// What every emitter reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cx<'a> {
    pub(crate) api: &'a Api,
    pub(crate) facts: &'a Facts,
    pub(crate) names: &'a Names,
}

impl<'a> Cx<'a> {
    /// Doc comments for something in this API.
    fn docs(&self) -> docs::Docs<'a> {
        docs::Docs::new(self.api.documentation_link.as_deref().and_then(docs::web))
    }
}

/// The Rust of one file.
#[derive(Debug)]
pub(crate) struct Module {
    /// Relative to the folder that holds the API's own file.
    pub(crate) path: PathBuf,
    pub(crate) tokens: TokenStream,
}

/// Emits the files of an API: `<module>.rs` and what is under `<module>/`.
pub(crate) fn emit(cx: Cx<'_>) -> Vec<Module> {
    let own = PathBuf::from(&cx.names.module);
    let mut modules = vec![
        Module {
            path: own.with_extension("rs"),
            tokens: client::emit(cx),
        },
        Module {
            path: own.join("schemas.rs"),
            tokens: schema::emit_all(cx),
        },
        Module {
            path: own.join("params.rs"),
            tokens: params::emit_api_wide(cx),
        },
    ];
    for child in &cx.api.root.children {
        emit_resources(cx, child, &mut modules);
    }
    modules
}

fn emit_resources(cx: Cx<'_>, resource: &Resource, modules: &mut Vec<Module>) {
    let name = &cx.names.resources[&resource.path];
    let mut path = PathBuf::from(&cx.names.module);
    path.extend(name.module.iter().map(|module| file_stem(module)));
    let path = path.with_extension("rs");
    modules.push(Module {
        path,
        tokens: resource::emit(cx, resource),
    });
    for child in &resource.children {
        emit_resources(cx, child, modules);
    }
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

/// `#[deprecated]` where the document says so.
fn deprecated(deprecated: bool) -> Option<TokenStream> {
    deprecated.then(|| quote! { #[deprecated] })
}
