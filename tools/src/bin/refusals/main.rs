//! Groups the rejected documents of directories by cause:
//!
//! ```sh
//! cargo run --release -p gapi-tools --bin refusals -- DIR… [--json] [--insist] [--quick]
//! ```
//!
//! Reads every `*.json` below the directories that has resources or methods, each distinct text once. Allows the hosts that a
//! document names, as `--allow-host` would. Prints the number of documents for each cause, with some of their names. `--json`
//! prints one object instead: `documents`, and `refusals` with a list of names for each cause. With `--insist`, a correction of
//! `generator/src/fixups` that does not apply is a cause, too. With `--quick`, it analyzes the documents,
//! and does not print the output. `tools/releases.py` runs the program on all releases of Google's
//! Python client.

use std::{
    collections::{BTreeMap, HashSet},
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use gapi_generator::{Diagnostics, Options, Severity, Source, analyze, decode, parallel};
use gapi_tests::programs::{self, Result};
use serde_json::{Value, json};

/// The number of names that are printed for a cause.
const SHOWN: usize = 5;

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
    let (mut paths, mut as_json) = (Vec::new(), false);
    let mut checks = Checks::default();
    for argument in env::args().skip(1) {
        match argument.as_str() {
            "--json" => as_json = true,
            "--insist" => checks.insists = true,
            "--quick" => checks.is_quick = true,
            path => files(Path::new(path), &mut paths)?,
        }
    }
    let sources = distinct(&paths);
    let causes = parallel::map_on(programs::jobs(), &sources, |source| cause(source, checks));
    let mut refusals: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (source, cause) in sources.iter().zip(causes) {
        if let Some(cause) = cause {
            refusals.entry(cause).or_default().push(&source.name);
        }
    }
    if as_json {
        println!(
            "{}",
            json!({"documents": sources.len(), "refusals": refusals})
        );
        return Ok(());
    }
    let refused: usize = refusals.values().map(Vec::len).sum();
    println!("{} distinct documents, {refused} rejected", sources.len());
    let mut causes: Vec<_> = refusals.iter().collect();
    causes.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    for (cause, names) in causes {
        println!("{:6}  {cause}", names.len());
        for name in names.iter().take(SHOWN) {
            println!("        {name}");
        }
    }
    Ok(())
}

/// Options of the checks.
#[derive(Clone, Copy, Default)]
struct Checks {
    /// Corrections have to apply.
    insists: bool,
    /// The output is not printed.
    is_quick: bool,
}

/// Adds the JSON files below a directory, sorted.
fn files(path: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    let entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path()));
    let mut entries: Vec<PathBuf> = entries.collect::<std::io::Result<_>>()?;
    entries.sort();
    for entry in entries {
        let is_document = entry.extension().is_some_and(|end| end == "json");
        if entry.is_dir() || is_document {
            files(&entry, found)?;
        }
    }
    Ok(())
}

/// Reads the descriptions of APIs among the files, each text once.
fn distinct(paths: &[PathBuf]) -> Vec<Source> {
    let mut seen = HashSet::new();
    let sources = paths.iter().filter_map(|path| {
        let text = decode(fs::read(path).ok()?).ok()?;
        let value: Value = serde_json::from_str(&text).ok()?;
        let is_description = value["resources"].is_object() || value["methods"].is_object();
        let name = path.display().to_string();
        (is_description && seen.insert(text.clone())).then_some(Source { name, text })
    });
    sources.collect()
}

/// Returns the cause if the document is rejected.
fn cause(source: &Source, checks: Checks) -> Option<String> {
    let options = Options {
        allowed_hosts: hosts(&source.text),
        insist_on_corrections: checks.insists,
        ..Options::default()
    };
    let generated = analyze(source, &options).and_then(|analysis| {
        if checks.is_quick {
            return Ok(());
        }
        analysis.files().map(drop)
    });
    generated.err().map(|errors| first_cause(&errors))
}

/// Returns the hosts of the document's root URLs.
fn hosts(text: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    let members = ["rootUrl", "mtlsRootUrl", "baseUrl", "basePath"].into_iter();
    let urls = members.filter_map(|member| document[member].as_str());
    let hosts = urls.filter_map(|url| {
        let rest = url.split_once("://")?.1;
        let host = rest.split('/').next()?;
        let is_host = !host.is_empty() && !host.contains(['@', '?', '#', '\\']);
        is_host.then(|| host.to_owned())
    });
    hosts.collect()
}

/// Returns the first error without the texts that it quotes, so that documents with one cause have one text.
fn first_cause(errors: &Diagnostics) -> String {
    let mut all = errors.all().iter();
    let first = all.find(|error| error.severity == Severity::Error);
    let message = first.map_or("", |error| error.message.as_str());
    let parts = message.split('`').enumerate();
    let plain: Vec<&str> = parts
        .map(|(index, part)| if index % 2 == 1 { "…" } else { part })
        .collect();
    let cause = plain.join("`");
    // Places of the document and positions in its text.
    let words = cause.split(' ').map(|word| {
        let is_place = word.starts_with('/') && word.len() > 1;
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        if is_place || is_number && !word.is_empty() {
            "…"
        } else {
            word
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
