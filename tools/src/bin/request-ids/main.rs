//! The classification of request ids (AIP-155) in any documents:
//!
//! ```sh
//! cargo run -p gapi-tools --bin request-ids -- [DOC…|--corpus] [--methods] [--preconditions]
//! ```
//!
//! Without documents it reads those of discovery/. With `--corpus` it reads every document of the Python client, which
//! `tools/corpus.py --fetch` gets. Prints the number of methods by place, use and reason. `--methods` prints each method too,
//! and `--preconditions` each method with preconditions.

use std::{collections::BTreeMap, env, path::PathBuf, process::ExitCode};

use gapi_generator::{
    Options, Source, analyze,
    facts::{Idempotency, Place, RequestId, RequestIdUse},
};
use gapi_tests::{
    programs::{self, Result},
    workspace,
};
use serde_json::Value;

/// The arguments.
#[derive(Default)]
struct Arguments {
    paths: Vec<PathBuf>,
    shows_methods: bool,
    shows_preconditions: bool,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<()> {
    let arguments = arguments()?;
    let parse = |text: &str| serde_json::from_str(text).map(|it: Value| (programs::id(&it), ()));
    let documents: Vec<(Source, ())> = programs::read(&arguments.paths, parse)?;
    let mut counts: BTreeMap<(RequestIdUse, String, &str), usize> = BTreeMap::new();
    let (mut methods, mut preconditions) = (0, 0);
    for (source, ()) in &documents {
        let analysis = analyze(source, &Options::default()).map_err(|error| error.to_string())?;
        for (id, fact) in &analysis.facts.idempotency {
            let id = &analysis.api[*id].id;
            if let Some(request_id) = &fact.request_id {
                methods += 1;
                let reason = request_id.reason.as_str().to_owned();
                let key = (request_id.usage, reason, in_words(&request_id.place));
                *counts.entry(key).or_default() += 1;
                if arguments.shows_methods {
                    println!("{id}: {}", classified(request_id));
                }
            }
            let shown = shown_preconditions(fact);
            if !shown.is_empty() {
                preconditions += 1;
                if arguments.shows_preconditions {
                    println!("{id}: {}", shown.join(", "));
                }
            }
        }
    }
    println!(
        "{} documents, {methods} methods with side effects take a request id",
        documents.len()
    );
    for ((usage, reason, place), count) in counts {
        println!("{count:6}  {usage:?}, {place}: {reason}");
    }
    println!("{preconditions} methods have preconditions, or another idempotency than their verb");
    Ok(())
}

fn arguments() -> Result<Arguments> {
    let mut arguments = Arguments::default();
    for argument in env::args().skip(1) {
        match argument.as_str() {
            "--corpus" => arguments.paths.extend(programs::corpus()?),
            "--methods" => arguments.shows_methods = true,
            "--preconditions" => arguments.shows_preconditions = true,
            path => arguments.paths.push(PathBuf::from(path)),
        }
    }
    if arguments.paths.is_empty() {
        arguments.paths = programs::documents_in(&workspace::root().join("discovery"));
    }
    Ok(arguments)
}

fn in_words(place: &Place) -> &'static str {
    match place {
        Place::Query(_) => "in the query",
        Place::Body(_) => "in the body",
    }
}

fn classified(id: &RequestId) -> String {
    let place = in_words(&id.place);
    format!("{:?}, {place}: {}", id.usage, id.reason.as_str())
}

/// Returns the preconditions and the idempotency without them. A request id is not a precondition.
fn shown_preconditions(fact: &Idempotency) -> Vec<String> {
    let is_id = |place: &Place| {
        fact.request_id
            .as_ref()
            .is_some_and(|id| id.place == *place)
    };
    let conditions = fact.conditions.iter().filter(|place| !is_id(place));
    let conditions = conditions.map(|place| match place {
        Place::Query(name) => format!("query {name}"),
        Place::Body(path) => format!("body {path}"),
    });
    let without = fact
        .idempotent
        .map(|idempotent| format!("idempotent without: {idempotent}"));
    conditions.chain(without).collect()
}
