//! `gapi describe`: a reference page on the terminal, or as a file.

use clap::{Args, ValueEnum};
use gapi_generator::{
    analyze,
    describe::{Look, html, markdown, text},
};

use crate::{
    arguments::{Reading, Resources, report},
    context::Context,
    documents,
    terminal::print,
};

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  gapi describe spanner-v1
  gapi describe spanner-v1 projects.instances.operations
  gapi describe spanner-v1 projects.instances.operations.list
  gapi describe spanner-v1 projects.instances --format html > instances.html")]
pub(crate) struct Describe {
    /// A document: a path, or the name of an API in the directory of documents (spanner-v1)
    #[arg(value_name = "DOC")]
    document: String,
    /// A resource, by the names from the root down, or a method of one; without it, the API
    #[arg(
        value_name = "RESOURCE[.METHOD]",
        default_value = "",
        hide_default_value = true
    )]
    target: String,
    /// The format: text for a terminal, or a page
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    resources: Resources,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Markdown,
    Html,
}

/// `gapi describe`
pub(crate) fn run(arguments: &Describe) -> Result<(), String> {
    let Describe {
        document,
        target,
        reading,
        resources,
        ..
    } = arguments;
    let context = Context::open(reading)?;
    let sources = documents::find(std::slice::from_ref(document), &context.discovery)?;
    for source in &sources {
        let analysis = analyze(source, &context.options_for(resources))
            .map_err(|problems| problems.to_string())?;
        report(&analysis.warnings);
        let page = analysis
            .describe(target)
            .map_err(|unknown| unknown.to_string())?;
        print(&match arguments.format {
            Format::Text => text(&page, look()),
            Format::Markdown => markdown(&page),
            Format::Html => html(&page),
        })?;
    }
    Ok(())
}

/// Returns a layout as wide as the terminal. Styles are removed later if the output is not a terminal.
fn look() -> Look {
    let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    Look {
        width: width.unwrap_or(Look::default().width),
        styled: true,
    }
}
