//! Documents of other projects: allowed hosts, corrections, encodings, and renames to paste.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::fs;

use gapi_tests::{fixture, workspace};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::project::run;

/// The rest of a project file with one output.
const OUTPUT: &str = "[[output]]\nout = \"src\"\ndocuments = [\"discovery/*.json\"]\n";

/// Creates a project with a document.
fn project(head: &str, document: impl AsRef<[u8]>) -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    fs::create_dir(directory.path().join("discovery")).expect("create a directory");
    write(&directory, "discovery/d.json", document);
    write(&directory, "gapi.toml", format!("{head}{OUTPUT}"));
    directory
}

fn write(project: &TempDir, path: &str, text: impl AsRef<[u8]>) {
    fs::write(project.path().join(path), text).expect("write");
}

/// Generates, and returns the error.
fn refusal(project: &TempDir, command: &str) -> String {
    let outcome = run(project.path(), &[command]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    outcome.err
}

fn guestbook() -> Value {
    json!({
        "kind": "discovery#restDescription",
        "id": "guestbook:v1",
        "name": "guestbook",
        "version": "v1",
        "rootUrl": "http://localhost:8080/_ah/api",
        "servicePath": "guestbook/v1/",
        "methods": {"get": {"id": "guestbook.get", "path": "entry", "httpMethod": "GET"}},
    })
}

#[test]
fn case_g1_the_project_file_allows_a_host() {
    let document = guestbook().to_string();
    let error = refusal(&project("", &document), "generate");
    assert!(error.contains("`--allow-host localhost:8080`"), "{error}");
    for host in ["localhost", "localhost:8080"] {
        let head = format!("allow-hosts = [\"{host}\"]\n");
        let project = project(&head, &document);
        assert_eq!(run(project.path(), &["generate"]).code, 0);
        assert_eq!(run(project.path(), &["check"]).code, 0);
        let code = workspace::read(&project.path().join("src/guestbook_v1.rs"));
        let row = "root_url: \"http://localhost:8080/_ah/api/\",";
        assert!(code.contains(row), "{code}");
    }
    let project = project("allow-hosts = [\"localhost:80\"]\n", &document);
    refusal(&project, "generate");
    let options = ["generate", "--allow-host", "localhost:8080"];
    assert_eq!(run(project.path(), &options).code, 0);
}

#[test]
fn case_g3_a_stale_correction_is_an_error_only_where_corrections_are_maintained() {
    let path = workspace::tests().join("clients/documents/firestore.v1.json");
    let current = workspace::read(&path);
    let mut document: Value = serde_json::from_str(&current).expect("JSON");
    document["revision"] = "20200101".into();
    let documents = "/resources/projects/resources/databases/resources/documents";
    let methods = document.pointer_mut(documents).expect("documents");
    methods["methods"]["runQuery"]["parameters"]["parent"]["pattern"] = "^projects/.*$".into();
    methods["methods"]
        .as_object_mut()
        .expect("methods")
        .remove("listDocuments");
    let project = project("", document.to_string());
    for command in ["generate", "check"] {
        let outcome = run(project.path(), &[command]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
    }
    // The repository of the generator.
    fs::create_dir_all(project.path().join("generator/src")).expect("create a directory");
    write(&project, "generator/src/fixups.rs", "");
    assert_eq!(run(project.path(), &["generate"]).code, 0);
    let error = refusal(&project, "check");
    let stale = "a correction in generator/src/fixups no longer applies";
    assert_eq!(error.matches(stale).count(), 2, "{error}");
    write(&project, "discovery/d.json", current);
    run(project.path(), &["generate"]);
    let outcome = run(project.path(), &["check"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
}

#[test]
fn case_g6_documents_come_in_the_encodings_of_editors() {
    let text = guestbook()
        .to_string()
        .replace("guestbook.get", "guestbook.é");
    let utf_16 = |mark: [u8; 2], unit: fn(u16) -> [u8; 2]| {
        let units = text.encode_utf16().flat_map(unit);
        mark.into_iter().chain(units).collect::<Vec<u8>>()
    };
    for document in [
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        utf_16([0xff, 0xfe], u16::to_le_bytes),
        utf_16([0xfe, 0xff], u16::to_be_bytes),
    ] {
        let rename = "renames.\"guestbook:v1#/methods/get\" = \"read\"\n";
        let project = project("allow-hosts = [\"localhost\"]\n", &document);
        write(
            &project,
            "gapi.toml",
            format!("allow-hosts = [\"localhost\"]\n{OUTPUT}{rename}"),
        );
        for arguments in [
            &["generate"][..],
            &["check"],
            &["list"],
            &["describe", "d"],
            &["diff", "discovery/d.json", "discovery/d.json"],
        ] {
            let outcome = run(project.path(), arguments);
            assert_eq!(outcome.code, 0, "{outcome:?}");
        }
        let code = workspace::read(&project.path().join("src/guestbook_v1.rs"));
        assert!(code.contains("pub fn read("), "{code}");
        assert!(code.contains("id: \"guestbook.é\","), "{code}");
    }
    let error = refusal(&project("", b"\xff\xfe{"), "generate");
    assert!(error.contains("not UTF-16"), "{error}");
}

/// Returns the lines for the project file in an error message.
fn shown_lines(error: &str) -> Vec<&str> {
    let lines = error.lines().filter(|line| line.starts_with("renames."));
    lines.collect()
}

#[test]
fn case_g6_lines_that_resolve_names_work_when_they_are_pasted() {
    let long = ["a", "b"].map(|end| "long".repeat(60) + end);
    let hostile = json!({
        "kind": "discovery#restDescription",
        "id": "guestbook:v1",
        "name": "guestbook",
        "version": "v1",
        "rootUrl": "https://guestbook.googleapis.com/",
        "schemas": {"A": {"type": "object", "properties": {
            "kind": {"type": "string", "enum": [
                "<", "<=", "", " ", "a\"b", "a'b", "a\\b", "a\nb", "$(reboot)", "`reboot`", "日", "\u{202e}", "\u{200b}", "~/=#",
            ]},
            "fooBar": {"type": "object", "properties": {"x": {"type": "string"}}},
            "foo_bar": {"type": "object", "properties": {"x": {"type": "string"}}},
            "foo-bar": {"type": "string", "enum": ["x"]},
            "foo bar": {"type": "string"},
            long[0].as_str(): {"type": "string"},
            long[1].as_str(): {"type": "object", "properties": {"x": {"type": "string"}}},
        }}},
    });
    let names = [
        "error_inline_types_that_meet",
        "error_names_that_meet",
        "error_self_in_two_cases",
        "error_names_with_nothing_in_them",
    ];
    let fixtures = names.map(|name| fixture::named(name).source.text);
    for document in fixtures.into_iter().chain([hostile.to_string()]) {
        let project = project("", &document);
        let error = refusal(&project, "generate");
        let lines = shown_lines(&error);
        assert!(!lines.is_empty(), "{error}");
        let text = format!("{OUTPUT}{}\n", lines.join("\n"));
        write(&project, "gapi.toml", text);
        let outcome = run(project.path(), &["generate"]);
        assert_eq!(outcome.code, 0, "{outcome:?}\n{error}");
    }
}

#[test]
fn case_s8_the_shown_option_is_one_word_for_a_shell() {
    let document = |values: &[&str]| {
        json!({
            "kind": "discovery#restDescription",
            "id": "guestbook:v1",
            "name": "guestbook",
            "version": "v1",
            "rootUrl": "https://guestbook.googleapis.com/",
            "schemas": {"A": {"type": "object", "properties": {"kind": {"type": "string", "enum": values}}}},
        })
    };
    let values = [
        "$(touch evil)",
        "$(touch-evil)",
        "a'b",
        "a`b",
        "`touch evil`",
        "touch evil",
        "touch;evil",
        "touch-evil",
        "<",
        ">evil",
        "*",
        "~",
        "!!",
        "\\",
        "a&touch evil&b",
        "a-touch-evil-b",
    ];
    for pair in values.chunks(2) {
        let project = project("", document(&[pair, &["A B", "a-b"]].concat()).to_string());
        let error = refusal(&project, "generate");
        let options: Vec<&str> = error
            .lines()
            .filter_map(|line| line.strip_prefix("  help: rename it: `")?.strip_suffix('`'))
            .collect();
        assert!(!options.is_empty(), "{error}");
        // A shell that splits the line as a user's does.
        let script = format!("exec \"$0\" generate {}", options.join(" "));
        let outcome = std::process::Command::new("sh")
            .args(["-c", &script, crate::PROGRAM])
            .current_dir(project.path())
            .output()
            .expect("a shell");
        let said = String::from_utf8_lossy(&outcome.stderr);
        assert!(outcome.status.success(), "{script}\n{said}");
        assert!(!project.path().join("evil").exists(), "{script}");
    }
}
