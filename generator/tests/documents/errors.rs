//! Messages for rejected documents. The generator never panics.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
};

use gapi_generator::{
    Diagnostics, Files, Options, Owner, Rename, Source, WriteError, Writer, analyze,
};
use gapi_tests::{
    expected,
    fixture::{self, Fixture},
    workspace,
};
use rstest::rstest;
use serde_json::{Value, json};

fn errors(fixture: &Fixture) -> Diagnostics {
    let rejected = fixture.analyze().err();
    rejected.unwrap_or_else(|| panic!("{} generates", fixture.name))
}

fn source(document: &Value) -> Source {
    Source {
        name: "discovery.json".to_owned(),
        text: document.to_string(),
    }
}

#[rstest]
fn every_message_is_as_pinned(
    #[files("error_*")]
    #[base_dir = "../tests/fixtures"]
    #[dirs]
    fixture: PathBuf,
) {
    let fixture = fixture::at(fixture);
    let errors = errors(&fixture);
    assert!(errors.has_errors(), "{}", fixture.name);
    expected::text(&fixture.directory, "errors", &errors.to_string());
}

#[test]
fn every_wrong_document_has_its_test() {
    let names = fixture::bad().into_iter().map(|fixture| fixture.name);
    let found = expected::cases("every_message_is_as_pinned");
    assert_eq!(found, names.collect());
}

/// Returns the renames that the messages suggest.
fn shown_renames(errors: &Diagnostics) -> Vec<Rename> {
    let all = errors.all().iter();
    all.map(|error| {
        let rename = error.rename.clone();
        rename.unwrap_or_else(|| panic!("it shows no rename: {error}"))
    })
    .collect()
}

fn analyze_with(fixture: &Fixture, renames: Vec<Rename>) -> gapi_generator::Analysis {
    let options = Options {
        renames,
        ..Options::default()
    };
    let analysis = analyze(&fixture.source, &options);
    let analysis = analysis.unwrap_or_else(|errors| panic!("{}:\n{errors}", fixture.name));
    analysis.files().expect("the output is Rust");
    analysis
}

#[test]
fn case_g6_conflicts_of_names_are_fixed_by_the_renames_in_their_messages() {
    for name in [
        "error_inline_types_that_meet",
        "error_names_that_meet",
        "error_self_in_two_cases",
        "error_names_with_nothing_in_them",
    ] {
        let fixture = fixture::named(name);
        let errors = errors(&fixture);
        let renames = shown_renames(&errors);
        assert!(!renames.is_empty());
        let text = errors.to_string();
        for rename in &renames {
            let line = format!("\n{}", rename.line());
            assert!(text.contains(&line), "{text}");
        }
        let analysis = analyze_with(&fixture, renames.clone());
        let files = analysis.files().expect("the output is Rust");
        for Rename { rust, .. } in renames {
            assert!(files.0.values().any(|code| code.contains(&rust)), "{rust}");
        }
    }
}

#[test]
fn a_rename_that_applies_to_nothing_is_rejected() {
    let rename = |document: &str, pointer: &str| Rename {
        document: document.to_owned(),
        pointer: pointer.to_owned(),
        rust: "Other".to_owned(),
    };
    let options = Options {
        renames: vec![
            rename("recursive_schema:v1", "/schemas/Type"),
            rename("recursive_schema:v1", "/schemas/Typo"),
            rename("recursive_schema:v1", "/schemas"),
            rename("another:v1", "/schemas/NotOfThisDocument"),
        ],
        ..Options::default()
    };
    let errors = analyze(&fixture::named("recursive_schema").source, &options);
    assert_eq!(
        errors.err().map(|errors| errors.to_string()).as_deref(),
        Some(
            "error: discovery.json#/schemas: the rename to `Other` does not match any place\n  \
             help: compare the place with the document, or remove the rename\n\
             error: discovery.json#/schemas/Typo: the rename to `Other` does not match any place\n  \
             help: compare the place with the document, or remove the rename"
        )
    );
}

#[test]
fn a_host_outside_googleapis_generates_only_when_it_is_allowed() {
    let fixture = fixture::named("error_host_outside_googleapis");
    let with = |hosts: &[&str]| {
        let options = Options {
            allowed_hosts: hosts.iter().map(ToString::to_string).collect(),
            ..Options::default()
        };
        analyze(&fixture.source, &options).map_or_else(|errors| errors.all().len(), |_| 0)
    };
    assert_eq!(with(&[]), 2);
    assert_eq!(with(&["api.example.com"]), 1);
    assert_eq!(with(&["api.example.com", "api.mtls.example.com"]), 0);
    assert_eq!(with(&["example.com"]), 2);
    // Each of these is a separate error.
    for wrong in ["", "*", "*.example.com", "https://api.example.com", "a b"] {
        assert_eq!(with(&[wrong]), 3, "{wrong}");
    }
}

#[test]
fn only_https_urls_of_a_bare_google_host_are_root_urls() {
    let generates = |root_url: &str| {
        let document = json!({
            "kind": "discovery#restDescription",
            "id": "a:v1",
            "name": "a",
            "version": "v1",
            "rootUrl": root_url,
        });
        analyze(&source(&document), &Options::default()).is_ok()
    };
    assert!(generates("https://spanner.googleapis.com/"));
    assert!(generates("https://www.googleapis.com/"));
    for rejected in [
        "",
        "/",
        "spanner.googleapis.com",
        "http://spanner.googleapis.com/",
        "https://spanner.googleapis.com",
        "https://spanner.googleapis.com/v1/",
        "https://spanner.googleapis.com:8443/",
        "https://user@spanner.googleapis.com/",
        "https://evil.example?spanner.googleapis.com/",
        "https://evil.example#spanner.googleapis.com/",
        "https://evil.example\\.googleapis.com/",
        "https://googleapis.com.evil.example/",
        "https://evilgoogleapis.com/",
        "https://googleapis.com/",
        "https:///",
        "HTTPS://spanner.googleapis.com/",
        "https://spanner.googleapis.com/\n",
    ] {
        assert!(!generates(rejected), "{rejected:?} is accepted");
    }
}

#[test]
fn nesting_as_deep_as_json_allows_generates() {
    // The parser allows 128 levels, and each of these objects takes two.
    let mut schema = json!({"type": "string"});
    for _ in 0..60 {
        schema = json!({"type": "object", "properties": {"a": schema}});
    }
    let document = json!({
        "kind": "discovery#restDescription",
        "id": "a:v1",
        "name": "a",
        "version": "v1",
        "rootUrl": "https://a.googleapis.com/",
        "schemas": {"A": schema},
    });
    let analysis = analyze(&source(&document), &Options::default()).expect("it generates");
    assert_eq!(analysis.api.types.len(), 60);
    analysis.files().expect("the output is Rust");
}

#[test]
fn control_characters_of_a_document_do_not_reach_the_terminal() {
    let document = json!({
        "kind": "discovery#restDescription",
        "id": "a:v1",
        "name": "a",
        "version": "v1",
        "rootUrl": "https://a.googleapis.com/\u{1b}[31m",
    });
    let errors = analyze(&source(&document), &Options::default()).expect_err("not a root URL");
    assert!(!errors.to_string().contains('\u{1b}'));
}

/// Values that replace each value of a document in turn, and names that replace its name.
const NAMES: [&str; 9] = ["", "1", "日本", "a b", "self", "r#type", "../x", "\"", "{}"];

fn values() -> [Value; 7] {
    [
        Value::Null,
        json!(true),
        json!(-1.5),
        json!("{"),
        json!("日本"),
        json!([]),
        json!({}),
    ]
}

#[test]
fn no_mutation_of_a_document_is_a_panic() {
    let documents = fixture::good().into_iter().filter_map(|fixture| {
        let small = fixture.source.text.len() < 5_000;
        let document = serde_json::from_str::<Value>(&fixture.source.text);
        small.then(|| document.expect("a fixture is JSON"))
    });
    let mut turns = 0;
    for document in documents {
        let mut places = Vec::new();
        collect(&document, &mut Vec::new(), &mut places);
        for place in places {
            turns += 1;
            let mutated = if turns % 2 == 0 {
                replaced(
                    &document,
                    &place,
                    values()[turns / 2 % values().len()].clone(),
                )
            } else {
                renamed(&document, &place, NAMES[turns / 2 % NAMES.len()])
            };
            let source = source(&mutated);
            let generate = || analyze(&source, &Options::default()).and_then(|a| a.files());
            let outcome = catch_unwind(AssertUnwindSafe(generate));
            assert!(outcome.is_ok(), "a panic on {mutated:#}");
        }
    }
    assert!(turns > 1_000, "only {turns} places were tried");
}

fn collect(value: &Value, at: &mut Vec<String>, places: &mut Vec<Vec<String>>) {
    let mut child = |name: String, value: &Value| {
        at.push(name);
        places.push(at.clone());
        collect(value, at, places);
        at.pop();
    };
    match value {
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(name, value)| child(name.clone(), value));
        }
        Value::Array(elements) => {
            let elements = elements.iter().enumerate();
            elements.for_each(|(index, value)| child(index.to_string(), value));
        }
        _ => {}
    }
}

fn at<'v>(value: &'v mut Value, path: &[String]) -> &'v mut Value {
    path.iter().fold(value, |value, step| match value {
        Value::Object(members) => &mut members[step],
        Value::Array(elements) => &mut elements[step.parse::<usize>().expect("an index")],
        _ => panic!("no such place"),
    })
}

fn replaced(document: &Value, place: &[String], value: Value) -> Value {
    let mut mutated = document.clone();
    *at(&mut mutated, place) = value;
    mutated
}

fn renamed(document: &Value, place: &[String], name: &str) -> Value {
    let mut mutated = document.clone();
    let (last, parent) = place.split_last().expect("no place is the whole document");
    if let Value::Object(members) = at(&mut mutated, parent)
        && let Some(value) = members.remove(last)
    {
        members.insert(name.to_owned(), value);
    }
    mutated
}

#[test]
fn a_write_that_fails_leaves_nothing_half_written() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let file = |path: &str| (path.into(), "new".to_owned());
    let files = Files(["a.rs", "b.rs", "c.rs"].map(file).into());
    std::fs::write(directory.path().join("a.rs"), "old").expect("write");
    // A directory cannot be replaced by a file.
    std::fs::create_dir(directory.path().join("b.rs")).expect("create a directory");
    let failure = Writer::new(directory.path(), Owner::Modules)
        .write(&files)
        .expect_err("b.rs is a directory");
    let at = directory.path().join("b.rs");
    assert!(
        matches!(&failure, WriteError::InTheWay { path, .. } if *path == at),
        "{failure}"
    );
    assert_eq!(workspace::read(&directory.path().join("a.rs")), "old");
    let names = workspace::entries(directory.path())
        .iter()
        .map(|path| workspace::name(path))
        .collect::<Vec<_>>();
    assert_eq!(
        names,
        ["a.rs", "b.rs"],
        "files that wait for their place are left"
    );
}
