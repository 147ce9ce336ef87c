//! A project with documents and a generated crate, and runs of the program in it.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use gapi_tests::{
    command::{self, Outcome},
    expected, fixture, workspace,
};
use tempfile::TempDir;

/// A project file for the crate in `generated/`.
pub(crate) const FILE: &str = "[[output]]\nout = \"generated\"\nflavor = \"crate\"\n";

pub(crate) fn run(directory: &Path, arguments: &[&str]) -> Outcome {
    command::run(crate::PROGRAM, directory, arguments)
}

/// Creates a directory with `discovery/` (some of the fixtures) and an up-to-date `generated/`.
pub(crate) fn project() -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let at = |path: &str| directory.path().join(path);
    fs::create_dir_all(at("discovery")).expect("create a directory");
    for name in ["paging_query_token", "recursive_schema"] {
        let text = fixture::named(name).source.text;
        fs::write(at(&format!("discovery/{name}.v1.json")), text).expect("write");
    }
    fs::create_dir_all(at("generated/src")).expect("create a directory");
    let manifest = workspace::read(&workspace::root().join("generated/Cargo.toml"));
    fs::write(at("generated/Cargo.toml"), manifest).expect("write");
    fs::write(at("gapi.toml"), FILE).expect("write");
    fs::write(at("generated/src/by_hand.rs"), "// Not generated.\n").expect("write");
    run(directory.path(), &["generate"]).success();
    directory
}

/// Adds a file to the list of those that were generated into a directory.
pub(crate) fn list(directory: &Path, path: &str) {
    let list = directory.join(".gapi-files");
    let text = workspace::read(&list).replace("[src/lib.rs]\n", &format!("[src/lib.rs]\n{path}\n"));
    fs::write(list, text).expect("write");
}

/// Returns the text of every file in the project.
pub(crate) fn contents(project: &TempDir) -> BTreeMap<PathBuf, String> {
    expected::files_below(project.path())
}
