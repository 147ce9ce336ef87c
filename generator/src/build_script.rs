//! The API for build scripts.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    Derive, Diagnostics, Files, Options, Owner, Pointer, Rename, Selector, Source, Writer, decode,
    generate_modules, write,
};

mod problem;

pub use problem::Problem;

/// The file that declares the modules. `gapi_runtime::include_generated!` includes it by this name.
const DECLARATIONS: &str = "gapi.rs";

/// The time to wait for another build that generates into the same directory.
const PATIENCE: Duration = Duration::from_mins(1);

/// A generator of clients in a build script.
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), gapi_generator::Problem> {
///     gapi_generator::Generator::new()
///         .document("discovery/storage.v1.json")
///         .resources("buckets")
///         .resources("objects")
///         .generate()
/// }
/// ```
///
/// The crate depends on `gapi-runtime` and includes the modules with one line:
///
/// ```text
/// gapi_runtime::include_generated!();                 // pub mod storage_v1
/// ```
///
/// The generator returns all errors at once, each with the document, the place and a fix. If `main` returns them,
/// they are the message of the failed build. Warnings become warnings of cargo. Cargo runs the build script again
/// when a document changes.
#[derive(Clone, Debug, Default)]
pub struct Generator {
    documents: Vec<PathBuf>,
    options: Options,
    force: bool,
}

/// Generates the clients of a document, or of a directory with documents, at build time. This is [`Generator`]
/// with default options.
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), gapi_generator::Problem> {
///     gapi_generator::build("storage.v1.json")
/// }
/// ```
///
/// # Errors
/// Returns the errors of [`Generator::generate`].
pub fn build(document: impl Into<PathBuf>) -> Result<(), Problem> {
    Generator::new().document(document).generate()
}

impl Generator {
    /// Creates a generator without documents.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a Discovery document, or every one (`*.json`) of a directory. Each becomes a module `<name>_<version>`. In
    /// a build script paths are relative to the directory of `Cargo.toml`.
    #[must_use]
    pub fn document(mut self, path: impl Into<PathBuf>) -> Self {
        self.documents.push(path.into());
        self
    }

    /// Allows documents to send requests with the caller's credentials to this host outside `googleapis.com`.
    ///
    /// ```no_run
    /// // build.rs
    /// use gapi_generator::{Generator, Problem};
    /// use std::path::Path;
    ///
    /// fn main() -> Result<(), Problem> {
    ///     let result = Generator::new()
    ///         .document("discovery") // all documents in this directory
    ///         .allow_host("library.example.com")
    ///         .rename("library:v1", "/schemas/Book", "Volume")
    ///         .derive("Book", "Eq, Hash")
    ///         .force(true)
    ///         .write_to(Path::new("target/clients"));
    ///     match result {
    ///         Err(Problem::Documents(diagnostics)) if diagnostics.all().len() > 100 => {
    ///             Err(Problem::Usage("these are not the right documents"))
    ///         }
    ///         result => result,
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.options.allowed_hosts.push(host.into());
        self
    }

    /// Sets the Rust name of the place `pointer` in the document with this id (`storage:v1`). `pointer` is a JSON
    /// pointer; an allowed value is written as its text, `…/enum/READY`.
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

    /// Generates only these resources or methods and the schemas that they reach: `projects.instances.**`,
    /// `spanner.projects.instances.get`, or `storage:v1#objects` for one of several documents. `!**.beta*` excludes its
    /// matches. By default all resources of a document are generated. See [`Selector`].
    #[must_use]
    pub fn resources(mut self, selector: impl Into<Selector>) -> Self {
        self.options.resources.push(selector.into());
        self
    }

    /// Adds derives to the structs of schemas: `.derive("Bucket", "Eq, Hash")`, `.derive("**", "my_crate::Describe")`.
    /// See [`Derive`].
    #[must_use]
    pub fn derive(mut self, structs: impl Into<Selector>, macros: impl Into<String>) -> Self {
        self.options.derives.push(Derive {
            structs: structs.into(),
            macros: macros.into(),
        });
        self
    }

    /// Sets whether generated files replace hand-written files of the same names. By default such a file is an error. It can occur
    /// only with [`write_to`](Self::write_to).
    #[must_use]
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }

    /// Writes the modules into the output directory of the build script (`OUT_DIR`), with a `gapi.rs` that
    /// declares them. `gapi_runtime::include_generated!` finds them there.
    ///
    /// # Errors
    /// Returns the errors of [`write_to`](Self::write_to), and an error outside of a build script, where `OUT_DIR` is not set.
    pub fn generate(&self) -> Result<(), Problem> {
        let directory = env::var_os("OUT_DIR").ok_or(Problem::Usage(
            "`OUT_DIR` is not set: call `generate` in a build script, or pass a directory to `write_to`",
        ))?;
        self.write_to(PathBuf::from(directory))
    }

    /// Writes the modules into `directory`, with a `gapi.rs` that declares them. Reports the documents to cargo, so that it runs
    /// the build script again if one changes.
    ///
    /// Also writes `.gapi-files`, the list of these files. A later run deletes the listed files that it no longer
    /// generates, and no others. It waits while another build writes to the directory.
    ///
    /// # Errors
    /// Returns all errors in the documents and the options at once. Also returns an error if a hand-written file
    /// is in the place of a generated one, or if a file cannot be written. Writes nothing until all checks have
    /// passed.
    pub fn write_to(&self, directory: impl AsRef<Path>) -> Result<(), Problem> {
        if self.documents.is_empty() {
            let message = "there are no documents: add one with `document`";
            return Err(Problem::Usage(message));
        }
        let files = self.files()?;
        let writer = Writer::new(directory.as_ref(), Owner::Root(DECLARATIONS.into()));
        writer.force(self.force).patience(PATIENCE).write(&files)?;
        Ok(())
    }

    fn files(&self) -> Result<Files, Diagnostics> {
        let (sources, mut problems) = self.sources();
        let options = Options {
            allow_lints: true,
            ..self.options.clone()
        };
        let generated = match generate_modules(&sources, &options) {
            Ok(generated) if !problems.has_errors() => generated,
            // If a document cannot be read, the others are still checked.
            Ok(_) => return Err(problems),
            Err(found) => {
                problems.extend(found);
                return Err(problems);
            }
        };
        for warning in generated.warnings.all() {
            // Cargo adds a prefix. A line break would end the warning.
            let text = warning.to_string().replace('\n', " ");
            println!("cargo::warning={}", text.trim_start_matches("warning: "));
        }
        let mut files = generated.files;
        let mut declarations = format!("{}. Do not edit.\n", write::BANNER);
        for analysis in &generated.apis {
            declarations.extend(["pub mod ", &analysis.names.module, ";\n"]);
        }
        files.0.insert(PathBuf::from(DECLARATIONS), declarations);
        Ok(files)
    }

    /// Returns the documents that can be read, and the errors of the others. Reports each path to cargo, so that cargo
    /// notices a document that is added later.
    fn sources(&self) -> (Vec<Source>, Diagnostics) {
        let (mut sources, mut problems) = (Vec::new(), Diagnostics::default());
        for path in &self.documents {
            println!("cargo::rerun-if-changed={}", path.display());
            if let Err(error) = read(path, &mut sources) {
                let mut unreadable = Diagnostics::new(path.display().to_string());
                let help = "in a build script paths are relative to the directory of Cargo.toml";
                unreadable.error_with_help(&Pointer::root(), format!("cannot read: {error}"), help);
                problems.extend(unreadable);
            }
        }
        (sources, problems)
    }
}

/// Reads a document, or those of a directory in the order of their names.
fn read(path: &Path, sources: &mut Vec<Source>) -> io::Result<()> {
    let mut paths = vec![path.to_owned()];
    if path.is_dir() {
        let entries = fs::read_dir(path)?;
        let found: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
        paths = found?;
        paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
        paths.sort();
        if paths.is_empty() {
            return Err(io::Error::other(
                "the directory contains no document (*.json)",
            ));
        }
    }
    for path in paths {
        let name = path.display().to_string();
        let text = decode(fs::read(path)?).map_err(io::Error::other)?;
        sources.push(Source { name, text });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn outside_of_a_build_script_there_is_no_directory_to_write_to() {
        // Cargo sets the variable for build scripts and for the tests of a package with a build script. This package
        // has none.
        assert_eq!(std::env::var_os("OUT_DIR"), None);
        let done = crate::build("library.v1.json").map_err(|problem| problem.to_string());
        assert!(done.is_err_and(|said| said.starts_with("error: `OUT_DIR` is not set: ")));
    }
}
