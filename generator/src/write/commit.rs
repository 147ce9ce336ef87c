//! Changes of files: new contents are written to temporary files, and then all of them are renamed.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use super::{
    WriteError,
    error::WriteProgress,
    journal::{Journal, temporary_name},
    output::{JOURNAL, NEW_JOURNAL, Output, RUN},
    place,
};
use crate::parallel;

/// A change of one file.
#[derive(Clone, Debug)]
pub(super) struct Change<'a> {
    /// The file, relative to the output directory.
    pub(super) path: PathBuf,
    /// The new contents; `None` to delete the file.
    pub(super) bytes: Option<Cow<'a, [u8]>>,
}

/// A change and the temporary file with its new contents.
struct Prepared<'a> {
    change: &'a Change<'a>,
    temporary: Option<PathBuf>,
}

impl Output {
    /// Replaces or creates files, in this order. Each is entirely old or entirely new at any time, also after a power
    /// failure.
    ///
    /// # Errors
    /// Returns an error for a file that cannot be written. [`WriteError::Operation`] lists the files that were written.
    pub fn replace(&self, files: &[(&Path, &[u8])]) -> Result<(), WriteError> {
        let change = |(path, bytes): &(&Path, &'_ [u8])| Change {
            path: path.to_path_buf(),
            bytes: Some(bytes.to_vec().into()),
        };
        let changes: Vec<Change<'_>> = files.iter().map(change).collect();
        run(self, &changes, &BTreeSet::new(), true)
    }
}

/// Makes the changes in their order, and finishes the work of an interrupted run. `roots` are the root files of the
/// output. If `durable`, each new file survives a power failure as a whole.
///
/// # Errors
/// Returns an error for a change that cannot be made. If a file was changed before, the journal stays.
pub(super) fn run(
    output: &Output,
    changes: &[Change<'_>],
    roots: &BTreeSet<PathBuf>,
    durable: bool,
) -> Result<(), WriteError> {
    let mut unfinished = output.unfinished();
    check(output, changes)?;
    let mut prepared: Vec<Prepared<'_>> = changes.iter().map(|it| prepare(output, it)).collect();
    let mut journal = Journal {
        roots: roots.clone(),
        files: changes.iter().map(|change| change.path.clone()).collect(),
        temporary: prepared
            .iter()
            .filter_map(|it| it.temporary.clone())
            .collect(),
    };
    journal.merge(&unfinished);
    let (mut created, mut done) = (Vec::new(), 0);
    let mut make = || {
        if changes.is_empty() {
            return Ok(());
        }
        write_journal(output, &journal)?;
        create_directories(output, changes, &mut created)?;
        stage(output, &prepared, durable)?;
        take_places(output, &mut prepared, &mut done)
    };
    if let Err(failure) = make() {
        clean_up(output, &prepared, &created);
        if done > 0 || !unfinished.files.is_empty() {
            journal.temporary.clear();
            *unfinished = journal;
        } else {
            let _ = output.disk.remove_file(&output.run().join(JOURNAL));
        }
        return Err(failure.after(progress(changes, done)));
    }
    for directory in parents(&unfinished.files) {
        // Any program may have written the journal, so nothing that a link leads to is deleted.
        let place = directory.join("any");
        if place::check_directories(&output.root, [place.as_path()]).is_ok() {
            output.remove_empty(directory);
        }
    }
    let path = output.run().join(JOURNAL);
    match output.disk.remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(WriteError::of("delete", &path)(error));
        }
        _ => {}
    }
    *unfinished = Journal::default();
    Ok(())
}

/// Checks that only files are replaced, and that no link leads to them.
fn check(output: &Output, changes: &[Change<'_>]) -> Result<(), WriteError> {
    place::check_directories(&output.root, changes.iter().map(|change| &*change.path))?;
    let checked = parallel::map(changes, |change| {
        let path = output.root.join(&change.path);
        if change.path.starts_with(RUN) {
            let why = "gapi-generator keeps only its own files in this directory";
            return Err(WriteError::in_the_way(&path, why, "choose another place"));
        }
        place::is_file(&path).map(|_| ())
    });
    checked.into_iter().collect()
}

fn prepare<'a>(output: &Output, change: &'a Change<'a>) -> Prepared<'a> {
    let temporary = change.bytes.as_ref().map(|_| {
        let name = temporary_name(output.number, output.next_file());
        change.path.with_file_name(name)
    });
    Prepared { change, temporary }
}

/// Replaces the journal atomically. It survives a power failure, so that it exists if any change does.
fn write_journal(output: &Output, journal: &Journal) -> Result<(), WriteError> {
    let (new, path) = (output.run().join(NEW_JOURNAL), output.run().join(JOURNAL));
    let text = journal.text();
    let written = output
        .disk
        .create(&new, text.as_bytes(), true)
        .map(drop)
        .and_then(|()| output.disk.rename(&new, &path));
    written.map_err(|error| {
        let _ = output.disk.remove_file(&new);
        WriteError::of("write", &path)(error)
    })
}

/// Creates the directories of new files. Adds them to `created`, parents first.
fn create_directories(
    output: &Output,
    changes: &[Change<'_>],
    created: &mut Vec<PathBuf>,
) -> Result<(), WriteError> {
    let new = changes.iter().filter(|change| change.bytes.is_some());
    let directories: BTreeSet<&Path> = new
        .flat_map(|change| change.path.ancestors().skip(1))
        .filter(|directory| *directory != Path::new(""))
        .collect();
    for directory in directories {
        let path = output.root.join(directory);
        if place::look(&path)?.is_none() {
            let done = output.disk.create_dir(&path);
            done.map_err(WriteError::of("create the directory", &path))?;
            created.push(directory.to_owned());
        }
    }
    Ok(())
}

fn stage(output: &Output, prepared: &[Prepared<'_>], durable: bool) -> Result<(), WriteError> {
    let staged = parallel::map(prepared, |Prepared { change, temporary }| {
        let (Some(bytes), Some(temporary)) = (&change.bytes, temporary) else {
            return Ok(());
        };
        let done = output
            .disk
            .create(&output.root.join(temporary), bytes, durable);
        done.map(drop)
            .map_err(WriteError::of("write", &output.root.join(&change.path)))
    });
    staged.into_iter().collect()
}

/// Makes the changes and counts them.
fn take_places(
    output: &Output,
    prepared: &mut [Prepared<'_>],
    count: &mut usize,
) -> Result<(), WriteError> {
    for Prepared { change, temporary } in prepared {
        let path = output.root.join(&change.path);
        let done = match temporary.take() {
            Some(waiting) => {
                let done = output.disk.rename(&output.root.join(&waiting), &path);
                if done.is_err() {
                    *temporary = Some(waiting);
                }
                done.map_err(WriteError::of("replace", &path))
            }
            None => match output.disk.remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(WriteError::of("delete", &path)(error))
                }
                _ => {
                    output.remove_empty_parents(&change.path);
                    Ok(())
                }
            },
        };
        done?;
        *count += 1;
    }
    Ok(())
}

fn progress(changes: &[Change<'_>], done: usize) -> WriteProgress {
    let paths = |part: &[Change<'_>]| part.iter().map(|change| change.path.clone()).collect();
    let (done, left) = changes.split_at(done);
    WriteProgress {
        done: paths(done),
        left: paths(left),
    }
}

/// Deletes the remaining temporary files. Ignores errors, because an earlier one is reported.
fn clean_up(output: &Output, prepared: &[Prepared<'_>], created: &[PathBuf]) {
    for temporary in prepared.iter().filter_map(|it| it.temporary.as_ref()) {
        let _ = output.disk.remove_file(&output.root.join(temporary));
    }
    for directory in created.iter().rev() {
        let _ = output.disk.remove_dir(&output.root.join(directory));
    }
}

fn parents(paths: &BTreeSet<PathBuf>) -> BTreeSet<&Path> {
    paths.iter().filter_map(|path| path.parent()).collect()
}
