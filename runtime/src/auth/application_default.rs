//! The search for Application Default Credentials ([AIP-4110](https://google.aip.dev/auth/4110)).

use super::external::Machine;
use super::file::CredentialsFile;
use super::json::Json;
use super::metadata::MetadataServer;
use crate::credentials::{CredentialsContext, CredentialsError, CredentialsProvider};
use crate::transport::BoxFuture;
use http::HeaderMap;
use std::env;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const FILE_VARIABLE: &str = "GOOGLE_APPLICATION_CREDENTIALS";

/// Application Default Credentials ([AIP-4110](https://google.aip.dev/auth/4110)): the file that
/// `GOOGLE_APPLICATION_CREDENTIALS` names, else the file of `gcloud auth application-default login`, else the metadata server of
/// Google Cloud.
///
/// The search begins when the client is built, or with the first call if the credentials were given to
/// [`ClientBuilder::credentials`](crate::ClientBuilder::credentials). Its error lists the places that were searched.
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi::spanner_v1::Spanner;
/// use gapi_runtime::auth::ApplicationDefault;
///
/// // The file of a workload identity federation may name a program.
/// let credentials = ApplicationDefault::new().allow_executables();
/// let spanner = Spanner::builder().credentials(credentials).build().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
#[must_use = "credentials do nothing until a client has them"]
pub struct ApplicationDefault {
    machine: Machine,
    found: Mutex<Option<Arc<dyn CredentialsProvider>>>,
}

impl ApplicationDefault {
    /// Creates the credentials. Reads and sends nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Allows the client to start the program that an external account in the file names, as
    /// [`ExternalAccount::allow_executables`](super::ExternalAccount::allow_executables) does. The file is the one of
    /// `GOOGLE_APPLICATION_CREDENTIALS`, or of gcloud. The default credentials of a builder allow no programs.
    pub fn allow_executables(self) -> Self {
        self.machine.allow_executables();
        self
    }

    /// Returns the credentials. Reads files until they are found, but sends nothing.
    pub(crate) fn find(&self) -> Result<Arc<dyn CredentialsProvider>, CredentialsError> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(provider) = &*found {
            return Ok(Arc::clone(provider));
        }
        let provider = find(&self.machine)?;
        Ok(Arc::clone(found.insert(provider)))
    }
}

/// Finds credentials: the file that the environment variable names, else the file of gcloud, else the metadata server.
///
/// Only the first call shows if there is a metadata server.
fn find(machine: &Machine) -> Result<Arc<dyn CredentialsProvider>, CredentialsError> {
    if let Some(path) = variable(FILE_VARIABLE) {
        let path = Path::new(&path);
        let name = format!("{} (named by `{FILE_VARIABLE}`)", path.display());
        return of_file(path, &name, machine);
    }
    let mut searched = vec![format!("`{FILE_VARIABLE}` is not set")];
    match gcloud_file() {
        Some(path) => match path.try_exists() {
            Ok(false) => searched.push(format!("{} does not exist", path.display())),
            // The file of a path through something that is not a directory does not exist either.
            Err(error) if error.kind() == ErrorKind::NotADirectory => {
                searched.push(format!("{} does not exist", path.display()));
            }
            _ => return of_file(&path, &path.display().to_string(), machine),
        },
        None => searched.push("the directory of gcloud's configuration is unknown".to_owned()),
    }
    Ok(Arc::new(MetadataServer::after(searched)))
}

fn of_file(
    path: &Path,
    name: &str,
    machine: &Machine,
) -> Result<Arc<dyn CredentialsProvider>, CredentialsError> {
    let json = Json::read(path, name)?;
    Ok(Arc::new(CredentialsFile::of_json(&json, machine)?))
}

/// The file that `gcloud auth application-default login` writes
/// ([AIP-4113](https://google.aip.dev/auth/4113)).
fn gcloud_file() -> Option<PathBuf> {
    let directory = match variable("CLOUDSDK_CONFIG") {
        Some(directory) => PathBuf::from(directory),
        None if cfg!(windows) => PathBuf::from(variable("APPDATA")?).join("gcloud"),
        None => PathBuf::from(variable("HOME")?).join(".config/gcloud"),
    };
    Some(directory.join("application_default_credentials.json"))
}

/// The value of an environment variable that is set and not empty.
fn variable(name: &str) -> Option<std::ffi::OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

impl CredentialsProvider for ApplicationDefault {
    fn headers<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        Box::pin(async move { self.find()?.headers(context).await })
    }

    fn universe_domain<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Option<String>> {
        Box::pin(async move { self.find().ok()?.universe_domain(context).await })
    }

    fn reject(&self, headers: &HeaderMap) -> bool {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found
            .as_ref()
            .is_some_and(|provider| provider.reject(headers))
    }

    fn keeps_deadline(&self) -> bool {
        true
    }

    fn unfinished(&self, time: Duration) -> Option<CredentialsError> {
        self.find().ok()?.unfinished(time)
    }
}

impl fmt::Debug for ApplicationDefault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApplicationDefault")
            .field("machine", &self.machine)
            .finish_non_exhaustive()
    }
}
