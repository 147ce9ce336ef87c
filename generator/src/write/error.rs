//! The errors of reading and writing files.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use crate::diagnostics::printable;

/// The number of paths that a message lists.
const LISTED: usize = 10;

/// An error of reading or writing files. The message ends with a fix.
///
/// ```
/// use gapi_generator::write::{Files, Owner, WriteError, WriteProgress, Writer};
///
/// fn write(files: &Files) {
///     match Writer::new("src", Owner::Modules).write(files) {
///         Ok(_) => {}
///         Err(WriteError::Operation { progress: Some(WriteProgress { done, left, .. }), .. }) => {
///             println!("{} files were written, {} are left: try again", done.len(), left.len());
///         }
///         Err(error) => println!("{error}"),
///     }
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum WriteError {
    /// A file operation failed.
    Operation {
        /// The operation, as a verb: `replace`.
        what: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
        /// The progress of the run; `None` if it had not begun to write.
        progress: Option<WriteProgress>,
    },
    /// Something is at a path that the writer does not touch, for example a symbolic link.
    InTheWay {
        /// The file or directory.
        path: PathBuf,
        /// The reason.
        why: &'static str,
        /// The fix, in the imperative.
        help: &'static str,
    },
    /// Files that the generator did not write would be replaced. [`Writer::force`](super::Writer::force) allows it.
    NotGenerated {
        /// The files.
        paths: Vec<PathBuf>,
    },
    /// Another run is writing to the directory.
    Busy {
        /// The directory.
        directory: PathBuf,
        /// The process id of the other run, where it is known.
        process: Option<u32>,
    },
    /// An earlier run was interrupted, and this run does not generate the same files.
    Unfinished {
        /// The directory.
        directory: PathBuf,
        /// The root files of what the earlier run generated: `storage_v1.rs`.
        roots: Vec<PathBuf>,
    },
    /// A file changed after it was read to generate from it.
    Changed {
        /// The file.
        path: PathBuf,
    },
}

/// The progress of a run that failed. All paths are relative to the output directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteProgress {
    /// Files that were replaced, created or deleted.
    pub done: Vec<PathBuf>,
    /// Files that are as they were before the run.
    pub left: Vec<PathBuf>,
}

impl WriteError {
    /// Returns a closure that makes an error of the operating system a failure to do `what` with `path`.
    pub(super) fn of(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Operation {
            what,
            path,
            source,
            progress: None,
        }
    }

    pub(super) fn in_the_way(path: &Path, why: &'static str, help: &'static str) -> Self {
        let path = path.to_owned();
        Self::InTheWay { path, why, help }
    }

    /// Adds the progress of the run.
    pub(super) fn after(self, progress: WriteProgress) -> Self {
        match self {
            Self::Operation {
                what, path, source, ..
            } => Self::Operation {
                what,
                path,
                source,
                progress: Some(progress),
            },
            other => other,
        }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation {
                what,
                path,
                source,
                progress,
            } => {
                write!(f, "error: cannot {what} {}: {source}", shown(path))?;
                progress.as_ref().map_or(Ok(()), |progress| progress.fmt(f))
            }
            Self::InTheWay { path, why, help } => {
                write!(
                    f,
                    "error: cannot use {}: {why}\n  help: {help}",
                    shown(path)
                )
            }
            Self::NotGenerated { paths } => {
                write!(
                    f,
                    "error: gapi-generator did not write {}, and would replace {}\n  \
                     help: move {} elsewhere",
                    list(paths),
                    it(paths),
                    it(paths)
                )
            }
            Self::Busy { directory, process } => {
                let process = process.map_or_else(String::new, |id| format!(" (process {id})"));
                write!(
                    f,
                    "error: another run is writing to {}{process}\n  \
                     help: wait until it has ended, and run again",
                    shown(directory)
                )
            }
            Self::Unfinished { directory, roots } => {
                write!(
                    f,
                    "error: an earlier run in {} was interrupted while it wrote {}\n  \
                     help: generate the same outputs again, alone or with others",
                    shown(directory),
                    list(roots)
                )
            }
            Self::Changed { path } => {
                write!(
                    f,
                    "error: {} was changed by another program during this run\n  help: run again",
                    shown(path)
                )
            }
        }
    }
}

impl WriteProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (done, left) = (self.done.len(), self.left.len());
        if done == 0 {
            return write!(
                f,
                "\n  nothing was written\n  help: remove the cause, and run again"
            );
        }
        write!(
            f,
            "\n  {done} of {} files were written: {}\n  {left} were not: {}\n  \
             help: remove the cause, and run again: the same run writes the rest",
            done + left,
            list(&self.done),
            list(&self.left)
        )
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Operation { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// Returns the path without characters that control a terminal.
fn shown(path: &Path) -> String {
    printable(&path.display().to_string())
}

fn list(paths: &[PathBuf]) -> String {
    let mut text: Vec<String> = paths.iter().take(LISTED).map(|path| shown(path)).collect();
    if paths.len() > LISTED {
        text.push(format!("{} more", paths.len() - LISTED));
    }
    text.join(", ")
}

fn it(paths: &[PathBuf]) -> &'static str {
    if paths.len() == 1 { "it" } else { "them" }
}
