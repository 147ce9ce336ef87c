//! Finding the files of an output that has no list of them, because an earlier version of the generator wrote it or
//! because the list is lost.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{BANNER, WriteError, is_generated, place};

/// Returns the generated files of modules: `<module>.rs`, and files in `<module>/` whose first line names that module.
/// A subdirectory belongs to the module only if its own file does, so that another crate in it does not.
///
/// `base` is the directory of the modules, relative to `root`, as are the results.
///
/// # Errors
/// Returns an error for a file or directory that cannot be read.
pub(super) fn modules(
    root: &Path,
    base: &Path,
    modules: impl IntoIterator<Item = String>,
) -> Result<Vec<PathBuf>, WriteError> {
    let mut found = Vec::new();
    for module in modules {
        let banner = format!("{BANNER} from {},", module.replace('_', "-"));
        let is_of_module = |file: &Path| {
            let text = read(root, file)?;
            Ok(text.is_some_and(|text| text.starts_with(banner.as_bytes())))
        };
        let file = base.join(format!("{module}.rs"));
        if is_of_module(&file)? {
            found.push(file);
        }
        let mut waiting = vec![base.join(module)];
        while let Some(directory) = waiting.pop() {
            for file in rust_files(root, &directory)? {
                if is_of_module(&file)? {
                    waiting.push(file.with_extension(""));
                    found.push(file);
                }
            }
        }
    }
    Ok(found)
}

/// Returns the modules that a generated file declares: `pub mod storage_v1;`. Returns none if the file does not exist.
///
/// # Errors
/// Returns an error for a file that cannot be read.
pub(super) fn declared(root: &Path, file: &Path) -> Result<Vec<String>, WriteError> {
    let text = read(root, file)?.filter(|bytes| is_generated(bytes));
    let text = String::from_utf8_lossy(&text.unwrap_or_default()).into_owned();
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let module = |line: &str| {
        let line = line.trim();
        let name = line.strip_prefix("pub ").unwrap_or(line);
        let name = name.strip_prefix("mod ")?.strip_suffix(';')?;
        (!name.is_empty() && is_name(name)).then(|| name.to_owned())
    };
    Ok(text.lines().filter_map(module).collect())
}

fn rust_files(root: &Path, directory: &Path) -> Result<Vec<PathBuf>, WriteError> {
    let path = root.join(directory);
    let is_directory = |path: &Path| Ok(place::look(path)?.is_some_and(|found| found.is_dir()));
    if !is_directory(&path)? {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(&path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = entries.map_err(WriteError::of("read the directory", &path))?;
    let files = entries
        .iter()
        .map(|entry| directory.join(entry.file_name()));
    Ok(files
        .filter(|file| file.extension().is_some_and(|end| end == "rs"))
        .collect())
}

/// Returns the contents of a file. Returns nothing if it is not a file or is reached through a link.
fn read(root: &Path, file: &Path) -> Result<Option<Vec<u8>>, WriteError> {
    let path = root.join(file);
    let is_file = place::look(&path)?.is_some_and(|found| found.is_file());
    if is_file && place::check_directories(root, [file]).is_ok() {
        place::read(&path)
    } else {
        Ok(None)
    }
}
