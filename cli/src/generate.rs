//! `gapi generate`: writes the outputs of the project file, or modules or a crate of the named documents.

use clap::Args;
use gapi_generator::WriteError;

use crate::{
    arguments::report,
    outputs::{Output, Outputs, counted},
    terminal::{Shown as _, Talk},
};

#[derive(Args, Debug)]
#[command(after_help = "\
Without DOC, the file gapi.toml of this directory or one above it says what to generate. With DOC and --out, only its
directory of documents and its hosts count, and its output with the same directory, if there is one.

Modules become part of a crate that you have. The command prints the `mod` lines and the dependencies that this
crate still lacks, and the files to add them to.

Examples:
  cargo new ../hello
  gapi generate spanner-v1 --out ../hello/src
  gapi generate discovery/healthcare.v1.json --out ../hello/src/google --resources '**.fhirStores'
  gapi generate servicemanagement-v1 --out ../servicemanagement --flavor crate
  gapi generate spanner-v1 healthcare-v1 --out ../clients --flavor crate --name clients")]
pub(crate) struct Generate {
    #[command(flatten)]
    outputs: Outputs,
    /// Replace files that the generator did not write, or what an interrupted run has left
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
    // No output is written if another one is known to fail.
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
    for output in outputs {
        if let Err(error) = write(output, arguments.force, talk) {
            errors.push(error);
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors.join("\n"))
    }
}

fn write(output: Output, force: bool, talk: &Talk) -> Result<(), String> {
    let Output {
        out, files, writer, ..
    } = output;
    let written = writer
        .force(force)
        .write(&files)
        .map_err(|failure| message(&failure))?;
    let lines: usize = files.0.values().map(|text| text.lines().count()).sum();
    talk.say(&format!(
        "{}: {}, {} files, {lines} lines: {} changed\n",
        out.shown(),
        counted(output.documents),
        // The list of files is one of them.
        files.0.len() + 1,
        written.changed
    ))?;
    match output.modules {
        Some(modules) => talk.say(&modules.missing(&out, written.created > 0)),
        None => Ok(()),
    }
}

fn message(failure: &WriteError) -> String {
    match failure {
        WriteError::NotGenerated { .. } => format!("{failure}, or replace it with `--force`"),
        WriteError::Unfinished { .. } => format!("{failure}, or use `--force`"),
        _ => failure.to_string(),
    }
}
