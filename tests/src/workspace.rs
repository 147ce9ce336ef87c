//! Paths in the workspace, and helpers for reading files.

use std::path::{Path, PathBuf};

use gapi_generator::Source;

/// Returns the root directory of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    tests().parent().expect("tests/ has a parent").to_owned()
}

/// Returns the directory `tests`.
#[must_use]
pub fn tests() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the directory of the pairs of documents that tests of `diff` compare.
#[must_use]
pub fn pairs() -> PathBuf {
    root().join("generator/tests/pairs")
}

/// Returns the text of a file.
#[must_use]
pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the entries of a directory, sorted.
#[must_use]
pub fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory)
        .unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry of the directory").path())
        .collect();
    paths.sort();
    paths
}

/// Returns the paths of all files below a directory, relative to it.
#[must_use]
pub fn files(directory: &Path) -> Vec<PathBuf> {
    let (mut found, mut waiting) = (Vec::new(), vec![directory.to_owned()]);
    while let Some(next) = waiting.pop() {
        let (directories, files): (Vec<_>, Vec<_>) =
            entries(&next).into_iter().partition(|path| path.is_dir());
        waiting.extend(directories);
        found.extend(files);
    }
    let relative = |path: PathBuf| path.strip_prefix(directory).map(Path::to_owned);
    let found: Result<Vec<PathBuf>, _> = found.into_iter().map(relative).collect();
    found.expect("paths below the directory")
}

/// Returns the last part of a path.
#[must_use]
pub fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Returns the documents of the five services in `discovery/`.
#[must_use]
pub fn documents() -> Vec<Source> {
    entries(&root().join("discovery"))
        .into_iter()
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .map(|path| Source {
            name: name(&path),
            text: read(&path),
        })
        .collect()
}
