//! The file operations that change something on the disk.
//!
//! The writer makes every change through [`Disk`], so that its tests can stop it between any two of them.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

/// File operations. None of them follows a symbolic link in the last component of a path.
pub(super) trait Disk: fmt::Debug + Send + Sync {
    /// Creates a directory in a directory that exists.
    fn create_dir(&self, path: &Path) -> io::Result<()>;

    /// Creates a file that does not exist yet, and writes `bytes`. If `durable`, they survive a power failure.
    fn create(&self, path: &Path, bytes: &[u8], durable: bool) -> io::Result<File>;

    /// Moves a file, and replaces the one at its new place.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Deletes a file.
    fn remove_file(&self, path: &Path) -> io::Result<()>;

    /// Deletes an empty directory.
    fn remove_dir(&self, path: &Path) -> io::Result<()>;
}

/// The operations of the operating system.
#[derive(Debug)]
pub(super) struct Real;

impl Disk for Real {
    fn create_dir(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn create(&self, path: &Path, bytes: &[u8], durable: bool) -> io::Result<File> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        file.write_all(bytes)?;
        if durable {
            file.sync_all()?;
        }
        Ok(file)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }
}
