//! Makes recorded calls with generated clients, and says where the requests differ:
//!
//! ```sh
//! tests/parity/record.py --sample
//! cargo run -p gapi-tests --bin replay                                  # what is in target/parity/recordings
//! cargo run -p gapi-tests --bin replay -- --recording FILE --documents DIR [--jobs N]
//! ```
//!
//! The clients of all documents that a recording calls, and typed calls of all their methods, are generated, compiled and
//! run in batches in target/replay. Ends with a table, and with status 1 when a request is neither the recorded one nor
//! covered by `tests/parity/deviations.rs`. `tests/parity/record.py` says what a recording holds; it may be anybody's.

use std::{collections::BTreeMap, env, fs, path::PathBuf, process::ExitCode, time::Instant};

use gapi_generator::Source;
use gapi_tests::{
    parity::{
        methods::Methods,
        recording::{Position, Recording},
        report::Report,
    },
    programs::{self, Result},
    workspace,
};
use serde_json::Value;

mod batch;

/// What to do.
struct Arguments {
    recordings: Vec<PathBuf>,
    documents: Vec<PathBuf>,
    jobs: usize,
}

fn main() -> ExitCode {
    match arguments().and_then(|arguments| run(&arguments)) {
        Ok(report) => {
            print!("{report}");
            ExitCode::from(u8::from(!report.is_equal()))
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn arguments() -> Result<Arguments> {
    let mut found = Arguments {
        recordings: Vec::new(),
        documents: Vec::new(),
        jobs: programs::jobs(),
    };
    let mut given = env::args().skip(1);
    while let Some(argument) = given.next() {
        let value = given
            .next()
            .ok_or_else(|| format!("`{argument}` needs a value"))?;
        match argument.as_str() {
            "--recording" => found.recordings.push(value.into()),
            "--documents" => found.documents.push(value.into()),
            "--jobs" => found.jobs = value.parse()?,
            _ => return Err(format!("no option `{argument}`").into()),
        }
    }
    if found.recordings.is_empty() {
        found
            .recordings
            .push(workspace::root().join("target/parity/recordings"));
    }
    if found.documents.is_empty() {
        found.documents = programs::corpus()?;
        found
            .documents
            .insert(0, workspace::root().join("discovery"));
    }
    Ok(found)
}

/// The documents: files, and those of folders. Of two with one id the first counts.
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
    let started = Instant::now();
    let reports = programs::in_lanes(&work, arguments.jobs, &batches, |place, batch| {
        let started = Instant::now();
        let report = batch::replay(batch, &recording, place)?;
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
