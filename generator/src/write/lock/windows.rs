//! The lock on Windows: a file that no other process can open.

use std::{fs::OpenOptions, io, os::windows::fs::OpenOptionsExt as _, path::Path};

use super::Attempt;
use crate::write::{WriteError, disk::Disk, place};

/// A flag that opens a link itself instead of its target.
const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
/// The error code for a file that another process has open.
const ERROR_SHARING_VIOLATION: i32 = 32;

pub(in crate::write) fn attempt(_: &dyn Disk, path: &Path) -> Result<Attempt, WriteError> {
    place::is_file(path)?;
    let opened = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .share_mode(0)
        .custom_flags(FILE_FLAG_OPEN_REPARSE_POINT)
        .open(path);
    match opened {
        Ok(file) => Ok(Attempt::Taken(file)),
        Err(error) if error.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => {
            Ok(Attempt::Busy(None))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Attempt::Ended),
        Err(error) => Err(WriteError::of("open", path)(error)),
    }
}
