//! The data of a project file.

use clap::ValueEnum;
use gapi_generator::{Derive, Rename, Selector};

/// A position in the file. Lines and columns begin at 1. The default means no place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// A text of the file, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) place: Position,
    pub(crate) text: String,
}

/// The contents of the file. A missing key is `None` or an empty list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The directory of the documents.
    pub(crate) discovery: Option<Text>,
    /// Hosts outside `googleapis.com` that the documents of every output may name.
    pub(crate) allow_hosts: Vec<String>,
    pub(crate) fetch: FetchSettings,
    pub(crate) outputs: Vec<OutputSettings>,
}

/// The table `[fetch]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FetchSettings {
    /// The APIs that `fetch` updates.
    pub(crate) apis: Option<Vec<String>>,
    /// The source of the documents.
    pub(crate) from: Option<String>,
}

/// A table `[[output]]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OutputSettings {
    /// The directory to generate into.
    pub(crate) out: Text,
    pub(crate) flavor: Flavor,
    /// Paths, patterns and names of documents. `None` means all documents of the project.
    pub(crate) documents: Option<Vec<Text>>,
    pub(crate) resources: Vec<Selector>,
    pub(crate) allow_hosts: Vec<String>,
    pub(crate) renames: Vec<Rename>,
    pub(crate) derives: Vec<Derive>,
    /// The name of a crate. For a crate for each document, a pattern of the names.
    pub(crate) name: Option<String>,
    /// The version of a crate.
    pub(crate) version: Option<String>,
    /// The path from a crate to `gapi-runtime`.
    pub(crate) runtime_path: Option<String>,
}

/// The kind of code in an output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Flavor {
    /// `<api>_<version>.rs` and the files below it, for an existing crate
    #[default]
    Module,
    /// A crate that can be published: manifest, README, notice, sources. Its hand-written files stay
    Crate,
    /// Such a crate for each document, in a separate directory below --out
    Crates,
}

impl Default for Text {
    fn default() -> Self {
        Self::new(".")
    }
}

impl Text {
    /// Creates a text without a place in a file.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            place: Position::default(),
            text: text.into(),
        }
    }
}
