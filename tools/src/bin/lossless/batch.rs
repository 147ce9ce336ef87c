//! The program of a batch of documents: its source, and the communication with it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use gapi_generator::{Options, Source, analyze};
use gapi_tests::{
    driver,
    instances::Document,
    programs::{self, Conversation, Place, Result},
    round_trips::{self, Outcome, RoundTripResult, Tally},
    workspace,
};

/// A compiled batch.
pub(super) struct Program {
    path: PathBuf,
    /// The module of each document.
    modules: Vec<String>,
}

/// Generates and compiles the types of some documents.
pub(super) fn build(batch: &[(Source, Document)], place: Place<'_>) -> Result<Program> {
    let mut files = BTreeMap::new();
    let mut modules = Vec::new();
    for (document, _) in batch {
        modules.push(add_types(document, &mut files)?);
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin/lossless");
    let round_trip = workspace::tests().join("tests/calls/round_trip.rs");
    let declarations = modules
        .iter()
        .map(|module| format!("mod {module} {{\n    pub mod schemas;\n}}\n"));
    let program =
        workspace::read(&here.join("program.rs")) + "\n" + &declarations.collect::<String>();
    for (name, text) in [
        ("main.rs", program),
        ("round_trip.rs", workspace::read(&round_trip)),
        ("tables/mod.rs", driver::tables(&modules)),
    ] {
        files.insert(name.into(), text);
    }
    let path = programs::compile(place, &files)?;
    Ok(Program { path, modules })
}

/// Adds the schemas and the table of a document. Returns the name of its module.
fn add_types(document: &Source, files: &mut BTreeMap<PathBuf, String>) -> Result<String> {
    let analysis = analyze(document, &Options::default()).map_err(|errors| errors.to_string())?;
    let mut generated = analysis.files().map_err(|errors| errors.to_string())?;
    let module = analysis.names.module.clone();
    // The calls are omitted: they contain no JSON, and would double the time to compile.
    let path = PathBuf::from(&module).join("schemas.rs");
    let schemas = generated.0.remove(&path).unwrap_or_default();
    files.insert(path, schemas);
    let table = PathBuf::from("tables").join(format!("{module}.rs"));
    files.insert(table, driver::table(&analysis, "crate"));
    Ok(module)
}

/// Passes instances of each schema of the batch through its types.
pub(super) fn run(program: &Program, batch: &[(Source, Document)], count: u32) -> Result<Tally> {
    let mut conversation = Conversation::start(&program.path)?;
    let mut total = Tally::default();
    for ((_, document), module) in batch.iter().zip(&program.modules) {
        let tally = round_trips::check(document, count, |schema, instances| -> Result<_> {
            let question = format!("{module} {} {schema}", instances.len());
            let texts = instances.iter().map(|instance| instance.text.as_str());
            conversation.send(std::iter::once(question.as_str()).chain(texts))?;
            let mut found = Vec::new();
            for _ in instances {
                found.push(parse(&conversation.receive()?));
            }
            Ok(found)
        })?;
        total.add(tally);
    }
    conversation.end()?;
    if total.differences.is_empty() {
        // Programs are large, and there are many.
        fs::remove_file(&program.path)?;
    }
    Ok(total)
}

/// Parses a line of the program.
fn parse(line: &str) -> RoundTripResult {
    let (what, text) = line.split_once(' ').unwrap_or((line, ""));
    let text = text.to_owned();
    match what {
        "same" | "different" => Ok(Outcome {
            text,
            is_same: what == "same",
        }),
        _ => Err(text),
    }
}
