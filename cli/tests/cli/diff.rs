//! `diff`: sources of documents, output and exit codes.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::{fs, path::Path, process::Command};

use gapi_tests::{command::Outcome, workspace};
use serde_json::Value;
use tempfile::TempDir;

use crate::project::run;

/// Returns the text of a document in `generator/tests/pairs`.
fn document(pair: &str, name: &str) -> String {
    workspace::read(&workspace::pairs().join(format!("{pair}/{name}.json")))
}

/// Creates a directory with `old/` and `new/`, one document each.
fn directories(pair: &str) -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for name in ["old", "new"] {
        fs::create_dir(directory.path().join(name)).expect("create a directory");
        let path = directory.path().join(name).join("library.v1.json");
        fs::write(path, document(pair, name)).expect("write");
    }
    directory
}

fn diff(directory: &Path, arguments: &[&str]) -> Outcome {
    run(directory, &[&["diff"], arguments].concat())
}

#[test]
fn the_status_says_whether_something_denied_was_found() {
    for (pair, denied, code) in [
        ("property_removed", "breaking", 3),
        ("property_removed", "additive", 3),
        ("method_added", "breaking", 0),
        ("method_added", "additive", 3),
        ("descriptions_only", "additive", 0),
        ("descriptions_only", "invisible", 3),
        ("layout_of_descriptions_only", "invisible", 0),
    ] {
        let directory = directories(pair);
        let outcome = diff(directory.path(), &["old", "new", "--deny", denied]);
        assert_eq!((outcome.code, outcome.err.as_str()), (code, ""), "{pair}");
        assert_eq!(diff(directory.path(), &["old", "new"]).code, 0, "{pair}");
    }
    let directory = directories("property_added");
    let allow = "--allow=constructible_struct_adds_field";
    diff(
        directory.path(),
        &["old", "new", "--deny", "breaking", allow],
    )
    .success();
}

#[test]
fn each_format_is_printed() {
    let directory = directories("property_removed");
    let files = ["old/library.v1.json", "new/library.v1.json"];
    let printed =
        |arguments: &[&str]| diff(directory.path(), &[&files, arguments].concat()).success();
    assert!(printed(&[]).starts_with("Library API (library:v1), revision 20260101 → 20260202\n"));
    assert!(
        printed(&["--format", "markdown"]).contains("* **breaking:** property `pages` removed")
    );
    let entry = printed(&["--changelog"]);
    assert_eq!(
        entry,
        "### Removed\n\n- **Breaking:** `library_v1`: property `Book.pages`.\n"
    );
    assert_eq!(printed(&["--format", "changelog"]), entry);
    let json = printed(&["--format", "json", "--current", "0.4.1"]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["verdict"], "breaking");
    assert_eq!(json["next_version"], "0.5.0");
    assert!(printed(&["--current", "1.4.1"]).ends_with("\nNext version: 2.0.0\n"));
}

#[test]
fn wrong_usage_and_wrong_documents_have_a_status_of_their_own() {
    let directory = directories("property_removed");
    for wrong in [
        &["old"][..],
        &["old", "new", "--allow", "no_such_rule"],
        &["old", "new", "--current", "one"],
        &["old", "new", "--git", "a..b"],
        &["--git", "HEAD"],
        &["old", "new", "--changelog", "--format", "json"],
    ] {
        assert_eq!(diff(directory.path(), wrong).code, 2, "{wrong:?}");
    }
    // Without arguments it is the last commit, and there is none.
    assert_eq!(diff(directory.path(), &[]).code, 1);
    let missing = diff(directory.path(), &["no/such.json", "nor/this.json"]);
    assert_eq!(missing.code, 1);
    assert!(missing.err.contains("no/such.json") && missing.err.contains("nor/this.json"));
    fs::write(directory.path().join("new/library.v1.json"), "{}").expect("write");
    let outcome = diff(directory.path(), &["old", "new"]);
    assert_eq!((outcome.code, outcome.out.as_str()), (1, ""));
    assert!(
        outcome.err.starts_with("error: new/library.v1.json"),
        "{}",
        outcome.err
    );
}

fn git(directory: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
        .args(arguments)
        .current_dir(directory)
        .output()
        .expect("git runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn revisions_are_read_from_git() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let directory = directory.path();
    fs::create_dir_all(directory.join("clients/discovery")).expect("create directories");
    let write = |name| {
        let path = directory.join("clients/discovery/library.v1.json");
        fs::write(path, document("property_removed", name)).expect("write");
    };
    git(directory, &["init", "-q"]);
    write("old");
    git(directory, &["add", "."]);
    git(directory, &["commit", "-q", "-m", "old"]);
    git(directory, &["tag", "before"]);
    write("new");
    let removed = "property pages removed";
    let clients = directory.join("clients");
    // Uncommitted changes are compared with the files on the disk.
    assert!(
        diff(&clients, &["--git", "before.."])
            .success()
            .contains(removed)
    );
    assert!(
        diff(&clients, &["--git", "HEAD..before"])
            .success()
            .contains("no change")
    );
    git(directory, &["commit", "-q", "-a", "-m", "new"]);
    assert!(
        diff(&clients, &["--git", "before..HEAD"])
            .success()
            .contains(removed)
    );
    let file = "clients/discovery/library.v1.json";
    for (old, new) in [
        ("before:clients/discovery", "HEAD:clients/discovery/"),
        ("before:./discovery", "discovery"),
        (&format!("before:{file}"), "library-v1"),
        (
            &format!("before:{file}"),
            "HEAD:./discovery/library.v1.json",
        ),
    ] {
        let outcome = diff(&clients, &[old, new]);
        assert!(outcome.success().contains(removed), "{old} {new}");
    }
    // A name like a revision can also be the name of an API.
    assert!(
        diff(&clients, &["library:v1", "library:v1"])
            .success()
            .contains("no change")
    );
    // The message of git depends on its version.
    let outcome = diff(&clients, &["--git", "nowhere..before"]);
    let message = "error: git cannot read nowhere:./discovery: ";
    assert_eq!((outcome.code, outcome.out.as_str()), (1, ""));
    assert!(outcome.err.starts_with(message), "{}", outcome.err);
    let outcome = diff(&clients, &["--git", "before..HEAD", "--discovery", "none"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.err.contains("before:./none"), "{}", outcome.err);
}

/// Writes a document of another API into a directory.
fn write_other(directory: &Path, name: &str) {
    let other = document("property_removed", "new").replace("library", name);
    fs::create_dir_all(directory).expect("create a directory");
    fs::write(directory.join(format!("{name}.v1.json")), other).expect("write");
}

#[test]
fn case_g7_other_apis_and_empty_directories_are_told() {
    let directory = directories("property_removed");
    let directory = directory.path();
    write_other(&directory.join("other"), "shop");
    fs::create_dir(directory.join("empty")).expect("create a directory");
    let told = "note: library:v1 and shop:v1 are different APIs";
    for places in [
        ["old", "other"],
        ["old/library.v1.json", "other/shop.v1.json"],
    ] {
        let outcome = diff(directory, &[&places[..], &["--deny", "breaking"]].concat());
        assert_eq!((outcome.code, outcome.err.as_str()), (3, ""));
        assert!(outcome.out.starts_with(told), "{}", outcome.out);
        assert!(outcome.out.contains("! API removed"), "{}", outcome.out);
        assert!(outcome.out.contains("+ API added"), "{}", outcome.out);
        // A changelog has no notes.
        let outcome = diff(directory, &[&places[..], &["--changelog"]].concat());
        assert!(
            outcome
                .err
                .starts_with("warning: library:v1 and shop:v1 are")
        );
        assert!(outcome.out.starts_with("### Added\n"), "{}", outcome.out);
        let as_one = diff(directory, &[&places[..], &["--as-one-api"]].concat());
        assert!(as_one.success().contains("property pages removed"));
    }
    let gone = diff(directory, &["old", "empty"]).success();
    assert!(
        gone.starts_with("note: there is no newer document"),
        "{gone}"
    );
    diff(directory, &["empty", "empty"])
        .failure("error: neither side contains a document (*.json)");
    write_other(&directory.join("old"), "shop");
    diff(directory, &["old", "new", "--as-one-api"])
        .failure("error: --as-one-api takes one document on each side");
    let gone = diff(directory, &["old", "new", "--format", "json"]).success();
    let json: Value = serde_json::from_str(&gone).expect("JSON");
    assert_eq!(json["apis"][1]["id"], "shop:v1");
    assert_eq!(json["apis"][1]["changes"][0]["change"], "removed");
}
