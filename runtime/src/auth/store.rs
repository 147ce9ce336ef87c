//! The store of refresh tokens that logins return.

mod document;
mod file;
mod location;
#[cfg(test)]
mod tests;

use crate::credentials::CredentialsError;
use document::Document;
use file::StoreFile;
use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// The time between two attempts to take the lock of logins, which another process may hold for minutes.
const LOGIN_LOCK_INTERVAL: Duration = Duration::from_millis(100);

/// A store of the refresh tokens of [`UserLogin`](super::UserLogin) and [`DeviceLogin`](super::DeviceLogin).
///
/// It has one entry for each client id, account and set of granted scopes. Access tokens are not stored. Clones share one store.
///
/// The default store is a file in the directory for the data of the user:
///
/// | System | File |
/// |---|---|
/// | macOS | `~/Library/Application Support/gapi/tokens.json` |
/// | Windows | `%APPDATA%\gapi\tokens.json` |
/// | others | `$XDG_DATA_HOME/gapi/tokens.json`, by default `~/.local/share/gapi/tokens.json` |
///
/// # Protection
/// On Unix the file has mode 0600, and the directories that the store creates have mode 0700. A file that others can read gets
/// this mode when it is read. On Windows the file inherits the access rules of its directory: `%APPDATA%` is for the user,
/// administrators and the system. The tokens are not encrypted, so every program of the user can read them.
///
/// # Several processes
/// A write replaces the whole file in one step, so a process that is killed leaves the old file or the new one. Writers take a
/// lock on a second file, `tokens.json.lock`. A third one, `tokens.json.login`, ensures that one process at a time asks the user
/// to log in. The other processes wait, and use the new token.
///
/// A file that is damaged is an error. It is never replaced, and no token in it gets lost.
///
/// ```
/// use gapi_runtime::auth::TokenStore;
///
/// let store = TokenStore::in_file("tokens.json"); // nothing is read or written before the first call
/// let of_tests = TokenStore::in_memory();
/// ```
#[derive(Clone)]
pub struct TokenStore(Arc<Place>);

enum Place {
    File(StoreFile),
    Memory(Memory),
    /// There is no home directory to put the default file in.
    Nowhere,
}

#[derive(Default)]
struct Memory {
    entries: Mutex<Vec<Entry>>,
    logins: Arc<tokio::sync::Mutex<()>>,
}

/// The client, the token server and the account that tokens belong to.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) client_id: String,
    /// A refresh token is only ever sent to the server that issued it.
    pub(super) token_uri: String,
    /// The name that the caller has given the account. Empty by default.
    pub(super) account: String,
}

/// A stored refresh token. It has no `Debug`, because it holds a secret.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) owner: Owner,
    pub(super) scopes: BTreeSet<String>,
    pub(super) refresh_token: String,
}

impl Entry {
    /// Returns `true` if an entry of the store is no longer needed once this one is in it.
    fn makes_obsolete(&self, other: &Self, dead: &[String]) -> bool {
        self.owner == other.owner
            && (other.scopes.is_subset(&self.scopes) || dead.contains(&other.refresh_token))
    }
}

/// The right to ask the user to log in. It ends when this value is dropped, or when the process ends.
#[expect(dead_code, reason = "the fields are held, not read")]
pub(super) enum LoginLock {
    File(std::fs::File),
    Memory(tokio::sync::OwnedMutexGuard<()>),
}

impl TokenStore {
    /// Creates a store in a file. The file, and directories that are missing, are created with the first token.
    #[must_use]
    pub fn in_file(path: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Place::File(StoreFile::new(path.into()))))
    }

    /// Creates a store in memory. Its tokens are lost when the last clone is dropped.
    #[must_use]
    pub fn in_memory() -> Self {
        Self(Arc::new(Place::Memory(Memory::default())))
    }

    /// Returns the path of the file, or `None` for a store in memory.
    ///
    /// ```
    /// use gapi_runtime::auth::TokenStore;
    ///
    /// if let Some(path) = TokenStore::default().path() {
    ///     println!("logins are kept in {}", path.display());
    /// }
    /// ```
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &*self.0 {
            Place::File(file) => Some(file.path()),
            Place::Memory(_) | Place::Nowhere => None,
        }
    }

    /// Returns `true` if other processes can use the store.
    pub(super) fn is_shared(&self) -> bool {
        matches!(*self.0, Place::File(_))
    }

    /// Returns the entries of an owner, the latest one first.
    pub(super) async fn entries(&self, owner: &Owner) -> Result<Vec<Entry>, CredentialsError> {
        let owner = owner.clone();
        if let Place::Memory(memory) = &*self.0 {
            let entries = memory.lock();
            let of_owner = entries.iter().rev().filter(|entry| entry.owner == owner);
            return Ok(of_owner.cloned().collect());
        }
        self.in_thread(move |file| Ok(file.read()?.entries(&owner)))
            .await
    }

    /// Adds an entry. Removes the entries that it makes obsolete, and those with dead tokens.
    pub(super) async fn save(
        &self,
        entry: Entry,
        dead: Vec<String>,
    ) -> Result<(), CredentialsError> {
        if let Place::Memory(memory) = &*self.0 {
            let mut entries = memory.lock();
            entries.retain(|other| !entry.makes_obsolete(other, &dead));
            entries.push(entry);
            return Ok(());
        }
        let change = move |document: &mut Document| {
            document.remove(|other| entry.makes_obsolete(other, &dead));
            document.add(&entry);
        };
        self.in_thread(move |file| file.change(change)).await
    }

    /// Removes the entries of an owner.
    pub(super) async fn remove(&self, owner: &Owner) -> Result<(), CredentialsError> {
        let owner = owner.clone();
        if let Place::Memory(memory) = &*self.0 {
            memory.lock().retain(|entry| entry.owner != owner);
            return Ok(());
        }
        let change = move |document: &mut Document| {
            document.remove(|entry| entry.owner == owner);
        };
        self.in_thread(move |file| file.change(change)).await
    }

    /// Waits until no other call or process asks the user to log in with the tokens of this store.
    pub(super) async fn lock_logins(&self, limit: Duration) -> Result<LoginLock, CredentialsError> {
        const BUSY: &str = "another login with the same token store has not ended in time; \
             help: finish or end it, and try again";
        if let Place::Memory(memory) = &*self.0 {
            let lock = tokio::time::timeout(limit, Arc::clone(&memory.logins).lock_owned()).await;
            return Ok(LoginLock::Memory(
                lock.map_err(|_| CredentialsError::permanent(BUSY))?,
            ));
        }
        let end = Instant::now() + limit;
        loop {
            let taken = self.in_thread(StoreFile::try_lock_logins).await?;
            match taken {
                Some(file) => return Ok(LoginLock::File(file)),
                None if Instant::now() >= end => return Err(CredentialsError::permanent(BUSY)),
                None => tokio::time::sleep(LOGIN_LOCK_INTERVAL).await,
            }
        }
    }

    /// Runs a function on the file in a separate thread, because a disk may be slow. A runtime without blocking threads can
    /// do this too.
    async fn in_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&StoreFile) -> Result<T, file::Problem> + Send + 'static,
    ) -> Result<T, CredentialsError> {
        const ENDED: &str = "the thread of the token store has ended";
        let place = Arc::clone(&self.0);
        let (sender, receiver) = oneshot::channel();
        std::thread::Builder::new()
            .name("gapi-tokens".to_owned())
            .spawn(move || {
                let result = match &*place {
                    Place::File(file) => {
                        let result = work(file);
                        result.map_err(|problem| problem.into_error(file.path()))
                    }
                    Place::Memory(_) | Place::Nowhere => {
                        Err(CredentialsError::permanent(location::NOWHERE))
                    }
                };
                // The receiver is gone if the caller has given up.
                let _ = sender.send(result);
            })
            .map_err(CredentialsError::transient)?;
        receiver
            .await
            .map_err(|_| CredentialsError::permanent(ENDED))?
    }
}

impl Memory {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The store in the default file.
///
/// Without a home directory, calls fail with an error that says so.
impl Default for TokenStore {
    fn default() -> Self {
        Self(Arc::new(match location::default_path() {
            Some(path) => Place::File(StoreFile::new(path)),
            None => Place::Nowhere,
        }))
    }
}

/// Shows the path of the file, and no tokens.
impl fmt::Debug for TokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_tuple("TokenStore");
        match &*self.0 {
            Place::File(file) => shown.field(&file.path()),
            Place::Memory(_) => shown.field(&"memory"),
            Place::Nowhere => shown.field(&"nowhere"),
        };
        shown.finish()
    }
}
