//! A package's `Cargo.toml`, parsed line by line, which is sufficient to find its dependencies.

use std::path::{Path, PathBuf};

use super::{Kind, Read};

const MANIFEST: &str = "Cargo.toml";

/// A cargo package.
#[derive(Debug)]
pub(super) struct CargoPackage {
    /// The directory of its `Cargo.toml`.
    pub(super) directory: PathBuf,
    manifest: String,
}

impl CargoPackage {
    /// Returns the package that a directory belongs to. As for cargo, the nearest `Cargo.toml` decides. Returns `None` if it has
    /// no `[package]`.
    pub(super) fn around(directory: &Path, read: Read<'_>) -> Option<Self> {
        let mut directories = directory.ancestors();
        let package = directories.find_map(|directory| {
            Some(Self {
                directory: directory.to_owned(),
                manifest: read(&directory.join(MANIFEST))?,
            })
        })?;
        package.has_table("[package]").then_some(package)
    }

    /// Returns the path of its `Cargo.toml`.
    pub(super) fn manifest_path(&self) -> PathBuf {
        self.directory.join(MANIFEST)
    }

    /// Returns `true` if the manifest has this table, given with its brackets.
    pub(super) fn has_table(&self, table: &str) -> bool {
        let wanted = table.trim_matches(['[', ']']);
        self.lines().any(|line| line == Line::Table(wanted))
    }

    /// Returns `true` if the package depends on a crate, on any platform. With `for_tests`, dependencies of tests and
    /// examples count, too.
    pub(super) fn depends_on(&self, name: &str, for_tests: bool) -> bool {
        let mut in_list = false;
        for line in self.lines() {
            let key = match line {
                Line::Table(table) => {
                    let key = dependencies(table, for_tests);
                    in_list = key == Some("");
                    key
                }
                Line::Member(key, _) => Some(key).filter(|_| in_list),
            };
            // A renamed dependency may have an underscore.
            if key.is_some_and(|key| key.replace('_', "-") == name) {
                return true;
            }
        }
        false
    }

    /// Returns the root files of the targets that have a `path`.
    pub(super) fn targets(&self) -> Vec<(PathBuf, Kind)> {
        let mut table = "";
        let paths = self.lines().filter_map(|line| match line {
            Line::Table(next) => {
                table = next;
                None
            }
            Line::Member("path", value) if TARGETS.contains(&table) => {
                let path = value.strip_prefix(['"', '\''])?.split(['"', '\'']).next()?;
                let kind = if table == "lib" {
                    Kind::Library
                } else {
                    Kind::Program
                };
                Some((self.directory.join(path), kind))
            }
            Line::Member(..) => None,
        });
        paths.collect()
    }

    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.manifest.lines().filter_map(line)
    }
}

/// The tables of targets.
const TARGETS: [&str; 5] = ["bench", "bin", "example", "lib", "test"];

/// A line of a manifest, without space and quotes around names.
#[derive(Debug, PartialEq, Eq)]
enum Line<'a> {
    /// The name of a table, or of one of a list of tables.
    Table(&'a str),
    /// A member's name up to the first dot, and its value if the name has no dot.
    Member(&'a str, &'a str),
}

fn line(text: &str) -> Option<Line<'_>> {
    let text = text.trim();
    if let Some(table) = text.strip_prefix('[') {
        let table = table.split('#').next()?.trim();
        return Some(Line::Table(table.trim_matches(['[', ']', ' '])));
    }
    let (key, value) = text.split_once('=').filter(|_| !text.starts_with('#'))?;
    let (key, dotted) = key.split_once('.').unwrap_or((key, ""));
    let key = key.trim().trim_matches(['"', '\'']);
    let value = if dotted.is_empty() { value.trim() } else { "" };
    Some(Line::Member(key, value))
}

/// Returns the name of the dependency that a table describes, or an empty name for a list of dependencies. Returns `None` for all
/// other tables.
fn dependencies(table: &str, for_tests: bool) -> Option<&str> {
    const WORD: &str = "dependencies";
    let at = table.rfind(WORD)?;
    let (before, after) = (&table[..at], &table[at + WORD.len()..]);
    let before = match before.strip_suffix("dev-") {
        Some(before) if for_tests => before,
        _ => before,
    };
    let of_the_package =
        before.is_empty() || before.starts_with("target.") && before.ends_with('.');
    let name = after.trim_start_matches('.').trim_matches(['"', '\'']);
    of_the_package.then_some(name)
}

/// Returns a string of TOML.
pub(crate) fn string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    #[test]
    fn strings_stay_strings() {
        let string = super::string(r#"C:\my "gapi""#);
        assert_eq!(string, r#""C:\\my \"gapi\"""#);
    }
}
