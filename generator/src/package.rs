//! APIs → a whole crate: what is generated of it anew each time, and what a new one begins with.
//!
//! `Cargo.toml` and `README.md` have a line below which they are the generator's; what stands above is
//! written once and then belongs to whoever edits it. `NOTICE` and `.gitignore` are written once.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    Analysis, Diagnostics, Failure, Files, InCrate, Modules, Options, Pointer, Source,
    emit::manifest::{self as emit, Entry, Layout},
    generate_modules, render, write,
};

mod example;
mod manifest;
mod new;
mod readme;

pub use new::Package;

const MANIFEST: &str = "Cargo.toml";
const README: &str = "README.md";
const LIB: &str = "src/lib.rs";

/// What a new crate has besides what is generated, and never again.
const ONCE: [(&str, &str); 2] = [
    ("NOTICE", include_str!("package/notice.txt")),
    (".gitignore", "/Cargo.lock\n/target\n"),
];

/// The files of a crate with all these APIs: `src/lib.rs`, a module for each API behind a feature of
/// its own, and the manifest with its list of features brought up to date.
///
/// # Errors
/// Those of [`generate_modules`], and a manifest without the place for its features.
pub fn generate_crate(
    sources: &[Source],
    options: &Options,
    manifest: &str,
) -> Result<(Files, Diagnostics), Diagnostics> {
    let in_crate = InCrate {
        name: manifest::value(manifest, "name").and_then(in_rust),
        is_one_api: false,
    };
    let options = Options {
        in_crate: Some(in_crate),
        ..options.clone()
    };
    let modules = generate_modules(sources, &options)?;
    let entries = entries(&modules.apis);
    let files = files(modules.files, &entries, Layout::Features, manifest)?;
    Ok((files, modules.warnings))
}

impl Package {
    /// The parts of a crate in `folder` that may be somebody's.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn existing(folder: &Path) -> Result<Files, Failure> {
        let once = ONCE.iter().map(|(name, _)| *name);
        let mut existing = Files::default();
        for name in [MANIFEST, README, LIB].into_iter().chain(once) {
            if let Some(text) = write::read(&folder.join(name))? {
                existing.0.insert(PathBuf::from(name), text);
            }
        }
        Ok(existing)
    }
}

/// The files of a complete crate that can be published. With one document the crate is that API, with several
/// each is a module behind a feature of its own.
///
/// `existing` is what [`Package::existing`] found: of that only what is generated changes.
///
/// # Errors
/// Those of [`generate_modules`], a name or version that cargo would not take, a manifest without the place for
/// its features, and a crate that was not generated.
pub fn generate_package(
    sources: &[Source],
    options: &Options,
    package: &Package,
    existing: &Files,
) -> Result<(Files, Diagnostics), Diagnostics> {
    let there = |name: &str| existing.0.get(Path::new(name)).map(String::as_str);
    let layout = match sources.len() {
        1 => Layout::Alone,
        _ => Layout::Features,
    };
    let called = there(MANIFEST).and_then(|text| manifest::value(text, "name"));
    let in_crate = InCrate {
        name: called.or(package.name.as_deref()).and_then(in_rust),
        is_one_api: layout == Layout::Alone,
    };
    let options = &Options {
        in_crate: Some(in_crate),
        ..options.clone()
    };
    let Modules {
        files: modules,
        apis,
        warnings,
    } = generate_modules(sources, options)?;
    let entries = entries(&apis);
    if there(LIB).is_some_and(|text| !text.starts_with(write::BANNER)) {
        let mut problems = Diagnostics::new(LIB);
        problems.error_with_help(
            &Pointer::root(),
            "was not generated and would be replaced",
            "choose another folder",
        );
        return Err(problems);
    }
    let name = manifest::name(package, there(MANIFEST), &entries)?;
    let text = match there(MANIFEST) {
        Some(text) => text.to_owned(),
        None => manifest::new(&name, package, &entries)?,
    };
    let mut files = files(modules, &entries, layout, &text)?;
    let readme = if let Some(text) = there(README) {
        readme::updated(text, &entries, options)
    } else {
        let example = example::first(&apis, layout);
        readme::new(&name, &text, &entries, options, example)
    };
    files.0.insert(PathBuf::from(README), readme);
    for (name, text) in ONCE {
        let text = there(name).unwrap_or(text);
        files.0.insert(PathBuf::from(name), text.to_owned());
    }
    Ok((files, warnings))
}

/// A crate's name as Rust writes it.
fn in_rust(name: &str) -> Option<String> {
    manifest::is_name(name).then(|| name.replace('-', "_"))
}

/// What the crate has to know of each API, in an order that does not depend on that of the documents.
fn entries(apis: &[Analysis]) -> Vec<Entry> {
    let entry = |api: &Analysis| Entry {
        module: api.names.module.clone(),
        feature: api.names.feature.clone(),
        id: api.api.id.clone(),
        title: api.api.title.clone(),
        version: api.api.version.clone(),
        revision: api.api.revision.clone(),
    };
    let mut entries: Vec<Entry> = apis.iter().map(entry).collect();
    entries.sort();
    entries
}

/// All that is Rust, and the manifest.
fn files(
    modules: Files,
    entries: &[Entry],
    layout: Layout,
    manifest: &str,
) -> Result<Files, Diagnostics> {
    let mut problems = Diagnostics::new(MANIFEST);
    let banner = format!("{}. Do not edit.", write::BANNER);
    let lib = render::render(&banner, [emit::lib(entries, layout)]);
    let manifest = emit::manifest(manifest, entries, layout);
    let in_src = |(path, text)| (PathBuf::from("src").join(path), text);
    let mut files: BTreeMap<PathBuf, String> = modules.0.into_iter().map(in_src).collect();
    for (path, text) in [(LIB, lib), (MANIFEST, manifest)] {
        match text {
            Ok(text) => {
                files.insert(PathBuf::from(path), text);
            }
            Err(message) => problems.error(&Pointer::root(), message),
        }
    }
    problems.propagate()?;
    Ok(Files(files))
}
