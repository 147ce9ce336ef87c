//! Paths below an output directory, inspected without following symbolic links.

use std::{
    collections::BTreeSet,
    fs::{self, Metadata},
    io,
    path::{Component, Path},
};

use super::WriteError;

/// Returns whether a relative path leads to a place below the directory: no `..`, no root, not empty.
pub(super) fn is_below(path: &Path) -> bool {
    let normal = |component| matches!(component, Component::Normal(_));
    path.components().count() > 0 && path.components().all(normal)
}

/// Checks that the output directory is a directory, or a link to one, or does not exist.
///
/// # Errors
/// Returns an error for anything else.
pub(super) fn check_root(root: &Path) -> Result<(), WriteError> {
    match fs::metadata(root) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => {
            let why = "it is a file where a directory is needed";
            Err(WriteError::in_the_way(
                root,
                why,
                "choose another directory",
            ))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(WriteError::of("use the directory", root)(error)),
    }
}

/// Checks the directories that lead from `root` to `paths`, which are relative to it. Missing ones are fine.
///
/// # Errors
/// Returns an error for a path that leads out of `root`, and a component that is a symbolic link or a file.
pub(super) fn check_directories<'p>(
    root: &Path,
    paths: impl IntoIterator<Item = &'p Path>,
) -> Result<(), WriteError> {
    let mut directories = BTreeSet::new();
    for path in paths {
        if !is_below(path) {
            let help = "use paths below the output directory";
            return Err(WriteError::in_the_way(
                &root.join(path),
                "the path leads out of the directory",
                help,
            ));
        }
        for directory in path.ancestors().skip(1) {
            // A known directory was added with its parents.
            if directory == Path::new("") || !directories.insert(directory) {
                break;
            }
        }
    }
    for directory in directories {
        let path = root.join(directory);
        let Some(found) = look(&path)? else { continue };
        reject_link(&path, &found)?;
        if !found.is_dir() {
            let why = "it is a file where a directory is needed";
            return Err(WriteError::in_the_way(&path, why, "move it elsewhere"));
        }
    }
    Ok(())
}

/// Reads a file whose directories are checked. Returns `None` if it does not exist.
///
/// # Errors
/// Returns an error for anything that is not a file, and for a file that cannot be read.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, WriteError> {
    if is_file(path)? {
        fs::read(path)
            .map(Some)
            .map_err(WriteError::of("read", path))
    } else {
        Ok(None)
    }
}

/// Returns whether a file exists whose directories are checked.
///
/// # Errors
/// Returns an error for anything that is not a file: a symbolic link, a directory, a device.
pub(super) fn is_file(path: &Path) -> Result<bool, WriteError> {
    let Some(found) = look(path)? else {
        return Ok(false);
    };
    reject_link(path, &found)?;
    if found.is_file() {
        return Ok(true);
    }
    let why = if found.is_dir() {
        "it is a directory where a file is needed"
    } else {
        "it is a device, a pipe or a socket where a file is needed"
    };
    Err(WriteError::in_the_way(path, why, "move it elsewhere"))
}

/// Returns the metadata of a path, if it exists. Does not follow a link.
pub(super) fn look(path: &Path) -> Result<Option<Metadata>, WriteError> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(WriteError::of("read", path)(error)),
    }
}

pub(super) fn reject_link(path: &Path, found: &Metadata) -> Result<(), WriteError> {
    if found.is_symlink() {
        let why = "it is a symbolic link, which may lead anywhere";
        let help = "remove the link; only the output directory itself may be one";
        return Err(WriteError::in_the_way(path, why, help));
    }
    Ok(())
}

/// Returns a relative path with `/` between its parts, on every system.
pub(super) fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}
