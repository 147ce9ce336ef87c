//! `gapi diff`: changes between documents of files, directories or git revisions.

use std::{path::Path, process::ExitCode};

use clap::{Args, ValueEnum};
use gapi_generator::{
    Source,
    diff::{self, Bump, Changes, Rule, Verdict, Version},
};

use crate::{
    arguments::{Reading, Resources},
    context::Context,
    documents, git,
    project::from_here,
    terminal::{complain, print, visible},
};

#[derive(Args, Debug)]
#[command(after_help = "\
Each change is breaking, additive or invisible for code that uses the generated crate, by the rules of cargo-semver-checks
where it has one. Documents are compared by their ids. An API that one side does not have is removed or new. Breaking changes
come first. Long lists are shortened, except in JSON.

Status: 0 if nothing is denied, 1 for a wrong document or file, 2 for wrong usage, 3 if --deny finds a change.

Examples:
  gapi diff                                  # the documents since the last commit
  gapi diff old/spanner.v1.json spanner-v1
  gapi diff HEAD~1:discovery discovery --deny breaking
  gapi diff --git v0.1.0..                   # the documents since that revision
  gapi diff old new --current 0.4.1 --format markdown
  gapi diff old new --changelog >> CHANGELOG.md")]
pub(crate) struct Diff {
    /// Older and newer documents: files, directories, names of APIs in the directory of documents, or REVISION:PATH of
    /// git. Without them, the directory of documents in the last commit and on the disk
    #[arg(value_names = ["OLD", "NEW"], num_args = 2, conflicts_with = "git")]
    places: Vec<String>,
    /// Compare the directory of documents in two revisions. Without the second, with the one on the disk
    #[arg(long, value_name = "OLD..[NEW]", value_parser = range)]
    git: Option<Range>,
    /// The format
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Print an entry for a changelog, as --format changelog does
    #[arg(long, conflicts_with = "format")]
    changelog: bool,
    /// List every change in text and Markdown
    #[arg(long)]
    complete: bool,
    /// Compare two files as one API, even if their ids differ: for example two versions of an API
    #[arg(long, conflicts_with = "git", requires = "places")]
    as_one_api: bool,
    /// Exit with status 3 if there is such a change, or a worse one
    #[arg(long, value_enum, value_name = "VERDICT")]
    deny: Option<Denied>,
    /// Treat changes by this rule as additive, for example constructible_struct_adds_field
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    allow: Vec<Rule>,
    /// The current version of the crate. The next version is printed
    #[arg(long, value_name = "VERSION", conflicts_with = "changelog")]
    current: Option<Version>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    resources: Resources,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
    Changelog,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Denied {
    /// Changes that break code
    Breaking,
    /// Breaking changes and additions
    Additive,
    /// Any change
    Invisible,
}

impl Diff {
    fn format(&self) -> Format {
        if self.changelog {
            Format::Changelog
        } else {
            self.format
        }
    }
}

/// Two revisions. If the newer one is empty, it means the files on the disk.
#[derive(Clone, Debug)]
struct Range {
    old: String,
    new: String,
}

fn range(text: &str) -> Result<Range, String> {
    match text.split_once("..") {
        Some((old, new)) if !old.is_empty() && !new.starts_with('.') => Ok(Range {
            old: old.to_owned(),
            new: new.to_owned(),
        }),
        _ => Err("expected OLD..NEW or OLD..".to_owned()),
    }
}

/// The status if a change is denied. Status 2 is clap's, for wrong usage.
const DENIED: u8 = 3;

/// `gapi diff`
pub(crate) fn run(arguments: &Diff) -> Result<ExitCode, String> {
    let context = Context::open(&arguments.reading)?;
    let (old, new) = sources(arguments, &context.discovery);
    let (old, new) = match (old, new) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let problems: Vec<String> = [old.err(), new.err()].into_iter().flatten().collect();
            return Err(problems.join("\n"));
        }
    };
    let options = context.options_for(&arguments.resources);
    let changes = match (&old[..], &new[..]) {
        ([], []) => return Err("error: neither side contains a document (*.json)".to_owned()),
        ([old], [new]) if arguments.as_one_api => diff::as_one_api(old, new, &options),
        _ if arguments.as_one_api => {
            return Err("error: --as-one-api takes one document on each side".to_owned());
        }
        (old, new) => diff::documents(old, new, &options),
    };
    let changes = changes
        .map_err(|problems| problems.to_string())?
        .allowing(&arguments.allow);
    // The report is part of a changelog, and the notes are not.
    if arguments.format() == Format::Changelog {
        for note in diff::notes(&changes) {
            complain(&format!("warning: {note}"));
        }
    }
    print(&report(&changes, arguments))?;
    let denied = arguments.deny.map(|denied| match denied {
        Denied::Breaking => Verdict::Breaking,
        Denied::Additive => Verdict::Additive,
        Denied::Invisible => Verdict::Invisible,
    });
    Ok(match (denied, changes.verdict()) {
        (Some(denied), Some(found)) if found >= denied => ExitCode::from(DENIED),
        _ => ExitCode::SUCCESS,
    })
}

type Sources = Result<Vec<Source>, String>;

fn sources(arguments: &Diff, directory: &Path) -> (Sources, Sources) {
    // Like `git diff`: from the last commit to the files on the disk.
    let since_commit = Range {
        old: "HEAD".to_owned(),
        new: String::new(),
    };
    let range = match &arguments.git {
        None if arguments.places.is_empty() => Some(&since_commit),
        range => range.as_ref(),
    };
    if let Some(Range { old, new }) = range {
        // Relative to the working directory, and not to the root of the repository.
        let path = format!("./{}", from_here(directory).display());
        let new = if new.is_empty() {
            documents::below(directory)
        } else {
            git::documents(new, &path)
        };
        return (git::documents(old, &path), new);
    }
    let read = |place: &String| match git::parse(place) {
        Some((revision, path)) => git::documents(revision, path),
        None => documents::at(place, directory),
    };
    // clap has checked that there are two.
    let mut read = arguments.places.iter().map(read);
    let mut next = || read.next().unwrap_or_else(|| Ok(Vec::new()));
    (next(), next())
}

fn report(changes: &Changes, arguments: &Diff) -> String {
    let next = changes.verdict().and_then(|verdict| {
        let next = arguments.current?.after(Bump::from(verdict))?;
        Some(next.to_string())
    });
    let line = next.as_ref().map(|next| format!("Next version: {next}\n"));
    let line = line.unwrap_or_default();
    let text = if arguments.complete {
        diff::complete_text
    } else {
        diff::text
    };
    let markdown = if arguments.complete {
        diff::complete_markdown
    } else {
        diff::markdown
    };
    match arguments.format() {
        Format::Text => text(changes, true) + &line,
        Format::Markdown if line.is_empty() => markdown(changes),
        Format::Markdown => markdown(changes) + "\n" + &line,
        Format::Changelog => diff::changelog(changes),
        Format::Json => {
            let mut json = diff::json(changes);
            if let Some(next) = next {
                json["next_version"] = next.into();
            }
            visible(&format!("{json:#}\n"))
        }
    }
}
