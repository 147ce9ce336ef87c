//! Documents of git revisions, read by `git` itself.

use std::{path::Path, process::Command};

use gapi_generator::Source;

/// Splits `REVISION:PATH`, if there is such a revision and no such file. Paths and names of APIs may have colons, too.
pub(crate) fn parse(place: &str) -> Option<(&str, &str)> {
    let (revision, path) = place.split_once(':')?;
    let commit = format!("{revision}^{{commit}}");
    let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options"];
    let is_one = || git(&[&arguments[..], &[&commit]].concat()).is_ok();
    (!Path::new(place).exists() && is_one()).then_some((revision, path))
}

/// Returns the documents of a directory, or the one document.
pub(crate) fn documents(revision: &str, path: &str) -> Result<Vec<Source>, String> {
    if revision.starts_with('-') {
        return Err(format!("error: `{revision}` is no revision"));
    }
    let place = format!("{revision}:{path}");
    if git(&["cat-file", "-t", &place])?.trim() != "tree" {
        return Ok(vec![source(place)?]);
    }
    // The whole tree, not only the part below the working directory.
    let names = git(&["ls-tree", "-z", "--name-only", "--full-tree", &place])?;
    let names = names.split('\0');
    let is_document = |name: &&str| Path::new(name).extension().is_some_and(|end| end == "json");
    let separator = if path.is_empty() || path.ends_with('/') {
        ""
    } else {
        "/"
    };
    let sources = names.filter(is_document);
    let sources = sources.map(|name| source(format!("{place}{separator}{name}")));
    let sources: Vec<Source> = sources.collect::<Result<_, String>>()?;
    if sources.is_empty() {
        return Err(format!("error: {place} holds no document (*.json)"));
    }
    Ok(sources)
}

fn source(name: String) -> Result<Source, String> {
    let text = git(&["cat-file", "blob", &name])?;
    Ok(Source { name, text })
}

/// Returns the output of git, or its own error message.
fn git(arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git")
        .args(arguments)
        .output()
        .map_err(|error| format!("error: cannot run git: {error}"))?;
    let place = arguments.last().copied().unwrap_or_default();
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim().trim_start_matches("fatal: ");
        return Err(format!("error: git cannot read {place}: {said}"));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| format!("error: {place} is not UTF-8, and so no document"))
}
