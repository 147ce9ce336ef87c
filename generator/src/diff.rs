//! The changes between two documents, in the generated Rust and on the wire.
//!
//! ```text
//! Analysis ─ surface ─→ Entity ─┐
//!                               ├─ compare ─→ ApiChanges ─→ text, Markdown, JSON, changelog
//! Analysis ─ surface ─→ Entity ─┘     │
//!                                   rules   the effect of each change on a user's code
//! ```
//!
//! Entities are compared if they have the same name in both documents: schemas by id, methods by resource and name,
//! and properties, parameters and values by name. The [`rules`](Rule) are lints of cargo-semver-checks, if it has one
//! for the change.

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
/// # Errors
/// Returns an error if a document is invalid.
pub fn as_one_api(old: &Source, new: &Source, options: &Options) -> Result<Changes, Diagnostics> {
    pairs::as_one(old, new, options)
}

/// Compares two documents. One of them is `None` if the API is new or removed.
#[must_use]
pub fn between(old: Option<&Analysis>, new: Option<&Analysis>) -> Option<ApiChanges> {
    compare::apis(old, new)
}
