//! The generator as a build script uses it.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use crate::{
    Diagnostics, Failure, Files, Options, Rename, Selector, Source, generate_modules, write,
};

/// Generates clients at build time.
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     gapi_generator::Generator::new()
///         .document("discovery/storage.v1.json")
///         .write_to(std::env::var("OUT_DIR")?)?;
///     Ok(())
/// }
/// ```
///
/// The crate, which depends on `gapi-runtime`, takes the modules in with one line:
///
/// ```text
/// include!(concat!(env!("OUT_DIR"), "/gapi.rs"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Generator {
    documents: Vec<PathBuf>,
    options: Options,
}

impl Generator {
    /// A generator without documents.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a Discovery document; each becomes a module `<name>_<version>`.
    #[must_use]
    pub fn document(mut self, path: impl Into<PathBuf>) -> Self {
        self.documents.push(path.into());
        self
    }

    /// Allows documents to send their callers, and the callers' credentials, to this host outside
    /// `googleapis.com`.
    #[must_use]
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.options.allowed_hosts.push(host.into());
        self
    }

    /// Gives the place `pointer` (a JSON pointer; an allowed value by its text, `…/enum/READY`) of the
    /// document with this id (`storage:v1`) a Rust name.
    #[must_use]
    pub fn rename(
        mut self,
        document: impl Into<String>,
        pointer: impl Into<String>,
        rust: impl Into<String>,
    ) -> Self {
        let (document, pointer, rust) = (document.into(), pointer.into(), rust.into());
        self.options.renames.push(Rename {
            document,
            pointer,
            rust,
        });
        self
    }

    /// Generates only these resources and the schemas that they reach, for example
    /// `projects.instances.**`, or `storage:v1#objects` for one of several documents. Everything, where
    /// there is no selector for a document; see [`Selector`].
    #[must_use]
    pub fn resources(mut self, selector: impl Into<Selector>) -> Self {
        self.options.resources.push(selector.into());
        self
    }

    /// Writes the modules and `gapi.rs`, which declares them, into `folder`, and tells cargo which
    /// documents they depend on.
    ///
    /// # Errors
    /// What is wrong with the documents, all of it at once, or the file that could not be read or
    /// written. Nothing is written unless everything is in order.
    pub fn write_to(&self, folder: impl AsRef<Path>) -> Result<(), Problem> {
        let folder = folder.as_ref();
        let mut sources = Vec::new();
        for path in &self.documents {
            println!("cargo::rerun-if-changed={}", path.display());
            let text = fs::read_to_string(path).map_err(|source| Failure {
                what: "read",
                path: path.clone(),
                source,
            })?;
            sources.push(Source {
                name: path.display().to_string(),
                text,
            });
        }
        let files = self.files(&sources, folder)?;
        let differences = files.differences(folder, [""])?;
        Ok(write::apply(folder, &differences)?)
    }

    fn files(&self, sources: &[Source], folder: &Path) -> Result<Files, Diagnostics> {
        let generated = generate_modules(sources, &self.options)?;
        for warning in generated.warnings.all() {
            println!("cargo::warning={}", warning.to_string().replace('\n', " "));
        }
        let mut files = generated.files;
        let mut declarations = format!("{}. Do not edit.\n", write::BANNER);
        for analysis in &generated.apis {
            let module = &analysis.names.module;
            // As the `mod.rs` of its folder: a `#[path]` module looks for its own there.
            let root = Path::new(module).join("mod.rs");
            let path = folder.join(&root).display().to_string();
            declarations.extend([
                format!("#[path = {path:?}]\n"),
                format!("pub mod {module};\n"),
            ]);
            if let Some(text) = files.0.remove(&Path::new(module).with_extension("rs")) {
                files.0.insert(root, text);
            }
        }
        files.0.insert(PathBuf::from("gapi.rs"), declarations);
        Ok(files)
    }
}

/// Why a build script could not generate.
pub enum Problem {
    /// Documents are wrong.
    Documents(Diagnostics),
    /// A file could not be read or written.
    File(Failure),
}

impl From<Diagnostics> for Problem {
    fn from(diagnostics: Diagnostics) -> Self {
        Self::Documents(diagnostics)
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::File(failure)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Documents(diagnostics) => diagnostics.fmt(f),
            Self::File(failure) => failure.fmt(f),
        }
    }
}

/// As a person reads it: a build script that returns an error shows this form of it.
impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Problem {}
