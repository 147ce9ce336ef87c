//! The file of the store: locked by writers, and replaced as a whole.

use super::super::small_file;
use super::document::Document;
use crate::credentials::CredentialsError;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The largest file that is read, in bytes. An entry has less than a KiB.
const MAX_SIZE: u64 = 4 << 20;

/// The longest wait for the lock of writers, who hold it for milliseconds.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// The end of the names of temporary files.
const TEMPORARY: &str = ".tmp";

/// The file with the tokens. The methods block the thread.
pub(super) struct StoreFile {
    path: PathBuf,
}

/// A failure to read or write the file. It quotes nothing of the tokens.
#[derive(Debug)]
pub(super) enum Problem {
    Damaged(String),
    Io(&'static str, io::Error),
    Locked,
}

impl Problem {
    pub(super) fn into_error(self, path: &Path) -> CredentialsError {
        let path = path.display();
        match self {
            Self::Damaged(reason) => CredentialsError::permanent(format!(
                "the token store {path} is damaged: {reason}; help: correct it, or move it away and log in again"
            )),
            Self::Io(action, error) => CredentialsError::permanent(format!(
                "the token store {path} cannot be {action}: {error}; \
                 help: correct this, or choose another file with `TokenStore::in_file`"
            )),
            Self::Locked => CredentialsError::transient(format!(
                "the token store {path} is locked by another process"
            )),
        }
    }
}

impl StoreFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the file, or returns an empty document if there is none. Needs no lock, because writers replace the whole file.
    pub(super) fn read(&self) -> Result<Document, Problem> {
        // Opening a pipe would block. Anything else than a file could not be replaced either.
        let is_file = fs::metadata(&self.path).map(|metadata| metadata.is_file());
        let file = match is_file {
            Ok(true) => File::open(&self.path),
            Ok(false) => return Err(Problem::Damaged("it is not a regular file".to_owned())),
            Err(error) => Err(error),
        };
        let file = match file {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Document::new()),
            file => file.map_err(|error| Problem::Io("read", error))?,
        };
        restrict(&file);
        match small_file::bounded(file, MAX_SIZE) {
            Ok(text) => Document::parse(&text).map_err(Problem::Damaged),
            Err(error) => match error.kind() {
                ErrorKind::InvalidData | ErrorKind::FileTooLarge => {
                    Err(Problem::Damaged(error.to_string()))
                }
                _ => Err(Problem::Io("read", error)),
            },
        }
    }

    /// Changes the file while no other process does. Creates it if it is missing.
    pub(super) fn change(&self, change: impl FnOnce(&mut Document)) -> Result<(), Problem> {
        self.create_directory()?;
        let _lock = self.lock()?;
        let mut document = self.read()?;
        change(&mut document);
        self.remove_leftovers();
        self.replace(document.into_text().as_bytes())
            .map_err(|error| Problem::Io("written", error))
    }

    /// Takes the lock of logins. Returns `None` while another process or thread has it.
    pub(super) fn try_lock_logins(&self) -> Result<Option<File>, Problem> {
        self.create_directory()?;
        let file = open_lock(&self.sibling(".login"))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(Problem::Io("locked", error)),
        }
    }

    /// Takes the lock of writers. It ends when the file is dropped, or when the process ends.
    fn lock(&self) -> Result<File, Problem> {
        let file = open_lock(&self.sibling(".lock"))?;
        let end = Instant::now() + LOCK_TIMEOUT;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(error)) => return Err(Problem::Io("locked", error)),
                Err(TryLockError::WouldBlock) if Instant::now() >= end => {
                    return Err(Problem::Locked);
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    /// Creates the directories that are missing, for the user only.
    fn create_directory(&self) -> Result<(), Problem> {
        let Some(directory) = self.directory() else {
            return Ok(());
        };
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(directory)
            .map_err(|error| Problem::Io("created", error))
    }

    /// Returns the directory of the file, or `None` for the working directory.
    fn directory(&self) -> Option<&Path> {
        let directory = self.path.parent()?;
        (!directory.as_os_str().is_empty()).then_some(directory)
    }

    /// Returns the path of the file with a longer name.
    fn sibling(&self, end: &str) -> PathBuf {
        let mut path = OsString::from(&self.path);
        path.push(end);
        path.into()
    }

    /// Replaces the file. A reader, and a crash, find the old bytes or the new ones.
    fn replace(&self, bytes: &[u8]) -> io::Result<()> {
        let temporary = self.sibling(&format!(".{:016x}{TEMPORARY}", fastrand::u64(..)));
        let written = self.write_to(&temporary, bytes);
        if written.is_err() {
            // The temporary file may not exist.
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    fn write_to(&self, temporary: &Path, bytes: &[u8]) -> io::Result<()> {
        // `create_new` follows no link that somebody has put there.
        let mut file = private().write(true).create_new(true).open(temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        fs::rename(temporary, &self.path)?;
        // The rename should survive a crash, too. Only Unix can open a directory for this, and some file systems cannot sync one.
        #[cfg(unix)]
        let _ = File::open(self.directory().unwrap_or(Path::new("."))).map(|file| file.sync_all());
        Ok(())
    }

    /// Removes temporary files of processes that were killed. The caller has the lock, so no process uses them.
    fn remove_leftovers(&self) {
        let Some(name) = self.path.file_name() else {
            return;
        };
        let mut begin = name.as_encoded_bytes().to_vec();
        begin.push(b'.');
        let directory = self.directory().unwrap_or(Path::new("."));
        for file in fs::read_dir(directory).into_iter().flatten().flatten() {
            let name = file.file_name();
            let middle = name.as_encoded_bytes().strip_prefix(begin.as_slice());
            let middle = middle.and_then(|rest| rest.strip_suffix(TEMPORARY.as_bytes()));
            if middle.is_some_and(|text| text.len() == 16 && text.iter().all(u8::is_ascii_hexdigit))
            {
                // A file that cannot be removed does no harm.
                let _ = fs::remove_file(file.path());
            }
        }
    }
}

/// Returns options that create a file for the user only.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn open_lock(path: &Path) -> Result<File, Problem> {
    let mut options = private();
    options.write(true).create(true).truncate(false);
    options
        .open(path)
        .map_err(|error| Problem::Io("locked", error))
}

/// Takes the rights of others to a file away, if it has such. Somebody may have copied it there.
#[cfg(unix)]
fn restrict(file: &File) {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = file
        .metadata()
        .map(|metadata| metadata.permissions().mode());
    if mode.is_ok_and(|mode| mode & 0o077 != 0) {
        // Some file systems have no modes, and the owner may be somebody else. The tokens are read nevertheless.
        let _ = file.set_permissions(fs::Permissions::from_mode(0o600));
    }
}

#[cfg(not(unix))]
fn restrict(_: &File) {}
