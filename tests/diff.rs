//! `diff`: snapshots for each kind of change. The compared surface is the generated surface, and no text is hidden.
//!
//! `tests/measure/semver.py --fixtures` compares the same pairs with cargo-semver-checks.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::path::PathBuf;

use gapi_generator::{
    Options, Source, analyze,
    diff::{self, Changes, Rule, Verdict},
};
use gapi_tests::{expected, workspace};

#[path = "diff/harmless.rs"]
mod harmless;
#[path = "diff/public.rs"]
mod public;

/// A pair of documents, in a directory named after the change.
struct Pair {
    name: String,
    folder: PathBuf,
    old: Source,
    new: Source,
}

fn pairs() -> Vec<Pair> {
    let folders = workspace::entries(&workspace::tests().join("diff"));
    let folders = folders.into_iter().filter(|folder| folder.is_dir());
    let read = |folder: &PathBuf, name: &str| Source {
        name: name.to_owned(),
        text: workspace::read(&folder.join(format!("{name}.json"))),
    };
    let pairs = folders.map(|folder| Pair {
        name: workspace::name(&folder),
        old: read(&folder, "old"),
        new: read(&folder, "new"),
        folder,
    });
    pairs.collect()
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

#[test]
fn each_kind_of_change_is_reported_as_pinned() {
    for pair in pairs() {
        let changes = of(&pair);
        expected::text(&pair.folder, "text", &diff::text(&changes, false));
        expected::value(&pair.folder, "json", diff::json(&changes));
        if pair.name == "one_of_everything" {
            expected::text(&pair.folder, "markdown", &diff::markdown(&changes));
            expected::text(&pair.folder, "changelog", &diff::changelog(&changes));
        }
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

#[test]
fn what_breaks_is_breaking_and_nothing_else() {
    for pair in pairs() {
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
        assert_eq!(of(&pair).verdict(), expected, "{name}");
    }
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
