//! The default scopes of the methods in any documents, and a check of the table of scopes:
//!
//! ```sh
//! cargo run -p gapi-tools --bin scopes -- [DOC…|--corpus] [--methods] [--writing] [--breadth]
//! ```
//!
//! Without documents it reads those of discovery/. With `--corpus` it reads every document of the Python client, which
//! `tools/corpus.py --fetch` gets. Prints the number of methods by the reason of their default scope. `--methods` prints the
//! scopes of each method with several, the default one first. `--writing` prints the methods other than `GET` whose default scope
//! only reads. `--breadth` prints the numbers of methods for the table.
//!
//! Ends with status 1 if the scopes of a method are not those of its document, or if the table disagrees with the documents.

mod table;

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    path::PathBuf,
    process::ExitCode,
};

use gapi_generator::{
    Analysis, Options, Source, analyze,
    facts::{DefaultScope, ScopeTable, Scopes},
    ir::{Method, Verb},
};
use gapi_tests::{
    programs::{self, Result},
    workspace,
};
use serde_json::Value;
use table::Corpus;

/// The arguments.
#[derive(Default)]
struct Arguments {
    paths: Vec<PathBuf>,
    is_corpus: bool,
    /// The options that print more.
    shown: BTreeSet<String>,
}

fn main() -> ExitCode {
    match run() {
        Ok(findings) if findings.is_empty() => ExitCode::SUCCESS,
        Ok(findings) => {
            for finding in findings {
                eprintln!("{finding}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Prints the defaults and returns the findings.
fn run() -> Result<Vec<String>> {
    let arguments = arguments()?;
    let parse = |text: &str| serde_json::from_str(text).map(|it: Value| (programs::id(&it), it));
    let documents: Vec<(Source, Value)> = programs::read(&arguments.paths, parse)?;
    let mut counts: BTreeMap<DefaultScope, usize> = BTreeMap::new();
    let (mut without, mut dependent, mut findings) = (0, 0, Vec::new());
    let mut corpus = Corpus::default();
    for (source, document) in &documents {
        let analysis = analyze(source, &Options::default()).map_err(|error| error.to_string())?;
        let written = table::methods(document);
        for id in analysis.api.method_ids() {
            let method = &analysis.api[id];
            let accepted = written.get(&method.id).map_or(&[][..], Vec::as_slice);
            let Some(scopes) = analysis.facts.scopes.get(&id) else {
                without += 1;
                if !accepted.is_empty() {
                    findings.push(format!("{}: its scopes are lost", method.id));
                }
                continue;
            };
            *counts.entry(scopes.default).or_default() += 1;
            let depends_on = ScopeTable::get().depends_on(&method.id);
            dependent += usize::from(depends_on.is_some());
            findings.extend(wrong(method, scopes, accepted));
            let can_choose = scopes.urls.len() > 1 && scopes.default != DefaultScope::CloudPlatform;
            let writes = method.verb != Verb::Get && ScopeTable::get().reads(&scopes.urls[0]);
            let shown = arguments.shown.contains("--methods")
                || arguments.shown.contains("--writing") && writes;
            if can_choose && shown {
                println!("{}", described(method, scopes, depends_on));
            }
        }
        corpus.add(&analysis, document);
    }
    let methods = without + counts.values().sum::<usize>();
    println!("{} documents, {methods} methods", documents.len());
    for (reason, count) in counts {
        println!("{count:6}  {}", reason.as_str());
    }
    println!("{without:6}  no scope");
    println!("For {dependent} of them no scope is sufficient for all calls");
    if arguments.shown.contains("--breadth") {
        println!("{:#}", serde_json::json!(corpus.breadth()));
    }
    findings.extend(corpus.check(ScopeTable::get(), arguments.is_corpus));
    Ok(findings)
}

fn arguments() -> Result<Arguments> {
    let mut arguments = Arguments::default();
    for argument in env::args().skip(1) {
        match argument.as_str() {
            "--corpus" => {
                arguments.paths.extend(programs::corpus()?);
                arguments.is_corpus = true;
            }
            "--methods" | "--writing" | "--breadth" => {
                arguments.shown.insert(argument);
            }
            path => arguments.paths.push(PathBuf::from(path)),
        }
    }
    if arguments.paths.is_empty() {
        arguments.paths = programs::documents_in(&workspace::root().join("discovery"));
    }
    Ok(arguments)
}

/// Compares the scopes of a method with those of its document. Media needs more than a scope of metadata.
fn wrong(method: &Method, scopes: &Scopes, accepted: &[String]) -> Vec<String> {
    let (mut ours, mut theirs) = (scopes.urls.clone(), accepted.to_vec());
    ours.sort();
    theirs.sort();
    theirs.dedup();
    let mut findings = Vec::new();
    if ours != theirs {
        findings.push(format!("{}: {ours:?} instead of {theirs:?}", method.id));
    }
    let has_media = method.download || method.upload.is_some();
    if has_media && scopes.urls[0].contains("metadata") {
        findings.push(format!("{}: {} for media", method.id, scopes.urls[0]));
    }
    findings
}

fn described(method: &Method, scopes: &Scopes, depends_on: Option<&str>) -> String {
    let names: Vec<&str> = scopes.urls.iter().map(|url| table::short(url)).collect();
    let reason = scopes.default.as_str();
    let depends_on = depends_on.map_or_else(String::new, |on| format!("; depends on {on}"));
    let verb = method.verb.http();
    format!(
        "{verb} {}: {} ({reason}{depends_on})",
        method.id,
        names.join(" ")
    )
}
