//! The `Cargo.toml` of an existing crate: its name, and the values that the user sets.
//!
//! The manifest is parsed, and only the ranges of changed values are replaced. Every other byte stays.

use std::{ops::Range, path::Path};

use gapi_generator::{Package, diagnostics::printable};
use toml_edit::{Document, Item, TableLike, TomlError, Value};

const RUNTIME: &str = "gapi-runtime";

/// Returns the manifest with the name, version and runtime path of the package. If the package has no name or version, sets it to
/// that of the manifest.
pub(crate) fn edited(file: &Path, text: &str, package: &mut Package) -> Result<String, String> {
    let document = parsed(file, text)?;
    let mut edits = Edits {
        file,
        text,
        changes: Vec::new(),
        errors: Vec::new(),
    };
    edits.set_in_package(&document, "name", &mut package.name);
    if package.name.is_none() {
        let message = "has no string `name` in `[package]`";
        edits.error(None, message, "write `name = \"…\"` there");
    }
    edits.set_in_package(&document, "version", &mut package.version);
    if let Some(path) = &package.runtime_path {
        edits.set_runtime_path(document.get("dependencies"), path);
    }
    let changed = edits.applied()?;
    // A manifest that was misread must not be written.
    if !has_choices(&changed, package) {
        return Err(error(
            file,
            None,
            "has a form that cannot be changed",
            &format!("set the name, the version and the path of `{RUNTIME}` by hand"),
        ));
    }
    Ok(changed)
}

/// Checks a manifest with its generated features.
pub(crate) fn check(file: &Path, text: &str) -> Result<(), String> {
    let Err(problem) = Document::parse(text) else {
        return Ok(());
    };
    let message = format!(
        "would be invalid with the generated features: {}",
        first_line(&problem)
    );
    let help = "rename your own features and tables";
    Err(error(file, None, &message, help))
}

fn parsed<'m>(file: &Path, text: &'m str) -> Result<Document<&'m str>, String> {
    Document::parse(text).map_err(|problem| {
        let message = format!("invalid TOML: {}", first_line(&problem));
        let place = problem.span().map(|span| place(text, &span));
        error(file, place, &message, "see https://toml.io for the syntax")
    })
}

fn first_line(problem: &TomlError) -> &str {
    problem.message().lines().next().unwrap_or_default()
}

fn error(file: &Path, place: Option<String>, message: &str, help: &str) -> String {
    format!(
        "error: {}{}: {}\n  help: {}",
        printable(&file.display().to_string()),
        place.unwrap_or_default(),
        printable(message),
        printable(help)
    )
}

/// Returns the line and the column where a range begins.
fn place(text: &str, span: &Range<usize>) -> String {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let lines = before.matches('\n').count() + 1;
    format!(":{lines}:{}", line.chars().count() + 1)
}

/// Returns a member of an item that is a table of any form.
fn member<'m>(item: Option<&'m Item>, key: &str) -> Option<&'m Item> {
    item?.as_table_like()?.get(key)
}

/// Returns `true` if a manifest is valid and has all values of the package.
fn has_choices(text: &str, package: &Package) -> bool {
    let Ok(document) = Document::parse(text) else {
        return false;
    };
    let is = |item: Option<&Item>, wanted: &Option<String>| {
        wanted.is_none() || item.and_then(Item::as_str) == wanted.as_deref()
    };
    let table = document.get("package");
    let runtime = member(document.get("dependencies"), RUNTIME);
    is(member(table, "name"), &package.name)
        && is(member(table, "version"), &package.version)
        && is(member(runtime, "path"), &package.runtime_path)
}

/// Returns a string of TOML in one line.
fn string(text: &str) -> String {
    Value::from(text.replace('\n', " ")).to_string()
}

/// The changes of a manifest, and what prevents them.
struct Edits<'m> {
    file: &'m Path,
    text: &'m str,
    changes: Vec<(Range<usize>, String)>,
    errors: Vec<String>,
}

impl Edits<'_> {
    fn error(&mut self, item: Option<&Item>, message: &str, help: &str) {
        let place = item
            .and_then(Item::span)
            .map(|span| place(self.text, &span));
        self.errors.push(error(self.file, place, message, help));
    }

    /// Replaces the value of an item that is a string. Returns `None` if it is not.
    fn replace(&mut self, item: &Item, new: &str) -> Option<()> {
        let (old, span) = (item.as_str()?, item.span()?);
        if old != new {
            self.changes.push((span, string(new)));
        }
        Some(())
    }

    /// Sets a string of the package, or reads it.
    fn set_in_package(
        &mut self,
        document: &Document<&str>,
        key: &str,
        chosen: &mut Option<String>,
    ) {
        let item = member(document.get("package"), key);
        let Some(new) = chosen else {
            *chosen = item.and_then(Item::as_str).map(str::to_owned);
            return;
        };
        if item.and_then(|item| self.replace(item, new)).is_none() {
            let message = format!("has no string `{key}` in `[package]` that could be changed");
            let help = format!("write `{key} = {}` there", string(new));
            self.error(item, &message, &help);
        }
    }

    /// Sets the path of the dependency on the runtime.
    fn set_runtime_path(&mut self, dependencies: Option<&Item>, path: &str) {
        let item = member(dependencies, RUNTIME);
        let table = item.and_then(Item::as_table_like);
        for (key, form) in [("workspace", "inherits"), ("git", "gets from git")] {
            if let Some(found) = table.and_then(|table| table.get(key)) {
                let message =
                    format!("{form} the dependency on `{RUNTIME}`, so it cannot have a path");
                let help = format!("remove `{key}` there, or do not set the path of the runtime");
                return self.error(Some(found), &message, &help);
            }
        }
        let changed = item.and_then(|item| match table {
            Some(table) => match table.get("path") {
                Some(old) => self.replace(old, path),
                None => self.add_path(item, table, path),
            },
            None => self.add_path_to_version(item, path),
        });
        if changed.is_none() {
            let message = format!("has no dependency on `{RUNTIME}` whose path could be changed");
            let help = format!(
                "write `{RUNTIME} = {{ path = {} }}` in `[dependencies]`",
                string(path)
            );
            self.error(item, &message, &help);
        }
    }

    fn add_path_to_version(&mut self, item: &Item, path: &str) -> Option<()> {
        item.as_str()?;
        let span = item.span()?;
        let version = self.text.get(span.clone())?;
        let new = format!("{{ path = {}, version = {version} }}", string(path));
        self.changes.push((span, new));
        Some(())
    }

    /// Adds the path in front of the first key of a table.
    fn add_path(&mut self, item: &Item, table: &dyn TableLike, path: &str) -> Option<()> {
        let path = string(path);
        if item.is_inline_table() && !table.is_dotted() {
            let at = item.span()?.start + 1;
            let end = if table.is_empty() { " " } else { "," };
            self.changes.push((at..at, format!(" path = {path}{end}")));
            return Some(());
        }
        let keys = table.iter().filter_map(|(key, _)| table.key(key)?.span());
        let first = keys.map(|span| span.start).min()?;
        let start = self.text.get(..first)?.rfind('\n').map_or(0, |at| at + 1);
        // `gapi-runtime.`, or the space in front of the key.
        let prefix = self.text.get(start..first)?;
        if prefix.contains('=') {
            return None;
        }
        let end = match self.text.find("\r\n") {
            Some(_) => "\r\n",
            None => "\n",
        };
        let line = format!("{prefix}path = {path}{end}");
        self.changes.push((start..start, line));
        Some(())
    }

    fn applied(mut self) -> Result<String, String> {
        if !self.errors.is_empty() {
            return Err(self.errors.join("\n"));
        }
        // From the last to the first, so that the ranges stay valid.
        self.changes.sort_by_key(|(span, _)| span.start);
        let mut text = self.text.to_owned();
        for (span, new) in self.changes.into_iter().rev() {
            text.replace_range(span, &new);
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests;
