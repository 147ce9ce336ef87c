//! `gapi list`: the documents.

use std::{fmt::Write as _, num::NonZero, thread};

use clap::Args;
use gapi_generator::{Analysis, Revision, analyze, diagnostics::printable, ir::Owner, parallel};
use serde_json::{Value, json};

use crate::{arguments::Reading, context::Context, documents, terminal};

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  gapi list
  gapi list --json | jq -r '.[] | [.id, .revision, .methods] | @tsv'")]
pub(crate) struct List {
    /// Print the list as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reading: Reading,
}

/// A document of the directory.
struct Row {
    id: String,
    title: String,
    revision: Revision,
    feature: String,
    file: String,
    methods: usize,
    schemas: usize,
}

/// `gapi list`
pub(crate) fn run(arguments: &List) -> Result<(), String> {
    let context = Context::open(&arguments.reading)?;
    let sources = documents::all(&context.discovery)?;
    let options = context.options();
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let rows = parallel::map_on(threads, &sources, |source| {
        analyze(source, &options).map(|analysis| row(&source.name, &analysis))
    });
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for row in rows {
        match row {
            Ok(row) => found.push(row),
            Err(problem) => problems.push(problem.to_string()),
        }
    }
    terminal::print(&if arguments.json {
        let rows: Vec<Value> = found.iter().map(Row::json).collect();
        terminal::visible(&format!("{:#}\n", Value::from(rows)))
    } else {
        table(&found)
    })?;
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems.join("\n"))
    }
}

fn row(file: &str, analysis: &Analysis) -> Row {
    let api = &analysis.api;
    let schemas = api
        .types
        .iter()
        .filter(|t| matches!(t.owner, Owner::Schema(_)));
    Row {
        id: api.id.clone(),
        title: api.title.clone(),
        revision: api.revision.clone(),
        feature: analysis.names.feature.clone(),
        file: file.to_owned(),
        methods: api.methods.len(),
        schemas: schemas.count(),
    }
}

impl Row {
    fn json(&self) -> Value {
        json!({
            "id": self.id,
            "title": self.title,
            "revision": self.revision,
            "feature": self.feature,
            "file": self.file,
            "methods": self.methods,
            "schemas": self.schemas,
        })
    }
}

fn table(rows: &[Row]) -> String {
    let cells: Vec<[String; 5]> = rows
        .iter()
        .map(|row| {
            let (methods, schemas) = (row.methods.to_string(), row.schemas.to_string());
            let [feature, revision, title] =
                [&row.feature, row.revision.as_str(), &row.title].map(printable);
            [feature, revision, methods, schemas, title]
        })
        .collect();
    let head = ["feature", "revision", "methods", "schemas", "title"];
    let width = |column: usize| {
        let cells = cells.iter().map(|row| row[column].chars().count());
        cells.chain([head[column].len()]).max().unwrap_or(0)
    };
    let widths = [0, 1, 2, 3].map(width);
    let mut text = String::new();
    let mut line = |style: &str, [feature, revision, methods, schemas, title]: [&str; 5]| {
        let [w0, w1, w2, w3] = widths;
        let end = if style.is_empty() { "" } else { "\u{1b}[0m" };
        let _ = writeln!(
            text,
            "{style}{feature:w0$}  {revision:w1$}  {methods:>w2$}  {schemas:>w3$}  {title}{end}"
        );
    };
    line("\u{1b}[1m", head);
    for row in &cells {
        line("", row.each_ref().map(String::as_str));
    }
    text
}
