//! The changes between two documents, in the generated Rust and on the wire.
//!
//! Entities are compared if they have the same name in both documents: schemas by id, methods by resource and name,
//! and properties, parameters and values by name. The [`rules`](Rule) are lints of cargo-semver-checks, if it has one
//! for the change.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use gapi_generator::diff::{self, Bump, Changes, Rule, Verdict, Version};
//!
//! # let (old, mut new) = (source()?, source()?);
//! # new.text = new.text.replace("\"title\": {", "\"name\": {").replace("20261101", "20261201");
//! let options = gapi_generator::Options::default();
//! let changes: Changes = diff::documents(&[old], &[new], &options)?;
//! assert_eq!(changes.verdict(), Some(Verdict::Breaking));
//! print!("{}", diff::text(&changes, false)); // or `complete_text`, with all descriptions
//! print!("{}", diff::markdown(&changes)); // or `complete_markdown`
//! print!("{}", diff::changelog(&changes)); // a section of CHANGELOG.md
//! println!("{}", diff::json(&changes));
//! println!("{:?}", diff::notes(&changes)); // on the choice of the documents
//!
//! let version: Version = "1.2.3".parse()?;
//! let bump = changes.verdict().map_or(Bump::Patch, Bump::from);
//! assert_eq!(version.after(bump).map(|next| next.to_string()).as_deref(), Some("2.0.0"));
//! assert_eq!((bump.name(), bump.before_one()), ("major", Bump::Minor));
//! println!("{} lines", diff::complete_text(&changes, false).lines().count());
//! println!("{} lines", diff::complete_markdown(&changes).lines().count());
//! let allowed = changes.allowing(&[Rule::FieldAdded]); // code that ends literals with `..Default::default()`
//! # Ok(())
//! # }
//! ```

// Analysis ─ surface ─→ Entity ─┐
//                               ├─ compare ─→ ApiChanges ─→ text, Markdown, JSON, changelog
// Analysis ─ surface ─→ Entity ─┘     │
//                                   rules   the effect of each change on a user's code

use crate::{Analysis, Diagnostics, Options, Source};

mod blocks;
mod changelog;
mod changes;
mod compare;
mod json;
mod markdown;
mod pairs;
mod renamed;
mod rules;
pub mod surface;
mod text;
mod version;
mod words;

pub use changelog::changelog;
pub use changes::{ApiChanges, Change, Changes, Finding, Group, Note, What};
pub use json::json;
pub use markdown::{complete_markdown, markdown};
pub use rules::{Rule, Verdict};
pub use text::{complete_text, text};
pub use version::{Bump, Version};
pub use words::notes;

/// Compares each old document with the new document of the same id. A document without a counterpart is an API that is
/// removed or new. If an id occurs several times on a side, uses the document of the latest revision. [`Changes::notes`]
/// lists such ids, and reports sides that have no API in common.
///
/// # Errors
/// Returns an error if a document is invalid.
pub fn documents(
    old: &[Source],
    new: &[Source],
    options: &Options,
) -> Result<Changes, Diagnostics> {
    pairs::by_id(old, new, options)
}

/// Compares two documents as one API, even if their ids differ: for example two versions of an API.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::{Options, diff};
///
/// # let (old, mut new) = (source()?, source()?);
/// # new.text = new.text.replace("\"v1\"", "\"v2\"").replace("library:v1", "library:v2");
/// // Two versions of an API.
/// let changes = diff::as_one_api(&old, &new, &Options::default())?;
/// print!("{}", diff::text(&changes, false));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Returns an error if a document is invalid.
pub fn as_one_api(old: &Source, new: &Source, options: &Options) -> Result<Changes, Diagnostics> {
    pairs::as_one(old, new, options)
}

/// Compares two documents. One of them is `None` if the API is new or removed.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::diff;
///
/// # let analysis = library()?;
/// assert_eq!(diff::between(Some(&analysis), Some(&analysis)), None);
/// let removed = diff::between(Some(&analysis), None).ok_or("the API is removed")?;
/// assert_eq!(removed.new, None);
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn between(old: Option<&Analysis>, new: Option<&Analysis>) -> Option<ApiChanges> {
    compare::apis(old, new)
}
