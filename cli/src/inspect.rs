//! `gapi inspect`: the analysis of documents.

use clap::Args;
use gapi_generator::{Analysis, analyze_all, diagnostics::printable, inspect as json};

use crate::{
    arguments::{Reading, Resources, report},
    context::Context,
    documents,
    terminal::{print, visible},
};

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  gapi inspect spanner-v1
  gapi inspect storage.v1.json --json | jq .facts.paging")]
pub(crate) struct Inspect {
    /// Documents: paths, or names of APIs in the directory of documents (spanner-v1)
    #[arg(required = true, value_name = "DOC")]
    documents: Vec<String>,
    /// Print the model, the facts, the public items and the names as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    resources: Resources,
}

/// `gapi inspect`
pub(crate) fn run(arguments: &Inspect) -> Result<(), String> {
    let Inspect {
        reading, resources, ..
    } = arguments;
    let context = Context::open(reading)?;
    let sources = documents::find(&arguments.documents, &context.discovery)?;
    let options = context.options_for(resources);
    for analysis in analyze_all(&sources, &options).map_err(|problems| problems.to_string())? {
        report(&analysis.warnings);
        if arguments.json {
            print(&visible(&format!("{:#}\n", json::to_json(&analysis))))?;
        } else {
            print(&format!("{}\n", summary(&analysis)))?;
        }
    }
    Ok(())
}

fn summary(analysis: &Analysis) -> String {
    let Analysis {
        api, facts, names, ..
    } = analysis;
    let revision = match api.revision.as_str() {
        "" => String::new(),
        revision => format!(" (revision {})", printable(revision)),
    };
    format!(
        "{} {}{}: module {}, feature {}, client {}\n\
         {} methods, {} types, {} methods in pages, {} types of operations",
        printable(&api.title),
        printable(&api.version),
        revision,
        names.module,
        names.feature,
        names.client,
        api.methods.len(),
        api.types.len(),
        facts.paging.len(),
        facts.operations.len()
    )
}
