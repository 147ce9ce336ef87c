//! Random JSON of every schema through the types that are generated for it, for any documents:
//!
//! ```sh
//! cargo run -p gapi-tests --bin lossless -- [DOC…|--corpus] [--instances N] [--jobs N]
//! cargo run -p gapi-tests --bin lossless -- DOC --show SCHEMA N      # the JSON of instance N
//! ```
//!
//! Without documents it takes those of discovery/; with `--corpus` every one that the Python client carries, which
//! `tests/corpus.py --fetch` gets. Batches of documents are generated, compiled and run in target/lossless. Prints the
//! figures and the first differences, and ends with status 1 when there is any, or a class of values that was not made.

use std::{
    collections::BTreeSet,
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use gapi_generator::Source;
use gapi_tests::{
    instances::{Document, Maker, class::Class},
    round_trips::Tally,
    workspace,
};

mod batch;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// How many bytes of documents make a batch; large enough that linking does not count, small enough for a compiler.
const BATCH: usize = 4 << 20;
/// How many differences are shown.
const SHOWN: usize = 20;

/// What to do.
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
        jobs: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        show: None,
    };
    let mut given = env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--corpus" => found.documents.extend(corpus()?),
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
        found.documents = json_files(&workspace::root().join("discovery"));
    }
    Ok(found)
}

/// The documents of the Python client, fetched if they are not there.
fn corpus() -> Result<Vec<PathBuf>> {
    let status = Command::new("python3")
        .arg(workspace::tests().join("corpus.py"))
        .arg("--fetch")
        .status()?;
    if !status.success() {
        return Err("tests/corpus.py --fetch failed".into());
    }
    Ok(json_files(
        &workspace::root().join("target/corpus/documents"),
    ))
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let mut paths = workspace::entries(folder);
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    paths
}

/// The documents; those that are there under two names count once, and lists of documents not at all.
fn read(paths: &[PathBuf]) -> Result<Vec<(Source, Document)>> {
    let mut ids = BTreeSet::new();
    let mut documents = Vec::new();
    for path in paths {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
        let document = Document::parse(&text).map_err(|error| format!("{name}: {error}"))?;
        if !document.id.is_empty() && ids.insert(document.id.clone()) {
            documents.push((Source { name, text }, document));
        }
    }
    Ok(documents)
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
    let mut documents = read(&arguments.documents)?;
    documents.sort_by_key(|(source, _)| std::cmp::Reverse(source.text.len()));
    let bytes: usize = documents.iter().map(|(source, _)| source.text.len()).sum();
    let count = bytes
        .div_ceil(BATCH)
        .max(arguments.jobs)
        .min(documents.len());
    // Dealt out from the largest to the smallest, so that batches are about equal.
    let mut batches: Vec<Vec<(Source, Document)>> = Vec::new();
    batches.resize_with(count, Vec::new);
    for (index, document) in documents.into_iter().enumerate() {
        batches[index % count].push(document);
    }
    println!("batch  documents  schemas  instances  differences  compiled      run");
    let next = AtomicUsize::new(0);
    let lane = |lane: usize| -> Result<Tally> {
        let mut tally = Tally::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(batch) = batches.get(number) else {
                return Ok(tally);
            };
            let started = Instant::now();
            let program = batch::build(batch, lane, number)?;
            let compiled = started.elapsed().as_secs_f64();
            let found = batch::run(&program, batch, arguments.instances)?;
            println!(
                "{number:>5}  {:>9}  {:>7}  {:>9}  {:>11}  {compiled:>6.1} s  {:>5.1} s",
                found.documents,
                found.schemas,
                found.instances,
                found.differences.len(),
                started.elapsed().as_secs_f64() - compiled,
            );
            tally.add(found);
        }
    };
    let started = Instant::now();
    let mut total = Tally::default();
    for tally in std::thread::scope(|scope| {
        let lane = &lane;
        let lanes: Vec<_> = (0..arguments.jobs.max(1))
            .map(|number| scope.spawn(move || lane(number)))
            .collect();
        // A lane that panicked is a mistake of this program: pass the panic on.
        let join = |lane: std::thread::ScopedJoinHandle<'_, _>| {
            lane.join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        lanes.into_iter().map(join).collect::<Vec<_>>()
    }) {
        total.add(tally?);
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
