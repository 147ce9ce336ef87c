//! Generates typed, documented, async Rust clients from Google API Discovery documents.
//!
//! ```text
//! text ─ json ─→ Value ─ fixups ─→ Value ─ discovery ─→ Document ─ lower ─→ Api ─┬─ facts ─→ Facts ─┐
//!                                                                                 └─ names ─→ Names ─┤
//!                                    disk ←─ write ── Files ←─ render ── tokens ←─ emit ────────────┘
//! ```
//!
//! Each stage is a module, takes plain data and hands on plain data; none reaches back. What is wrong
//! with a document is collected in [`Diagnostics`], with the place in the document and what to do.
//! The output is a function of the documents and the options: same input, same bytes.

use std::{collections::BTreeSet, fmt, sync::Arc};

mod build_script;
mod derives;
pub mod describe;
pub mod diagnostics;
pub mod diff;
mod discovery;
mod emit;
pub mod facts;
mod fixups;
pub mod inspect;
pub mod ir;
mod json;
mod lower;
pub mod names;
mod package;
mod parallel;
mod render;
mod select;
pub mod spelling;
mod text;
pub mod write;

pub use build_script::{Generator, Problem, build};
pub use derives::Derive;
pub use diagnostics::{Diagnostic, Diagnostics, Pointer, Severity};
pub use package::{Package, generate_crate, generate_package};
pub use select::{Selection, Selector};
pub use write::{Difference, Failure, Files};

use emit::Cx;
use fixups::Revision;

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

    fn done(&self, source: &Source) {
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

/// A document, understood: everything that is known before the first token of output.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The model.
    pub api: ir::Api,
    /// What follows from the model as a whole.
    pub facts: facts::Facts,
    /// The Rust names.
    pub names: names::Names,
    /// What of it is generated.
    pub selection: Selection,
    /// The crate that the code becomes a part of, where that is known.
    in_crate: Option<InCrate>,
    /// Turns off lints inside the modules.
    allow_lints: bool,
    /// What structs derive besides what they always have.
    derives: derives::Derives,
    /// Warnings; the document generates all the same.
    pub warnings: Diagnostics,
}

/// Reads and analyses a document.
///
/// # Errors
/// Everything that is wrong with it, as far as the first stage with an error can tell.
pub fn analyze(source: &Source, options: &Options) -> Result<Analysis, Diagnostics> {
    analyze_as(source, options, Revision::Current)
}

/// The same for a document of any revision: corrections and renames that are for another one are left out.
///
/// # Errors
/// Those of [`analyze`].
pub fn analyze_any_revision(source: &Source, options: &Options) -> Result<Analysis, Diagnostics> {
    analyze_as(source, options, Revision::Any)
}

fn analyze_as(
    source: &Source,
    options: &Options,
    revision: Revision,
) -> Result<Analysis, Diagnostics> {
    let mut diagnostics = Diagnostics::new(&source.name);
    let value = json::parse(&source.text, &mut diagnostics);
    diagnostics.propagate()?;
    let mut value = value.unwrap_or_default();
    let mut renames = fixups::apply(&mut value, revision, &mut diagnostics);
    let document = discovery::read(&value, &mut diagnostics);
    diagnostics.propagate()?;
    // Without a document there is an error, which has just ended the stage.
    let Some(document) = document else {
        return Err(diagnostics);
    };
    for rename in options
        .renames
        .iter()
        .filter(|rename| rename.document == document.id)
    {
        renames.insert(&rename.pointer, &rename.rust);
    }
    let api = lower::lower(&document, &options.allowed_hosts, &mut diagnostics)?;
    let facts = facts::of(&api);
    let names = names::resolve(&api, &renames, &mut diagnostics)?;
    let selection = select::select(&api, &facts, &options.resources, &mut diagnostics)?;
    let derives = derives::resolve(&api, &selection, &options.derives, &mut diagnostics)?;
    Ok(Analysis {
        api,
        facts,
        names,
        selection,
        in_crate: options.in_crate.clone(),
        allow_lints: options.allow_lints,
        derives,
        warnings: diagnostics,
    })
}

impl Analysis {
    /// What emitters read. `types` are those to emit; the emitters of signatures and examples look at none.
    pub(crate) fn cx<'a>(&'a self, types: &'a emit::Tree<'a>) -> Cx<'a> {
        Cx {
            api: &self.api,
            facts: &self.facts,
            names: &self.names,
            root: &self.selection.root,
            types,
            in_crate: self.in_crate.as_ref(),
            derives: &self.derives,
        }
    }

    /// The files of the API: `<module>.rs` and what is under `<module>/`.
    ///
    /// # Errors
    /// When the output would not be Rust, which is a mistake of this crate and not of a document.
    pub fn files(&self) -> Result<Files, Diagnostics> {
        let types = emit::Tree::new(&self.api, &self.names, &self.selection.types);
        let cx = self.cx(&types);
        let revision = self
            .api
            .revision
            .chars()
            .filter(char::is_ascii_alphanumeric);
        let banner = format!(
            "{} from {}, revision {}. Do not edit.",
            write::BANNER,
            self.names.feature,
            revision.collect::<String>()
        );
        let mut diagnostics = Diagnostics::new(&self.api.id);
        let mut files = Files::default();
        for emit::Module { path, items } in emit::emit(cx, self.allow_lints) {
            match render::render(&banner, items) {
                Ok(text) => {
                    files.0.insert(path, text);
                }
                Err(message) => {
                    diagnostics.error(&Pointer::root(), format!("{}: {message}", path.display()));
                }
            }
        }
        diagnostics.propagate()?;
        Ok(files)
    }
}

/// Several APIs, generated.
#[derive(Clone, Debug)]
pub struct Modules {
    /// The files of all of them.
    pub files: Files,
    /// What is known of each, in the order of the documents.
    pub apis: Vec<Analysis>,
    /// Warnings of all of them.
    pub warnings: Diagnostics,
}

/// The modules of several documents.
///
/// # Errors
/// What is wrong with any of the documents, two documents that are the same API, and options for a document that is not
/// there.
pub fn generate_modules(sources: &[Source], options: &Options) -> Result<Modules, Diagnostics> {
    let mut warnings = Diagnostics::default();
    let mut files = Files::default();
    let mut apis: Vec<Analysis> = Vec::new();
    for (generated, source) in generate_all(sources, options).into_iter().zip(sources) {
        match generated {
            Ok((analysis, modules)) => {
                if apis
                    .iter()
                    .any(|other| other.names.module == analysis.names.module)
                {
                    let mut twice = Diagnostics::new(&source.name);
                    let message = format!("another document is `{}` already", analysis.api.id);
                    twice.error(&Pointer::root().child("id"), message);
                    warnings.extend(twice);
                }
                warnings.extend(analysis.warnings.clone());
                files.0.extend(modules.0);
                apis.push(analysis);
            }
            Err(found) => warnings.extend(found),
        }
    }
    warnings.propagate()?;
    check_documents(options, &apis)?;
    Ok(Modules {
        files,
        apis,
        warnings,
    })
}

/// An option for a document that nobody gave is a slip, and without it the output would be another.
fn check_documents(options: &Options, apis: &[Analysis]) -> Result<(), Diagnostics> {
    let renames = options.renames.iter().map(|rename| Some(&rename.document));
    let resources = options.resources.iter().map(|it| it.document.as_ref());
    let derives = options
        .derives
        .iter()
        .map(|it| it.structs.document.as_ref());
    let named: BTreeSet<&String> = renames.chain(resources).chain(derives).flatten().collect();
    let known: Vec<String> = apis.iter().map(|api| format!("`{}`", api.api.id)).collect();
    let mut problems = Diagnostics::new("the options");
    for id in named {
        if !apis.iter().any(|api| api.api.id == *id) {
            problems.error_with_help(
                &Pointer::root(),
                format!("no document is `{id}`"),
                format!("there are {}", known.join(", ")),
            );
        }
    }
    problems.propagate()
}

/// Analyses and renders each document, on as many threads as the machine has cores.
fn generate_all(
    sources: &[Source],
    options: &Options,
) -> Vec<Result<(Analysis, Files), Diagnostics>> {
    // The largest first, so that no thread ends up alone with one of them.
    let mut order: Vec<usize> = (0..sources.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(sources[index].text.len()));
    let results = parallel::map(&order, |&index| {
        let generated = analyze(&sources[index], options)
            .and_then(|analysis| analysis.files().map(|files| (analysis, files)));
        options.progress.done(&sources[index]);
        generated
    });
    let mut results: Vec<_> = order.into_iter().zip(results).collect();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
