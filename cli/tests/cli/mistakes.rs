//! Mistakes in documents, files and arguments: a clear message, and nothing half written.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::fs;

use gapi_tests::fixture;

use crate::project::{contents, project, run};

#[test]
fn a_missing_file_is_named() {
    let project = project();
    for arguments in [
        &["inspect", "nowhere/a.json"][..],
        &["generate", "nowhere/a.json", "--out", "out"],
    ] {
        run(project.path(), arguments)
            .failure("error: cannot read nowhere/a.json: No such file or directory (os error 2)");
    }
    assert!(!project.path().join("out").exists());
    run(project.path(), &["generate", "--discovery", "nowhere"]).failure(
        "error: cannot read the directory of documents nowhere: No such file or directory (os error 2)\n  \
         help: `gapi fetch` gets documents from Google",
    );
    run(project.path(), &["check", "--out", "nowhere"])
        .failure("error: gapi.toml has no output `nowhere`\n  help: it has `generated`");
}

#[test]
fn an_unknown_api_lists_those_that_there_are() {
    let project = project();
    run(project.path(), &["inspect", "pages"]).failure(
        "error: discovery has no API `pages`\n  help: it has paging-query-token-v1, recursive-schema-v1",
    );
}

#[test]
fn a_similar_name_is_suggested() {
    let project = project();
    for (arguments, meant) in [
        (&["inspect", "recursive-shema"][..], "recursive-schema"),
        (&["describe", "recursive-schema-v2"], "recursive-schema-v1"),
        (
            &[
                "generate",
                "discovery/recursive_schema.v2.json",
                "--out",
                "out",
            ],
            "discovery/recursive_schema.v1.json",
        ),
        (
            &[
                "generate",
                "paging-query-token",
                "--resources",
                "thing",
                "--out",
                "out",
            ],
            "things",
        ),
    ] {
        let outcome = run(project.path(), arguments);
        assert_eq!(outcome.code, 1, "{outcome:?}");
        let help = format!("help: did you mean `{meant}`?");
        assert!(outcome.err.contains(&help), "{outcome:?}");
    }
}

#[test]
fn an_invalid_document_is_rejected_and_nothing_is_written() {
    let project = project();
    let before = contents(&project);
    fs::write(
        project.path().join("discovery/list.json"),
        r#"{"kind": "discovery#directoryList"}"#,
    )
    .expect("write");
    let message = "error: discovery/list.json: not a Discovery document: `kind` is not `discovery#restDescription`";
    for arguments in [
        &["generate"][..],
        &["check"],
        &["generate", "list", "--out", "out"],
        &["inspect", "list"],
    ] {
        let outcome = run(project.path(), arguments);
        assert_eq!(outcome.code, 1, "{arguments:?}");
        assert_eq!(outcome.err.lines().next(), Some(message), "{arguments:?}");
    }
    fs::remove_file(project.path().join("discovery/list.json")).expect("remove");
    assert_eq!(contents(&project), before);
}

#[test]
fn an_empty_directory_of_documents_deletes_nothing() {
    let project = project();
    fs::create_dir(project.path().join("empty")).expect("create a directory");
    let before = contents(&project);
    run(project.path(), &["generate", "--discovery", "empty"]).failure(
        "error: empty contains no document (*.json)\n  help: `gapi fetch` gets documents from Google",
    );
    assert_eq!(contents(&project), before);
}

#[test]
fn a_directory_that_cannot_be_written_is_named_and_nothing_is_half_written() {
    let project = project();
    fs::write(project.path().join("file"), "in the way").expect("write");
    // A file is in the place of a directory.
    fs::create_dir(project.path().join("out")).expect("create a directory");
    fs::write(project.path().join("out/recursive_schema_v1"), "in the way").expect("write");
    fs::write(project.path().join("out/recursive_schema_v1.rs"), "old").expect("write");
    let before = contents(&project);
    for out in ["file", "file/below", "out"] {
        let outcome = run(
            project.path(),
            &["generate", "recursive-schema", "--out", out],
        );
        assert_eq!(outcome.code, 1, "{outcome:?}");
        assert!(outcome.err.starts_with("error: cannot "), "{outcome:?}");
        assert!(outcome.err.contains(out), "{outcome:?}");
        assert_eq!(contents(&project), before);
    }
}

#[test]
fn two_documents_of_one_api_are_rejected() {
    let project = project();
    let text = fixture::named("recursive_schema").source.text;
    fs::write(project.path().join("discovery/twice.json"), text).expect("write");
    let before = contents(&project);
    for arguments in [
        &["generate"][..],
        &["generate", "recursive-schema-v1", "twice", "--out", "out"],
    ] {
        let outcome = run(project.path(), arguments);
        assert_eq!(outcome.code, 1, "{arguments:?}: {outcome:?}");
        assert!(
            outcome
                .err
                .contains("another document also has the id `recursive_schema:v1`"),
            "{outcome:?}"
        );
    }
    assert_eq!(contents(&project), before);
}

#[test]
fn wrong_usage_is_2_and_help_is_0() {
    let project = project();
    for arguments in [
        &["nonsense"][..],
        &["list", "--derive", "Type=Hash"],
        &["check", "recursive-schema-v1"],
        &["fetch", "--resources", "things"],
        &["generate", "recursive-schema-v1"],
        &["inspect"],
        &["--nonsense"],
        &["check", "--rename", "no pointer in it"],
    ] {
        let outcome = run(project.path(), arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}: {outcome:?}");
        assert!(outcome.err.starts_with("error: "), "{outcome:?}");
        assert_eq!(outcome.out, "", "{arguments:?}");
    }
    for arguments in [["--help"], ["--version"]] {
        assert!(run(project.path(), &arguments).success().contains("gapi"));
    }
}
