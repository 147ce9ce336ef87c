//! The lock on a system without file locks: the existence of the file.

use std::{io, path::Path};

use super::Attempt;
use crate::write::{WriteError, disk::Disk};

pub(in crate::write) fn attempt(disk: &dyn Disk, path: &Path) -> Result<Attempt, WriteError> {
    match disk.create(path, &[], false) {
        Ok(file) => Ok(Attempt::Taken(file)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let why = "it is the lock of another run, or of one that was interrupted";
            let help = "wait until the run has ended; if there is none, delete the file";
            Err(WriteError::in_the_way(path, why, help))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Attempt::Ended),
        Err(error) => Err(WriteError::of("create", path)(error)),
    }
}
