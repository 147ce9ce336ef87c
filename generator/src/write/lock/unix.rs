//! On Unix, an advisory lock. On a file system without locks the existence of the file is the lock.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Seek as _, Write as _},
    os::unix::fs::MetadataExt as _,
    path::Path,
    process,
};

use super::Attempt;
use crate::write::{Failure, disk::Disk, place};

pub(in crate::write) fn attempt(disk: &dyn Disk, path: &Path) -> Result<Attempt, Failure> {
    let about_this_run = format!("{}\n", process::id());
    let (mut file, created) = match disk.create(path, about_this_run.as_bytes(), false) {
        Ok(file) => (file, true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match existing(path)? {
            Some(file) => (file, false),
            None => return Ok(Attempt::Ended),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Attempt::Ended),
        Err(error) => return Err(Failure::of("create", path)(error)),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(Attempt::Busy(owner(path))),
        Err(TryLockError::Error(_)) if created => {}
        Err(TryLockError::Error(_)) => {
            let why = "it is the lock of another run, or of one that was interrupted, \
                on a file system without locks";
            let help = "wait until the run has ended; if there is none, delete the file";
            return Err(Failure::in_the_way(path, why, help));
        }
    }
    if !is_at(&file, path)? {
        return Ok(Attempt::Ended);
    }
    if !created {
        // The id only helps the reader of a message.
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(about_this_run.as_bytes()));
    }
    Ok(Attempt::Taken(file))
}

/// Opens the file, which is neither a link nor a pipe that would wait for a reader; `None` if it is gone.
fn existing(path: &Path) -> Result<Option<File>, Failure> {
    if !place::is_file(path)? {
        return Ok(None);
    }
    match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::of("open", path)(error)),
    }
}

/// Returns whether the open file is the one at the path, and neither deleted nor reached by a link.
fn is_at(file: &File, path: &Path) -> Result<bool, Failure> {
    let open = file.metadata().map_err(Failure::of("read", path))?;
    let there = place::look(path)?;
    Ok(there.is_some_and(|there| (there.dev(), there.ino()) == (open.dev(), open.ino())))
}

/// The process that has the lock, as far as the file says it.
fn owner(path: &Path) -> Option<u32> {
    let text = place::read(path).ok()??;
    std::str::from_utf8(&text).ok()?.trim().parse().ok()
}
