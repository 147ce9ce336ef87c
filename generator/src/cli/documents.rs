//! Finding documents: paths as they are, names of APIs in the folder of documents.

use std::{
    fs,
    path::{Path, PathBuf},
};

use gapi_generator::Source;

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

fn paths(folder: &Path) -> Result<Vec<PathBuf>, String> {
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
    let text = fs::read_to_string(path)
        .map_err(|error| format!("error: cannot read {}: {error}", path.display()))?;
    Ok(Source {
        name: path.display().to_string(),
        text,
    })
}

/// `spanner-v1`, `spanner:v1`, `spanner.v1` or `spanner_v1` → `discovery/spanner.v1.json`; a name
/// without a version where there is only one.
fn named(name: &str, folder: &Path) -> Result<PathBuf, String> {
    let fold = |text: &str| text.replace([':', '.', '_'], "-").to_ascii_lowercase();
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
    Err(format!(
        "error: {} has no API `{name}`\n  help: it has {}",
        folder.display(),
        if known.is_empty() {
            "none at all".to_owned()
        } else {
            known.join(", ")
        }
    ))
}
