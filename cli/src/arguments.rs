//! The commands, and the options that several of them share.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use gapi_generator::{Derive, Diagnostics, Rename, Selector};

use crate::{
    check::Check,
    completions::Completions,
    describe::Describe,
    diff::Diff,
    fetch::Fetch,
    generate::Generate,
    init::Init,
    inspect::Inspect,
    list::List,
    terminal::{Talk, complain},
};

/// Typed, documented async Rust clients from Google API Discovery documents.
#[derive(Debug, Parser)]
#[command(
    name = "gapi",
    version,
    after_help = "\
Examples:
  gapi init drive:v3                           write a gapi.toml that follows the Drive API
  gapi fetch && gapi generate                  get newer documents, then regenerate
  gapi generate spanner-v1 --out ../hello/src  generate the modules of a document into your own crate
  gapi describe spanner-v1                     show an API in Rust
  gapi COMMAND --help                          show the options and examples of a command"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) talk: Talk,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a project file gapi.toml
    Init(Init),
    /// Generate the outputs of the project, or modules or a crate of documents
    Generate(Generate),
    /// Fail with a diff if an output is out of date, and write nothing
    Check(Check),
    /// Get newer documents from Google, a directory, an archive or a wheel
    Fetch(Fetch),
    /// Show what changed between documents, in Rust and in requests, and propose the next version
    Diff(Diff),
    /// Show the reference page of an API, a resource or a method
    Describe(Describe),
    /// List the documents
    List(List),
    /// Show the model, the facts and the names of documents
    Inspect(Inspect),
    /// Print a completion script for a shell
    Completions(Completions),
}

/// Options for finding and reading documents.
#[derive(Args, Debug)]
pub(crate) struct Reading {
    /// The project file [default: the gapi.toml of this directory or of the nearest one above it]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The directory of documents [default: that of the project file, else discovery]
    #[arg(long, value_name = "DIR")]
    pub(crate) discovery: Option<PathBuf>,
    /// Allow documents whose requests go to this host outside googleapis.com
    #[arg(long, value_name = "HOST")]
    pub(crate) allow_host: Vec<String>,
    /// Set the Rust name of a place in a document, for example spanner:v1#/schemas/Type=DataType
    #[arg(long, value_name = "ID#POINTER=NAME", value_parser = rename)]
    pub(crate) rename: Vec<Rename>,
}

/// The selection of resources and methods.
#[derive(Args, Debug)]
pub(crate) struct Resources {
    /// Select resources and methods, with the schemas that they reach, by their names from the root down or by the ids of
    /// methods. `*` matches within a name, `**` any names, and `!` excludes. For example projects.instances.**,
    /// storage:v1#objects, drive.files.list or '!**.beta*'
    #[arg(long, value_name = "[!][ID#]GLOB", value_delimiter = ',')]
    pub(crate) resources: Vec<String>,
}

/// Options for generating code.
#[derive(Args, Debug)]
pub(crate) struct Generating {
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) resources: Resources,
    /// Derive more traits for structs, selected by the names that lead to them, for example storage:v1#Bucket=Hash
    /// or '**=my_crate::Describe'
    #[arg(long, value_name = "[ID#]GLOB=MACRO", value_parser = derive)]
    pub(crate) derive: Vec<Derive>,
}

fn rename(text: &str) -> Result<Rename, String> {
    let parts = text.split_once('#').and_then(|(document, rest)| {
        let (pointer, rust) = rest.rsplit_once('=')?;
        Some(Rename {
            document: document.into(),
            pointer: pointer.into(),
            rust: rust.into(),
        })
    });
    parts.ok_or_else(|| "expected ID#POINTER=NAME".to_owned())
}

fn derive(text: &str) -> Result<Derive, String> {
    let (structs, macros) = text.split_once('=').ok_or("expected [ID#]GLOB=MACRO")?;
    Ok(Derive {
        structs: structs.into(),
        macros: macros.into(),
    })
}

impl Resources {
    /// Returns the selection, if there is one.
    pub(crate) fn selectors(&self) -> Option<Vec<Selector>> {
        let selectors = self.resources.iter().map(|text| text.as_str().into());
        let selectors: Vec<Selector> = selectors.collect();
        (!selectors.is_empty()).then_some(selectors)
    }
}

/// Prints warnings.
pub(crate) fn report(warnings: &Diagnostics) {
    if !warnings.is_empty() {
        complain(&warnings.to_string());
    }
}
