//! APIs → a complete crate: the files that every run generates, and the initial files of a new crate.
//!
//! `README.md` has a line below which the generator owns the text, and `Cargo.toml` has a line above the generated features. All
//! other text is written once and then belongs to the user. A new crate also gets `NOTICE` and `.gitignore`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    Analysis, Diagnostics, Files, Generated, InCrate, Modules, Options, Pointer, Source,
    WriteError,
    emit::manifest::{self as emit, Entry, FrontPage, Layout, Misplaced},
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

/// The files of a new crate besides the generated ones. They are written only once.
const ONCE: [(&str, &str); 2] = [
    ("NOTICE", include_str!("package/notice.txt")),
    (".gitignore", "/Cargo.lock\n/target\n"),
];

/// Generates the files of a crate with this name and all these APIs: `src/lib.rs`, a module for each API behind its own
/// feature, and the manifest with an updated list of features.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::{Options, generate_crate};
///
/// # let source = source()?;
/// let marker = "# Generated features: one for each API version. Everything above is written by hand.";
/// let manifest = format!("[package]\nname = \"clients\"\n\n[features]\n{marker}\n");
/// let (files, warnings) = generate_crate(&[source], &Options::default(), "clients", &manifest)?;
/// let manifest = &files.0[std::path::Path::new("Cargo.toml")];
/// assert!(manifest.ends_with("library-v1 = []\n"));
/// assert!(warnings.is_empty());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Returns the errors of [`generate_modules`], and an error if the manifest has no place for its features.
pub fn generate_crate(
    sources: &[Source],
    options: &Options,
    name: &str,
    manifest: &str,
) -> Result<(Files, Diagnostics), Diagnostics> {
    let in_crate = InCrate {
        name: in_rust(name),
        is_one_api: false,
    };
    let options = Options {
        in_crate: Some(in_crate),
        ..options.clone()
    };
    let modules = generate_modules(sources, &options)?;
    let entries = entries(&modules.apis);
    let layout = Layout::Features;
    let files = files(
        modules.files,
        &entries,
        layout,
        FrontPage::List,
        manifest,
        |_| true,
    )?;
    Ok((files, modules.warnings))
}

impl Package {
    /// The root file of a crate, which [`Owner::Root`](crate::Owner::Root) takes.
    pub const ROOT: &str = LIB;

    /// Reads the files of a crate in `directory` that may be hand-written. Pass them to
    /// [`Writer::read_before`](crate::Writer::read_before), too.
    ///
    /// # Errors
    /// Returns an error for a file that cannot be read, or for a symbolic link in its place.
    pub fn existing(directory: &Path) -> Result<Files, WriteError> {
        let once = ONCE.iter().map(|(name, _)| *name);
        let mut existing = Files::default();
        for name in [MANIFEST, README, write::FILE_LIST].into_iter().chain(once) {
            if let Some(text) = write::read_text(directory, Path::new(name))? {
                existing.0.insert(PathBuf::from(name), text);
            }
        }
        Ok(existing)
    }
}

/// The files of a complete crate.
#[derive(Clone, Debug)]
pub struct GeneratedPackage {
    /// The files.
    pub files: Files,
    /// The documents, in their order.
    pub documents: Vec<Generated>,
    /// The warnings of all documents.
    pub warnings: Diagnostics,
}

/// Generates the files of a complete crate that can be published. With one document the crate is that API. With
/// several documents each API is a module behind its own feature.
///
/// `existing` contains the files that [`Package::existing`] found. Only the generated parts of them change. A `Cargo.toml` among
/// them is not parsed, so `package` must have its name.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::{GeneratedPackage, Options, Owner, Package, Writer, generate_package};
///
/// # let source = source()?;
/// # let directory = std::env::temp_dir().join(format!("gapi-package-{}", std::process::id()));
/// let package = Package {
///     version: Some("0.2.0".to_owned()),
///     runtime_path: Some("../gapi/runtime".to_owned()),
///     ..Package::default()
/// };
/// let existing = Package::existing(&directory)?;
/// let generated = generate_package(&[source], &Options::default(), &package, &existing)?;
/// let GeneratedPackage { files, warnings, .. } = generated;
/// println!("{warnings}");
/// let writer = Writer::new(&directory, Owner::Root(Package::ROOT.into())).read_before(existing);
/// assert!(writer.write(&files)?.created > 0);
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Returns the errors of [`generate_modules`]. Also returns an error if cargo would not accept the name, the version or the
/// path of the runtime, if `package` lacks the name of an existing crate, or if the manifest has no place for its features.
pub fn generate_package(
    sources: &[Source],
    options: &Options,
    package: &Package,
    existing: &Files,
) -> Result<GeneratedPackage, Diagnostics> {
    let there = |name: &str| existing.0.get(Path::new(name)).map(String::as_str);
    manifest::check(package, there(MANIFEST).is_some())?;
    // A crate with features keeps them when only one API is left.
    let has_features = there(MANIFEST).is_some_and(emit::has_features);
    let layout = match sources.len() {
        1 if !has_features => Layout::Alone,
        _ => Layout::Features,
    };
    let in_crate = InCrate {
        name: package.name.as_deref().and_then(in_rust),
        is_one_api: layout == Layout::Alone,
    };
    let options = &Options {
        in_crate: Some(in_crate),
        ..options.clone()
    };
    let Modules {
        files: modules,
        apis,
        mut warnings,
    } = generate_modules(sources, options)?;
    let documents: Vec<Generated> = apis.iter().map(Generated::from).collect();
    let entries = entries(&apis);
    if layout == Layout::Features {
        warnings.extend(manifest::too_many_features(&entries));
    }
    let name = manifest::name(package, &entries)?;
    let text = match there(MANIFEST) {
        Some(text) => text.to_owned(),
        None => manifest::new(&name, package, &entries),
    };
    // Without the list, nothing says which features were generated.
    let list = there(write::FILE_LIST);
    let is_earlier = |feature: &str| {
        let module = format!("src/{}.rs", feature.replace('-', "_"));
        list.is_none_or(|list| list.lines().any(|line| line.trim() == module))
    };
    let command = readme::command(package, &documents, options);
    // The list of files is the last file of the first run. Until then an interrupted run may have left others out.
    let is_new = there(MANIFEST).is_none() || there(write::FILE_LIST).is_none();
    let readme = match there(README) {
        Some(text) => Some(readme::updated(text, &entries, &command)),
        None if is_new => {
            let example = example::first(&apis, layout);
            Some(readme::new(&name, package, &entries, &command, example))
        }
        None => None,
    };
    let front_page = match readme {
        Some(_) => FrontPage::Readme,
        None => FrontPage::List,
    };
    let mut files = files(modules, &entries, layout, front_page, &text, is_earlier)?;
    files
        .0
        .extend(readme.map(|text| (PathBuf::from(README), text)));
    for (name, text) in ONCE {
        let text = there(name).or(is_new.then_some(text));
        files
            .0
            .extend(text.map(|text| (PathBuf::from(name), text.to_owned())));
    }
    Ok(GeneratedPackage {
        files,
        documents,
        warnings,
    })
}

/// Returns the name of a crate in Rust.
fn in_rust(name: &str) -> Option<String> {
    manifest::is_name(name).then(|| name.replace('-', "_"))
}

/// Returns the entry of each API, in an order that does not depend on the order of the documents.
fn entries(apis: &[Analysis]) -> Vec<Entry> {
    let entry = |api: &Analysis| Entry {
        module: api.names.module.clone(),
        feature: api.names.feature.clone(),
        id: api.api.id.clone(),
        title: api.api.title_in_prose().to_owned(),
        version: api.api.version.clone(),
        revision: api.api.revision.to_string(),
    };
    let mut entries: Vec<Entry> = apis.iter().map(entry).collect();
    entries.sort();
    entries
}

/// Returns all Rust files and the manifest.
fn files(
    modules: Files,
    entries: &[Entry],
    layout: Layout,
    front_page: FrontPage,
    manifest: &str,
    is_earlier: impl Fn(&str) -> bool,
) -> Result<Files, Diagnostics> {
    let mut problems = Diagnostics::new(MANIFEST);
    let banner = format!("{}. Do not edit.", write::BANNER);
    let lib = render::render(&banner, [emit::lib(entries, layout, front_page)]);
    let manifest = emit::manifest(manifest, entries, layout, is_earlier);
    let in_src = |(path, text)| (PathBuf::from("src").join(path), text);
    let mut files: BTreeMap<PathBuf, String> = modules.0.into_iter().map(in_src).collect();
    match lib {
        Ok(lib) => files.extend([(PathBuf::from(LIB), lib)]),
        Err(message) => problems.error(&Pointer::root(), message),
    }
    match manifest {
        Ok(manifest) => files.extend([(PathBuf::from(MANIFEST), manifest)]),
        Err(Misplaced { message, help }) => {
            problems.error_with_help(&Pointer::root(), message, help);
        }
    }
    problems.propagate()?;
    Ok(Files(files))
}
