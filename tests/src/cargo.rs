//! Builds programs that tests of another package run.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use serde_json::Value;

use crate::workspace;

/// Builds the library of the tests and the requested targets. Returns the files of the package that cargo reports.
///
/// The files are built in the test's own `CARGO_TARGET_TMPDIR`. The features are those of the tests, so nothing is
/// built twice.
#[must_use]
pub fn build(target_tmpdir: &str, directory: &str) -> Vec<PathBuf> {
    let built = command(workspace::root(), "build")
        .args(["--examples", "--features=gapi/all", "--message-format=json"])
        .arg("--target-dir")
        .arg(target_dir(target_tmpdir))
        .output()
        .expect("cargo runs");
    let errors = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{errors}");
    let messages = String::from_utf8(built.stdout).expect("UTF-8");
    let manifest = workspace::root().join(directory).join("Cargo.toml");
    let made = messages.lines().flat_map(|line| {
        let message: Value = serde_json::from_str(line).expect("a message is JSON");
        let own = message["manifest_path"]
            .as_str()
            .is_some_and(|path| Path::new(path) == manifest);
        let files = serde_json::from_value::<Vec<PathBuf>>(message["filenames"].clone());
        files.ok().filter(|_| own).unwrap_or_default()
    });
    let made: Vec<PathBuf> = made.collect();
    assert!(!made.is_empty(), "cargo names no file of {directory}");
    made
}

/// Returns the program of an example of `generated/`, as [`build`] makes it.
#[must_use]
pub fn example(target_tmpdir: &str, name: &str) -> PathBuf {
    static MADE: OnceLock<Vec<PathBuf>> = OnceLock::new();
    let made = MADE.get_or_init(|| build(target_tmpdir, "generated"));
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let found = made.iter().find(|path| workspace::name(path) == file);
    found.expect("cargo names the example").clone()
}

/// Returns the command of cargo with this name, to run in a directory.
///
/// It has no variables about the tests' own package. To some build scripts (that of `ring`) they would look like a
/// change, and everything that depends on these would be built again.
#[must_use]
pub fn command(directory: impl AsRef<Path>, name: &str) -> Command {
    let mut command = Command::new(env!("CARGO"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if PACKAGE_VARIABLES
            .iter()
            .any(|start| name.starts_with(start))
        {
            command.env_remove(&*name);
        }
    }
    command.arg(name).current_dir(directory);
    command
}

/// Returns the directory that cargo builds a test in, from the test's `CARGO_TARGET_TMPDIR`.
#[must_use]
pub fn target_dir(target_tmpdir: &str) -> &Path {
    Path::new(target_tmpdir).parent().expect("target/tmp")
}

/// The prefixes of variables that name the package under test.
const PACKAGE_VARIABLES: [&str; 6] = [
    "CARGO_BIN_",
    "CARGO_CRATE_",
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
    "CARGO_PRIMARY_",
    "OUT_DIR",
];

/// Returns the command of a program that comes with cargo.
#[must_use]
pub fn tool(name: &str) -> Command {
    Command::new(Path::new(env!("CARGO")).with_file_name(name))
}
