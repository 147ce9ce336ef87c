//! Compares generated output with checked-in files, and updates them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use similar::TextDiff;

use crate::workspace;

/// The command that updates the files after an intended change.
pub const UPDATE: &str = "INSTA_UPDATE=always cargo test";

/// Returns whether files are written instead of compared.
#[must_use]
pub fn updating() -> bool {
    std::env::var("INSTA_UPDATE").is_ok_and(|choice| choice == "always")
}

/// Returns the names of the files or directories for which a test runs.
#[must_use]
pub fn cases(test: &str) -> BTreeSet<String> {
    let program = std::env::current_exe().expect("this program has a path");
    let listed = Command::new(program).args(["--list", test]).output();
    let listed = String::from_utf8(listed.expect("it runs").stdout).expect("UTF-8");
    let start = format!("{test}::");
    // The name of the argument, a number and the name of the directory.
    let names = listed.lines().filter_map(|line| {
        let (_, name) = line.strip_suffix(": test")?.split_once(&start)?;
        name.splitn(3, '_').nth(2).map(str::to_owned)
    });
    names.collect()
}

/// Compares a text with `<directory>/<name>.snap`.
pub fn text(directory: &Path, name: &str, text: &str) {
    settings(directory).bind(|| insta::assert_snapshot!(name, text));
}

/// Compares a value with `<directory>/<name>.snap`. Members without information (null, false, an empty list) are left
/// out.
pub fn value(directory: &Path, name: &str, mut value: Value) {
    prune(&mut value);
    settings(directory).bind(|| insta::assert_yaml_snapshot!(name, value));
}

fn settings(directory: &Path) -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(directory);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

fn prune(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(prune);
            members.retain(|_, member| match member {
                Value::Null | Value::Bool(false) => false,
                Value::Array(elements) => !elements.is_empty(),
                _ => true,
            });
        }
        Value::Array(elements) => elements.iter_mut().for_each(prune),
        _ => {}
    }
}

/// Compares the files below a directory with the expected ones, byte for byte. Writes them when updating.
pub fn files(directory: &Path, wanted: &BTreeMap<PathBuf, String>) {
    let current = files_below(directory);
    if current == *wanted {
        return;
    }
    if updating() {
        for path in current.keys().filter(|path| !wanted.contains_key(*path)) {
            fs::remove_file(directory.join(path)).expect("remove a stale golden file");
        }
        for (path, text) in wanted {
            let path = directory.join(path);
            fs::create_dir_all(path.parent().expect("a file has a directory"))
                .expect("create a directory of golden files");
            fs::write(&path, text).expect("write a golden file");
        }
        return;
    }
    panic!(
        "{} is not what the generator writes now:\n{}\nIf that is meant: {UPDATE}",
        directory
            .strip_prefix(workspace::root())
            .unwrap_or(directory)
            .display(),
        diff(&current, wanted)
    );
}

/// Returns every file below a directory, by its relative path. Returns none if the directory does not exist.
#[must_use]
pub fn files_below(directory: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut waiting = if directory.exists() {
        vec![directory.to_owned()]
    } else {
        Vec::new()
    };
    while let Some(next) = waiting.pop() {
        for path in workspace::entries(&next) {
            if path.is_dir() {
                waiting.push(path);
            } else {
                let relative = path
                    .strip_prefix(directory)
                    .expect("a path below the directory");
                found.insert(relative.to_owned(), workspace::read(&path));
            }
        }
    }
    found
}

/// Returns the files of an API's module: its own file and those below it.
#[must_use]
pub fn of_module(files: &BTreeMap<PathBuf, String>, module: &str) -> BTreeMap<PathBuf, String> {
    let own = files
        .iter()
        .filter(|(path, _)| path.with_extension("").starts_with(module));
    own.map(|(path, text)| (path.clone(), text.clone()))
        .collect()
}

/// Returns a unified diff of the files that differ.
#[must_use]
pub fn diff(current: &BTreeMap<PathBuf, String>, wanted: &BTreeMap<PathBuf, String>) -> String {
    let none = String::new();
    let mut paths: Vec<&PathBuf> = current.keys().chain(wanted.keys()).collect();
    paths.sort();
    paths.dedup();
    let differs = |path: &&PathBuf| current.get(*path) != wanted.get(*path);
    let one = |path: &PathBuf| {
        let old = current.get(path).unwrap_or(&none);
        let new = wanted.get(path).unwrap_or(&none);
        let name = path.display().to_string();
        TextDiff::from_lines(old, new)
            .unified_diff()
            .header(&format!("checked in/{name}"), &format!("generated/{name}"))
            .to_string()
    };
    paths.into_iter().filter(differs).map(one).collect()
}

/// Compares the table between two lines of a file of the workspace with `wanted`, or writes it there. `update` is the command
/// that writes it.
///
/// # Panics
/// Panics if the table differs and is not being updated, or if the file has no such lines.
pub fn table(file: &str, [begin, end]: [&str; 2], wanted: &str, update: &str) {
    let path = workspace::root().join(file);
    let text = workspace::read(&path);
    let (before, rest) = text.split_once(begin).expect("the beginning of the table");
    let (current, after) = rest.split_once(end).expect("the end of the table");
    if current == wanted {
        return;
    }
    if updating() {
        fs::write(&path, [before, begin, wanted, end, after].concat()).expect("write");
        return;
    }
    let diff = TextDiff::from_lines(current, wanted);
    panic!(
        "the table in {file} is not what happens now:\n{}\nIf that is meant: {update}",
        diff.unified_diff(),
    );
}
