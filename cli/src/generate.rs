//! `gapi generate`: writes the outputs of the project file, or modules or a crate of the named documents.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clap::Args;
use gapi_generator::WriteError;

use crate::{
    arguments::report,
    outputs::{Output, Outputs, counted, crates_counted},
    terminal::{Shown as _, Talk},
};

#[derive(Args, Debug)]
#[command(after_help = "\
Without DOC, the file gapi.toml of this directory or one above it states what to generate. With DOC and --out, only its
directory of documents and its hosts count, and its output with the same directory, if there is one.

With --flavor crates each document becomes a separate crate, in the directory DIR/NAME.

Modules become part of a crate that you have. The command prints the `mod` lines and the dependencies that this
crate still lacks, and the files to add them to.

Examples:
  cargo new ../hello
  gapi generate spanner-v1 --out ../hello/src
  gapi generate discovery/healthcare.v1.json --out ../hello/src/google --resources '**.fhirStores'
  gapi generate servicemanagement-v1 --out ../servicemanagement --flavor crate
  gapi generate spanner-v1 healthcare-v1 --out ../clients --flavor crate --name clients
  gapi generate spanner-v1 healthcare-v1 --out ../crates --flavor crates --name 'my-{api}'")]
pub(crate) struct Generate {
    #[command(flatten)]
    outputs: Outputs,
    /// Replace files that the generator did not write, and the remains of an interrupted run
    #[arg(long)]
    force: bool,
}

/// `gapi generate`
pub(crate) fn run(arguments: &Generate, talk: &Talk) -> Result<(), String> {
    // Nothing is written before everything is generated.
    let outputs = arguments.outputs.generate(false, talk)?;
    for output in &outputs {
        report(&output.warnings);
    }
    // If one output would fail, none is written.
    let writable = |output: &Output| {
        let writer = output.writer.clone().force(arguments.force);
        writer.check(&output.files).err()
    };
    let mut errors: Vec<String> = Vec::new();
    if outputs.len() > 1 {
        errors.extend(outputs.iter().filter_map(writable).map(|it| message(&it)));
    }
    if !errors.is_empty() {
        return Err(errors.join("\n"));
    }
    let mut crates: BTreeMap<PathBuf, Sum> = BTreeMap::new();
    for output in outputs {
        let sum = match write(&output, arguments.force) {
            Ok(sum) => sum,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        if let Some(directory) = &output.among {
            crates.entry(directory.clone()).or_default().add(sum);
        }
        // Lines for unchanged crates would hide those for the others.
        if output.among.is_none() || sum.changed > 0 {
            talk.say(&line(&output.out, &counted(output.documents), sum))?;
        }
        if let Some(modules) = output.modules {
            talk.say(&modules.missing(&output.out, sum.created > 0))?;
        }
    }
    for (directory, sum) in crates {
        talk.say(&line(&directory, &crates_counted(sum.outputs), sum))?;
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors.join("\n"))
    }
}

/// Numbers of written outputs, files and lines.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    outputs: usize,
    files: usize,
    lines: usize,
    changed: usize,
    created: usize,
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.outputs += other.outputs;
        self.files += other.files;
        self.lines += other.lines;
        self.changed += other.changed;
        self.created += other.created;
    }
}

fn line(out: &Path, what: &str, sum: Sum) -> String {
    format!(
        "{}: {what}, {} files, {} lines: {} changed\n",
        out.shown(),
        sum.files,
        sum.lines,
        sum.changed
    )
}

fn write(output: &Output, force: bool) -> Result<Sum, String> {
    let Output { files, writer, .. } = output;
    let written = writer
        .clone()
        .force(force)
        .write(files)
        .map_err(|failure| message(&failure))?;
    Ok(Sum {
        outputs: 1,
        // The list of files is one of them.
        files: files.0.len() + 1,
        lines: files.0.values().map(|text| text.lines().count()).sum(),
        changed: written.changed,
        created: written.created,
    })
}

fn message(failure: &WriteError) -> String {
    match failure {
        WriteError::NotGenerated { .. } => format!("{failure}, or replace it with `--force`"),
        WriteError::Unfinished { .. } => format!("{failure}, or use `--force`"),
        _ => failure.to_string(),
    }
}
