//! Documents of git revisions, read by `git` itself.

use std::{path::Path, process::Command};

use gapi_generator::{Source, decode};

/// Splits `REVISION:PATH`, if there is such a revision and no such file. Paths and names of APIs may have colons, too.
pub(crate) fn parse(place: &str) -> Option<(&str, &str)> {
    let (revision, path) = place.split_once(':')?;
    let commit = format!("{revision}^{{commit}}");
    let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options"];
    let is_one = || git(&[&arguments[..], &[&commit]].concat()).is_ok();
    (!Path::new(place).exists() && is_one()).then_some((revision, path))
}

/// Returns the documents of a directory, which may have none, or the one document.
pub(crate) fn documents(revision: &str, path: &str) -> Result<Vec<Source>, String> {
    if revision.starts_with('-') {
        return Err(format!("error: `{revision}` is not a revision"));
    }
    let place = format!("{revision}:{path}");
    if git(&["cat-file", "-t", &place])?.trim() != "tree" {
        return Ok(vec![source(place)?]);
    }
    // The whole tree, not only the part below the working directory.
    let listed = run(&["ls-tree", "-z", "--full-tree", &place])?;
    let names = documents_of_tree(&listed, &place)?;
    let separator = if path.is_empty() || path.ends_with('/') {
        ""
    } else {
        "/"
    };
    let sources = names
        .into_iter()
        .map(|name| source(format!("{place}{separator}{name}")));
    sources.collect()
}

/// Returns the names of the documents in a listed tree. Each entry is `MODE TYPE ID`, a tab and the name.
fn documents_of_tree<'a>(listed: &'a [u8], place: &str) -> Result<Vec<&'a str>, String> {
    let mut names = Vec::new();
    for entry in listed.split(|byte| *byte == 0) {
        let tab = entry.iter().position(|byte| *byte == b'\t');
        let (head, name) = entry.split_at(tab.map_or(entry.len(), |tab| tab + 1));
        let is_file = head.starts_with(b"100");
        let is_link = head.starts_with(b"120");
        if !name.ends_with(b".json") || !is_file && !is_link {
            continue;
        }
        let shown = String::from_utf8_lossy(name);
        let name = std::str::from_utf8(name).map_err(|_| {
            format!("error: the name {shown} in {place} is not UTF-8\n  help: rename the file")
        })?;
        if is_link {
            return Err(format!(
                "error: {shown} in {place} is a symbolic link, which git does not follow\n  help: compare files one by one"
            ));
        }
        names.push(name);
    }
    Ok(names)
}

fn source(name: String) -> Result<Source, String> {
    let text = decode(run(&["cat-file", "blob", &name])?)
        .map_err(|error| format!("error: cannot read {name}: {error}"))?;
    Ok(Source { name, text })
}

/// Returns the output of git as text.
fn git(arguments: &[&str]) -> Result<String, String> {
    let place = arguments.last().copied().unwrap_or_default();
    String::from_utf8(run(arguments)?)
        .map_err(|_| format!("error: {place} is not UTF-8, so it is not a document"))
}

/// Returns the output of git, or its own error message.
fn run(arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git")
        .args(arguments)
        .output()
        .map_err(|error| format!("error: cannot run git: {error}"))?;
    let place = arguments.last().copied().unwrap_or_default();
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim().trim_start_matches("fatal: ");
        return Err(format!(
            "error: git cannot read {place}: {said}\n  help: compare two files, directories or revisions: `gapi diff OLD NEW`"
        ));
    }
    Ok(output.stdout)
}

#[cfg(test)]
mod tests {
    use super::documents_of_tree;

    #[test]
    fn documents_are_the_files_of_a_tree() {
        let tree = b"100644 blob 1\ta.json\x00040000 tree 2\td.json\x00100644 blob 3\t\xff.md\x00100755 blob 4\tb.json\0";
        let names = vec!["a.json", "b.json"];
        assert_eq!(documents_of_tree(tree, "HEAD:."), Ok(names));
        for (tree, error) in [
            (
                &b"120000 blob 1\tz.json\0"[..],
                "error: z.json in HEAD:. is a symbolic link, which git does not follow\n  \
                 help: compare files one by one",
            ),
            (
                b"100644 blob 1\t\xff.json\0",
                "error: the name \u{fffd}.json in HEAD:. is not UTF-8\n  help: rename the file",
            ),
        ] {
            assert_eq!(documents_of_tree(tree, "HEAD:."), Err(error.to_owned()));
        }
    }
}
