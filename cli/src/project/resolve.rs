//! Documents of an output: paths, patterns and names.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use gapi_generator::{Source, diagnostics::printable, spelling::closest};
use glob::{MatchOptions, Pattern};

use super::{
    Project,
    errors::ProjectErrors,
    paths,
    settings::{OutputSettings, Position, Text},
};
use crate::{documents, terminal::Shown as _};

/// Names with a leading dot, such as `.git`, match only patterns that write the dot.
const MATCHING: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

fn is_pattern(entry: &Text) -> bool {
    entry.text.contains(['*', '?', '['])
}

fn leads_out(path: &Path) -> String {
    format!(
        "{} leads out of the project through a symbolic link",
        path.shown()
    )
}

impl Project {
    /// Reads the documents of an output, each once. Errors are added to those of the file.
    pub(crate) fn documents(
        &self,
        output: &OutputSettings,
        discovery: &Path,
        errors: &mut ProjectErrors,
    ) -> Vec<Source> {
        let Some(entries) = &output.documents else {
            let all = self
                .all_inside(discovery)
                .and_then(|()| documents::all(discovery));
            return all.unwrap_or_else(|error| {
                let help = "\n  help: `gapi fetch` gets documents from Google";
                let help = if error.contains("help: ") { "" } else { help };
                // The command line may have named the directory.
                let place = if self.is_ours(discovery) {
                    output.out.place
                } else {
                    Position::default()
                };
                errors.add_printed(place, &(error + help));
                Vec::new()
            });
        };
        let (mut seen, mut sources) = (BTreeSet::new(), Vec::new());
        for entry in entries {
            for path in self.paths(entry, discovery, errors) {
                if !seen.insert(paths::real(&path)) {
                    continue;
                }
                match documents::read(&path) {
                    Ok(source) => sources.push(source),
                    Err(error) => {
                        let help = "\n  help: write another path, or remove this one";
                        let help = if error.contains("help: ") { "" } else { help };
                        errors.add_printed(entry.place, &(error + help));
                    }
                }
            }
        }
        sources
    }

    /// Returns `true` for an output that uses the directory of documents: all documents, or named ones.
    pub(crate) fn uses_names(&self, output: &OutputSettings) -> bool {
        let is_name = |entry: &Text| !is_pattern(entry) && !self.is_path(entry);
        let documents = output.documents.as_ref();
        documents.is_none_or(|entries| entries.iter().any(is_name))
    }

    fn is_path(&self, entry: &Text) -> bool {
        documents::is_path(Path::new(&entry.text)) || self.root.join(&entry.text).exists()
    }

    /// Returns `true` for the directory of documents that the file sets, which is inside the project.
    fn is_ours(&self, discovery: &Path) -> bool {
        discovery == self.discovery()
    }

    /// Checks that no document in the directory of the project is a link that leads out of the project.
    fn all_inside(&self, discovery: &Path) -> Result<(), String> {
        if !self.is_ours(discovery) || !paths::is_inside(&self.root, discovery) {
            return Ok(());
        }
        let paths = documents::paths(discovery)?;
        match paths
            .iter()
            .find(|path| !paths::is_inside(&self.root, path))
        {
            None => Ok(()),
            Some(path) => Err(format!(
                "error: {}\n  help: replace the link, or list the documents in `documents`",
                leads_out(path)
            )),
        }
    }

    /// Returns the paths of an entry.
    fn paths(&self, entry: &Text, discovery: &Path, errors: &mut ProjectErrors) -> Vec<PathBuf> {
        if is_pattern(entry) {
            return self.matching(entry, errors);
        }
        if self.is_path(entry) {
            return vec![self.root.join(&entry.text)];
        }
        match documents::named(&entry.text, discovery) {
            Ok(path) => vec![path],
            Err(error) => {
                errors.add_printed(entry.place, &error);
                Vec::new()
            }
        }
    }

    /// Returns the files `*.json` that match a pattern, sorted.
    fn matching(&self, entry: &Text, errors: &mut ProjectErrors) -> Vec<PathBuf> {
        let shown = printable(&entry.text);
        if paths::leads_out(&entry.text) {
            let message = format!("the pattern `{shown}` leads out of the project");
            errors.add(
                entry.place,
                message,
                "name documents outside one by one, without `*`",
            );
            return Vec::new();
        }
        let root = Pattern::escape(&self.root.display().to_string());
        let pattern = match root.as_str() {
            "" => entry.text.clone(),
            root => format!("{root}/{}", entry.text),
        };
        let found = match glob::glob_with(&pattern, MATCHING) {
            Ok(found) => found,
            Err(error) => {
                let message = format!("`{shown}` is not a pattern: {}", error.msg);
                let help = "`*` matches within a name, `**/` any directories: \"discovery/*.json\"";
                errors.add(entry.place, message, help);
                return Vec::new();
            }
        };
        let is_document =
            |path: &PathBuf| path.is_file() && path.extension().is_some_and(|end| end == "json");
        let mut found: Vec<PathBuf> = found.filter_map(Result::ok).filter(is_document).collect();
        found.sort();
        let (found, outside): (Vec<PathBuf>, Vec<PathBuf>) = found
            .into_iter()
            .partition(|path| paths::is_inside(&self.root, path));
        for path in &outside {
            errors.add(
                entry.place,
                leads_out(path),
                "name documents outside one by one, without `*`",
            );
        }
        if found.is_empty() && outside.is_empty() {
            errors.add(
                entry.place,
                format!("no document matches `{shown}`"),
                self.instead(entry),
            );
        }
        found
    }

    /// Returns the help for a pattern without matches.
    fn instead(&self, entry: &Text) -> String {
        let (directory, pattern) = entry.text.rsplit_once('/').unwrap_or(("", &entry.text));
        let has_documents = |directory: &str| {
            let path = paths::joined(&self.root, directory);
            documents::paths(&path).is_ok_and(|paths| !paths.is_empty())
        };
        if has_documents(directory) {
            let instead = if directory.is_empty() {
                "*.json".to_owned()
            } else {
                format!("{}/*.json", printable(directory))
            };
            return format!("`{instead}` matches documents");
        }
        let beside = Path::new(directory).parent().unwrap_or(Path::new(""));
        let beside = paths::joined(&self.root, &beside.display().to_string());
        let entries = std::fs::read_dir(&beside).into_iter().flatten().flatten();
        let directories = entries
            .filter(|entry| entry.file_type().is_ok_and(|it| it.is_dir()))
            .filter_map(|entry| entry.file_name().into_string().ok());
        let parent = directory
            .rsplit_once('/')
            .map_or(String::new(), |(parent, _)| format!("{parent}/"));
        let name = directory.rsplit('/').next().unwrap_or_default();
        let near = closest(directories, name).map(|name| format!("{parent}{name}"));
        match near.filter(|near| has_documents(near)) {
            Some(near) => format!(
                "did you mean `{}/{}`?",
                printable(&near),
                printable(pattern)
            ),
            None => "`gapi fetch` gets documents from Google".to_owned(),
        }
    }
}
