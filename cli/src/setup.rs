//! The lines that a crate needs before it can use generated modules: `mod` declarations and dependencies.
//!
//! This module does no I/O: [`missing`] gets the text of files from a function.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

mod manifest;
pub(crate) mod paths;
mod place;
#[cfg(test)]
mod tests;

pub(crate) use manifest::string;

use manifest::CargoPackage;
use place::{Kind, Place};

/// Returns the text of a file, if there is one.
pub(super) type Read<'a> = &'a dyn Fn(&Path) -> Option<String>;

/// The generated modules.
#[derive(Clone, Copy, Debug)]
pub(super) struct Generated<'a> {
    /// Their directory, absolute.
    pub(super) out: &'a Path,
    /// Their names, for example `spanner_v1`.
    pub(super) modules: &'a [String],
    /// `true` if one of them has a file that did not exist before.
    pub(super) is_new: bool,
    /// `true` if one of them has calls that return streams.
    pub(super) has_streams: bool,
}

/// Directories that the lines refer to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    /// The working directory, absolute. Files are shown relative to it.
    pub(super) current: &'a Path,
    /// The directory of `gapi-runtime`, absolute, if it is on this machine.
    pub(super) runtime: Option<&'a Path>,
}

/// Returns the lines that the crate around the modules lacks, as a text for the user. The text is empty if no line is missing.
pub(super) fn missing(generated: Generated<'_>, around: Around<'_>, read: Read<'_>) -> String {
    let package = CargoPackage::around(generated.out, read);
    let place = Place::of(package.as_ref(), generated.out, read);
    let mut steps = place.declarations(generated, read);
    steps.extend(dependencies(package.as_ref(), &place, generated, around));
    steps
        .iter()
        .filter(|step| generated.is_new || step.target.is_known())
        .map(|step| step.text(around.current))
        .collect()
}

/// Lines to add somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    target: Target,
    lines: Vec<String>,
}

/// The place for lines.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    /// A file that exists.
    File(PathBuf),
    /// A file that does not exist yet.
    NewFile(PathBuf),
    /// The root file of the crate in this directory. It does not exist yet.
    NoRoot(PathBuf),
    /// An inline module, in a file with others.
    Inline(String),
    /// The module whose files are in this directory. It is unknown which file declares it.
    ModuleOf(PathBuf),
    /// A table of a manifest.
    Table(&'static str, PathBuf),
    /// A table of a manifest that was not found.
    TableSomewhere(&'static str),
}

/// Returns the dependencies that the manifest lacks. A crate with the runtime counts as complete, because it is unknown whether it
/// reads streams, and how it starts tokio.
fn dependencies(
    package: Option<&CargoPackage>,
    place: &Place,
    generated: Generated<'_>,
    around: Around<'_>,
) -> Option<Step> {
    let lacks = |name| !package.is_some_and(|it| it.depends_on(name, place.is_for_tests));
    if !lacks("gapi-runtime") {
        return None;
    }
    let mut lines = vec![runtime_line(package, around.runtime)];
    if place.kind != Kind::Library && lacks("tokio") {
        lines.push(TOKIO.to_owned());
    }
    if generated.has_streams && lacks("futures-util") {
        lines.push(FUTURES.to_owned());
    }
    let table = if place.is_for_tests {
        "[dev-dependencies]"
    } else {
        "[dependencies]"
    };
    let target = match package {
        None => Target::TableSomewhere(table),
        Some(package) if package.has_table(table) => Target::Table(table, package.manifest_path()),
        Some(package) => {
            lines.insert(0, table.to_owned());
            Target::File(package.manifest_path())
        }
    };
    Some(Step { target, lines })
}

/// The dependency for `#[tokio::main]`.
const TOKIO: &str = r#"tokio = { version = "1", features = ["macros", "rt-multi-thread"] }"#;

/// The dependency for reading streams.
const FUTURES: &str = r#"futures-util = { version = "0.3", default-features = false } # for streams: pages(), items()"#;

/// Returns the dependency on the runtime: by its path if it is on this machine, else from the registry.
fn runtime_line(package: Option<&CargoPackage>, runtime: Option<&Path>) -> String {
    let path = runtime.and_then(|runtime| match package {
        Some(package) => paths::between(&package.directory, runtime),
        None => paths::absolute(runtime),
    });
    match path {
        Some(path) => format!("gapi-runtime = {{ path = {} }}", string(&path)),
        None => format!("gapi-runtime = \"{}\"", env!("CARGO_PKG_VERSION")),
    }
}

impl Target {
    /// Returns `true` if its lines are certainly missing.
    fn is_known(&self) -> bool {
        !matches!(self, Self::ModuleOf(_) | Self::TableSomewhere(_))
    }

    /// Returns the instruction above the lines.
    fn instruction(&self, current: &Path) -> String {
        let shown = |path: &Path| paths::shown(current, path);
        match self {
            Self::File(path) => format!("Add to {}", shown(path)),
            Self::NewFile(path) => format!("Create {} with", shown(path)),
            Self::NoRoot(directory) => {
                let [main, lib] = ["main.rs", "lib.rs"].map(|name| shown(&directory.join(name)));
                format!("Add to {main} or {lib}")
            }
            Self::Inline(module) => format!("Add to `mod {module}`"),
            Self::ModuleOf(directory) => {
                format!("Add to the module whose directory is {}", shown(directory))
            }
            Self::Table(table, path) => format!("Add to {table} in {}", shown(path)),
            Self::TableSomewhere(table) => format!("Add to {table} in Cargo.toml"),
        }
    }
}

impl Step {
    fn text(&self, current: &Path) -> String {
        let instruction = self.target.instruction(current);
        let indented = self.lines.iter().map(|line| match line.as_str() {
            "" => Cow::Borrowed("\n"),
            line => Cow::Owned(format!("    {line}\n")),
        });
        let lines: String = indented.collect();
        format!("\n{instruction}:\n\n{lines}")
    }
}
