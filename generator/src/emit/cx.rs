//! The input of every emitter.

use proc_macro2::TokenStream;

use super::docs::{self, Docs};
use crate::{
    InCrate,
    facts::Facts,
    ir::{Api, Resource},
    items::{Items, Path, Tree},
    names::Names,
};

/// The context that all emitters read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cx<'a> {
    pub(crate) api: &'a Api,
    pub(crate) facts: &'a Facts,
    pub(crate) names: &'a Names,
    /// The public Rust.
    pub(crate) items: &'a Items<'a>,
    /// The resources to emit.
    pub(crate) root: &'a Resource,
    /// The types to emit, by module.
    pub(crate) types: &'a Tree<'a>,
    /// The crate that will contain the code, if it is known.
    pub(crate) in_crate: Option<&'a InCrate>,
}

/// The tokens of whole items, in the order of the file. Inner attributes are in the first chunk.
pub(crate) type Fragments<'a> = Box<dyn Iterator<Item = TokenStream> + 'a>;

impl<'a> Cx<'a> {
    /// Starts doc comments for an item of this API.
    pub(super) fn docs(&self) -> Docs<'a> {
        Docs::new(self.api.documentation_link.as_deref().and_then(docs::web))
    }

    /// Returns the constant of a scope, if the document defines the scope.
    pub(super) fn constant(self, url: &str) -> Option<Path<'a>> {
        let mut scopes = self.api.scopes.iter().zip(&self.items.scopes);
        let (_, constant) = scopes.find(|(scope, _)| scope.url == *url)?;
        Some(*constant)
    }

    /// Returns the title of the API for prose.
    pub(super) fn title(&self) -> String {
        docs::inline(self.api.title_in_prose())
    }
}
