//! What changed between two documents: in the Rust that is generated, and on the wire.
//!
//! ```text
//! Analysis ─ surface ─→ Entity ─┐
//!                               ├─ compare ─→ ApiChanges ─→ text, Markdown, JSON, changelog
//! Analysis ─ surface ─→ Entity ─┘     │
//!                                   rules   each change judged by what it does to a user's code
//! ```
//!
//! Things are the same if the document calls them the same: schemas by id, methods by resource and name, properties,
//! parameters and values by their names. The [`rules`](Rule) are those of cargo-semver-checks, where it has one.

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

/// Compares documents, each with the one of the same id; where there is one of each, these two.
///
/// # Errors
/// What is wrong with any of the documents, and ids that are there twice.
pub fn documents(
    old: &[Source],
    new: &[Source],
    options: &Options,
) -> Result<Changes, Diagnostics> {
    pairs::compare(old, new, options)
}

/// Compares two documents; `None` where the API is new or gone.
#[must_use]
pub fn between(old: Option<&Analysis>, new: Option<&Analysis>) -> Option<ApiChanges> {
    compare::apis(old, new)
}
