//! `gapi fetch`: newer documents, from Google's directory, a folder, an archive or a wheel.
//!
//! | module | what it knows |
//! |---|---|
//! | [`source`] | where documents come from |
//! | [`address`] | which addresses a document may come from |
//! | [`http`], [`retry`] | requests, and when to make one again |
//! | [`archive`] | wheels, zips and tars |
//! | [`plan`] | which documents to fetch |
//! | [`mod@judge`] | whether one replaces what is here |
//! | [`folder`], [`etags`], [`readme`] | what is here |
//! | [`report`] | what was done |

use std::{fs, path::Path};

use clap::Args;
use gapi_generator::{Options, diagnostics::printable, parallel};

use crate::{
    api_version::{ApiVersion, Head},
    arguments::Reading,
    terminal::{self, Bar, Talk},
};

mod address;
mod archive;
mod etags;
mod folder;
mod http;
mod judge;
mod plan;
mod readme;
mod report;
mod retry;
mod source;

use archive::Entry;
use folder::Folder;
use http::{Answer, LARGEST, Problem, Request};
use judge::{Here, Verdict, judge};
use plan::{Task, Wanted};
use report::{Row, Status};
use retry::Failure;
use source::{Directory, Source};

#[derive(Args, Debug)]
#[command(after_help = "\
Only later revisions replace what is there. A document that the generator refuses, that has lost all its methods,
or that is not of its API replaces nothing.

Examples:
  gapi fetch                                   what is newer of all that is in discovery/
  gapi fetch storage drive:v3                  these two, new ones too
  gapi fetch --from google_api_python_client-2.202.0-py3-none-any.whl
  gapi fetch --all --dry-run --json            what a program may want to know of all of them")]
pub(crate) struct Fetch {
    /// Names of APIs, with or without version (spanner, spanner-v1, spanner:v1); without any, all that are in the
    /// folder of documents
    #[arg(value_name = "API", conflicts_with = "all")]
    apis: Vec<String>,
    /// Everything that the source has
    #[arg(long)]
    all: bool,
    /// A folder of documents, a wheel, zip or compressed tar, or the URL of an archive or a directory of APIs; without
    /// it, Google's directory
    #[arg(long, value_name = "DIR|ARCHIVE|URL")]
    from: Option<String>,
    /// How many documents to fetch at a time
    #[arg(long, value_name = "N", default_value = "4", value_parser = clap::value_parser!(u8).range(1..=16))]
    jobs: u8,
    /// Say what is newer and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print what was done as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reading: Reading,
}

/// `gapi fetch`
pub(crate) fn run(arguments: &Fetch, talk: &Talk) -> Result<(), String> {
    let folder = &arguments.reading.discovery;
    let here = folder::contents(folder)?;
    let wanted = match &arguments.apis[..] {
        _ if arguments.all => Wanted::All,
        [] if here.is_empty() => {
            return Err(format!(
                "error: {} holds no document\n  help: name the APIs to fetch, or give --all",
                folder.display()
            ));
        }
        [] => Wanted::Here,
        names => Wanted::Named(names),
    };
    let source = Source::open(arguments.from.as_deref())?;
    let tasks = plan::plan(wanted, &source.offers(), &here)?;
    let run = Run {
        folder: Folder::open(folder, arguments.dry_run)?,
        options: arguments.reading.options(),
        source,
    };
    let bar = Bar::at_once("fetching", tasks.len(), talk);
    let rows = parallel::map_on(usize::from(arguments.jobs), &tasks, |task| {
        bar.begin(&task.api.to_string());
        let row = run.bring(task);
        bar.step();
        row
    });
    bar.clear();
    if arguments.json {
        let json = report::json(&rows, run.source.name(), arguments.dry_run);
        terminal::print(&terminal::visible(&format!("{json:#}\n")))?;
    } else {
        let has_crate = Path::new("generated/Cargo.toml").exists();
        talk.say(&report::text(&rows, arguments.dry_run, has_crate))?;
    }
    report::failures(&rows).map_or(Ok(()), Err)
}

/// What the work on each document needs.
struct Run {
    source: Source,
    folder: Folder,
    options: Options,
}

/// A document that was brought, and where it is from.
struct Brought<'a> {
    bytes: &'a [u8],
    source: &'a str,
    /// The address and the ETag there.
    etag: Option<(&'a str, &'a str)>,
}

/// What was tried in vain.
#[derive(Default)]
struct Tried {
    problems: Vec<String>,
    /// Whether it is more than that there is nothing.
    failed: bool,
}

impl Run {
    fn bring(&self, task: &Task) -> Row {
        let path = self.folder.place(&task.api, task.local.as_ref());
        let old = match here(&path, task) {
            Ok(old) => old,
            Err(problem) => {
                let tried = Tried {
                    problems: vec![problem],
                    failed: true,
                };
                return Row::not_brought(task, tried);
            }
        };
        let old = old.as_ref().map(|(head, text)| Here { head, text });
        let brought = match &self.source {
            Source::Directory(directory) => self.in_directory(directory, task, &path, old),
            Source::Files { label, entries } => self.in_files(label, entries, task, &path, old),
        };
        brought.unwrap_or_else(|tried| Row::not_brought(task, tried))
    }

    /// At the first address that has the document.
    fn in_directory(
        &self,
        directory: &Directory,
        task: &Task,
        path: &Path,
        old: Option<Here<'_>>,
    ) -> Result<Row, Tried> {
        let mut tried = Tried::default();
        for url in directory.candidates(&task.api) {
            match self.at_address(directory, &url, task, path, old) {
                Ok(row) => return Ok(row),
                Err(problem) => {
                    tried.failed |= problem.failure != Failure::Missing;
                    let message = format!("{}: {}", printable(&url), problem.message);
                    tried.problems.push(message);
                }
            }
        }
        Err(tried)
    }

    fn at_address(
        &self,
        directory: &Directory,
        url: &str,
        task: &Task,
        path: &Path,
        old: Option<Here<'_>>,
    ) -> Result<Row, Problem> {
        let known = old.and_then(|old| self.folder.etag(path, url, old.text));
        match ask(directory, url, known.as_deref())? {
            Answer::NotModified => Ok(Row::of(&task.api, old, None, Status::Unchanged)),
            Answer::Body { bytes, etag } => {
                let brought = Brought {
                    bytes: &bytes,
                    source: url,
                    etag: etag.as_deref().map(|etag| (url, etag)),
                };
                self.take(&task.api, path, old, &brought)
                    .map_err(|why| Problem::last(printable(&why)))
            }
        }
    }

    /// In a folder or an archive.
    fn in_files(
        &self,
        label: &str,
        entries: &[Entry],
        task: &Task,
        path: &Path,
        old: Option<Here<'_>>,
    ) -> Result<Row, Tried> {
        let Some(entry) = entries.iter().find(|entry| entry.api == task.api) else {
            let problems = vec![format!("{label} does not have it")];
            return Err(Tried {
                problems,
                failed: false,
            });
        };
        let brought = Brought {
            bytes: &entry.bytes,
            source: label,
            etag: None,
        };
        self.take(&task.api, path, old, &brought)
            .map_err(|why| Tried {
                problems: vec![format!("{label}: {}", printable(&why))],
                failed: true,
            })
    }

    /// Puts a document that was brought at its place, if it is to be there.
    fn take(
        &self,
        api: &ApiVersion,
        path: &Path,
        old: Option<Here<'_>>,
        brought: &Brought<'_>,
    ) -> Result<Row, String> {
        let (head, verdict) = judge(api, old, brought.bytes, &self.options)?;
        let row = |status| Row::of(api, old, Some(&head), status);
        let is_here = match &verdict {
            Verdict::New | Verdict::Newer => {
                self.folder
                    .put(path, brought.bytes, &head, brought.source)?;
                Some(brought.bytes)
            }
            Verdict::Same => old.map(|old| old.text),
            _ => None,
        };
        // Of a document that is left the ETag is not kept: each run is to say again why it is left.
        if let (Some(text), Some((url, etag))) = (is_here, brought.etag) {
            self.folder.remember(path, url, etag, text);
        }
        Ok(match verdict {
            Verdict::New => row(Status::Added),
            Verdict::Newer => row(Status::Updated),
            Verdict::Same => row(Status::Unchanged),
            Verdict::Older => row(Status::Older),
            Verdict::Left(why) => Row {
                note: Some(why),
                ..row(Status::Left)
            },
            Verdict::Refused(why) => Row {
                problems: vec![format!(
                    "the generator refuses revision {}:\n{why}",
                    printable(head.revision.as_str())
                )],
                ..row(Status::Failed)
            },
        })
    }
}

/// The document at its place, read anew: another program may have replaced it.
fn here(path: &Path, task: &Task) -> Result<Option<(Head, Vec<u8>)>, String> {
    if task.local.is_none() {
        return if path.exists() {
            Err(format!(
                "{} is in the way: it is another document",
                path.display()
            ))
        } else {
            Ok(None)
        };
    }
    let text =
        fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let head = Head::read(&text).map_err(|why| format!("{}: {why}", path.display()))?;
    Ok(Some((head, text)))
}

fn ask(directory: &Directory, url: &str, etag: Option<&str>) -> Result<Answer, Problem> {
    address::may_ask(url, directory.named.as_ref()).map_err(Problem::last)?;
    directory.client.get(Request {
        url,
        etag,
        limit: LARGEST,
        json: true,
    })
}

impl Row {
    fn of(api: &ApiVersion, old: Option<Here<'_>>, new: Option<&Head>, status: Status) -> Self {
        let revision = |head: &Head| printable(head.revision.as_str());
        Self {
            id: api.to_string(),
            old: old.map(|old| revision(old.head)),
            new: new.map(revision),
            status,
            note: None,
            problems: Vec::new(),
        }
    }

    /// What nobody has to have and is nowhere, is gone; all else is a failure.
    fn not_brought(task: &Task, tried: Tried) -> Self {
        let failed = tried.failed || task.expected;
        Self {
            id: task.api.to_string(),
            old: task
                .local
                .as_ref()
                .map(|local| printable(local.head.revision.as_str())),
            new: None,
            status: if failed { Status::Failed } else { Status::Gone },
            note: (!failed).then(|| "the source does not have it".to_owned()),
            problems: tried.problems,
        }
    }
}
