//! The journal of a run: the files that it is about to replace, create or delete.
//!
//! It is complete before the first file is changed and is deleted after the last one. So an existing journal means that
//! a run was interrupted. Its contents are not trusted: it may be truncated, and any program may have written it.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use super::place::{self, slashed};

/// The planned changes of a run. All paths are relative to the output directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Journal {
    /// The root files of what is generated; see [`FileList`](super::file_list::FileList).
    pub(super) roots: BTreeSet<PathBuf>,
    /// The files that are replaced, created or deleted.
    pub(super) files: BTreeSet<PathBuf>,
    /// The temporary paths of new files, in the directories of their final paths.
    pub(super) temporary: BTreeSet<PathBuf>,
}

impl Journal {
    /// Returns the text: a line for each path.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let kinds = [
            ("root", &self.roots),
            ("file", &self.files),
            ("temporary", &self.temporary),
        ];
        for (kind, paths) in kinds {
            for path in paths {
                let _ = writeln!(text, "{kind} {}", slashed(path));
            }
        }
        text
    }

    /// Parses a journal. Skips lines that no run writes: a truncated line, a path that leads out of the directory.
    pub(super) fn parse(text: &str) -> Self {
        let mut journal = Self::default();
        for line in text
            .split_inclusive('\n')
            .filter_map(|line| line.strip_suffix('\n'))
        {
            let Some((kind, path)) = line.split_once(' ') else {
                continue;
            };
            let path = PathBuf::from(path);
            if !place::is_below(&path) {
                continue;
            }
            let paths = match kind {
                "root" => &mut journal.roots,
                "file" => &mut journal.files,
                "temporary" if is_temporary(&path) => &mut journal.temporary,
                _ => continue,
            };
            paths.insert(path);
        }
        journal
    }

    /// Adds the unfinished work of an earlier run.
    pub(super) fn merge(&mut self, earlier: &Self) {
        self.roots.extend(earlier.roots.iter().cloned());
        self.files.extend(earlier.files.iter().cloned());
    }
}

/// Returns the name of a temporary file. `run` is an unpredictable number.
pub(super) fn temporary_name(run: u64, file: usize) -> String {
    format!(".gapi-{run:016x}-{file}.tmp")
}

fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let inner = name
        .and_then(|name| name.strip_prefix(".gapi-"))
        .and_then(|name| name.strip_suffix(".tmp"));
    inner.is_some_and(|inner| {
        let (run, file) = inner.split_once('-').unwrap_or_default();
        run.len() == 16
            && run.bytes().all(|byte| byte.is_ascii_hexdigit())
            && !file.is_empty()
            && file.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(paths: &[&str]) -> BTreeSet<PathBuf> {
        paths.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn a_journal_is_read_as_it_was_written() {
        let name = format!("src/a/{}", temporary_name(7, 12));
        let journal = Journal {
            roots: paths(&["src/lib.rs"]),
            files: paths(&["Cargo.toml", "src/a/b.rs", "src/with space.rs"]),
            temporary: paths(&[&name]),
        };
        assert_eq!(Journal::parse(&journal.text()), journal);
    }

    #[test]
    fn what_no_run_writes_is_skipped() {
        for text in [
            "file a.rs",
            "file ../a.rs\n",
            "file /etc/passwd\n",
            "file \n",
            "other a.rs\n",
            "temporary src/lib.rs\n",
            "temporary .gapi-0000000000000007-.tmp\n",
            "temporary ../.gapi-0000000000000007-1.tmp\n",
            "\n",
        ] {
            assert_eq!(Journal::parse(text), Journal::default(), "{text:?}");
        }
    }
}
