//! Reference pages of resources.
//!
//! A [`Page`] is plain data. [`page`] builds it from the model, the facts and the names. Three functions render it:
//! [`text`], [`markdown`] and [`html`]. The signatures are those of the generated code.
//!
//! No text on a page is hidden: [`page`] replaces control and bidirectional characters of a document. Line breaks of
//! descriptions stay.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use gapi_generator::describe;
//!
//! # let analysis = library()?;
//! // `analysis` is that of a document.
//! let page = analysis.describe("books.list")?;
//! println!("{}", describe::text(&page, describe::Look { width: 80, styled: false }));
//! println!("{}", describe::markdown(&page));
//! println!("{}", describe::html(&page));
//! # Ok(())
//! # }
//! ```

use crate::{Analysis, facts::Facts, ir::Api, names::Names};

mod build;
mod find;
mod html;
mod markdown;
mod page;
mod prose;
mod prototype;
mod rust;
mod shape;
mod text;

pub use find::Unknown;
pub use html::html;
pub use markdown::markdown;
pub use page::{
    AllowedValue, ApiInfo, Argument, Body, Member, MethodPage, Object, Page, ResourceEntry, Shape,
    Unexpanded,
};
pub use text::{Look, text};

/// Returns the page of `target`: a resource (`projects.instances`), a method (`projects.instances.get`, or its
/// id), or the API itself (`""`).
///
/// If a method and a child resource have the same name, this is the page of the resource. To name the method, add
/// parentheses (`projects.instances()`).
///
/// # Errors
/// Returns an error if there is no such resource or method.
pub fn page(api: &Api, facts: &Facts, names: &Names, target: &str) -> Result<Page, Unknown> {
    let subject = find::find(api, target)?;
    Ok(build::page(api, facts, names, &subject))
}

impl Analysis {
    /// Returns the reference page of a resource or of a method. See [`page`].
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let analysis = library()?;
    /// // `analysis` is that of a document.
    /// let page = analysis.describe("books")?;
    /// assert_eq!(page.methods.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if there is no such resource or method.
    pub fn describe(&self, target: &str) -> Result<Page, Unknown> {
        page(&self.api, &self.facts, &self.names, target)
    }
}
