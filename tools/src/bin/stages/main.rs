//! Measures the time of each stage of generating: one thread, every document of a directory, one row for each stage.
//!
//! Run `cargo run --release -p gapi-tools --bin stages -- [DIRECTORY]`. The default is `discovery/`. The last two rows
//! parse and print the output as rendering does, and so show the share of syn and prettyplease in the third row.

#![allow(clippy::print_stdout, reason = "a measurement")]

use std::{
    error::Error,
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use gapi_generator::{Options, Source, analyze};
use gapi_tests::workspace;
use serde_json::Value;

#[derive(Default)]
struct Spent {
    parse: Duration,
    analysis: Duration,
    files: Duration,
    syn: Duration,
    prettyplease: Duration,
}

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args_os()
        .nth(1)
        .map_or_else(|| workspace::root().join("discovery"), PathBuf::from);
    let mut spent = Spent::default();
    let (mut documents, mut read, mut written) = (0_u32, 0, 0);
    for entry in fs::read_dir(&directory)? {
        let path = entry?.path();
        if path.extension() != Some("json".as_ref()) {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        let (value, took) = timed(|| serde_json::from_str::<Value>(&text));
        if value?["kind"] != "discovery#restDescription" {
            continue;
        }
        spent.parse += took;
        documents += 1;
        read += text.len();
        let name = path.display().to_string();
        let source = Source { name, text };
        let (analysis, took) = timed(|| analyze(&source, &Options::default()));
        spent.analysis += took;
        let analysis = analysis?;
        let (files, took) = timed(|| analysis.files());
        spent.files += took;
        for text in files?.0.values() {
            written += text.len();
            let (file, took) = timed(|| syn::parse_file(text));
            spent.syn += took;
            let file = file?;
            let (_, took) = timed(|| prettyplease::unparse(&file));
            spent.prettyplease += took;
        }
    }
    println!("{documents} documents, {read} bytes read, {written} bytes of Rust");
    for (stage, took) in [
        ("JSON into serde_json::Value, to compare", spent.parse),
        ("analysis: text to model, facts and names", spent.analysis),
        ("files: emitting and rendering", spent.files),
        ("  the output parsed again by syn", spent.syn),
        ("  and printed again by prettyplease", spent.prettyplease),
    ] {
        println!("{stage:<42} {:>7.2} s", took.as_secs_f64());
    }
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    let done = work();
    (done, started.elapsed())
}
