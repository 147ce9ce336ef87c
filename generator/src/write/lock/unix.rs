//! The lock on Unix: an advisory lock. On a file system without locks, the existence of the file is the lock.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Seek as _, Write as _},
    os::unix::fs::MetadataExt as _,
    path::Path,
    process,
};

use super::Attempt;
use crate::write::{WriteError, disk::Disk, place};

pub(in crate::write) fn attempt(disk: &dyn Disk, path: &Path) -> Result<Attempt, WriteError> {
    let about_this_run = format!("{}\n", process::id());
    let (mut file, created) = match disk.create(path, about_this_run.as_bytes(), false) {
        Ok(file) => (file, true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match existing(path)? {
            Some(file) => (file, false),
            None => return Ok(Attempt::Ended),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Attempt::Ended),
        Err(error) => return Err(WriteError::of("create", path)(error)),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(Attempt::Busy(owner(path))),
        Err(TryLockError::Error(_)) if created => {}
        Err(TryLockError::Error(_)) => {
            let why = "it is the lock of another run, or of one that was interrupted, \
                on a file system without locks";
            let help = "wait until the run has ended; if there is none, delete the file";
            return Err(WriteError::in_the_way(path, why, help));
        }
    }
    if !is_at(&file, path)? {
        return Ok(Attempt::Ended);
    }
    if !created {
        // The process id is only for messages.
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(about_this_run.as_bytes()));
    }
    Ok(Attempt::Taken(file))
}

/// Opens the file if it is neither a link nor a pipe that would block. Returns `None` if it does not exist.
fn existing(path: &Path) -> Result<Option<File>, WriteError> {
    if !place::is_file(path)? {
        return Ok(None);
    }
    match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(WriteError::of("open", path)(error)),
    }
}

/// Returns whether the open file is the one at the path, and neither deleted nor reached by a link.
fn is_at(file: &File, path: &Path) -> Result<bool, WriteError> {
    let open = file.metadata().map_err(WriteError::of("read", path))?;
    let there = place::look(path)?;
    Ok(there.is_some_and(|there| (there.dev(), there.ino()) == (open.dev(), open.ino())))
}

/// Returns the process that holds the lock, if the file contains its id.
fn owner(path: &Path) -> Option<u32> {
    let text = place::read(path).ok()??;
    std::str::from_utf8(&text).ok()?.trim().parse().ok()
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use std::{fs, os::unix::fs::symlink};

    use super::*;

    /// A run deletes the file while it holds the lock, and another run may have opened it just before.
    #[test]
    fn case_s2_the_lock_of_a_file_that_is_gone_is_no_lock() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let (path, other) = (
            directory.path().join("lock"),
            directory.path().join("other"),
        );
        let is_lock = |file: &File| is_at(file, &path).expect("it looks");
        let file = File::create(&path).expect("create");
        assert!(is_lock(&file));
        fs::rename(&path, &other).expect("rename");
        assert!(!is_lock(&file));
        symlink(&other, &path).expect("make a link");
        assert!(!is_lock(&file));
        fs::remove_file(&path).expect("remove");
        let new = File::create(&path).expect("create");
        assert!(is_lock(&new) && !is_lock(&file));
    }
}
