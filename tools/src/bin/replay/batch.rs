//! The program of a batch of documents: its source, and the communication with it.

use std::{
    collections::BTreeMap,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use gapi_generator::{Options, Source, analyze};
use gapi_tests::{
    expected,
    parity::{
        compare::CallOutcome,
        driver,
        recording::{Line, Position, Recording},
        report::Report,
    },
    programs::{self, Conversation, Place, Result},
    workspace,
};

/// Generates and compiles the clients of some documents and makes the recorded calls. `hash` identifies the comparing
/// program.
pub(super) fn replay(
    batch: &[(Source, Vec<Position>)],
    recording: &Recording,
    program: u64,
    place: Place<'_>,
) -> Result<Report> {
    let mut files = BTreeMap::new();
    let mut modules = Vec::new();
    for (document, _) in batch {
        modules.push(add_client(document, &mut files)?);
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin/replay");
    let given = workspace::tests().join("tests/calls/given.rs");
    let declarations = modules.iter().map(|module| format!("mod {module};\n"));
    let main = workspace::read(&here.join("program.rs")) + "\n" + &declarations.collect::<String>();
    for (name, text) in [
        ("main.rs", main),
        ("given.rs", workspace::read(&given)),
        ("calls/mod.rs", driver::all(&modules)),
    ] {
        files.insert(name.into(), text);
    }
    let known = known(&files, batch, recording, program, place)?;
    if let Ok(report) = fs::read(&known) {
        return Ok(serde_json::from_slice(&report)?);
    }
    let path = programs::compile(place, &files)?;
    drop(files);
    let mut conversation = Conversation::start(&path)?;
    let mut report = Report::default();
    for ((_, positions), module) in batch.iter().zip(&modules) {
        // Reads the lines in parts, because those of a large document are hundreds of megabytes.
        for positions in positions.chunks(1000) {
            for line in recording.lines(positions)? {
                let outcome = ask(&mut conversation, module, &line)?;
                report.add_line(&line, &outcome);
            }
        }
    }
    conversation.end()?;
    // Programs are large, and there are many.
    fs::remove_file(&path)?;
    fs::write(&known, serde_json::to_vec(&report)?)?;
    Ok(report)
}

/// Returns the file for the report of a batch. Its name depends on all inputs, so that an interrupted run can continue.
fn known(
    files: &BTreeMap<PathBuf, String>,
    batch: &[(Source, Vec<Position>)],
    recording: &Recording,
    program: u64,
    place: Place<'_>,
) -> Result<PathBuf> {
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    for (_, positions) in batch {
        for positions in positions.chunks(1000) {
            recording.texts(positions)?.hash(&mut hasher);
        }
    }
    for file in expected::files_below(&workspace::root().join("runtime/src")) {
        file.hash(&mut hasher);
    }
    program.hash(&mut hasher);
    let directory = place.work.join("reports");
    fs::create_dir_all(&directory)?;
    Ok(directory.join(format!("{:016x}.json", hasher.finish())))
}

/// Adds the client and the calls of a document. Returns the name of its module.
fn add_client(document: &Source, files: &mut BTreeMap<PathBuf, String>) -> Result<String> {
    let analysis = analyze(document, &Options::default()).map_err(|errors| errors.to_string())?;
    let generated = analysis.files().map_err(|errors| errors.to_string())?;
    files.extend(generated.0);
    let module = analysis.names.module.clone();
    let calls = PathBuf::from("calls").join(format!("{module}.rs"));
    let methods: Vec<_> = analysis.api.method_ids().collect();
    files.insert(calls, driver::calls(&analysis, &methods, "crate"));
    Ok(module)
}

fn ask(conversation: &mut Conversation, module: &str, line: &Line) -> Result<CallOutcome> {
    let question = serde_json::to_string(&(module, &line.id, &line.args))?;
    conversation.send([question])?;
    let outcome = conversation.receive()?;
    Ok(serde_json::from_str(&outcome)?)
}
