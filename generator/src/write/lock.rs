//! The lock of an output directory: a file that exists during a run.
//!
//! The operating system releases the lock of a killed process, and the file stays until the next run. A run deletes the
//! file while it holds the lock. Another run that has just opened the file then locks a deleted file. It detects this
//! and tries again.

use std::{fs::File, path::Path};

use super::disk::Disk;

#[cfg_attr(unix, path = "lock/unix.rs")]
#[cfg_attr(windows, path = "lock/windows.rs")]
#[cfg_attr(not(any(unix, windows)), path = "lock/existence.rs")]
mod system;

pub(super) use system::attempt;

/// The result of an attempt to take the lock.
pub(super) enum Attempt {
    /// This run has the lock for as long as the file is open.
    Taken(File),
    /// Another run has it, with this process id if that is known.
    #[cfg_attr(
        not(any(unix, windows)),
        allow(dead_code, reason = "only these systems make it")
    )]
    Busy(Option<u32>),
    /// The run that had the lock has just ended. Another attempt may succeed.
    Ended,
}

/// Releases the lock and deletes its file. Ignores errors, because the next run can use the file.
pub(super) fn release(disk: &dyn Disk, file: File, path: &Path) {
    // Windows cannot delete an open file without sharing. On other systems the file is deleted while the lock is held.
    if cfg!(windows) {
        drop(file);
        let _ = disk.remove_file(path);
    } else {
        let _ = disk.remove_file(path);
        drop(file);
    }
}
