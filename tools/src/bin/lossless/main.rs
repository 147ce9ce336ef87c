//! Random JSON of every schema through the types that are generated for it, for any documents:
//!
//! ```sh
//! cargo run -p gapi-tools --bin lossless -- [DOC…|--corpus] [--instances N] [--jobs N]
//! cargo run -p gapi-tools --bin lossless -- DOC --show SCHEMA N      # the JSON of instance N
//! ```
//!
//! Without documents it uses those of discovery/. With `--corpus` it uses every document of the Python client, which
//! `tools/corpus.py --fetch` gets. Batches of documents are generated, compiled and run in target/lossless. Prints the
//! figures and the first differences. Ends with status 1 if there is a difference, or a class of values that did not
//! occur.

use std::{env, path::PathBuf, process::ExitCode, time::Instant};

use gapi_generator::Source;
use gapi_tests::{
    instances::{Document, Maker, class::Class},
    programs::{self, Result},
    round_trips::Tally,
    workspace,
};

mod batch;

/// The number of printed differences.
const SHOWN: usize = 20;

/// The command-line arguments.
struct Arguments {
    documents: Vec<PathBuf>,
    instances: u32,
    jobs: usize,
    /// The schema and the number of an instance to show.
    show: Option<(String, u32)>,
}

fn main() -> ExitCode {
    let done = arguments().and_then(|arguments| match &arguments.show {
        Some((schema, number)) => show(&arguments.documents, schema, *number),
        None => run(&arguments).map(|tally| report(&tally)),
    });
    match done {
        Ok(status) => status,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn arguments() -> Result<Arguments> {
    let mut found = Arguments {
        documents: Vec::new(),
        instances: 20,
        jobs: programs::jobs(),
        show: None,
    };
    let mut given = env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--corpus" => found.documents.extend(programs::corpus()?),
            "--instances" => found.instances = given.next().unwrap_or_default().parse()?,
            "--show" => {
                let schema = given.next().unwrap_or_default();
                found.show = Some((schema, given.next().unwrap_or_default().parse()?));
            }
            "--jobs" => found.jobs = given.next().unwrap_or_default().parse()?,
            option if option.starts_with('-') => return Err(format!("no option `{option}`").into()),
            document => found.documents.push(document.into()),
        }
    }
    if found.documents.is_empty() {
        found.documents = programs::documents_in(&workspace::root().join("discovery"));
    }
    Ok(found)
}

/// Reads documents for the maker of instances.
fn read(paths: &[PathBuf]) -> Result<Vec<(Source, Document)>> {
    programs::read(paths, |text| {
        Document::parse(text).map(|document| (document.id.clone(), document))
    })
}

/// Prints an instance of each document that has the schema.
fn show(paths: &[PathBuf], schema: &str, number: u32) -> Result<ExitCode> {
    let mut status = ExitCode::FAILURE;
    for (_, document) in read(paths)? {
        let instances = Maker::new(&document).instances(schema, number.saturating_add(1));
        if let Some(instance) = instances.last() {
            println!("{}", instance.text);
            status = ExitCode::SUCCESS;
        }
    }
    Ok(status)
}

fn run(arguments: &Arguments) -> Result<Tally> {
    let batches = programs::deal(read(&arguments.documents)?, arguments.jobs);
    println!("batch  documents  schemas  instances  differences  compiled      run");
    let started = Instant::now();
    let work = workspace::root().join("target/lossless");
    let tallies = programs::in_lanes(&work, arguments.jobs, &batches, |place, batch| {
        let started = Instant::now();
        let program = batch::build(batch, place)?;
        let compiled = started.elapsed().as_secs_f64();
        let found = batch::run(&program, batch, arguments.instances)?;
        println!(
            "{:>5}  {:>9}  {:>7}  {:>9}  {:>11}  {compiled:>6.1} s  {:>5.1} s",
            place.number,
            found.documents,
            found.schemas,
            found.instances,
            found.differences.len(),
            started.elapsed().as_secs_f64() - compiled,
        );
        Ok(found)
    })?;
    let mut total = Tally::default();
    for tally in tallies {
        total.add(tally);
    }
    println!("{:.0} s in all\n", started.elapsed().as_secs_f64());
    Ok(total)
}

fn report(tally: &Tally) -> ExitCode {
    println!("    made  of values");
    for class in Class::ALL {
        let (made, values) = (tally.counts.of(*class), tally.counts.values(class.kind()));
        println!("{made:>8}  {values:>9}  {}", class.label());
    }
    let missing = tally.counts.missing();
    for class in &missing {
        println!("never made: {}", class.label());
    }
    for difference in tally.differences.iter().take(SHOWN) {
        println!("{difference}");
    }
    println!(
        "\n{} documents, {} schemas, {} instances, {} differences",
        tally.documents,
        tally.schemas,
        tally.instances,
        tally.differences.len()
    );
    ExitCode::from(u8::from(
        !missing.is_empty() || !tally.differences.is_empty(),
    ))
}
