//! Finding documents by path, or by the name of an API in the directory of documents.

use std::{
    fs,
    path::{Path, PathBuf},
};

use gapi_generator::{Source, decode, diagnostics::printable, spelling::closest};

use crate::{api_version::fold, terminal::Shown as _};

/// Returns all documents of a directory.
pub(crate) fn all(directory: &Path) -> Result<Vec<Source>, String> {
    let paths = paths(directory)?;
    if paths.is_empty() {
        return Err(format!(
            "error: {} contains no document (*.json)",
            directory.shown()
        ));
    }
    collect(paths.iter().map(|path| read(path)))
}

/// Returns all documents of a directory, which may have none.
pub(crate) fn below(directory: &Path) -> Result<Vec<Source>, String> {
    collect(paths(directory)?.iter().map(|path| read(path)))
}

/// Returns the documents of a directory, or the one document.
pub(crate) fn at(place: &str, directory: &Path) -> Result<Vec<Source>, String> {
    if Path::new(place).is_dir() {
        below(Path::new(place))
    } else {
        find(&[place.to_owned()], directory)
    }
}

/// Returns the documents that a user names.
pub(crate) fn find(names: &[String], directory: &Path) -> Result<Vec<Source>, String> {
    collect(names.iter().map(|name| {
        let path = Path::new(name);
        if is_path(path) || path.exists() {
            read(path)
        } else {
            read(&named(name, directory)?)
        }
    }))
}

/// Returns `true` if a text is a path, and not the name of an API.
pub(crate) fn is_path(path: &Path) -> bool {
    path.components().count() > 1 || path.extension().is_some_and(|end| end == "json")
}

/// Returns all documents, or all errors.
fn collect(sources: impl Iterator<Item = Result<Source, String>>) -> Result<Vec<Source>, String> {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for source in sources {
        match source {
            Ok(source) => found.push(source),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(found)
    } else {
        Err(problems.join("\n"))
    }
}

/// Returns the files `*.json` of a directory, sorted.
pub(crate) fn paths(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(directory).map_err(|error| {
        format!(
            "error: cannot read the directory of documents {}: {error}",
            directory.shown()
        )
    })?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
                && !path.is_dir()
        })
        .collect();
    paths.sort();
    Ok(paths)
}

pub(crate) fn read(path: &Path) -> Result<Source, String> {
    let bytes = fs::read(path).map_err(|error| {
        let meant = beside(path).map_or_else(String::new, |near| {
            format!("\n  help: did you mean `{}`?", near.shown())
        });
        format!("error: cannot read {}: {error}{meant}", path.shown())
    })?;
    let text =
        decode(bytes).map_err(|error| format!("error: cannot read {}: {error}", path.shown()))?;
    Ok(Source {
        name: path.display().to_string(),
        text,
    })
}

/// Returns the document in the same directory with the nearest name to a file that does not exist.
fn beside(path: &Path) -> Option<PathBuf> {
    if path.exists() {
        return None;
    }
    let directory = path.parent()?;
    let readable = if directory == Path::new("") {
        Path::new(".")
    } else {
        directory
    };
    let names = paths(readable).ok()?;
    let names = names.iter().filter_map(|path| path.file_name()?.to_str());
    let near = closest(names.map(str::to_owned), path.file_name()?.to_str()?)?;
    Some(directory.join(printable(&near)))
}

/// Returns the path of an API: `discovery/spanner.v1.json` for `spanner-v1`, `spanner:v1`, `spanner.v1` or `spanner_v1`. The
/// version is optional if there is only one.
pub(crate) fn named(name: &str, directory: &Path) -> Result<PathBuf, String> {
    let stem = |path: &PathBuf| fold(&path.file_stem().unwrap_or_default().to_string_lossy());
    let (paths, wanted) = (paths(directory)?, fold(name));
    if let Some(exact) = paths.iter().find(|path| stem(path) == wanted) {
        return Ok(exact.clone());
    }
    let versions: Vec<&PathBuf> = paths
        .iter()
        .filter(|path| stem(path).starts_with(&format!("{wanted}-")))
        .collect();
    if let [only] = versions[..] {
        return Ok(only.clone());
    }
    let known: Vec<String> = if versions.is_empty() {
        paths.iter().map(stem).collect()
    } else {
        versions.into_iter().map(stem).collect()
    };
    let meant = closest(
        known
            .iter()
            .cloned()
            .chain(known.iter().map(|name| unversioned(name)))
            .filter(|name| *name != wanted),
        &wanted,
    );
    let meant = meant.map_or_else(String::new, |name| {
        format!("\n  help: did you mean `{}`?", printable(&name))
    });
    Err(format!(
        "error: {} has no API `{}`{meant}\n  help: it has {}",
        directory.shown(),
        printable(name),
        if known.is_empty() {
            "none at all".to_owned()
        } else {
            known.join(", ")
        }
    ))
}

/// `spanner-v1` → `spanner`
fn unversioned(name: &str) -> String {
    name.rsplit_once('-')
        .map_or(name, |(name, _)| name)
        .to_owned()
}
