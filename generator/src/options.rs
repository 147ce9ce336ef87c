//! Options: documents, names, resources, derives.

use std::{fmt, sync::Arc};

use crate::{derives::Derive, diagnostics::Rename, select::Selector};

/// Options for generating code.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::{Derive, Options, Selector, generate_modules};
///
/// # let source = source()?;
/// let options = Options {
///     allowed_hosts: vec!["library.example.com".to_owned()],
///     resources: vec![Selector::from("books.**")],
///     derives: vec![Derive { structs: "Book".into(), macros: "Eq, Hash".to_owned() }],
///     allow_lints: true,
///     ..Options::default()
/// };
/// let modules = generate_modules(&[source], &options)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Hosts outside `googleapis.com` to which documents may send requests.
    pub allowed_hosts: Vec<String>,
    /// Rust names for places of documents.
    pub renames: Vec<Rename>,
    /// The resources and methods to generate. By default all of a document are generated.
    pub resources: Vec<Selector>,
    /// The options are also for documents that are not given. Then an exclusion that names no document may match nothing,
    /// and options for other documents are skipped. [`check_options`](crate::check_options) checks both in the end.
    pub more_documents: bool,
    /// The derives of structs, in addition to those that every struct has.
    pub derives: Vec<Derive>,
    /// The crate that will contain the code, if it is known. Then the examples in its documentation are doctests.
    pub in_crate: Option<InCrate>,
    /// Turns off lints of rustc and clippy inside the modules, by an `#![allow(…)]` in the file of each API.
    ///
    /// Modules of a program and private modules need it, because rustc treats their unused items as dead code. Public
    /// modules of a library do not.
    pub allow_lints: bool,
    /// Reports an error if a correction does not apply to its document. By default such a correction is skipped. Corrections are part
    /// of this crate, so this option is for its repository.
    pub insist_on_corrections: bool,
    /// The receiver of progress reports. It does not affect the output.
    pub progress: ProgressCallback,
}

/// A crate that contains generated code.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::{InCrate, Options};
///
/// // The modules become a part of the crate `my_clients`.
/// let in_crate = InCrate { name: Some("my_clients".to_owned()), is_one_api: false };
/// let options = Options { in_crate: Some(in_crate), ..Options::default() };
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InCrate {
    /// Its Rust name. By default it is that of the API's module.
    pub name: Option<String>,
    /// `true` if the crate is this one API. Then the items of the API's module are in the crate's root.
    pub is_one_api: bool,
}

/// A callback for each document as soon as it is generated, on the thread that generated it.
///
/// ```
/// use gapi_generator::{Options, ProgressCallback};
///
/// let progress = ProgressCallback::new(|source| println!("{} is done", source.name));
/// let options = Options { progress, ..Options::default() };
/// ```
#[derive(Clone, Default)]
pub struct ProgressCallback(Option<Arc<Watcher>>);

type Watcher = dyn Fn(&Source) + Send + Sync;

impl ProgressCallback {
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

impl fmt::Debug for ProgressCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let watched = self.0.is_some();
        f.debug_tuple("ProgressCallback").field(&watched).finish()
    }
}

/// A document to generate from.
///
/// ```
/// use gapi_generator::{Source, decode};
///
/// fn read(path: &str) -> Result<Source, Box<dyn std::error::Error>> {
///     let text = decode(std::fs::read(path)?)?;
///     Ok(Source { name: path.to_owned(), text })
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Source {
    /// The user's name for it, usually a path. Diagnostics begin with it.
    pub name: String,
    /// The JSON.
    pub text: String,
}
