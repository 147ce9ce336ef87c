//! `gapi generate`: modules for a crate that there is, or a crate of their own.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use gapi_generator::{
    Analysis, Diagnostics, Failure, Files, Options, Owner, Package, Source, Writer,
    generate_modules, generate_package,
};

use crate::{
    arguments::{Generating, report},
    check::{GeneratedCrate, generated_crate},
    documents,
    setup::{self, Around, Generated},
    terminal::Talk,
};

#[derive(Args, Debug)]
#[command(after_help = "\
Modules become part of a crate that you have. The command prints the `mod` lines and the dependencies that this
crate still lacks, and the files to add them to.

Examples:
  cargo new ../hello
  gapi generate spanner-v1 --out ../hello/src
  gapi generate discovery/healthcare.v1.json --out ../hello/src/google --resources '**.fhirStores'
  gapi generate servicemanagement-v1 --out ../servicemanagement --flavor crate
  gapi generate spanner-v1 healthcare-v1 --out ../clients --flavor crate --name clients")]
pub(crate) struct Generate {
    /// Documents: paths, or names of APIs in the directory of documents (spanner-v1)
    #[arg(value_name = "DOC", requires = "out")]
    documents: Vec<String>,
    /// The directory for the modules or the crate of these documents
    #[arg(long, value_name = "DIR", requires = "documents")]
    out: Option<PathBuf>,
    /// The directory of the crate that is generated without DOC
    #[arg(
        long,
        value_name = "DIR",
        default_value = "generated",
        conflicts_with = "out"
    )]
    generated: PathBuf,
    /// What to write: modules for a crate that you have, or a complete crate
    #[arg(long, value_enum, default_value_t, requires = "out")]
    flavor: Flavor,
    /// The name of a new crate; if there is only one document, that of its API (storage-v1)
    #[arg(long, value_name = "NAME", requires = "out")]
    name: Option<String>,
    /// The version of a new crate; 0.1.0 if nothing is said
    #[arg(long, value_name = "VERSION", requires = "out")]
    crate_version: Option<String>,
    /// Where a new crate finds gapi-runtime, relative to the crate; from crates.io if nothing is said
    #[arg(long, value_name = "DIR", requires = "out")]
    runtime_path: Option<String>,
    /// Replace files that the generator did not write
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    generating: Generating,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Flavor {
    /// `<api>_<version>.rs` and what is below it
    #[default]
    Module,
    /// A crate that can be published: manifest, README, notice, sources. What is written by hand in it stays.
    Crate,
}

/// `gapi generate`
pub(crate) fn run(arguments: &Generate, talk: &Talk) -> Result<(), String> {
    match &arguments.out {
        Some(out) => from_documents(arguments, out, talk),
        None => from_directory(arguments, talk),
    }
}

/// Generates the crate of a project from all documents in a directory.
fn from_directory(arguments: &Generate, talk: &Talk) -> Result<(), String> {
    let GeneratedCrate {
        files,
        documents,
        writer,
    } = generated_crate(&arguments.generating, &arguments.generated, talk)?;
    let written = writer
        .force(arguments.force)
        .write(&files)
        .map_err(|failure| message(&failure))?;
    let lines: usize = files.0.values().map(|text| text.lines().count()).sum();
    talk.say(&format!(
        "{documents} documents, {} files, {lines} lines: {} changed\n",
        files.0.len(),
        written.changed
    ))
}

/// Generates the modules or the crate of the named documents.
fn from_documents(arguments: &Generate, out: &Path, talk: &Talk) -> Result<(), String> {
    let generating = &arguments.generating;
    let sources = documents::find(&arguments.documents, &generating.reading.discovery)?;
    let (options, bar) = generating.watched(sources.len(), talk);
    let generated = match arguments.flavor {
        Flavor::Module => modules(arguments, out, &sources, &options),
        Flavor::Crate => whole_crate(arguments, out, &sources, &options),
    };
    bar.clear();
    let output = generated?;
    report(&output.warnings);
    let written = output
        .writer
        .force(arguments.force)
        .write(&output.files)
        .map_err(|failure| message(&failure))?;
    // The list of files is one of them.
    let (all, changed) = (output.files.0.len() + 1, written.changed);
    talk.say(&format!("{all} files: {changed} changed\n"))?;
    if let Some(modules) = output.modules {
        talk.say(&modules.missing(out, written.created > 0))?;
    }
    Ok(())
}

fn message(failure: &Failure) -> String {
    match failure {
        Failure::NotGenerated { .. } => format!("{failure}, or replace it with `--force`"),
        _ => failure.to_string(),
    }
}

/// Generated files.
struct Output {
    files: Files,
    warnings: Diagnostics,
    /// Writes the files.
    writer: Writer,
    /// Modules for a crate that exists.
    modules: Option<Modules>,
}

/// Generated modules, as the crate around them needs to know them.
struct Modules {
    names: Vec<String>,
    /// `true` if one of them has calls that return streams.
    has_streams: bool,
}

fn modules(
    arguments: &Generate,
    out: &Path,
    sources: &[Source],
    options: &Options,
) -> Result<Output, String> {
    let of_a_crate = [
        ("--name", &arguments.name),
        ("--crate-version", &arguments.crate_version),
        ("--runtime-path", &arguments.runtime_path),
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
    check_place(out, &generated.apis)?;
    let apis = generated.apis;
    let has_streams = apis.iter().any(|api| !api.facts.paging.is_empty());
    let names: Vec<String> = apis.into_iter().map(|api| api.names.module).collect();
    Ok(Output {
        files: generated.files,
        warnings: generated.warnings,
        // Other modules may live in the same directory: only the files of these documents are touched.
        writer: Writer::new(out, Owner::Modules),
        modules: Some(Modules { names, has_streams }),
    })
}

/// Checks that the compiler finds the modules in this directory, and takes their files for nothing else.
fn check_place(out: &Path, apis: &[Analysis]) -> Result<(), String> {
    let absolute = in_real_parent(out).unwrap_or_else(|_| out.to_owned());
    let ends = |end: &str| absolute.ends_with(end);
    let around = absolute.parent().unwrap_or(Path::new(""));
    let is_for_targets = ends("src/bin")
        || ["tests", "examples", "benches"].into_iter().any(ends)
            && around.join("Cargo.toml").exists();
    if is_for_targets {
        let (out, below) = (out.display(), out.join("google"));
        return Err(format!(
            "error: cargo takes each file in {out} for a target of its own\n  help: generate into a directory below it, such as {}",
            below.display()
        ));
    }
    for api in apis {
        let directory = out.join(&api.names.module);
        let file = directory.join("mod.rs");
        // A symbolic link is an error of the writer.
        let is_directory = fs::symlink_metadata(&directory).is_ok_and(|found| found.is_dir());
        if is_directory && file.exists() {
            return Err(format!(
                "error: {} is in the way: a module is in `{module}.rs` or in `{module}/mod.rs`\n  help: move the file, or generate into another directory",
                file.display(),
                module = api.names.module
            ));
        }
    }
    Ok(())
}

fn whole_crate(
    arguments: &Generate,
    out: &Path,
    sources: &[Source],
    options: &Options,
) -> Result<Output, String> {
    let package = Package {
        name: arguments.name.clone(),
        version: arguments.crate_version.clone(),
        runtime_path: arguments.runtime_path.clone(),
    };
    let existing = Package::existing(out).map_err(|failure| failure.to_string())?;
    let (files, warnings) = generate_package(sources, options, &package, &existing)
        .map_err(|problems| problems.to_string())?;
    Ok(Output {
        files,
        warnings,
        writer: Writer::new(out, Owner::Root(Package::ROOT.into())).read_before(existing),
        modules: None,
    })
}

impl Modules {
    /// Returns the lines that the crate around `out` lacks. They are only advice, so that a directory that cannot be
    /// read is no error.
    fn missing(&self, out: &Path, is_new: bool) -> String {
        let (Ok(out), Ok(current)) = (in_real_parent(out), env::current_dir()) else {
            return String::new();
        };
        let current = fs::canonicalize(&current).unwrap_or(current);
        let generated = Generated {
            out: &out,
            modules: &self.names,
            is_new,
            has_streams: self.has_streams,
        };
        let runtime = runtime();
        let around = Around {
            current: &current,
            runtime: runtime.as_deref(),
        };
        setup::missing(generated, around, &|path| fs::read_to_string(path).ok())
    }
}

/// Returns the absolute path of a directory. A directory that is a symbolic link belongs to the crate with the link.
fn in_real_parent(folder: &Path) -> io::Result<PathBuf> {
    match (folder.parent(), folder.file_name()) {
        (Some(parent), Some(name)) => Ok(fs::canonicalize(Path::new(".").join(parent))?.join(name)),
        _ => fs::canonicalize(folder),
    }
}

/// Returns the directory of `gapi-runtime` in the repository that this program was built from, if it still exists.
fn runtime() -> Option<PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let folder = fs::canonicalize(repository.join("runtime")).ok()?;
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    let mut lines = manifest.lines();
    let is_it = lines.any(|line| line == "name = \"gapi-runtime\"");
    is_it.then_some(folder)
}
