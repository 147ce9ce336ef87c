//! Random JSON of every schema of the nine documents is preserved when it is read and written.
//!
//! `instances.rs` makes the JSON from the documents alone. `lossless/tables/` names the generated type of each schema.
//! The program `lossless` does the same for other documents.

#![allow(clippy::expect_used, reason = "tests")]

use std::collections::BTreeMap;

use crate::round_trip;
use gapi_generator::{Options, analyze};
use gapi_tests::{
    instances::{Document, class::Class},
    round_trips::{self, Outcome, Tally},
    workspace,
};
use serde_json::Value;

mod tables;

/// The number of instances of each schema.
const INSTANCES: u32 = 20;

/// The classes that do not occur in the nine documents: none has a `date`.
const ABSENT: [Class; 1] = [Class::Day];

#[test]
fn every_schema_preserves_its_json() {
    let mut tally = Tally::default();
    for source in workspace::documents() {
        let document = Document::parse(&source.text).expect("JSON");
        let analysis = analyze(&source, &Options::default()).expect("the document generates");
        let module = analysis.names.module;
        let table = tables::ALL.iter().find(|(name, _)| *name == module);
        let rows: BTreeMap<_, _> = table
            .expect("the module has a table")
            .1
            .iter()
            .copied()
            .collect();
        let checked = round_trips::check(&document, INSTANCES, |schema, instances| {
            let round_trip = rows
                .get(schema)
                .ok_or_else(|| format!("{module} has no {schema}"))?;
            let result = |text: &str| match round_trip(text) {
                Ok(round_trip::Outcome { text, is_same }) => Ok(Outcome { text, is_same }),
                Err(error) => Err(error.to_string()),
            };
            Ok::<_, String>(
                instances
                    .iter()
                    .map(|instance| result(&instance.text))
                    .collect(),
            )
        });
        tally.add(checked.expect("every schema has a type"));
    }
    let shown: Vec<String> = tally
        .differences
        .iter()
        .take(20)
        .map(ToString::to_string)
        .collect();
    assert!(
        shown.is_empty(),
        "{} differences:\n{}",
        tally.differences.len(),
        shown.join("\n")
    );
    assert_eq!(tally.documents, 9);
    assert!(tally.schemas > 800, "only {} schemas", tally.schemas);
    let never: Vec<Class> = Class::ALL
        .iter()
        .copied()
        .filter(|class| tally.counts.of(*class) == 0)
        .collect();
    assert_eq!(never, ABSENT, "these were never made");
}

/// A mistake that a type could make with a value.
type Mistake = fn(Value) -> Value;

#[test]
fn a_type_that_loses_something_is_noticed() {
    let mistakes: [(&str, Mistake); 4] = [
        ("has no nulls", |value| match value {
            Value::Null => false.into(),
            _ => value,
        }),
        ("knows no new enum value", |value| {
            if value == "A_VALUE_OF_TOMORROW" {
                "UNKNOWN".into()
            } else {
                value
            }
        }),
        ("has floats for 64-bit integers", |value| {
            match value.as_str().map(str::parse::<i64>) {
                Some(Ok(i64::MAX)) => "9223372036854775808".into(),
                _ => value,
            }
        }),
        ("cuts times to seconds", |value| match value.as_str() {
            Some(text) if text.ends_with('Z') && text.len() == 30 => {
                format!("{}Z", &text[..19]).into()
            }
            _ => value,
        }),
    ];
    let sources = workspace::documents();
    let spanner = sources
        .iter()
        .find(|source| source.name == "spanner.v1.json")
        .expect("spanner.v1");
    let document = Document::parse(&spanner.text).expect("JSON");
    for (name, mistake) in mistakes {
        let tally = round_trips::check(&document, INSTANCES, |_, instances| {
            let spoilt = |expected: &Value| Outcome {
                text: each(expected.clone(), mistake).to_string(),
                is_same: true,
            };
            Ok::<_, String>(
                instances
                    .iter()
                    .map(|instance| Ok(spoilt(&instance.expected)))
                    .collect(),
            )
        });
        let tally = tally.expect("every request has a response");
        assert!(
            !tally.differences.is_empty(),
            "nobody notices a type that {name}"
        );
    }
    let exact = round_trips::check(&document, INSTANCES, |_, instances| {
        let right = |expected: &Value| Outcome {
            text: expected.to_string(),
            is_same: true,
        };
        Ok::<_, String>(
            instances
                .iter()
                .map(|instance| Ok(right(&instance.expected)))
                .collect(),
        )
    });
    assert!(
        exact
            .expect("every request has a response")
            .differences
            .is_empty()
    );
}

/// Makes the mistake everywhere in a value.
fn each(value: Value, mistake: Mistake) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(name, member)| (name, each(member, mistake)))
                    .collect(),
            )
        }
        Value::Array(elements) => elements
            .into_iter()
            .map(|element| each(element, mistake))
            .collect(),
        scalar => mistake(scalar),
    }
}
