//! The public surface of an API: the items that user code can name, and the wire format.
//!
//! The surface is a tree of [`Entity`]s. Two documents are compared by the names of the document, never by Rust names.
//! The Rust is that of the generated code.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use gapi_generator::diff::surface::{Entity, Fact, Form, Item, Kind, Rust, Signature};
//!
//! # let analysis = library()?;
//! let surface: Entity = analysis.surface();
//! for entity in surface.all().filter(|entity| entity.kind == Kind::Method) {
//!     println!("{} {}: {:?}", entity.kind.name(), entity.wire, entity.facts.get(&Fact::Path));
//!     for Item { form, path, rust, .. } in &entity.items {
//!         match (form, rust) {
//!             (Form::Function, Rust::Function(Signature { text, .. })) => println!("    {text}"),
//!             _ => println!("    {path}"),
//!         }
//!     }
//! }
//! let (old, new) = ("calendar".to_owned(), "calendar, drive".to_owned());
//! assert!(Fact::Scopes.is_documentation(Some(&old), Some(&new)));
//! assert_eq!(Fact::Scopes.name(), "scopes");
//! # Ok(())
//! # }
//! ```

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
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let analysis = library()?;
    /// // `analysis` is that of a document.
    /// assert!(analysis.surface().all().any(|entity| entity.wire == "Book"));
    /// # Ok(())
    /// # }
    /// ```
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
