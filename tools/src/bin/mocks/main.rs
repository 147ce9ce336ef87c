//! Calls every method of any documents through a typed mock:
//!
//! ```sh
//! cargo run -p gapi-tools --bin mocks -- [DOC…|--corpus] [--jobs N] [--from BATCH]
//! ```
//!
//! Without documents it uses those of discovery/. With `--corpus` it uses every document of the Python client, which
//! `tools/corpus.py --fetch` gets. Batches of documents are generated, compiled and run in target/mocks. Prints a line for each
//! batch, the methods that fail, and the sums. Ends with status 1 if a method fails.
//!
//! The corpus takes long. An interrupted run continues with `--from`, with the same documents and `--jobs`.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use gapi_generator::{Options, Source, analyze};
use gapi_tests::{
    mocks,
    programs::{self, Conversation, Place, Result},
    workspace,
};
use serde_json::Value;

/// The number of printed failures of a batch.
const SHOWN: usize = 40;

/// The arguments of the program.
struct Arguments {
    documents: Vec<PathBuf>,
    jobs: usize,
    /// The number of the first batch.
    from: usize,
}

/// The results of some documents.
#[derive(Default)]
struct Tally {
    documents: usize,
    methods: usize,
    failures: Vec<String>,
}

fn main() -> ExitCode {
    match arguments().and_then(|arguments| run(&arguments)) {
        Ok(tally) => report(&tally),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn arguments() -> Result<Arguments> {
    let mut arguments = Arguments {
        documents: Vec::new(),
        jobs: programs::jobs(),
        from: 0,
    };
    let mut given = env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--corpus" => arguments.documents.extend(programs::corpus()?),
            "--jobs" => arguments.jobs = given.next().unwrap_or_default().parse()?,
            "--from" => arguments.from = given.next().unwrap_or_default().parse()?,
            option if option.starts_with('-') => return Err(format!("no option `{option}`").into()),
            document => arguments.documents.push(document.into()),
        }
    }
    if arguments.documents.is_empty() {
        arguments.documents = programs::documents_in(&workspace::root().join("discovery"));
    }
    Ok(arguments)
}

fn run(arguments: &Arguments) -> Result<Tally> {
    let read = programs::read(&arguments.documents, |text| {
        serde_json::from_str::<Value>(text).map(|document| (programs::id(&document), ()))
    })?;
    let documents = read.len();
    let batches = programs::deal(read, arguments.jobs);
    let count = batches.len();
    println!("{documents} documents in {count} batches");
    println!("  batch  documents  methods  failures  all methods  compiled and run");
    let work = workspace::root().join("target/mocks");
    let all = Mutex::new(Tally::default());
    programs::in_lanes(&work, arguments.jobs, &batches, |place, batch| {
        if place.number < arguments.from {
            return Ok(());
        }
        let started = Instant::now();
        let tally = in_program(batch, place)?;
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        all.documents += tally.documents;
        all.methods += tally.methods;
        println!(
            "{:>3}/{count:<3}  {:>9}  {:>7}  {:>8}  {:>11}  {:>14.1} s",
            place.number,
            tally.documents,
            tally.methods,
            tally.failures.len(),
            all.methods,
            started.elapsed().as_secs_f64(),
        );
        for failure in tally.failures.iter().take(SHOWN) {
            println!("    {failure}");
        }
        all.failures.extend(tally.failures);
        Ok(())
    })?;
    Ok(all.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Generates, compiles and runs the calls of some documents.
fn in_program(batch: &[(Source, ())], place: Place<'_>) -> Result<Tally> {
    let (mut files, mut modules, mut methods) = (BTreeMap::new(), Vec::new(), 0);
    for (document, ()) in batch {
        let analysis =
            analyze(document, &Options::default()).map_err(|errors| errors.to_string())?;
        let generated = analysis.files().map_err(|errors| errors.to_string())?;
        files.extend(generated.0);
        let module = analysis.names.module.clone();
        let table = PathBuf::from("tables").join(format!("{module}.rs"));
        files.insert(table, mocks::table(&analysis, "crate"));
        methods += analysis.api.method_ids().count();
        modules.push(module);
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin/mocks");
    let mocked = workspace::tests().join("tests/calls/mocked_call.rs");
    let declarations = modules.iter().map(|module| format!("mod {module};\n"));
    let program =
        workspace::read(&here.join("program.rs")) + "\n" + &declarations.collect::<String>();
    for (name, text) in [
        ("main.rs", program),
        ("mocked_call.rs", workspace::read(&mocked)),
        ("tables/mod.rs", mocks::tables(&modules)),
    ] {
        files.insert(name.into(), text);
    }
    let path = programs::compile_with(place, &files, &["test-util"])?;
    let mut conversation = Conversation::start(&path)?;
    let mut tally = Tally {
        documents: batch.len(),
        methods,
        failures: Vec::new(),
    };
    for _ in 0..methods {
        // The id of a method, and a failure if there is one.
        let line = conversation.receive()?;
        if line.contains(' ') {
            tally.failures.push(line);
        }
    }
    conversation.end()?;
    // Programs are large, and there are many.
    fs::remove_file(&path)?;
    Ok(tally)
}

fn report(tally: &Tally) -> ExitCode {
    println!(
        "\n{} documents, {} methods, {} failures",
        tally.documents,
        tally.methods,
        tally.failures.len()
    );
    ExitCode::from(u8::from(!tally.failures.is_empty()))
}
