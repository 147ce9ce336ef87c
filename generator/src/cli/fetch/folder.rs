//! The folder of documents: what is in it, and replacing one file at a time so that no other program, and no later
//! run, ever finds half of one.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{etags::Etags, plan::Local, readme};
use crate::cli::{
    api_version::{ApiVersion, Head},
    documents,
};

/// The folder, kept from other runs while this one writes.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    dry: bool,
    etags: Mutex<Etags>,
}

/// The documents of a folder; none where there is no folder yet.
///
/// # Errors
/// Every file `*.json` that is no document, and two files of one API.
pub(crate) fn contents(folder: &Path) -> Result<Vec<Local>, String> {
    let (mut found, mut problems): (Vec<Local>, Vec<String>) = (Vec::new(), Vec::new());
    let paths = if folder.exists() {
        documents::paths(folder)?
    } else {
        Vec::new()
    };
    for path in paths {
        let read = fs::read(&path).map_err(|error| error.to_string());
        match read.and_then(|bytes| Head::read(&bytes)) {
            Ok(head) => match found.iter().find(|other| other.head.api == head.api) {
                Some(other) => problems.push(format!(
                    "error: {} and {} are both {}; remove one of them",
                    other.path.display(),
                    path.display(),
                    head.api
                )),
                None => found.push(Local { path, head }),
            },
            Err(why) => problems.push(format!(
                "error: {}: {why}\n  help: remove it, then `fetch` with its name brings it anew",
                path.display()
            )),
        }
    }
    if problems.is_empty() {
        Ok(found)
    } else {
        Err(problems.join("\n"))
    }
}

impl Folder {
    /// Opens it; a dry run changes nothing in it.
    pub(crate) fn open(path: &Path, dry: bool) -> Result<Self, String> {
        let etags = if dry {
            Etags::read(path)
        } else {
            let cannot = |error| format!("error: cannot create {}: {error}", path.display());
            fs::create_dir_all(path).map_err(cannot)?;
            let etags = Etags::lock(path)?;
            clear_stale(path);
            etags
        };
        Ok(Self {
            path: path.to_owned(),
            dry,
            etags: Mutex::new(etags),
        })
    }

    /// Where the document of an API is or will be.
    pub(crate) fn place(&self, api: &ApiVersion, local: Option<&Local>) -> PathBuf {
        local.map_or_else(|| self.path.join(api.file()), |local| local.path.clone())
    }

    /// The ETag to send when this file, which holds `text`, is asked for.
    pub(crate) fn etag(&self, path: &Path, url: &str, text: &[u8]) -> Option<String> {
        self.etags().get(&name(path), url, text).map(str::to_owned)
    }

    /// Notes that the file, which holds `text`, is what `url` serves with this ETag.
    pub(crate) fn remember(&self, path: &Path, url: &str, etag: &str, text: &[u8]) {
        self.etags().remember(&name(path), url, etag, text);
    }

    /// Puts a document at its place, and into the table of the README.
    pub(crate) fn put(
        &self,
        path: &Path,
        document: &[u8],
        head: &Head,
        source: &str,
    ) -> Result<(), String> {
        if self.dry {
            return Ok(());
        }
        let waiting = Waiting::write(path, document)?;
        {
            // The table first: after a break between the two, the next run brings the document that it names.
            let _one_at_a_time = self.etags();
            let readme = self.path.join("README.md");
            let text = fs::read_to_string(&readme).unwrap_or_default();
            if let Some(updated) = readme::update(&text, &name(path), head, source) {
                Waiting::write(&readme, updated.as_bytes())?.take_place()?;
            }
        }
        waiting.take_place()
    }

    fn etags(&self) -> MutexGuard<'_, Etags> {
        // What a thread that panicked has left is still a list of ETags.
        self.etags.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// A new file that waits beside its place; dropped without taking it, it is gone.
#[derive(Debug)]
struct Waiting {
    at: PathBuf,
    target: PathBuf,
}

impl Waiting {
    fn write(target: &Path, bytes: &[u8]) -> Result<Self, String> {
        let at = target.with_file_name(format!(".{}.{}.tmp", name(target), std::process::id()));
        let waiting = Self {
            at,
            target: target.to_owned(),
        };
        let written = File::create(&waiting.at).and_then(|mut file| {
            file.write_all(bytes)?;
            // The name must not be there before the contents, not even after a power failure.
            file.sync_all()
        });
        written.map_err(|error| format!("cannot write {}: {error}", target.display()))?;
        Ok(waiting)
    }

    fn take_place(self) -> Result<(), String> {
        fs::rename(&self.at, &self.target)
            .map_err(|error| format!("cannot replace {}: {error}", self.target.display()))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // Best effort: after a rename there is nothing, after a failure that is what is reported.
        let _ = fs::remove_file(&self.at);
    }
}

/// Removes what a run that was interrupted has left. No other run is at work, since this one has the lock.
fn clear_stale(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_stale(&entry.file_name().to_string_lossy()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// `.spanner.v1.json.4711.tmp`
fn is_stale(file: &str) -> bool {
    let inner = file
        .strip_prefix('.')
        .and_then(|file| file.strip_suffix(".tmp"));
    inner
        .and_then(|inner| inner.rsplit_once('.'))
        .is_some_and(|(target, process)| {
            (target == "README.md" || ApiVersion::of_file(target).is_some())
                && !process.is_empty()
                && process.bytes().all(|byte| byte.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::is_stale;

    #[test]
    fn only_what_a_run_leaves_is_stale() {
        for file in [".spanner.v1.json.4711.tmp", ".README.md.1.tmp"] {
            assert!(is_stale(file), "{file}");
        }
        for file in [
            "spanner.v1.json",
            ".spanner.v1.json.tmp",
            ".x.1.tmp",
            "a.v1.json.1.tmp",
            ".etags.jsonl",
        ] {
            assert!(!is_stale(file), "{file}");
        }
    }
}
