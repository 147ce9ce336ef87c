//! A package of a user, made by `cargo new` in a temporary directory. Within this workspace cargo would treat it as a
//! member.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use gapi_tests::{cargo, command, workspace};
use serde_json::Value;
use tempfile::TempDir;

const TARGET_TMPDIR: &str = env!("CARGO_TARGET_TMPDIR");

/// A package with a unique name. Its build output is in the directory of all tests.
pub(crate) struct Project {
    name: &'static str,
    directory: TempDir,
}

impl Project {
    /// Runs `cargo new`. The versions of dependencies are those of the workspace, so cargo needs no network.
    pub(crate) fn new(name: &'static str) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let arguments = ["--quiet", "--offline", "--vcs", "none", name];
        let mut new = cargo::command(directory.path(), "new");
        succeed(new.args(arguments));
        let project = Self { name, directory };
        let lock = workspace::read(&workspace::root().join("Cargo.lock"));
        project.write("Cargo.lock", &lock);
        project
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.directory.path().join(self.name).join(file)
    }

    pub(crate) fn read(&self, file: &str) -> String {
        workspace::read(&self.path(file))
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).expect("write");
    }

    /// Runs `generate` in the package. Returns the output below its summary.
    pub(crate) fn generate(&self, documents: &[PathBuf], out: &str) -> String {
        let documents = documents.iter().map(|path| path.to_str().expect("UTF-8"));
        let arguments: Vec<&str> = ["generate", "--out", out]
            .into_iter()
            .chain(documents)
            .collect();
        let said = command::run(crate::PROGRAM, &self.path(""), &arguments).success();
        let (summary, lines) = said.split_once('\n').expect("a summary");
        assert!(summary.ends_with(" changed"), "{said}");
        lines.to_owned()
    }

    /// Follows the instructions that `generate` printed, literally.
    pub(crate) fn follow(&self, said: &str) {
        let mut target = None;
        for line in said.lines() {
            if let Some(instruction) = line.strip_suffix(':').filter(|line| !line.starts_with(' '))
            {
                target = Some(self.target(instruction));
            } else if let Some((file, at)) = &mut target {
                let mut text = fs::read_to_string(&*file).unwrap_or_default();
                let line = format!("{}\n", line.strip_prefix("    ").unwrap_or(line));
                text.insert_str(*at, &line);
                *at += line.len();
                fs::write(&*file, text).expect("write");
            }
        }
    }

    /// Returns the file of an instruction, and the offset where its lines go.
    fn target(&self, instruction: &str) -> (PathBuf, usize) {
        let file = |name: &str| (self.path(name), self.read(name));
        if let Some(name) = instruction
            .strip_prefix("Create ")
            .and_then(|it| it.strip_suffix(" with"))
        {
            assert!(!self.path(name).exists(), "{name} exists");
            return (self.path(name), 0);
        }
        let target = instruction.strip_prefix("Add to ").expect("an instruction");
        if let Some((table, name)) = target.split_once(" in ") {
            let (path, text) = file(name);
            let at = text.find(table).expect("the table") + table.len() + 1;
            return (path, at);
        }
        let (path, text) = file(target);
        (path, text.len())
    }

    /// Runs a command of cargo; returns the warnings and errors of the compiler, or of clippy, about this package.
    pub(crate) fn complaints(&self, name: &str, arguments: &[&str]) -> Vec<String> {
        let output = self
            .cargo(name)
            .arg("--message-format=json")
            .args(arguments)
            .output()
            .expect("cargo runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let messages: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("a message is JSON"))
            .collect();
        let manifest = self.path("Cargo.toml").display().to_string();
        let own = messages
            .iter()
            .filter(|message| message["manifest_path"] == manifest.as_str());
        let reasons: BTreeSet<&str> = own.clone().filter_map(|it| it["reason"].as_str()).collect();
        let complaints: Vec<String> = own
            .filter(|message| message["reason"] == "compiler-message")
            .map(|message| message["message"]["rendered"].to_string())
            .collect();
        let errors = String::from_utf8_lossy(&output.stderr);
        let finished = output.status.success() && reasons.contains("compiler-artifact");
        assert!(
            finished || !complaints.is_empty(),
            "{name} did not run: {errors}"
        );
        complaints
    }

    /// Runs the program; returns what it prints.
    pub(crate) fn run(&self) -> String {
        succeed(self.cargo("run").arg("--quiet"))
    }

    /// Documents the package with warnings denied.
    pub(crate) fn document(&self) {
        succeed(
            self.cargo("doc")
                .arg("--no-deps")
                .env("RUSTDOCFLAGS", "-D warnings"),
        );
    }

    fn cargo(&self, name: &str) -> Command {
        let mut command = cargo::command(self.path(""), name);
        command
            .args(["--offline", "--target-dir"])
            .arg(cargo::target_dir(TARGET_TMPDIR));
        command
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        // The next run has another directory, and with it other files. Errors do not matter.
        let _ = self.cargo("clean").args(["--package", self.name]).output();
    }
}

/// Runs a command that has to succeed; returns what it prints.
pub(crate) fn succeed(command: &mut Command) -> String {
    let output = command.output().expect("the program runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Returns the documents of these services in `discovery/`.
pub(crate) fn discovery(names: &[&str]) -> Vec<PathBuf> {
    let directory = workspace::root().join("discovery");
    names
        .iter()
        .map(|name| directory.join(format!("{name}.json")))
        .collect()
}

/// Returns the documents of these fixtures.
pub(crate) fn fixtures(names: &[&str]) -> Vec<PathBuf> {
    let directory: &Path = &workspace::tests().join("fixtures");
    let document = |name: &&str| directory.join(name).join("discovery.json");
    names.iter().map(document).collect()
}

/// Returns documents with everything that lints check: media, deprecated items, enums, operations, repeated names.
pub(crate) fn documents() -> Vec<PathBuf> {
    let storage = "examples/build-script/discovery/storage.v1.json";
    let mut documents = vec![workspace::root().join(storage)];
    documents.extend(discovery(&["spanner.v1"]));
    documents.extend(fixtures(&[
        "deprecated_items",
        "media_upload_and_download",
        "more_derives",
        "resource_names_that_repeat",
        "resource_without_methods",
        "values_that_are_no_identifiers",
    ]));
    documents
}
