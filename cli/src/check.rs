//! `gapi check`: compares the generated crate with the output of the generator.

use std::path::PathBuf;

use clap::Args;
use gapi_generator::{Difference, Files, Owner, Package, Writer, generate_crate};

use crate::{
    arguments::{Generating, report},
    documents,
    terminal::Talk,
};

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  gapi check
  gapi check --discovery documents --generated clients")]
pub(crate) struct Check {
    #[command(flatten)]
    generating: Generating,
    /// The directory of the generated crate
    #[arg(long, value_name = "DIR", default_value = "generated")]
    generated: PathBuf,
}

/// `gapi check`
pub(crate) fn run(arguments: &Check, talk: &Talk) -> Result<(), String> {
    let Check {
        generating,
        generated,
    } = arguments;
    let GeneratedCrate {
        files,
        documents,
        writer,
    } = generated_crate(generating, generated, talk)?;
    let compared = writer
        .is_unfinished()
        .and_then(|unfinished| Ok((unfinished, writer.differences(&files)?)));
    let (unfinished, differences) = compared.map_err(|failure| failure.to_string())?;
    let generated = generated.display();
    if unfinished {
        return Err(format!(
            "error: a run in {generated} is under way or was interrupted\n  \
             help: wait until it has ended, or run `gapi generate` again"
        ));
    }
    if differences.is_empty() {
        return talk.say(&format!(
            "{documents} documents: {generated} is up to date\n"
        ));
    }
    for difference in &differences {
        print!("{}", unified(difference));
    }
    Err(format!(
        "error: {generated} is stale in {} files\n  help: run `gapi generate` and look at the changes",
        differences.len()
    ))
}

/// The files of a crate, generated from all documents of a directory.
pub(crate) struct GeneratedCrate {
    pub(crate) files: Files,
    /// The number of documents.
    pub(crate) documents: usize,
    /// Writes the files.
    pub(crate) writer: Writer,
}

/// Generates the files of a crate from all documents.
pub(crate) fn generated_crate(
    generating: &Generating,
    generated: &PathBuf,
    talk: &Talk,
) -> Result<GeneratedCrate, String> {
    let sources = documents::all(&generating.reading.discovery)?;
    let path = generated.join("Cargo.toml");
    let manifest = std::fs::read_to_string(&path)
        .map_err(|error| format!("error: cannot read {}: {error}", path.display()))?;
    let (options, bar) = generating.watched(sources.len(), talk);
    let made = generate_crate(&sources, &options, &manifest);
    bar.clear();
    let (files, warnings) = made.map_err(|problems| problems.to_string())?;
    report(&warnings);
    let read_before = Files([("Cargo.toml".into(), manifest)].into());
    let writer = Writer::new(generated, Owner::Root(Package::ROOT.into()));
    Ok(GeneratedCrate {
        files,
        documents: sources.len(),
        writer: writer.read_before(read_before),
    })
}

/// Returns a unified diff from the current to the generated text.
fn unified(difference: &Difference<'_>) -> String {
    let path = difference.path.display().to_string();
    let (old, new) = (difference.current.as_deref(), difference.wanted.as_deref());
    let name = |text: Option<&str>| text.map_or("/dev/null", |_| path.as_str()).to_owned();
    let text = similar::TextDiff::from_lines(old.unwrap_or_default(), new.unwrap_or_default());
    text.unified_diff()
        .header(&name(old), &name(new))
        .to_string()
}
