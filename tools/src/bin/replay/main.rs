//! Makes recorded calls with generated clients, and reports differences between the requests:
//!
//! ```sh
//! cargo run -p gapi-tools --bin replay -- --sample      # discovery/ and every fifteenth of the published documents
//! cargo run -p gapi-tools --bin replay -- --corpus      # every published document
//! cargo run -p gapi-tools --bin replay -- --recording FILE --documents DIR [--jobs N]
//! ```
//!
//! The first two record the requests of Google's Python client with `tools/parity/record.py`, which describes the
//! format. The third uses any recording. The clients of all documents in a recording, and typed calls of all their
//! methods, are generated, compiled and run in batches in target/replay. An interrupted run continues after its last
//! finished batch. Prints a table. Ends with status 1 if a request is neither equal nor covered by
//! `tests/src/parity/deviations.rs`, or if the figures there are not those of the run.

use std::{
    collections::BTreeMap,
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
    process::{Command, ExitCode},
    time::Instant,
};

use gapi_generator::Source;
use gapi_tests::{
    parity::{
        deviations::DEVIATIONS,
        methods::Methods,
        recording::{Position, Recording},
        report::Report,
    },
    programs::{self, Result},
    workspace,
};
use serde_json::Value;

mod batch;

/// The command-line arguments.
struct Arguments {
    recordings: Vec<PathBuf>,
    documents: Vec<PathBuf>,
    jobs: usize,
    /// A choice of documents with known figures.
    choice: Option<Choice>,
}

/// A choice of documents for which the deviations have figures.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    Sample,
    Corpus,
}

impl Choice {
    fn name(self) -> &'static str {
        match self {
            Self::Sample => "sample",
            Self::Corpus => "corpus",
        }
    }
}

fn main() -> ExitCode {
    let done = arguments().and_then(|arguments| Ok((run(&arguments)?, arguments.choice)));
    match done {
        Ok((report, choice)) => {
            print!("{report}");
            let stale = choice.map(|choice| stale(&report, choice));
            let stale = stale.unwrap_or_default();
            for line in &stale {
                println!("{line}");
            }
            ExitCode::from(u8::from(!report.is_equal() || !stale.is_empty()))
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Returns the deviations whose figures are not those of the run. A rule that covers nothing is no longer a deviation.
fn stale(report: &Report, choice: Choice) -> Vec<String> {
    let name = choice.name();
    let rows = DEVIATIONS.iter().zip(&report.covered);
    let wrong = rows.filter_map(|(deviation, counted)| {
        let known = match choice {
            Choice::Sample => deviation.lines.sample,
            Choice::Corpus => deviation.lines.corpus,
        };
        let rule = deviation.rule;
        (known != *counted).then(|| {
            format!("tests/src/parity/deviations.rs says {known} lines of the {name}, counted are {counted}: {rule}")
        })
    });
    wrong.collect()
}

fn arguments() -> Result<Arguments> {
    let mut found = Arguments {
        recordings: Vec::new(),
        documents: Vec::new(),
        jobs: programs::jobs(),
        choice: None,
    };
    let mut given = env::args().skip(1);
    while let Some(argument) = given.next() {
        let mut value = || {
            let value = given.next();
            value.ok_or_else(|| format!("`{argument}` needs a value"))
        };
        match argument.as_str() {
            "--sample" => found.choice = Some(Choice::Sample),
            "--corpus" => found.choice = Some(Choice::Corpus),
            "--recording" => found.recordings.push(value()?.into()),
            "--documents" => found.documents.push(value()?.into()),
            "--jobs" => found.jobs = value()?.parse()?,
            _ => return Err(format!("no option `{argument}`").into()),
        }
    }
    match found.choice {
        Some(choice) => {
            found.recordings = vec![record(choice)?];
            found.documents = programs::corpus()?;
            if choice == Choice::Sample {
                found
                    .documents
                    .insert(0, workspace::root().join("discovery"));
            }
        }
        None if found.recordings.is_empty() || found.documents.is_empty() => {
            return Err(
                "either `--sample`, `--corpus`, or `--recording FILE --documents DIR`".into(),
            );
        }
        None => {}
    }
    Ok(found)
}

/// Records the requests of Google's Python client.
fn record(choice: Choice) -> Result<PathBuf> {
    let name = choice.name();
    let path = workspace::root().join(format!("target/parity/{name}.jsonl"));
    let status = Command::new("python3")
        .arg(workspace::root().join("tools/parity/record.py"))
        .arg(format!("--{name}"))
        .args(["--batch", "--out"])
        .arg(&path)
        .status()?;
    if status.success() {
        Ok(path)
    } else {
        Err("tools/parity/record.py failed".into())
    }
}

/// Reads documents from files and directories. If several have the same id, the first one is used.
fn documents(paths: &[PathBuf]) -> Result<(Vec<Source>, Methods)> {
    let files: Vec<PathBuf> = paths
        .iter()
        .flat_map(|path| {
            if path.is_dir() {
                programs::documents_in(path)
            } else {
                vec![path.clone()]
            }
        })
        .collect();
    let mut methods = Methods::default();
    let read = programs::read(&files, |text| {
        serde_json::from_str::<Value>(text).map(|document| (programs::id(&document), document))
    })?;
    let sources = read.into_iter().map(|(source, document)| {
        methods.add(&document);
        source
    });
    let sources = sources.collect();
    Ok((sources, methods))
}

fn run(arguments: &Arguments) -> Result<Report> {
    let (sources, methods) = documents(&arguments.documents)?;
    let recording = Recording::open(&arguments.recordings)?;
    let mut report = Report::default();
    let mut positions: BTreeMap<usize, Vec<Position>> = BTreeMap::new();
    recording.each(|position, line| {
        match methods.document(&line) {
            Some(document) => positions.entry(document).or_default().push(position),
            None => report.add_unknown(&line),
        }
        Ok(())
    })?;
    let called = sources
        .into_iter()
        .enumerate()
        .filter_map(|(index, source)| {
            let positions = positions.remove(&index)?;
            Some((source, positions))
        });
    let batches = programs::deal(called.collect(), arguments.jobs);
    let work = workspace::root().join("target/replay");
    fs::create_dir_all(&work)?;
    // Reads the program now, because another build may replace the file during the run.
    let mut hasher = DefaultHasher::new();
    fs::read(env::current_exe()?)?.hash(&mut hasher);
    let program = hasher.finish();
    let started = Instant::now();
    let reports = programs::in_lanes(&work, arguments.jobs, &batches, |place, batch| {
        let started = Instant::now();
        let report = batch::replay(batch, &recording, program, place)?;
        eprintln!(
            "batch {} of {}: {} documents, {:.0} s",
            place.number + 1,
            batches.len(),
            batch.len(),
            started.elapsed().as_secs_f64()
        );
        Ok(report)
    })?;
    for found in reports {
        report.add(found);
    }
    eprintln!("{:.0} s in all", started.elapsed().as_secs_f64());
    Ok(report)
}
