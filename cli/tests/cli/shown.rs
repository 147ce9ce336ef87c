//! Output for people and scripts: `inspect`, `describe`, `list`, `--quiet`, completions and help.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::fs;

use gapi_tests::workspace;
use serde_json::Value;

use crate::project::{project, run};

#[test]
fn inspect_prints_the_model_the_facts_and_the_names_as_json() {
    let out = run(&workspace::root(), &["inspect", "spanner-v1", "--json"]).success();
    let json: Value = serde_json::from_str(&out).expect("JSON");
    let members: Vec<&String> = json.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["facts", "ir", "items", "names"]);
    let list = "spanner.projects.instances.operations.list";
    assert_eq!(json["facts"]["paging"][list]["next_token"], "nextPageToken");
    assert_eq!(json["names"]["methods"][list]["function"], "list");
    assert_eq!(json["ir"]["id"], "spanner:v1");
    let summary = run(&workspace::root(), &["inspect", "spanner:v1"]).success();
    assert!(
        summary.contains("module spanner_v1, feature spanner-v1, client Spanner"),
        "{summary}"
    );
}

#[test]
fn describe_prints_a_page_without_styles_where_nobody_sees_them() {
    let project = project();
    let describe = |arguments: &[&str]| {
        run(
            project.path(),
            &[&["describe", "paging-query-token"][..], arguments].concat(),
        )
    };
    let api = describe(&[]).success();
    assert!(api.contains("\nResources\n  things  "), "{api}");
    let page = describe(&["things"]).success();
    assert!(page.contains("\n    pub fn pages(self) -> "), "{page}");
    assert!(!page.contains('\u{1b}'), "{page}");
    let markdown = describe(&["things", "--format", "markdown"]).success();
    assert!(markdown.contains("\n## `list`\n"), "{markdown}");
    let html = describe(&["things.list", "--format", "html"]).success();
    assert!(
        html.starts_with("<!doctype html>\n") && html.ends_with("</html>\n"),
        "{html}"
    );
    assert!(html.contains("<h2 id=\"list\">list</h2>"), "{html}");
}

#[test]
fn describe_takes_a_path_and_names_what_there_is() {
    let path = "discovery/paging_query_token.v1.json";
    let project = project();
    let outcome = run(project.path(), &["describe", path, "thing"]);
    outcome.failure(
        "error: paging_query_token:v1 has no resource or method `thing`\n  \
         help: did you mean `things`?\n  \
         help: there are the resources `things`",
    );
    for arguments in [
        &["describe"][..],
        &["describe", path, "things", "more"],
        &["describe", path, "--format", "pdf"],
    ] {
        let outcome = run(project.path(), arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}: {outcome:?}");
        assert_eq!(outcome.out, "", "{arguments:?}");
    }
    let help = run(project.path(), &["describe", "--help"]).success();
    let example = "gapi describe spanner-v1 projects.instances.operations.list\n";
    assert!(help.contains(example), "{help}");
}

#[test]
fn list_shows_what_there_is() {
    let project = project();
    let table = run(project.path(), &["list"]).success();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        rows[0],
        ["feature", "revision", "methods", "schemas", "title"]
    );
    assert_eq!(
        rows[1][..2],
        ["paging-query-token-v1", "20260101"],
        "{table}"
    );
    assert_eq!(rows.len(), 3, "{table}");

    let json = run(&workspace::root(), &["list", "--json", "--quiet"]).success();
    let json: Value = serde_json::from_str(&json).expect("JSON");
    for (row, source) in json
        .as_array()
        .expect("a list")
        .iter()
        .zip(workspace::documents())
    {
        let document: Value = serde_json::from_str(&source.text).expect("JSON");
        for member in ["id", "revision", "title"] {
            assert_eq!(row[member], document[member]);
        }
        let schemas = document["schemas"]
            .as_object()
            .map_or(0, serde_json::Map::len);
        assert_eq!(row["schemas"], schemas, "{}", source.name);
        assert_eq!(row["file"], format!("discovery/{}", source.name));
        let feature = source.name.replace(".json", "").replace('.', "-");
        assert_eq!(row["feature"], feature);
    }
}

#[test]
fn list_shows_the_others_if_a_document_is_rejected() {
    let project = project();
    fs::write(project.path().join("discovery/a.v1.json"), "{").expect("write");
    let outcome = run(project.path(), &["list"]);
    assert_eq!(outcome.code, 1);
    assert_eq!(outcome.out.lines().count(), 3, "{outcome:?}");
    assert!(
        outcome
            .err
            .starts_with("error: discovery/a.v1.json: not JSON"),
        "{outcome:?}"
    );
}

#[test]
fn quiet_leaves_results_and_errors() {
    let project = project();
    for arguments in [
        &["generate", "--quiet"][..],
        &["check", "-q"],
        &["generate", "recursive-schema", "--out", "out", "--quiet"],
    ] {
        assert_eq!(
            run(project.path(), arguments).success(),
            "",
            "{arguments:?}"
        );
    }
    assert!(
        run(project.path(), &["inspect", "recursive-schema", "-q"])
            .success()
            .contains(" methods, ")
    );
    assert_ne!(run(project.path(), &["inspect", "nothing", "-q"]).err, "");
}

#[test]
fn every_shell_gets_its_completions() {
    let project = project();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(project.path(), &["completions", shell]).success();
        for word in ["gapi", "describe", "fetch", "dry-run"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(run(project.path(), &["completions", "tcsh"]).code, 2);
}

#[test]
fn the_help_of_every_command_has_examples() {
    let project = project();
    let help = run(project.path(), &["--help"]).success();
    let commands = help
        .split("Commands:\n")
        .nth(1)
        .expect("a list of commands");
    let commands: Vec<&str> = commands
        .lines()
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert!(commands.len() > 5, "{help}");
    for command in commands.into_iter().map(Some).chain([None]) {
        let arguments: Vec<&str> = command.into_iter().chain(["--help"]).collect();
        let help = run(project.path(), &arguments).success();
        let examples = help.split("\nExamples:\n").nth(1);
        let examples = examples.unwrap_or_else(|| panic!("{command:?} has no examples"));
        let start = format!("  gapi {}", command.unwrap_or_default());
        let count = examples
            .lines()
            .filter(|line| line.starts_with(start.trim_end()))
            .count();
        assert!(count >= 2, "{command:?}: {examples}");
    }
}
