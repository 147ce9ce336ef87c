//! `gapi check`: compares outputs with what would be generated, and writes nothing.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clap::Args;
use gapi_generator::Difference;

use crate::{
    arguments::report,
    outputs::{Output, Outputs, counted, crates_counted},
    terminal::{Shown as _, Talk, print},
};

#[derive(Args, Debug)]
#[command(after_help = "\
Without DOC, all outputs of the file gapi.toml are compared.

Examples:
  gapi check
  gapi check --out clients
  gapi check discovery/spanner.v1.json --out src")]
pub(crate) struct Check {
    #[command(flatten)]
    outputs: Outputs,
}

/// `gapi check`
pub(crate) fn run(arguments: &Check, talk: &Talk) -> Result<(), String> {
    let outputs = arguments.outputs.generate(true, talk)?;
    let mut errors = Vec::new();
    let mut crates: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for output in &outputs {
        report(&output.warnings);
        match compare(output, outputs.len() > 1).unwrap_or_else(Some) {
            None => match &output.among {
                Some(directory) => *crates.entry(directory.clone()).or_default() += 1,
                None => talk.say(&up_to_date(&counted(output.documents), &output.out))?,
            },
            Some(error) => errors.push(error),
        }
    }
    // Each stale crate is a separate error.
    for (directory, documents) in crates {
        talk.say(&up_to_date(&crates_counted(documents), &directory))?;
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors.join("\n"))
    }
}

fn up_to_date(what: &str, out: &Path) -> String {
    format!(
        "{what}: {} is up to date
",
        out.shown()
    )
}

/// Prints the differences of an output, and returns the error if there are any. Their paths begin with the directory of
/// the output if it is one of `several`.
fn compare(output: &Output, several: bool) -> Result<Option<String>, String> {
    let Output { files, writer, .. } = output;
    let out = output.out.shown();
    let compared = writer
        .is_unfinished()
        .and_then(|unfinished| Ok((unfinished, writer.differences(files)?)));
    let (unfinished, differences) = compared.map_err(|failure| failure.to_string())?;
    if unfinished {
        return Ok(Some(format!(
            "error: a run in {out} is under way or was interrupted\n  \
             help: wait until it has ended, or run `gapi generate` again"
        )));
    }
    for difference in &differences {
        let path = if several {
            output.out.join(&difference.path)
        } else {
            difference.path.clone()
        };
        print(&unified(difference, &path.shown()))?;
    }
    Ok((!differences.is_empty()).then(|| {
        format!(
            "error: {out} is stale in {} files\n  help: run `gapi generate` and look at the changes",
            differences.len()
        )
    }))
}

/// Returns a unified diff from the current to the generated text.
fn unified(difference: &Difference<'_>, path: &str) -> String {
    let (old, new) = (difference.current.as_deref(), difference.wanted.as_deref());
    let name = |text: Option<&str>| text.map_or("/dev/null", |_| path).to_owned();
    let text = similar::TextDiff::from_lines(old.unwrap_or_default(), new.unwrap_or_default());
    text.unified_diff()
        .header(&name(old), &name(new))
        .to_string()
}
