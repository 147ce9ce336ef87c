//! An output directory, locked by one run.

use std::{
    collections::hash_map::RandomState,
    fs::{self, File},
    hash::{BuildHasher as _, Hasher as _},
    io,
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    WriteError,
    disk::{Disk, Real},
    journal::Journal,
    lock::{self, Attempt},
    place,
};

/// The directory of a run, inside the output directory. It exists during a run, or if a run was interrupted.
pub(super) const RUN: &str = ".gapi-run";
const LOCK: &str = "lock";
pub(super) const JOURNAL: &str = "journal";
/// A journal that is being written.
pub(super) const NEW_JOURNAL: &str = "journal.new";

/// The pause between two attempts to take the lock.
const PAUSE: Duration = Duration::from_millis(50);
/// The maximum number of attempts that find a run that has just ended.
const ATTEMPTS: usize = 1000;

/// A directory that no other run writes to while this value lives.
///
/// The directory itself may be a symbolic link, or be reached through one. Below it no link is followed: a link in the place of a
/// file or a directory is an error. This does not protect against a program that replaces directories while the run writes.
///
/// ```
/// use gapi_generator::write::{WriteError, Output};
///
/// # let directory = std::env::temp_dir().join(format!("gapi-output-{}", std::process::id()));
/// let output = Output::open(&directory)?;
/// output.replace(&[("a.txt".as_ref(), b"new")])?;
/// assert!(matches!(Output::open(&directory), Err(WriteError::Busy { .. })));
/// drop(output);
/// # std::fs::remove_dir_all(&directory).unwrap();
/// # Ok::<(), WriteError>(())
/// ```
#[derive(Debug)]
pub struct Output {
    pub(super) root: PathBuf,
    pub(super) disk: &'static dyn Disk,
    /// The unpredictable part of the names of temporary files.
    pub(super) number: u64,
    /// The number of temporary files so far.
    files: AtomicUsize,
    /// The open file, for as long as the lock is held.
    lock: Option<File>,
    /// The directories that were created for `root`, the outermost first.
    created: Vec<PathBuf>,
    /// The unfinished work of an earlier run, or of a failed change of this one. Changes are made one after the other.
    unfinished: Mutex<Journal>,
}

impl Output {
    /// Takes the lock of `directory`, which is created if it does not exist, and deletes the temporary files that an
    /// interrupted run has left.
    ///
    /// # Errors
    /// Returns [`WriteError::Busy`] if another run has the lock, and an error if the directory cannot be created or written.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, WriteError> {
        Self::open_on(&Real, directory.into(), Duration::ZERO)
    }

    /// Opens the directory, and waits up to `patience` for the lock of another run.
    pub(super) fn open_on(
        disk: &'static dyn Disk,
        root: PathBuf,
        patience: Duration,
    ) -> Result<Self, WriteError> {
        let mut output = Self {
            created: Vec::new(),
            root,
            disk,
            number: RandomState::new().build_hasher().finish(),
            files: AtomicUsize::new(0),
            lock: None,
            unfinished: Mutex::default(),
        };
        output.create_root()?;
        output.lock(Instant::now() + patience)?;
        let journal = output.clear()?;
        output.unfinished = Mutex::new(journal);
        Ok(output)
    }

    /// Reads a file; `None` where there is none.
    ///
    /// # Errors
    /// Returns an error for a path that leads out of the directory or through a symbolic link, and for a file that cannot be read.
    pub fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, WriteError> {
        place::check_directories(&self.root, [path])?;
        place::read(&self.root.join(path))
    }

    /// Replaces or creates a file, and returns it open to append to.
    ///
    /// ```
    /// use gapi_generator::write::{Output, WriteError};
    /// use std::io::Write;
    ///
    /// /// Counts the runs of a program.
    /// fn count() -> Result<(), Box<dyn std::error::Error>> {
    ///     let output = Output::open("target/runs")?;
    ///     let known = output.read("runs.txt".as_ref())?.unwrap_or_default();
    ///     let mut file = output.start("runs.txt".as_ref(), &known)?;
    ///     writeln!(file, "a run")?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// Returns an error for a file that cannot be written.
    pub fn start(&self, path: &Path, bytes: &[u8]) -> Result<File, WriteError> {
        let _alone = self.unfinished();
        place::check_directories(&self.root, [path])?;
        let place = self.root.join(path);
        place::is_file(&place)?;
        // If this run is interrupted, the next run clears the directory.
        let waiting = self.run().join(NEW_JOURNAL);
        let file = self.disk.create(&waiting, bytes, false).and_then(|file| {
            self.disk.rename(&waiting, &place)?;
            Ok(file)
        });
        file.map_err(|error| {
            let _ = self.disk.remove_file(&waiting);
            WriteError::of("write", &place)(error)
        })
    }

    /// Returns the number of the next temporary file.
    pub(super) fn next_file(&self) -> usize {
        self.files.fetch_add(1, Ordering::Relaxed)
    }

    /// Returns the directory of the run.
    pub(super) fn run(&self) -> PathBuf {
        self.root.join(RUN)
    }

    /// Returns the unfinished work. No other thread makes changes while it is borrowed.
    pub(super) fn unfinished(&self) -> MutexGuard<'_, Journal> {
        // A journal is replaced as a whole, so a thread that panicked has not changed it.
        self.unfinished
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn create_root(&mut self) -> Result<(), WriteError> {
        place::check_root(&self.root)?;
        let missing: Vec<PathBuf> = self
            .root
            .ancestors()
            .take_while(|path| *path != Path::new("") && !path.exists())
            .map(Path::to_path_buf)
            .collect();
        for path in missing.into_iter().rev() {
            match self.disk.create_dir(&path) {
                Ok(()) => self.created.push(path),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(WriteError::of("create the directory", &path)(error)),
            }
        }
        Ok(())
    }

    /// Takes the lock, and waits for it until `until`.
    fn lock(&mut self, until: Instant) -> Result<(), WriteError> {
        let (run, path) = (self.run(), self.run().join(LOCK));
        let mut ended = 0;
        loop {
            match place::look(&run)? {
                Some(found) => {
                    place::reject_link(&run, &found)?;
                    if !found.is_dir() {
                        let why = "it is a file where gapi-generator needs a directory";
                        return Err(WriteError::in_the_way(&run, why, "move it elsewhere"));
                    }
                }
                None => match self.disk.create_dir(&run) {
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                        return Err(WriteError::of("create the directory", &run)(error));
                    }
                    _ => {}
                },
            }
            match lock::attempt(self.disk, &path)? {
                Attempt::Taken(file) => {
                    self.lock = Some(file);
                    return Ok(());
                }
                Attempt::Busy(process) if Instant::now() >= until => {
                    return Err(WriteError::Busy {
                        directory: self.root.clone(),
                        process,
                    });
                }
                Attempt::Busy(_) => thread::sleep(PAUSE),
                Attempt::Ended if ended < ATTEMPTS => ended += 1,
                Attempt::Ended => {
                    let error = io::Error::other("it is replaced again and again");
                    return Err(WriteError::of("lock", &path)(error));
                }
            }
        }
    }

    /// Deletes what an interrupted run has left, and returns its journal.
    fn clear(&self) -> Result<Journal, WriteError> {
        let run = self.run();
        let entries = fs::read_dir(&run).map_err(WriteError::of("read the directory", &run))?;
        for entry in entries {
            let entry = entry.map_err(WriteError::of("read the directory", &run))?;
            let (name, path) = (entry.file_name(), entry.path());
            if [LOCK, JOURNAL, NEW_JOURNAL].iter().all(|own| name != **own) {
                let why = "gapi-generator keeps only its own files in this directory";
                return Err(WriteError::in_the_way(&path, why, "move it elsewhere"));
            }
            place::is_file(&path)?;
            if name == NEW_JOURNAL {
                let removed = self.disk.remove_file(&path);
                removed.map_err(WriteError::of("delete", &path))?;
            }
        }
        let path = run.join(JOURNAL);
        let Some(text) = place::read(&path)? else {
            return Ok(Journal::default());
        };
        let journal = Journal::parse(&String::from_utf8_lossy(&text));
        for temporary in &journal.temporary {
            // A run leaves only files that are reached by directories alone.
            if place::check_directories(&self.root, [temporary.as_path()]).is_err() {
                continue;
            }
            let path = self.root.join(temporary);
            if matches!(place::is_file(&path), Ok(true)) {
                let removed = self.disk.remove_file(&path);
                removed.map_err(WriteError::of("delete", &path))?;
            }
            self.remove_empty_parents(temporary);
        }
        if journal.roots.is_empty() {
            // Nothing was generated, so each file is its own root.
            let removed = self.disk.remove_file(&path);
            removed.map_err(WriteError::of("delete", &path))?;
            return Ok(Journal::default());
        }
        Ok(journal)
    }
}

impl Drop for Output {
    /// Ignores errors. The next run deletes the remaining files.
    fn drop(&mut self) {
        if let Some(file) = self.lock.take() {
            lock::release(self.disk, file, &self.run().join(LOCK));
        }
        // Not empty while there is a journal, or a lock of another run.
        let _ = self.disk.remove_dir(&self.run());
        for path in self.created.iter().rev() {
            // Not empty if anything was written.
            let _ = self.disk.remove_dir(path);
        }
    }
}

impl Output {
    /// Deletes the directories in which a file was, as far as they are empty.
    pub(super) fn remove_empty_parents(&self, path: &Path) {
        path.parent()
            .into_iter()
            .for_each(|directory| self.remove_empty(directory));
    }

    pub(super) fn remove_empty(&self, directory: &Path) {
        let below_root = |directory: &&Path| *directory != Path::new("");
        for directory in directory.ancestors().take_while(below_root) {
            match self.disk.remove_dir(&self.root.join(directory)) {
                // An interrupted run may have deleted it, and not the one around it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                // Usually it is not empty. A directory that stays does no harm.
                Err(_) => break,
                Ok(()) => {}
            }
        }
    }
}
