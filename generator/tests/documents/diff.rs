//! `diff`: snapshots for each kind of change. The compared surface is the generated surface, and no text is hidden.
//!
//! `tools/measure/semver.py --fixtures` compares the same pairs with cargo-semver-checks.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::{collections::BTreeSet, path::PathBuf};

use gapi_generator::{
    Options, Source, analyze,
    diff::{self, Changes, Rule, Verdict},
};
use gapi_tests::{expected, workspace};
use rstest::rstest;

mod anyone;
mod harmless;
mod public;

/// A pair of documents, in a directory named after the change.
struct Pair {
    name: String,
    directory: PathBuf,
    old: Source,
    new: Source,
}

fn pairs() -> Vec<Pair> {
    let directories = workspace::entries(&workspace::pairs());
    directories.into_iter().map(read).collect()
}

/// Returns the pair in a directory.
fn read(directory: PathBuf) -> Pair {
    let read = |name: &str| Source {
        name: name.to_owned(),
        text: workspace::read(&directory.join(format!("{name}.json"))),
    };
    Pair {
        name: workspace::name(&directory),
        old: read("old"),
        new: read("new"),
        directory,
    }
}

fn compare(old: &[Source], new: &[Source]) -> Changes {
    let changes = diff::documents(old, new, &Options::default());
    changes.unwrap_or_else(|problems| panic!("{problems}"))
}

fn of(pair: &Pair) -> Changes {
    compare(
        std::slice::from_ref(&pair.old),
        std::slice::from_ref(&pair.new),
    )
}

/// If a directory has several documents of one API, the newest revision counts. Revisions compare as numbers.
#[test]
fn case_g12_the_newest_of_several_documents_is_compared() {
    let pair = pairs().into_iter().find(|pair| pair.name == "method_added");
    let pair = pair.expect("a pair");
    let source = |of: &Source, name: &str, revision: &str| {
        let mut document: serde_json::Value = serde_json::from_str(&of.text).expect("JSON");
        document["revision"] = revision.into();
        let text = document.to_string();
        let name = name.to_owned();
        Source { name, text }
    };
    let before = [source(&pair.old, "before", "8")];
    for (older, newer) in [
        ("9", "20261006"),
        ("9", "10"),
        ("20251006", "020261006"),
        ("99999999", "100000000"),
        ("", "9"),
        ("none", "9"),
    ] {
        let documents = [source(&pair.old, "a", older), source(&pair.new, "b", newer)];
        let reversed = [documents[1].clone(), documents[0].clone()];
        for documents in [documents, reversed] {
            let changes = compare(&before, &documents);
            let revisions: Vec<_> = changes.apis.iter().map(|api| &api.new).collect();
            assert_eq!(revisions, [&Some(newer.to_owned())], "{older} and {newer}");
            // Only the newer document has this method.
            assert_eq!(
                changes.verdict(),
                Some(Verdict::Additive),
                "{older} and {newer}"
            );
        }
    }
}

#[rstest]
fn each_kind_of_change_is_reported_as_pinned(
    #[files("*")]
    #[base_dir = "tests/pairs"]
    #[dirs]
    pair: PathBuf,
) {
    let pair = read(pair);
    let changes = of(&pair);
    expected::text(&pair.directory, "text", &diff::text(&changes, false));
    expected::value(&pair.directory, "json", diff::json(&changes));
    if pair.name == "one_of_everything" {
        expected::text(&pair.directory, "markdown", &diff::markdown(&changes));
        expected::text(&pair.directory, "changelog", &diff::changelog(&changes));
    }
}

#[test]
fn every_pair_has_its_tests() {
    let names: BTreeSet<String> = pairs().into_iter().map(|pair| pair.name).collect();
    for test in [
        "each_kind_of_change_is_reported_as_pinned",
        "what_breaks_is_breaking_and_nothing_else",
    ] {
        assert_eq!(expected::cases(test), names);
    }
}

/// The pairs that a person expects to be breaking.
const BREAKING: [&str; 23] = [
    "arguments_reordered",
    "method_gives_way_to_a_resource",
    "method_removed",
    "method_renamed",
    "one_of_everything",
    "optional_parameter_renamed",
    "pages_lost",
    "parameter_became_optional",
    "parameter_became_required",
    "parameter_of_the_api_removed",
    "parameter_type_changed",
    "property_added",
    "property_becomes_an_inline_enum",
    "property_removed",
    "property_renamed",
    "property_type_changed",
    "request_body_added",
    "required_parameter_added",
    "resource_removed",
    "response_changed",
    "schema_contains_itself",
    "schema_removed",
    "value_removed",
];
const BREAKING_TOO: [&str; 4] = [
    "schema_becomes_an_enum",
    "schema_renamed",
    "scope_removed",
    "upload_cannot_be_resumed",
];
const INVISIBLE: [&str; 1] = ["descriptions_only"];
const UNCHANGED: [&str; 1] = ["layout_of_descriptions_only"];

#[rstest]
fn what_breaks_is_breaking_and_nothing_else(
    #[files("*")]
    #[base_dir = "tests/pairs"]
    #[dirs]
    pair: PathBuf,
) {
    let pair = read(pair);
    let name = pair.name.as_str();
    let expected = if BREAKING.contains(&name) || BREAKING_TOO.contains(&name) {
        Some(Verdict::Breaking)
    } else if INVISIBLE.contains(&name) {
        Some(Verdict::Invisible)
    } else if UNCHANGED.contains(&name) {
        None
    } else {
        Some(Verdict::Additive)
    };
    assert_eq!(of(&pair).verdict(), expected);
}

#[test]
fn who_ends_literals_with_a_rest_can_allow_fields() {
    let pairs = pairs();
    let named = |name: &str| {
        let pair = pairs.iter().find(|pair| pair.name == name);
        of(pair.expect(name))
            .allowing(&[Rule::FieldAdded])
            .verdict()
    };
    assert_eq!(named("property_added"), Some(Verdict::Additive));
    assert_eq!(named("property_removed"), Some(Verdict::Breaking));
}

#[test]
fn a_document_is_the_same_as_itself_in_any_order() {
    let documents = workspace::documents();
    let mut reversed = workspace::documents();
    reversed.reverse();
    let changes = compare(&documents, &reversed);
    assert_eq!((changes.apis.len(), changes.compared), (0, 9));
    // Equal texts are skipped, so this one differs.
    let mut other = documents.clone();
    for document in &mut other {
        document.text.push('\n');
    }
    assert_eq!(compare(&documents, &other).apis, []);
}

#[test]
fn documents_come_and_go_by_their_ids() {
    let mut documents = workspace::documents();
    let last = documents.pop().expect("nine documents");
    let whole = workspace::documents();
    let added = compare(&documents, &whole);
    assert_eq!(added.verdict(), Some(Verdict::Additive));
    let removed = compare(&whole, &documents);
    assert_eq!(removed.verdict(), Some(Verdict::Breaking));
    let finding = &removed.apis[0].changes[0].findings[0];
    assert_eq!(
        (removed.apis.len(), finding.rule),
        (1, Rule::FeatureMissing)
    );
    let analysis = analyze(&last, &Options::default()).expect("it generates");
    assert_eq!(finding.item, analysis.names.module);
}

#[test]
fn every_problem_of_every_document_is_said() {
    let bad = |name: &str| Source {
        name: name.to_owned(),
        text: format!("{{\"id\": \"{name}\"}}"),
    };
    let problems = diff::documents(&[bad("a.json")], &[bad("b.json")], &Options::default());
    let problems = problems.expect_err("both are wrong").to_string();
    assert!(
        problems.contains("a.json") && problems.contains("b.json"),
        "{problems}"
    );
}
