//! Names do not depend on the order of a document or on its other contents. Additions never rename existing items.
//!
//! Tests the nine documents and the fixtures. To test every document of a directory:
//!
//! ```sh
//! STABILITY_OF=target/corpus/documents cargo test --release -p gapi-generator --test documents stability::
//! ```
//!
//! `STABILITY_SEEDS` is the number of changes of each document (3). A failure names the document and the seed.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use gapi_generator::{Analysis, Diagnostics, Options, Source, analyze};
use gapi_tests::{fixture, random::Random, stable_names as names, workspace};
use serde_json::Value;

mod change;
use names::Table;

/// Returns the documents, except those without a client.
fn documents() -> Vec<Source> {
    let directory = std::env::var("STABILITY_OF").ok();
    let Some(directory) = directory else {
        let fixtures = fixture::good().into_iter().map(|fixture| Source {
            name: fixture.name,
            ..fixture.source
        });
        return fixtures.chain(workspace::documents()).collect();
    };
    let paths = workspace::entries(&workspace::root().join(Path::new(&directory)));
    let sources = paths.iter().map(|path| Source {
        name: workspace::name(path),
        text: workspace::read(path),
    });
    let found: Vec<Source> = sources
        .filter(|source| source.text.contains("discovery#restDescription"))
        .collect();
    assert!(!found.is_empty(), "no document in {directory}");
    found
}

fn seeds() -> u64 {
    let asked = std::env::var("STABILITY_SEEDS").ok();
    asked.map_or(3, |asked| asked.parse().expect("a number of seeds"))
}

/// Returns the document with an id that has no corrections, because corrections require their places.
fn read(source: &Source) -> Value {
    let mut document: Value = serde_json::from_str(&source.text).expect("JSON");
    document["id"] = "stability:v0".into();
    document
}

fn understand(name: &str, text: String) -> Result<Analysis, Diagnostics> {
    let source = Source {
        name: name.to_owned(),
        text,
    };
    analyze(&source, &Options::default())
}

/// Runs a check on each document, on every core, and fails with its findings.
fn each(check: impl Fn(&Source) -> Vec<String> + Sync) {
    let documents = documents();
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(source) = documents.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let problems = check(source);
                    found.lock().expect("no check panics here").extend(problems);
                }
            });
        }
    });
    let found = found.into_inner().expect("no check panicked");
    assert!(
        found.is_empty(),
        "{} findings:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn the_order_of_members_does_not_matter() {
    each(|source| {
        let generate = |text: &str| {
            let analysis = understand(&source.name, text.to_owned()).expect("it generates");
            analysis.files().expect("the output is Rust").0
        };
        let document: Value = serde_json::from_str(&source.text).expect("JSON");
        let wanted = generate(&source.text);
        let differs = |seed: &u64| {
            let mut text = String::new();
            change::shuffled(
                &document,
                &mut Random::of(&[&source.name], *seed),
                &mut text,
            );
            generate(&text) != wanted
        };
        let found = (0..seeds().min(1)).filter(differs);
        found
            .map(|seed| format!("{}, seed {seed}: other output", source.name))
            .collect()
    });
}

#[test]
fn what_a_document_adds_renames_nothing() {
    let moved = AtomicUsize::new(0);
    each(|source| {
        let document = read(source);
        let whole = understand(&source.name, document.to_string()).expect("it generates");
        let whole = names::of(&whole);
        let mut found = Vec::new();
        for seed in 0..seeds() {
            let place = format!("{}, seed {seed}", source.name);
            let part = change::smaller(&document, &mut Random::of(&[&source.name], seed));
            match understand(&place, part.to_string()) {
                Ok(part) => compare(&place, &names::of(&part), &whole, &moved, &mut found),
                Err(errors) => found.push(format!("{place}: does not generate:\n{errors}")),
            }
        }
        found
    });
    println!(
        "functions that gave way to a resource: {}",
        moved.into_inner()
    );
}

#[test]
fn one_more_thing_renames_nothing_or_is_an_error() {
    let (moved, rejected, tried) = (
        AtomicUsize::new(0),
        AtomicUsize::new(0),
        AtomicUsize::new(0),
    );
    each(|source| {
        let document = read(source);
        let before = understand(&source.name, document.to_string()).expect("it generates");
        let before = names::of(&before);
        let mut found = Vec::new();
        for seed in 0..seeds() * 10 {
            let place = format!("{}, seed {seed}", source.name);
            let Some(grown) = change::larger(&document, &mut Random::of(&[&source.name], seed))
            else {
                continue;
            };
            tried.fetch_add(1, Ordering::Relaxed);
            match understand(&place, grown.to_string()) {
                Ok(after) => compare(&place, &before, &names::of(&after), &moved, &mut found),
                Err(_) => _ = rejected.fetch_add(1, Ordering::Relaxed),
            }
        }
        found
    });
    println!(
        "{} things added, {} rejected; functions that gave way to a resource: {}",
        tried.into_inner(),
        rejected.into_inner(),
        moved.into_inner()
    );
}

/// Collects every name of `before` that differs in `after`.
///
/// There is one exception, because the functions of a handle share one namespace. If a method and a child resource have
/// the same name, the function of the method changes, even if the method existed first.
fn compare(
    place: &str,
    before: &Table,
    after: &Table,
    moved: &AtomicUsize,
    found: &mut Vec<String>,
) {
    for (key, name) in before {
        match after.get(key) {
            Some(same) if same == name => {}
            Some(other) if key.starts_with("function ") && names::gave_way(name, other) => {
                moved.fetch_add(1, Ordering::Relaxed);
            }
            other => found.push(format!("{place}: {key}: {name} became {other:?}")),
        }
    }
}
