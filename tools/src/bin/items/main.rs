//! The test `items` for any documents:
//!
//! ```sh
//! cargo run -p gapi-tools --bin items -- [DOC…|--corpus]
//! ```
//!
//! Without documents it compares those of discovery/. With `--corpus` it compares every document of the Python client,
//! which `tools/corpus.py --fetch` gets. Prints the first differences of each document. Ends with status 1 if there is
//! any.

use std::{
    env,
    path::PathBuf,
    process::ExitCode,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use gapi_generator::{Options, Source, analyze};
use gapi_tests::{
    programs::{self, Result},
    public_items,
    rust::expand::Macros,
    workspace,
};
use serde_json::Value;

/// The number of printed differences of a document.
const SHOWN: usize = 5;

fn main() -> ExitCode {
    match documents().map(|documents| run(&documents)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn documents() -> Result<Vec<Source>> {
    let mut paths = Vec::new();
    for argument in env::args().skip(1) {
        match argument.as_str() {
            "--corpus" => paths.extend(programs::corpus()?),
            path => paths.push(PathBuf::from(path)),
        }
    }
    if paths.is_empty() {
        paths = programs::documents_in(&workspace::root().join("discovery"));
    }
    let parse = |text: &str| serde_json::from_str(text).map(|it: Value| (programs::id(&it), ()));
    let documents = programs::read(&paths, parse)?;
    Ok(documents.into_iter().map(|(source, ())| source).collect())
}

/// Compares each document and returns the number of differences.
fn run(documents: &[Source]) -> usize {
    let (next, items, differences) = (
        AtomicUsize::new(0),
        AtomicUsize::new(0),
        AtomicUsize::new(0),
    );
    thread::scope(|scope| {
        for _ in 0..programs::jobs() {
            scope.spawn(|| {
                let macros = Macros::of_the_runtime();
                while let Some(source) = documents.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (found, different) = compare(source, &macros);
                    items.fetch_add(found, Ordering::Relaxed);
                    differences.fetch_add(different, Ordering::Relaxed);
                }
            });
        }
    });
    let differences = differences.into_inner();
    println!(
        "{} documents, {} public items, {differences} differences",
        documents.len(),
        items.into_inner()
    );
    differences
}

/// Returns the number of items in the source of a document, and the number of differences.
fn compare(source: &Source, macros: &Macros) -> (usize, usize) {
    let generated = analyze(source, &Options::default())
        .and_then(|analysis| analysis.files().map(|files| (analysis, files)));
    let (analysis, files) = match generated {
        Ok(generated) => generated,
        Err(errors) => {
            println!("{}: does not generate: {errors}", source.name);
            return (0, 1);
        }
    };
    let compared = public_items::compare(&analysis, &files.0, macros);
    for (what, lines) in [
        ("only in the source", &compared.missing),
        ("only reported", &compared.extra),
    ] {
        for line in lines.iter().take(SHOWN) {
            println!("{}: {what}: {line}", source.name);
        }
    }
    (
        compared.items,
        compared.missing.len() + compared.extra.len(),
    )
}
