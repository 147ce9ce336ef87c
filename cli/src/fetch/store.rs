//! The directory of documents. One document is replaced at a time.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use gapi_generator::write::{self, Output, WriteError};

use super::{etags::Etags, plan::Local, readme};
use crate::{
    api_version::{ApiVersion, Head},
    documents,
    terminal::Shown as _,
};

/// The table of the documents.
const README: &str = "README.md";

/// The directory of documents, locked while this run writes.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    /// `None` for a dry run, which changes nothing.
    output: Option<Output>,
    etags: Mutex<Etags>,
}

/// Returns the documents of a directory. A directory that does not exist has none.
///
/// # Errors
/// Returns an error for every file `*.json` that is not a document, and for two files of one API.
pub(crate) fn contents(directory: &Path) -> Result<Vec<Local>, String> {
    let (mut found, mut problems): (Vec<Local>, Vec<String>) = (Vec::new(), Vec::new());
    let paths = if directory.exists() {
        documents::paths(directory)?
    } else {
        Vec::new()
    };
    for path in paths {
        let read = fs::read(&path).map_err(|error| error.to_string());
        match read.and_then(|bytes| Head::read(&bytes)) {
            Ok(head) => match found.iter().find(|other| other.head.api == head.api) {
                Some(other) => problems.push(format!(
                    "error: {} and {} are both {}; remove one of them",
                    other.path.shown(),
                    path.shown(),
                    head.api
                )),
                None => found.push(Local { path, head }),
            },
            Err(why) => problems.push(format!(
                "error: {}: {why}\n  help: remove it, then `gapi fetch` with its name fetches it again",
                path.shown()
            )),
        }
    }
    if problems.is_empty() {
        Ok(found)
    } else {
        Err(problems.join("\n"))
    }
}

impl Store {
    /// Opens the directory. A dry run changes nothing in it.
    pub(crate) fn open(path: &Path, dry: bool) -> Result<Self, String> {
        Self::try_open(path, dry).map_err(|failure| failure.to_string())
    }

    fn try_open(path: &Path, dry: bool) -> Result<Self, WriteError> {
        // A table that cannot be replaced is reported before anything is fetched.
        write::read(path, Path::new(README))?;
        let output = if dry { None } else { Some(Output::open(path)?) };
        let etags = output
            .as_ref()
            .map_or_else(|| Etags::read(path), Etags::open)?;
        Ok(Self {
            path: path.to_owned(),
            output,
            etags: Mutex::new(etags),
        })
    }

    /// Returns the path of the document of an API. It may not exist yet.
    pub(crate) fn place(&self, api: &ApiVersion, local: Option<&Local>) -> PathBuf {
        local.map_or_else(|| self.path.join(api.file()), |local| local.path.clone())
    }

    /// Returns the ETag to send in the request for this file, which contains `text`.
    pub(crate) fn etag(&self, path: &Path, url: &str, text: &[u8]) -> Option<String> {
        self.etags().get(&name(path), url, text).map(str::to_owned)
    }

    /// Stores that `url` returns the file, which contains `text`, with this ETag.
    pub(crate) fn remember(&self, path: &Path, url: &str, etag: &str, text: &[u8]) {
        self.etags().remember(&name(path), url, etag, text);
    }

    /// Writes a document, and its row in the table of the README.
    ///
    /// # Errors
    /// Returns an error if a file cannot be replaced.
    pub(crate) fn put(
        &self,
        path: &Path,
        document: &[u8],
        head: &Head,
        source: &str,
    ) -> Result<(), String> {
        let Some(output) = &self.output else {
            return Ok(());
        };
        let file = name(path);
        let _one_at_a_time = self.etags();
        let replace = || {
            let bytes = write::read(&self.path, Path::new(README))?.unwrap_or_default();
            // A README without a table stays unchanged, and so does one that is not UTF-8.
            let text = String::from_utf8(bytes).unwrap_or_default();
            let table = readme::update(&text, &file, head, source);
            // The table is written first. After an interruption between the two, the next run fetches the document again.
            let table = table
                .as_ref()
                .map(|text| (Path::new(README), text.as_bytes()));
            let document = (Path::new(&file), document);
            output.replace(&table.into_iter().chain([document]).collect::<Vec<_>>())
        };
        replace().map_err(|failure: WriteError| {
            let message = failure.to_string();
            message.trim_start_matches("error: ").to_owned()
        })
    }

    fn etags(&self) -> MutexGuard<'_, Etags> {
        // The list is valid after a panic of another thread, too.
        self.etags.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
