//! Stable names: an item of two published revisions of a document has the same name in both crates.
//!
//! ```sh
//! cargo run --release -p gapi-tools --bin stay
//! ```
//!
//! The revisions are those of four versions of Google's Python client (`tools/versions.py`), each compared with the
//! next. Ends with a table, and with status 1 if a name differs.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use gapi_generator::{Diagnostics, Options, Source, analyze_any_revision};
use gapi_tests::{programs, stable_names as names, workspace};
use serde::Deserialize;

use names::Table;

/// The members that identify a document.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    id: String,
    #[serde(default)]
    revision: String,
}

/// The names of the documents of a version, by id, or the diagnostics.
type Names = BTreeMap<String, Result<Table, Diagnostics>>;

fn main() -> programs::Result<ExitCode> {
    let directories = versions()?;
    let mut found = Vec::new();
    println!(
        "{:<22} {:>9} {:>9} {:>10} {:>10} {:>9}",
        "versions", "documents", "rejected", "names", "gave way", "others"
    );
    let mut old: Option<(String, Names)> = None;
    for directory in directories {
        let new = (workspace::name(&directory), names_of(&directory)?);
        if let Some(old) = old {
            found.extend(compare(&old, &new));
        }
        old = Some(new);
    }
    for line in &found {
        println!("{line}");
    }
    Ok(ExitCode::from(u8::from(!found.is_empty())))
}

/// Returns the directories of the documents, oldest first.
fn versions() -> programs::Result<Vec<PathBuf>> {
    let script = workspace::root().join("tools/versions.py");
    let output = Command::new("python3").arg(script).output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("tools/versions.py failed: {said}").into());
    }
    let lines = String::from_utf8(output.stdout)?;
    let directories = lines.lines().filter_map(|line| line.split(':').next());
    Ok(directories
        .map(|directory| workspace::root().join(directory))
        .collect())
}

fn names_of(directory: &Path) -> programs::Result<Names> {
    let paths = programs::documents_in(directory);
    let mut latest: BTreeMap<String, (String, Source)> = BTreeMap::new();
    for path in paths {
        let text = std::fs::read_to_string(&path)?;
        let Head { id, revision } = serde_json::from_str(&text)?;
        // The list of documents has no id.
        let later = latest.get(&id).is_none_or(|(known, _)| *known < revision);
        if !id.is_empty() && later {
            let name = path.display().to_string();
            latest.insert(id, (revision, Source { name, text }));
        }
    }
    let names = latest.into_iter().map(|(id, (_, source))| {
        let analysis = analyze_any_revision(&source, &Options::default());
        (id, analysis.map(|analysis| names::of(&analysis)))
    });
    Ok(names.collect())
}

/// Returns the exceptions, after a line with the number of compared names.
fn compare(
    (old_version, old): &(String, Names),
    (new_version, new): &(String, Names),
) -> Vec<String> {
    let (mut documents, mut rejected, mut compared, mut gave_way) = (0, 0, 0, 0);
    let mut exceptions = Vec::new();
    for (id, old) in old {
        let Some(new) = new.get(id) else { continue };
        let (old, new) = match (old, new) {
            (Ok(old), Ok(new)) => (old, new),
            (old, new) => {
                rejected += 1;
                let problems = [old.as_ref().err(), new.as_ref().err()];
                exceptions.extend(problems.into_iter().flatten().map(ToString::to_string));
                continue;
            }
        };
        documents += 1;
        for (place, before) in old {
            let Some(after) = new.get(place) else {
                continue;
            };
            compared += 1;
            if before == after {
                continue;
            }
            let is_function = place.starts_with("function ");
            if is_function && names::gave_way(before, after) {
                gave_way += 1;
            }
            exceptions.push(format!(
                "{id} {old_version} {new_version}: {place}: {before} became {after}"
            ));
        }
    }
    println!(
        "{:<22} {documents:>9} {rejected:>9} {compared:>10} {gave_way:>10} {:>9}",
        format!("{old_version} {new_version}"),
        exceptions.len() - gave_way - rejected
    );
    exceptions
}
