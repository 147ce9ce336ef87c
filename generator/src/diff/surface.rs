//! The public surface of an API: the items that user code can name, and the wire format.
//!
//! The surface is a tree of [`Entity`]s. Two documents are compared by the names of the document, never by Rust names.
//! The Rust is that of `items`, which the emitter prints.

use std::collections::BTreeMap;

use crate::{
    Analysis,
    ir::{Owner, TypeId},
    items::is_generated,
};

mod builder;
mod entity;
mod method;
mod root;
mod schema;

pub use crate::items::Form;
pub use entity::{Entity, Fact, Item, Kind, Rust, Signature};

use builder::Builder;

impl Analysis {
    /// Returns the public surface of what is generated.
    #[must_use]
    pub fn surface(&self) -> Entity {
        let mut types: BTreeMap<&Owner, Vec<TypeId>> = BTreeMap::new();
        for id in &self.selection.types {
            if is_generated(&self.api[*id]) {
                types.entry(&self.api[*id].owner).or_default().push(*id);
            }
        }
        root::api(Builder {
            api: &self.api,
            facts: &self.facts,
            names: &self.names,
            items: &self.items(),
            selection: &self.selection,
            types: &types,
        })
    }
}
