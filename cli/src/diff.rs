//! `gapi diff`: what changed between documents, from files, folders or git revisions.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use gapi_generator::{
    Source,
    diff::{self, Bump, Changes, Rule, Verdict, Version},
};

use crate::{
    arguments::{Reading, Resources},
    documents, git,
    terminal::{print, visible},
};

#[derive(Args, Debug)]
#[command(after_help = "\
Each change is breaking, additive or invisible for code that uses the generated crate, by the rules of cargo-semver-checks
where it has one. Documents of folders are compared with those of the same id; one file is compared with one file.

Status: 0 when nothing is denied, 1 when a document or a file is wrong, 2 for wrong usage, 3 when --deny finds something.

Examples:
  gapi diff old/spanner.v1.json spanner-v1
  gapi diff HEAD~1:discovery discovery --deny breaking
  gapi diff --git v0.1.0..                         # the folder of documents, since then
  gapi diff old new --current 0.4.1 --format markdown
  gapi diff old new --changelog >> CHANGELOG.md")]
pub(crate) struct Diff {
    /// Older and newer documents: files, folders, names of APIs in the folder of documents, or REVISION:PATH of git
    #[arg(value_names = ["OLD", "NEW"], num_args = 2, required_unless_present = "git", conflicts_with = "git")]
    places: Vec<String>,
    /// Compare the folder of documents in two revisions; without the second, with the one on the disk
    #[arg(long, value_name = "OLD..[NEW]", value_parser = range)]
    git: Option<Range>,
    /// What to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Print an entry for a changelog: the same as --format changelog
    #[arg(long, conflicts_with = "format")]
    changelog: bool,
    /// End with status 3 when there is such a change, or a worse one
    #[arg(long, value_enum, value_name = "VERDICT")]
    deny: Option<Denied>,
    /// Take changes by this rule for additive, for example constructible_struct_adds_field
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    allow: Vec<Rule>,
    /// The crate's version now: say which one comes next
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
    /// What breaks code
    Breaking,
    /// That and what is new
    Additive,
    /// Any change
    Invisible,
}

/// Two revisions; the newer one is what is on the disk if it is empty.
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

/// The status when something is denied; 2 is clap's, for wrong usage.
const DENIED: u8 = 3;

/// `gapi diff`
pub(crate) fn run(arguments: &Diff) -> Result<ExitCode, String> {
    let (old, new) = sources(arguments);
    let (old, new) = match (old, new) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let problems: Vec<String> = [old.err(), new.err()].into_iter().flatten().collect();
            return Err(problems.join("\n"));
        }
    };
    let changes = diff::documents(&old, &new, &arguments.resources.options(&arguments.reading))
        .map_err(|problems| problems.to_string())?
        .allowing(&arguments.allow);
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

fn sources(arguments: &Diff) -> (Sources, Sources) {
    let folder = &arguments.reading.discovery;
    if let Some(Range { old, new }) = &arguments.git {
        // As seen from here, and not from the root of the repository.
        let here = std::env::current_dir().unwrap_or_default();
        let below = folder.strip_prefix(here).unwrap_or(folder);
        let path = format!("./{}", below.display());
        let new = if new.is_empty() {
            documents::all(folder)
        } else {
            git::documents(new, &path)
        };
        return (git::documents(old, &path), new);
    }
    let read = |place: &String| match git::parse(place) {
        Some((revision, path)) => git::documents(revision, path),
        None => documents::at(place, folder),
    };
    // Two of them, as clap has seen to.
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
    let format = if arguments.changelog {
        Format::Changelog
    } else {
        arguments.format
    };
    match format {
        Format::Text => diff::text(changes, true) + &line,
        Format::Markdown if line.is_empty() => diff::markdown(changes),
        Format::Markdown => diff::markdown(changes) + "\n" + &line,
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
