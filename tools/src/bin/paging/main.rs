//! The items of paged methods in any documents:
//!
//! ```sh
//! cargo run -p gapi-tools --bin paging -- [DOC…|--corpus]
//! ```
//!
//! Without documents it reads those of discovery/. With `--corpus` it reads every document of the Python client, which
//! `tools/corpus.py --fetch` gets. Prints the share of paged methods with `items()`, and each of the others with the reason in
//! `generator/src/facts/items.json`. Ends with status 1 if the share is less than 99.5 %, or if a reason is missing.

use std::{collections::BTreeMap, env, path::PathBuf, process::ExitCode};

use gapi_generator::{Analysis, Options, analyze, facts, ir::TypeRef};
use gapi_tests::{
    programs::{self, Result},
    workspace,
};
use serde_json::Value;

/// The minimum share of methods with items: 995 of 1,000.
const LEAST: usize = 995;

/// The findings in the documents.
#[derive(Default)]
struct Found {
    paged: usize,
    objects: usize,
    scalars: usize,
    /// The other methods, with the number of documents that have them.
    others: BTreeMap<String, usize>,
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool> {
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
    let mut found = Found::default();
    for (source, ()) in &documents {
        let analysis = analyze(source, &Options::default()).map_err(|error| error.to_string())?;
        count(&analysis, &mut found);
    }
    Ok(report(documents.len(), &found))
}

fn count(analysis: &Analysis, found: &mut Found) {
    let api = &analysis.api;
    for (&id, paging) in &analysis.facts.paging {
        found.paged += 1;
        let response = api[id].response.as_ref().and_then(TypeRef::named);
        let fields = response.and_then(|response| match &api[response].shape {
            gapi_generator::ir::Shape::Struct(fields) => Some(fields),
            _ => None,
        });
        let field = paging.items.and_then(|index| fields?.get(index));
        match field {
            Some(field) if field.ty.named().is_some() => found.objects += 1,
            Some(_) => found.scalars += 1,
            None => *found.others.entry(api[id].id.clone()).or_default() += 1,
        }
    }
}

/// Prints the result. Returns whether it is good enough.
fn report(documents: usize, found: &Found) -> bool {
    let with_items = found.objects + found.scalars;
    let share = (with_items * 1000).checked_div(found.paged).unwrap_or(1000);
    println!(
        "{documents} documents, {} paged methods, {with_items} with items ({}.{} %): {} of types of the document, {} of scalars",
        found.paged,
        share / 10,
        share % 10,
        found.objects,
        found.scalars
    );
    let mut is_good = share >= LEAST;
    for (method, count) in &found.others {
        let reason = facts::reason_for_pages_only(method);
        is_good &= reason.is_some();
        println!("{method} ({count}): {}", reason.unwrap_or("NO REASON"));
    }
    is_good
}
