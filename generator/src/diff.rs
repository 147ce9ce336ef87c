//! The changes between two documents, in the generated Rust and on the wire.
//!
//! ```text
//! Analysis ─ surface ─→ Entity ─┐
//!                               ├─ compare ─→ ApiChanges ─→ text, Markdown, JSON, changelog
//! Analysis ─ surface ─→ Entity ─┘     │
//!                                   rules   each change judged by what it does to a user's code
//! ```
//!
//! Things are compared if they have the same name in both documents: schemas by id, methods by resource and name,
//! and properties, parameters and values by name. The [`rules`](Rule) are lints of cargo-semver-checks, if it has one
//! for the change.

use crate::{Analysis, Diagnostics, Options, Source};

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
pub use changes::{ApiChanges, Change, Changes, Finding, Group, What};
pub use json::json;
pub use markdown::markdown;
pub use rules::{Rule, Verdict};
pub use text::text;
pub use version::{Bump, Version};

/// Compares each old document with the new document of the same id. With one document on each side, compares these two.
/// If an id occurs twice on a side, uses the document of the later revision.
///
/// # Errors
/// Returns an error if a document is invalid.
pub fn documents(
    old: &[Source],
    new: &[Source],
    options: &Options,
) -> Result<Changes, Diagnostics> {
    pairs::compare(old, new, options)
}

/// Compares two documents. One of them is `None` if the API is new or removed.
#[must_use]
pub fn between(old: Option<&Analysis>, new: Option<&Analysis>) -> Option<ApiChanges> {
    compare::apis(old, new)
}
