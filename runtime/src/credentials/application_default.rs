//! The search for Application Default Credentials ([AIP-4110](https://google.aip.dev/auth/4110)).

use super::google::Renewable;
use super::json::Config;
use super::metadata::Metadata;
use super::{CredentialsError, CredentialsProvider, Scopes};
use std::env;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const FILE_VARIABLE: &str = "GOOGLE_APPLICATION_CREDENTIALS";

/// The two ways to provide credentials on a machine outside Google Cloud.
pub(super) const HELP: &str = "help: run `gcloud auth application-default login`, \
     or set `GOOGLE_APPLICATION_CREDENTIALS` to the path of a credentials file";

/// Finds credentials: the file that the environment variable names, else the file of gcloud, else the metadata server.
///
/// Only the first call shows if there is a metadata server.
pub(super) fn find(scopes: Scopes) -> Result<Arc<dyn CredentialsProvider>, CredentialsError> {
    if let Some(path) = variable(FILE_VARIABLE) {
        let path = Path::new(&path);
        let name = format!("{} (named by `{FILE_VARIABLE}`)", path.display());
        return of_file(path, &name, scopes);
    }
    let mut searched = vec![format!("`{FILE_VARIABLE}` is not set")];
    match gcloud_file() {
        Some(path) => match path.try_exists() {
            Ok(false) => searched.push(format!("{} does not exist", path.display())),
            // The file of a path through something that is no directory does not exist either.
            Err(error) if error.kind() == ErrorKind::NotADirectory => {
                searched.push(format!("{} does not exist", path.display()));
            }
            _ => return of_file(&path, &path.display().to_string(), scopes),
        },
        None => searched.push("the directory of gcloud's configuration is unknown".to_owned()),
    }
    Ok(Arc::new(Metadata::new(scopes, searched)))
}

fn of_file(
    path: &Path,
    name: &str,
    scopes: Scopes,
) -> Result<Arc<dyn CredentialsProvider>, CredentialsError> {
    let config = Config::read(path, name)?;
    Ok(Arc::new(Renewable::of_config(config, scopes)?))
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
