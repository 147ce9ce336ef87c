//! A directory with documents, and runs of the program in it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use gapi_tests::{
    command::{self, Outcome},
    expected,
};
use serde_json::Value;
use tempfile::TempDir;

use super::documents::document;

pub(super) const README: &str = "# Documents\n\n\
    | file | API | revision | source |\n|---|---|---|---|\n\nEnd.\n";

pub(super) struct Project(TempDir);

impl Project {
    /// Creates a project with these APIs in these revisions.
    pub(super) fn new(documents: &[(&str, &str)]) -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        fs::create_dir(project.path("discovery")).unwrap();
        project.write("discovery/README.md", README);
        for (name, revision) in documents {
            project.write(
                &format!("discovery/{name}.v1.json"),
                document(name, revision),
            );
        }
        project
    }

    pub(super) fn directory(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(super) fn write(&self, path: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.path(path), contents).unwrap();
    }

    /// Returns every file of `discovery/` except the cache.
    pub(super) fn contents(&self) -> BTreeMap<PathBuf, String> {
        let mut files = expected::files_below(&self.path("discovery"));
        files.remove(Path::new(".etags.jsonl"));
        files
    }

    /// Returns the command `gapi fetch` with these arguments.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let arguments = [&["fetch"][..], arguments].concat();
        command::command(crate::PROGRAM, self.directory(), &arguments)
    }

    pub(super) fn fetch(&self, arguments: &[&str]) -> Outcome {
        command::outcome(&mut self.command(arguments))
    }

    /// Returns the result of each document as `name status`, and the exit code.
    pub(super) fn statuses(&self, arguments: &[&str]) -> (Vec<String>, i32) {
        let outcome = self.fetch(&[arguments, &["--json"]].concat());
        let json: Value =
            serde_json::from_str(&outcome.out).unwrap_or_else(|_| panic!("{outcome:?}"));
        let status = |row: &Value| {
            let name = row["id"].as_str().unwrap().trim_end_matches(":v1");
            format!("{name} {}", row["status"].as_str().unwrap())
        };
        let rows = json["documents"].as_array().unwrap();
        (rows.iter().map(status).collect(), outcome.code)
    }
}
