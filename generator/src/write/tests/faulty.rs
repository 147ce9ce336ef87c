//! A disk that fails.

use std::{
    fs::File,
    io,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::write::disk::{Disk, Real};

/// A fault of a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The process is dead: neither this operation nor any later one happens.
    Killed,
    /// The process dies during the operation: a file is half written, and any other operation is complete.
    KilledWithin,
    /// Only this operation fails.
    Error(io::ErrorKind),
}

/// A disk on which the operation with a number fails.
#[derive(Debug)]
pub(super) struct Faulty {
    fault: Fault,
    at: usize,
    operations: AtomicUsize,
    log: Mutex<Vec<String>>,
}

impl Faulty {
    /// Creates a disk that lives as long as the tests.
    pub(super) fn new(fault: Fault, at: usize) -> &'static Self {
        Box::leak(Box::new(Self {
            fault,
            at,
            operations: AtomicUsize::new(0),
            log: Mutex::default(),
        }))
    }

    /// Creates a disk that never fails. It is faster than the real one, because it does not flush.
    pub(super) fn none() -> &'static Self {
        Self::new(Fault::Killed, usize::MAX)
    }

    /// Returns whether the operation was reached.
    pub(super) fn has_failed(&self) -> bool {
        self.operations.load(Ordering::SeqCst) > self.at
    }

    /// Returns the operations so far.
    pub(super) fn log(&self) -> Vec<String> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.clone()
    }

    fn step<T>(
        &self,
        name: &str,
        path: &Path,
        within: impl FnOnce(),
        work: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        let line = format!("{name} {}", path.display());
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line);
        let number = self.operations.fetch_add(1, Ordering::SeqCst);
        let dead = || io::Error::other("killed");
        match self.fault {
            Fault::Killed if number >= self.at => Err(dead()),
            Fault::KilledWithin if number > self.at => Err(dead()),
            Fault::KilledWithin if number == self.at => {
                within();
                Err(dead())
            }
            Fault::Error(kind) if number == self.at => Err(kind.into()),
            _ => work(),
        }
    }
}

impl Disk for Faulty {
    fn create_dir(&self, path: &Path) -> io::Result<()> {
        let work = || Real.create_dir(path);
        self.step("create_dir", path, || drop(work()), work)
    }

    /// Never flushes, because that is slow and only protects against power failures.
    fn create(&self, path: &Path, bytes: &[u8], _: bool) -> io::Result<File> {
        let half = || drop(Real.create(path, &bytes[..bytes.len() / 2], false));
        self.step("create", path, half, || Real.create(path, bytes, false))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let work = || Real.rename(from, to);
        self.step("rename", to, || drop(work()), work)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        let work = || Real.remove_file(path);
        self.step("remove_file", path, || drop(work()), work)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        let work = || Real.remove_dir(path);
        self.step("remove_dir", path, || drop(work()), work)
    }
}
