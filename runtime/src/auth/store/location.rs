//! The default file of the store.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// The error if there is no home directory.
pub(super) const NOWHERE: &str = "there is no home directory for the token store; \
     help: choose a file with `TokenStore::in_file`, or set HOME";

/// The names of the directory and the file below the directory of the user's data.
const NAMES: [&str; 2] = ["gapi", "tokens.json"];

/// Returns the path of the default file, or `None` without a home directory.
pub(super) fn default_path() -> Option<PathBuf> {
    let home = env::home_dir().filter(|home| home.is_absolute());
    let directory = directory(env::var_os::<&str>, home)?;
    Some(NAMES.iter().fold(directory, |path, name| path.join(name)))
}

/// Returns the directory for the data of the user's programs. A path that is not absolute is ignored, as the XDG Base Directory
/// Specification demands.
fn directory(
    variable: impl Fn(&'static str) -> Option<OsString>,
    home: Option<PathBuf>,
) -> Option<PathBuf> {
    let absolute = |name| {
        variable(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    if cfg!(windows) {
        absolute("APPDATA").or_else(|| Some(home?.join("AppData").join("Roaming")))
    } else if cfg!(target_vendor = "apple") {
        Some(home?.join("Library").join("Application Support"))
    } else {
        absolute("XDG_DATA_HOME").or_else(|| Some(home?.join(".local").join("share")))
    }
}

#[cfg(all(test, unix, not(target_vendor = "apple")))]
mod tests {
    use super::*;

    #[test]
    fn it_is_in_the_directory_of_data() {
        let found = |data: Option<&str>, home: Option<&str>| {
            let data = data.map(OsString::from);
            let variable = |name| data.clone().filter(|_| name == "XDG_DATA_HOME");
            directory(variable, home.map(PathBuf::from))
        };
        assert_eq!(found(Some("/data"), Some("/home/u")), Some("/data".into()));
        let of_home = Some("/home/u/.local/share".into());
        for data in [None, Some(""), Some("relative")] {
            assert_eq!(found(data, Some("/home/u")), of_home);
            assert_eq!(found(data, None), None);
        }
    }
}
