//! Text files that are not too large.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// The largest file with credentials or a subject token, in bytes. Such files have a few KiB.
pub(super) const MAX_SIZE: u64 = 1 << 20;

/// The wait for a pipe or a device, which may have no end.
const PIPE_TIMEOUT: Duration = Duration::from_secs(4);

/// The number of pipes that may wait for their writers at a time. Each has a thread.
const MOST_PIPES: usize = 8;

static PIPES: AtomicUsize = AtomicUsize::new(0);

/// Reads a text file of at most `max` bytes.
///
/// A pipe is read too, because a shell makes one of `<(command)`. Opening a pipe that no process writes to would block forever, so
/// the wait for one has a limit.
///
/// # Errors
/// [`ErrorKind::FileTooLarge`], [`ErrorKind::InvalidData`] if the text is not UTF-8, [`ErrorKind::TimedOut`] for a pipe, and the
/// errors of the system.
pub(super) fn read(path: &Path, max: u64) -> io::Result<String> {
    let kind = fs::metadata(path)?.file_type();
    if kind.is_file() || kind.is_dir() {
        return bounded(File::open(path)?, max);
    }
    read_pipe(path.to_owned(), max)
}

/// Returns the problem of a file that the caller has named and that cannot be read: the reason, the place and the fix.
pub(super) fn unread(path: &Path, error: &io::Error) -> String {
    let directory = std::env::current_dir().ok().filter(|_| path.is_relative());
    let place =
        directory.map(|directory| format!(", in the working directory {}", directory.display()));
    let help = match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            "; help: put the file there, or name another path"
        }
        ErrorKind::PermissionDenied => "; help: let the user of this program read it",
        ErrorKind::IsADirectory => "; help: name a file in it",
        _ => "",
    };
    format!("cannot be read: {error}{}{help}", place.unwrap_or_default())
}

/// Reads at most `max` bytes of a file that is open.
///
/// # Errors
/// As for [`read`].
pub(super) fn bounded(file: File, max: u64) -> io::Result<String> {
    let mut bytes = Vec::new();
    let length = file.take(max.saturating_add(1)).read_to_end(&mut bytes)?;
    if length as u64 > max {
        let text = format!("it is larger than {max} bytes");
        return Err(io::Error::new(ErrorKind::FileTooLarge, text));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is not UTF-8"))
}

/// Reads a pipe on a separate thread. The thread remains if no process ever writes to the pipe.
fn read_pipe(path: PathBuf, max: u64) -> io::Result<String> {
    if PIPES.fetch_add(1, Ordering::Relaxed) >= MOST_PIPES {
        PIPES.fetch_sub(1, Ordering::Relaxed);
        return Err(io::Error::other(
            "it is not a regular file, and other pipes wait for their writers",
        ));
    }
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        let text = File::open(path).and_then(|file| bounded(file, max));
        PIPES.fetch_sub(1, Ordering::Relaxed);
        // The caller may have given up.
        let _ = sender.send(text);
    };
    let thread = thread::Builder::new().name("gapi-pipe".to_owned());
    if let Err(error) = thread.spawn(work) {
        PIPES.fetch_sub(1, Ordering::Relaxed);
        return Err(error);
    }
    receiver.recv_timeout(PIPE_TIMEOUT).unwrap_or_else(|_| {
        let text = format!(
            "it is not a regular file, and did not end within {} s",
            PIPE_TIMEOUT.as_secs()
        );
        Err(io::Error::new(ErrorKind::TimedOut, text))
    })
}

#[cfg(test)]
mod tests;
