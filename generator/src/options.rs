//! What a user decides: documents, names, resources, derives.

use std::{fmt, sync::Arc};

use crate::{derives::Derive, select::Selector};

/// What a user may decide.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Hosts outside `googleapis.com` that a document may send its callers to.
    pub allowed_hosts: Vec<String>,
    /// Rust names for places of documents.
    pub renames: Vec<Rename>,
    /// The resources to generate; all of them where there is no selector for a document.
    pub resources: Vec<Selector>,
    /// What structs derive besides what they always have.
    pub derives: Vec<Derive>,
    /// The crate that the code becomes a part of, where that is known: then the examples in its documentation
    /// are doctests.
    pub in_crate: Option<InCrate>,
    /// Turns off lints of rustc and clippy inside the modules, by an `#![allow(…)]` in the file of each API.
    ///
    /// Modules of a program and private modules need it: rustc takes their unused items for dead code. Public
    /// modules of a library do not.
    pub allow_lints: bool,
    /// Who is told how far the work is; nothing of the output depends on it.
    pub progress: Progress,
}

/// A crate that generated code becomes a part of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InCrate {
    /// Its name as Rust writes it; that of the API's module if nothing is said.
    pub name: Option<String>,
    /// Whether it is this one API, so that what is in the API's module is in its root.
    pub is_one_api: bool,
}

/// What is called for each document as soon as it is generated, on the thread that did it.
#[derive(Clone, Default)]
pub struct Progress(Option<Arc<Watcher>>);

type Watcher = dyn Fn(&Source) + Send + Sync;

impl Progress {
    /// Calls `watcher` for each document.
    pub fn new(watcher: impl Fn(&Source) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(watcher)))
    }

    pub(crate) fn done(&self, source: &Source) {
        if let Some(watcher) = &self.0 {
            watcher(source);
        }
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let watched = self.0.is_some();
        f.debug_tuple("Progress").field(&watched).finish()
    }
}

/// A Rust name for a place of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The document's id, for example `spanner:v1`.
    pub document: String,
    /// The place, a JSON pointer.
    pub pointer: String,
    /// The name.
    pub rust: String,
}

/// A document to generate from.
#[derive(Clone, Debug)]
pub struct Source {
    /// What the user calls it, usually a path; diagnostics begin with it.
    pub name: String,
    /// The JSON.
    pub text: String,
}
