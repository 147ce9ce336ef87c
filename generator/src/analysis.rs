//! The analysis of one document, from its text to its files.

use crate::{
    derives,
    diagnostics::{Diagnostics, Pointer},
    discovery,
    emit::{self, Cx},
    facts, fixups, ir, items, json, lower,
    names::{self, Renames},
    options::{InCrate, Options, Source},
    render,
    select::{self, Selection},
    write::{self, Files},
};

/// An analyzed document: the input of the emitter.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::Analysis;
///
/// # let source = source()?;
/// let options = gapi_generator::Options::default();
/// let analysis: Analysis = gapi_generator::analyze(&source, &options)?;
/// assert_eq!(analysis.api.title, "Library API");
/// assert_eq!(analysis.names.client, "Library");
/// assert!(analysis.warnings.is_empty());
/// let files = analysis.files()?;
/// assert!(files.0.contains_key(std::path::Path::new("library_v1.rs")));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The model.
    pub api: ir::Api,
    /// The facts that follow from the model as a whole.
    pub facts: facts::Facts,
    /// The Rust names.
    pub names: names::Names,
    /// The selected part of the API.
    pub selection: Selection,
    /// The crate that will contain the code, if it is known.
    in_crate: Option<InCrate>,
    /// Turns off lints inside the modules.
    allow_lints: bool,
    /// The derives of structs, in addition to those that every struct has.
    derives: derives::Derives,
    /// Warnings. They do not stop generation.
    pub warnings: Diagnostics,
}

/// Reads and analyzes a document.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::{Options, Source, analyze};
///
/// # let text = source()?.text;
/// let source = Source { name: "library.v1.json".to_owned(), text };
/// let analysis = analyze(&source, &Options::default())?;
/// for resource in analysis.api.root.all() {
///     println!("{}: {} methods", resource.path.join("."), resource.methods.len());
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Returns all errors of the first stage that fails.
pub fn analyze(source: &Source, options: &Options) -> Result<Analysis, Diagnostics> {
    analyze_with(source, options, Renames::new)
}

/// Reads and analyzes a document of any revision. Skips renames that are for another revision.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::{Options, Rename, analyze_any_revision};
///
/// # let source = source()?;
/// let rename = Rename {
///     document: "library:v1".to_owned(),
///     pointer: "/schemas/Leaflet".to_owned(), // only in later revisions
///     rust: "Flyer".to_owned(),
/// };
/// let options = Options { renames: vec![rename], ..Options::default() };
/// assert!(analyze_any_revision(&source, &options).is_ok());
/// assert!(gapi_generator::analyze(&source, &options).is_err());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Returns the errors of [`analyze`].
pub fn analyze_any_revision(source: &Source, options: &Options) -> Result<Analysis, Diagnostics> {
    analyze_with(source, options, |document| {
        Renames::new(document).for_any_revision()
    })
}

fn analyze_with(
    source: &Source,
    options: &Options,
    renames: impl FnOnce(&str) -> Renames,
) -> Result<Analysis, Diagnostics> {
    let mut diagnostics = Diagnostics::new(&source.name);
    let value = json::parse(&source.text, &mut diagnostics);
    diagnostics.propagate()?;
    let mut value = value.unwrap_or_default();
    fixups::apply(&mut value, options.insist_on_corrections, &mut diagnostics);
    let document = discovery::read(&value, &mut diagnostics);
    diagnostics.propagate()?;
    // Without a document the stage has ended with an error.
    let Some(document) = document else {
        return Err(diagnostics);
    };
    let mut renames = renames(&document.id);
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
    let selection = select::select(
        &api,
        &facts,
        &options.resources,
        options.more_documents,
        &mut diagnostics,
    )?;
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
    /// Returns the public Rust of the API.
    pub(crate) fn items(&self) -> items::Items<'_> {
        items::Items::new(&self.api, &self.facts, &self.names, &self.derives)
    }

    /// Returns the context of the emitters. `types` contains the types to emit. The emitter of examples does not use it.
    pub(crate) fn cx<'a>(
        &'a self,
        items: &'a items::Items<'a>,
        types: &'a items::Tree<'a>,
    ) -> Cx<'a> {
        Cx {
            api: &self.api,
            facts: &self.facts,
            names: &self.names,
            root: &self.selection.root,
            types,
            in_crate: self.in_crate.as_ref(),
            items,
        }
    }

    /// Returns the files of the API: `<module>.rs` and what is under `<module>/`.
    ///
    /// # Errors
    /// Returns an error if the output is not Rust, which is a mistake of this crate and not of a document.
    pub fn files(&self) -> Result<Files, Diagnostics> {
        let types = items::Tree::new(&self.api, &self.names, &self.selection.types);
        let items = self.items();
        let cx = self.cx(&items, &types);
        let revision = self.api.revision.as_str().chars();
        let revision: String = revision.filter(char::is_ascii_alphanumeric).collect();
        let revision = match revision.as_str() {
            "" => String::new(),
            revision => format!(", revision {revision}"),
        };
        let banner = format!(
            "{} from {}{revision}. Do not edit.",
            write::BANNER,
            self.names.feature
        );
        let mut diagnostics = Diagnostics::new(&self.api.id);
        let mut files = Files::default();
        for emit::Module { path, fragments } in emit::emit(cx, self.allow_lints) {
            match render::render(&banner, fragments) {
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
