//! `gapi fetch`: newer documents from Google's directory, a directory of files, an archive or a wheel.
//!
//! | module | contents |
//! |---|---|
//! | [`source`] | sources of documents |
//! | [`address`] | addresses that are allowed |
//! | [`http`], [`retry`] | requests and retries |
//! | [`archive`] | wheels, zips and tars |
//! | [`plan`] | the documents to fetch |
//! | [`mod@judge`] | the decision about a document |
//! | [`store`], [`etags`], [`readme`] | the directory of documents |
//! | [`report`] | the result |

use std::{fs, path::Path};

use clap::Args;
use gapi_generator::{Options, diagnostics::printable, parallel};

use crate::{
    api_version::{ApiVersion, Head},
    arguments::Reading,
    context::Context,
    terminal::{self, Bar, Shown as _, Talk},
};

mod address;
mod archive;
mod etags;
mod http;
mod judge;
mod plan;
mod readme;
mod report;
mod retry;
mod source;
mod store;

use archive::Entry;
use http::{HttpError, HttpResponse, LARGEST, Request};
use judge::{Decision, Here, judge};
use plan::{Task, Wanted};
use report::{Row, Status};
use retry::FailureKind;
use source::{Directory, DocumentSource};
use store::Store;

#[derive(Args, Debug)]
#[command(after_help = "\
A document is replaced only with a later revision of the same API that generates and has methods.

Examples:
  gapi fetch                                 update the documents of the project
  gapi fetch storage drive:v3                update or add two documents
  gapi fetch --from google_api_python_client-2.202.0-py3-none-any.whl
  gapi fetch --all --dry-run --json          compare all documents of Google, for a program")]
pub(crate) struct Fetch {
    /// Names of APIs, with or without version (spanner, spanner-v1, spanner:v1). Without any, those that gapi.toml lists,
    /// else all in the directory of documents
    #[arg(value_name = "API", conflicts_with = "all")]
    apis: Vec<String>,
    /// All APIs of the source
    #[arg(long)]
    all: bool,
    /// A directory of documents, a wheel, zip or compressed tar, or the URL of an archive or a directory of APIs. Without it,
    /// the source of gapi.toml, else Google's directory
    #[arg(long, value_name = "DIR|ARCHIVE|URL")]
    from: Option<String>,
    /// The number of documents to fetch concurrently
    #[arg(long, value_name = "N", default_value = "4", value_parser = clap::value_parser!(u8).range(1..=16))]
    jobs: u8,
    /// Show which documents are newer, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reading: Reading,
}

/// `gapi fetch`
pub(crate) fn run(arguments: &Fetch, talk: &Talk) -> Result<(), String> {
    let context = Context::open(&arguments.reading)?;
    let project = context.project.as_ref();
    let directory = &context.discovery;
    let apis = project.and_then(|project| project.settings.fetch.apis.as_deref());
    let here = store::contents(directory)?;
    let wanted = match &arguments.apis[..] {
        _ if arguments.all => Wanted::All,
        [] if apis.is_some() => Wanted::Followed(apis.unwrap_or_default()),
        [] if here.is_empty() => {
            return Err(format!(
                "error: {} contains no document\n  help: name the APIs to fetch, or give --all",
                directory.shown()
            ));
        }
        [] => Wanted::Here,
        names => Wanted::Named(names),
    };
    let from = arguments.from.clone().or_else(|| project?.source());
    let source = DocumentSource::open(from.as_deref())?;
    let tasks = plan::plan(wanted, &source.offers(), &here)?;
    let run = Run {
        store: Store::open(directory, arguments.dry_run)?,
        options: context.options(),
        source,
    };
    let bar = Bar::at_once("fetching", tasks.len(), talk);
    let rows = parallel::map_on(usize::from(arguments.jobs), &tasks, |task| {
        bar.begin(&task.api.to_string());
        let row = run.fetch(task);
        bar.step();
        row
    });
    bar.clear();
    if arguments.json {
        let json = report::json(&rows, run.source.name(), arguments.dry_run);
        terminal::print(&terminal::visible(&format!("{json:#}\n")))?;
    } else {
        let has_outputs = project.is_some_and(|project| !project.settings.outputs.is_empty());
        talk.say(&report::text(&rows, arguments.dry_run, has_outputs))?;
        if let (Some(apis), Some(project)) = (apis, project) {
            talk.say(&report::not_followed(&rows, apis, &project.file))?;
        }
    }
    report::failures(&rows).map_or(Ok(()), Err)
}

/// The data that the work on each document needs.
struct Run {
    source: DocumentSource,
    store: Store,
    options: Options,
}

/// A fetched document and its source.
struct Fetched<'a> {
    bytes: &'a [u8],
    source: &'a str,
    /// The address and the ETag there.
    etag: Option<(&'a str, &'a str)>,
}

/// Failed attempts.
#[derive(Default)]
struct Tried {
    problems: Vec<String>,
    /// `true` if an attempt failed for another reason than a missing document.
    failed: bool,
}

impl Run {
    fn fetch(&self, task: &Task) -> Row {
        let path = self.store.place(&task.api, task.local.as_ref());
        let old = match here(&path, task) {
            Ok(old) => old,
            Err(problem) => {
                let tried = Tried {
                    problems: vec![problem],
                    failed: true,
                };
                return Row::not_fetched(task, tried);
            }
        };
        let old = old.as_ref().map(|(head, text)| Here { head, text });
        let fetched = match &self.source {
            DocumentSource::Directory(directory) => self.in_directory(directory, task, &path, old),
            DocumentSource::Files { label, entries } => {
                self.in_files(label, entries, task, &path, old)
            }
        };
        fetched.unwrap_or_else(|tried| Row::not_fetched(task, tried))
    }

    /// Fetches the document from the first address that has it.
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
                    tried.failed |= problem.kind != FailureKind::Missing;
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
    ) -> Result<Row, HttpError> {
        let known = old.and_then(|old| self.store.etag(path, url, old.text));
        match ask(directory, url, known.as_deref())? {
            HttpResponse::NotModified => Ok(Row::of(&task.api, old, None, Status::Unchanged)),
            HttpResponse::Body { bytes, etag } => {
                let fetched = Fetched {
                    bytes: &bytes,
                    source: url,
                    etag: etag.as_deref().map(|etag| (url, etag)),
                };
                self.take(&task.api, path, old, &fetched)
                    .map_err(|why| HttpError::last(printable_lines(&why)))
            }
        }
    }

    /// Takes the document from files.
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
        let fetched = Fetched {
            bytes: &entry.bytes,
            source: label,
            etag: None,
        };
        self.take(&task.api, path, old, &fetched)
            .map_err(|why| Tried {
                problems: vec![format!("{label}: {}", printable_lines(&why))],
                failed: true,
            })
    }

    /// Writes a fetched document, unless the current one is better.
    fn take(
        &self,
        api: &ApiVersion,
        path: &Path,
        old: Option<Here<'_>>,
        fetched: &Fetched<'_>,
    ) -> Result<Row, String> {
        let (head, decision) = judge(api, old, fetched.bytes, &self.options)?;
        let row = |status| Row::of(api, old, Some(&head), status);
        let is_here = match &decision {
            Decision::New | Decision::Newer => {
                self.store.put(path, fetched.bytes, &head, fetched.source)?;
                Some(fetched.bytes)
            }
            Decision::Same => old.map(|old| old.text),
            _ => None,
        };
        // No ETag is stored for a document that was not used, so that each run reports the reason again.
        if let (Some(text), Some((url, etag))) = (is_here, fetched.etag) {
            self.store.remember(path, url, etag, text);
        }
        Ok(match decision {
            Decision::New => row(Status::Added),
            Decision::Newer => row(Status::Updated),
            Decision::Same => row(Status::Unchanged),
            Decision::Older => row(Status::Older),
            Decision::Left(why) => Row {
                note: Some(why),
                ..row(Status::Left)
            },
            Decision::Rejected(why) => Row {
                problems: vec![format!(
                    "the generator rejects revision {}:\n{why}",
                    printable(head.revision.as_str())
                )],
                ..row(Status::Failed)
            },
        })
    }
}

/// Reads the current document again, because another program may have replaced it.
fn here(path: &Path, task: &Task) -> Result<Option<(Head, Vec<u8>)>, String> {
    if task.local.is_none() {
        return if path.exists() {
            Err(format!(
                "{} is in the way: it is another document",
                path.shown()
            ))
        } else {
            Ok(None)
        };
    }
    let text = fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.shown()))?;
    let head = Head::read(&text).map_err(|why| format!("{}: {why}", path.shown()))?;
    Ok(Some((head, text)))
}

/// Returns a message of several lines for a terminal.
fn printable_lines(message: &str) -> String {
    let lines: Vec<String> = message.lines().map(printable).collect();
    lines.join("\n")
}

fn ask(directory: &Directory, url: &str, etag: Option<&str>) -> Result<HttpResponse, HttpError> {
    address::may_ask(url, directory.named.as_ref()).map_err(HttpError::last)?;
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

    /// Returns the row of a document that was not fetched. If it is missing and was not expected, it is gone. All others failed.
    fn not_fetched(task: &Task, tried: Tried) -> Self {
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
