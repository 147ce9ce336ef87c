//! The lock of an output directory: a file that exists while a run is at work.
//!
//! The operating system frees the lock of a process that was killed; the file then stays until the next run. A run
//! deletes the file while it has the lock. Another run that has just opened the file then has the lock of a deleted file,
//! notices it, and tries again.

use std::{fs::File, path::Path};

use super::disk::Disk;

#[cfg_attr(unix, path = "lock/unix.rs")]
#[cfg_attr(windows, path = "lock/windows.rs")]
#[cfg_attr(not(any(unix, windows)), path = "lock/existence.rs")]
mod system;

pub(super) use system::attempt;

/// The result of one attempt.
pub(super) enum Attempt {
    /// This run has the lock for as long as the file is open.
    Taken(File),
    /// Another run has it, with this process id if that is known.
    #[cfg_attr(not(any(unix, windows)), allow(dead_code))]
    Busy(Option<u32>),
    /// The run that had it has just ended; another attempt may succeed.
    Ended,
}

/// Ends the lock and deletes its file, best effort: a file that stays is the next run's.
pub(super) fn release(disk: &dyn Disk, file: File, path: &Path) {
    // Windows deletes no file that is open without sharing. Elsewhere the file goes while the lock is still held.
    if cfg!(windows) {
        drop(file);
        let _ = disk.remove_file(path);
    } else {
        let _ = disk.remove_file(path);
        drop(file);
    }
}
