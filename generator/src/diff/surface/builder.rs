//! The input of every part of the surface.

use std::collections::BTreeMap;

use super::entity::{Item, Rust};
use crate::{
    facts::Facts,
    ir::{Api, Owner, TypeId},
    items::{Form, Items},
    names::Names,
    select::Selection,
};

/// The input of every part of the surface.
#[derive(Clone, Copy)]
pub(super) struct Builder<'a> {
    pub(super) api: &'a Api,
    pub(super) facts: &'a Facts,
    pub(super) names: &'a Names,
    pub(super) items: &'a Items<'a>,
    pub(super) selection: &'a Selection,
    pub(super) types: &'a BTreeMap<&'a Owner, Vec<TypeId>>,
}

impl<'a> Builder<'a> {
    /// Returns the generated types of this owner.
    pub(super) fn owned(self, owner: &Owner) -> impl Iterator<Item = TypeId> + use<'a> {
        let types = self.types.get(owner).map(Vec::as_slice);
        types.unwrap_or_default().iter().copied()
    }
}

/// Returns the module of an entity's types.
pub(super) fn module(path: String) -> Item {
    Item {
        role: "module".to_owned(),
        form: Form::Module,
        path,
        rust: Rust::Name,
        deprecated: false,
    }
}

/// Returns a path of Rust names.
pub(super) fn path<'n>(module: &'n [String], names: impl IntoIterator<Item = &'n str>) -> String {
    let steps: Vec<&str> = module.iter().map(String::as_str).chain(names).collect();
    steps.join("::")
}
