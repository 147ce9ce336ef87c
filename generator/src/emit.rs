//! Emits the Rust of each file from the model, the facts, the names and the items. All functions are pure. They do not create
//! names, choose types or interpret the document.

use std::path::PathBuf;

use crate::{ir::Resource, items::without_raw};

mod client;
mod cx;
mod deprecation;
pub(crate) mod docs;
mod enums;
pub(crate) mod example;
mod lints;
pub(crate) mod manifest;
pub(crate) mod media;
mod method;
mod modules;
mod operation;
mod overview;
mod params;
mod resource;
mod schema;
mod schemas;
mod setter;
mod type_docs;

pub(crate) use cx::{Cx, Fragments};

/// The Rust of one file. The tokens are in chunks, so that those of a large file are never all in memory.
pub(crate) struct Module<'a> {
    /// The path, relative to the directory of the API's own file.
    pub(crate) path: PathBuf,
    pub(crate) fragments: Fragments<'a>,
}

/// Emits the files of an API: `<module>.rs` and what is under `<module>/`. With `allow_lints` they turn off lints of
/// the crate around them.
pub(crate) fn emit(cx: Cx<'_>, allow_lints: bool) -> impl Iterator<Item = Module<'_>> {
    let own = PathBuf::from(&cx.names.module);
    let of_the_api = [
        (own.with_extension("rs"), client::emit(cx, allow_lints)),
        (own.join("schemas.rs"), schemas::emit(cx)),
        (own.join("params.rs"), params::emit_api_wide(cx)),
    ];
    let resources = cx.root.all().skip(1);
    let resources =
        resources.map(move |resource| (resource_path(cx, resource), resource::emit(cx, resource)));
    let modules = of_the_api.into_iter().chain(resources);
    modules.map(|(path, fragments)| Module { path, fragments })
}

fn resource_path(cx: Cx<'_>, resource: &Resource) -> PathBuf {
    let mut path = PathBuf::from(&cx.names.module);
    let name = &cx.names.resources[&resource.path];
    path.extend(name.module.iter().map(|module| without_raw(module)));
    path.with_extension("rs")
}
