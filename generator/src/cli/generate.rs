//! `gapi-generator generate`: modules for a crate that there is, or a crate of their own.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use gapi_generator::{
    Diagnostics, Files, Options, Package, Source, generate_modules, generate_package, write,
};

use super::{Choices, Workspace, differences, documents, report, terminal::Talk};

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  gapi-generator generate storage.v1.json --out src
  gapi-generator generate compute.v1.json --out src --resources instances,zones
  gapi-generator generate drive.v3.json --out drive --flavor crate
  gapi-generator generate spanner-v1 healthcare-v1 --out clients --flavor crate --name clients")]
pub(crate) struct Generate {
    /// Documents: paths, or names of APIs in the folder of documents (spanner-v1)
    #[arg(required = true, value_name = "DOC")]
    documents: Vec<String>,
    /// Where to write
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// What to write: modules for a crate that you have, or a complete crate
    #[arg(long, value_enum, default_value_t)]
    flavor: Flavor,
    /// The name of a new crate; if there is only one document, that of its API (storage-v1)
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The version of a new crate; 0.1.0 if nothing is said
    #[arg(long, value_name = "VERSION")]
    crate_version: Option<String>,
    /// Where a new crate finds gapi-runtime, relative to the crate; from crates.io if nothing is said
    #[arg(long, value_name = "DIR")]
    runtime_path: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Flavor {
    /// `<api>_<version>.rs` and what is below it
    #[default]
    Module,
    /// A crate that can be published: manifest, README, notice, sources. What is written by hand in it stays.
    Crate,
}

pub(crate) fn generate(
    what: &Generate,
    workspace: &Workspace,
    choices: &Choices,
    talk: &Talk,
) -> Result<(), String> {
    let sources = documents::find(&what.documents, &workspace.discovery)?;
    let (options, bar) = choices.watched(sources.len(), talk);
    let generated = match what.flavor {
        Flavor::Module => modules(what, &sources, &options),
        Flavor::Crate => whole_crate(what, &sources, &options),
    };
    bar.clear();
    let (files, warnings, owned) = generated?;
    report(&warnings);
    let differences = differences(&files, &what.out, owned)?;
    write::apply(&what.out, &differences).map_err(|failure| failure.to_string())?;
    let (all, changed) = (files.0.len(), differences.len());
    talk.say(&format!("{all} files: {changed} changed\n"))
}

/// The files, the warnings, and the folders in which nothing else that was generated may stay.
type Output = (Files, Diagnostics, Vec<String>);

fn modules(what: &Generate, sources: &[Source], options: &Options) -> Result<Output, String> {
    let of_a_crate = [
        ("--name", &what.name),
        ("--crate-version", &what.crate_version),
        ("--runtime-path", &what.runtime_path),
    ];
    if let Some((option, _)) = of_a_crate.iter().find(|(_, value)| value.is_some()) {
        return Err(format!(
            "error: `{option}` is for a crate\n  help: add `--flavor crate`"
        ));
    }
    let options = &Options {
        allow_lints: true,
        ..options.clone()
    };
    let generated = generate_modules(sources, options).map_err(|problems| problems.to_string())?;
    // Other modules may live in the same folder: only the files of these documents are touched.
    let modules = generated.apis.into_iter().map(|api| api.names.module);
    Ok((generated.files, generated.warnings, modules.collect()))
}

fn whole_crate(what: &Generate, sources: &[Source], options: &Options) -> Result<Output, String> {
    let package = Package {
        name: what.name.clone(),
        version: what.crate_version.clone(),
        runtime_path: what.runtime_path.clone(),
    };
    let existing = Package::existing(&what.out).map_err(|failure| failure.to_string())?;
    let (files, warnings) = generate_package(sources, options, &package, &existing)
        .map_err(|problems| problems.to_string())?;
    Ok((files, warnings, vec!["src".to_owned()]))
}
