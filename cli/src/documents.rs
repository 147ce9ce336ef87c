//! Finding documents: paths as they are, names of APIs in the folder of documents.

use std::{
    fs,
    path::{Path, PathBuf},
};

use gapi_generator::{Source, diagnostics::printable, spelling::closest};

use super::api_version::fold;

/// Every document of the folder.
pub(crate) fn all(folder: &Path) -> Result<Vec<Source>, String> {
    let paths = paths(folder)?;
    if paths.is_empty() {
        return Err(format!(
            "error: {} holds no document (*.json)",
            folder.display()
        ));
    }
    collect(paths.iter().map(|path| read(path)))
}

/// The documents of a place: those of a folder, or one.
pub(crate) fn at(place: &str, folder: &Path) -> Result<Vec<Source>, String> {
    if Path::new(place).is_dir() {
        all(Path::new(place))
    } else {
        find(&[place.to_owned()], folder)
    }
}

/// The documents that a user names.
pub(crate) fn find(names: &[String], folder: &Path) -> Result<Vec<Source>, String> {
    collect(names.iter().map(|name| {
        let path = Path::new(name);
        let is_path =
            path.components().count() > 1 || path.extension().is_some_and(|e| e == "json");
        if is_path || path.exists() {
            read(path)
        } else {
            read(&named(name, folder)?)
        }
    }))
}

/// All of them, or every reason why not.
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

/// The files `*.json` of a folder, sorted.
pub(crate) fn paths(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| {
        format!(
            "error: cannot read the folder of documents {}: {error}",
            folder.display()
        )
    })?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<Source, String> {
    let text = fs::read_to_string(path).map_err(|error| {
        let meant = beside(path).map_or_else(String::new, |near| {
            format!("\n  help: did you mean `{}`?", near.display())
        });
        format!("error: cannot read {}: {error}{meant}", path.display())
    })?;
    Ok(Source {
        name: path.display().to_string(),
        text,
    })
}

/// The document in the same folder whose name is nearest to a file that is not there.
fn beside(path: &Path) -> Option<PathBuf> {
    if path.exists() {
        return None;
    }
    let folder = path.parent()?;
    let readable = if folder == Path::new("") {
        Path::new(".")
    } else {
        folder
    };
    let names = paths(readable).ok()?;
    let names = names.iter().filter_map(|path| path.file_name()?.to_str());
    let near = closest(names.map(str::to_owned), path.file_name()?.to_str()?)?;
    Some(folder.join(printable(&near)))
}

/// `spanner-v1`, `spanner:v1`, `spanner.v1` or `spanner_v1` → `discovery/spanner.v1.json`; a name
/// without a version where there is only one.
fn named(name: &str, folder: &Path) -> Result<PathBuf, String> {
    let stem = |path: &PathBuf| fold(&path.file_stem().unwrap_or_default().to_string_lossy());
    let (paths, wanted) = (paths(folder)?, fold(name));
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
            .chain(known.iter().map(|name| unversioned(name))),
        &wanted,
    );
    let meant = meant.map_or_else(String::new, |name| {
        format!("\n  help: did you mean `{}`?", printable(&name))
    });
    Err(format!(
        "error: {} has no API `{}`{meant}\n  help: it has {}",
        folder.display(),
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
