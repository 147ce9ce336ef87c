//! A run that is stopped at each of its file operations, and the next run.

use std::{fs, io, path::Path};

use super::{
    BY_HAND, Tree, faulty::Fault, faulty::Faulty, files, modules, new, old, other, tree,
    uninterrupted, with_old, without_run, writer,
};
use crate::write::{Files, WriteError};

const KILLS: [Fault; 2] = [Fault::Killed, Fault::KilledWithin];
const ERRORS: [Fault; 4] = [
    Fault::Error(io::ErrorKind::ResourceBusy),
    Fault::Error(io::ErrorKind::StorageFull),
    Fault::Error(io::ErrorKind::PermissionDenied),
    Fault::Error(io::ErrorKind::ReadOnlyFilesystem),
];

/// Returns whether the directory is up to date, as `check` does.
fn is_current(directory: &Path, files: &Files) -> bool {
    let writer = writer(directory);
    let differences = writer.differences(files).expect("it compares");
    differences.is_empty() && !writer.is_unfinished().expect("it looks")
}

/// Checks that each file is entirely old or new, and that an incomplete directory is not reported as current.
fn assert_noticed(directory: &Path, old_tree: &Tree, new_tree: &Tree, case: &str) {
    let now = without_run(tree(directory));
    let is_temporary = |path: &Path| path.extension().is_some_and(|end| end == "tmp");
    for (path, text) in now.iter().filter(|(path, _)| !is_temporary(path)) {
        let (before, after) = (old_tree.get(path), new_tree.get(path));
        let known = before == Some(text) || after == Some(text);
        assert!(known, "{case}: {} is {text:?}", path.display());
    }
    for (path, text) in BY_HAND {
        assert_eq!(now[Path::new(path)].as_deref(), Some(text), "{case}");
    }
    for (files, tree) in [(new(), new_tree), (old(), old_tree)] {
        if is_current(directory, &files) {
            assert_eq!(
                only_files(&now),
                only_files(tree),
                "{case}: said to be current"
            );
        }
    }
}

/// Returns the tree without directories, because empty ones are harmless.
fn only_files(tree: &Tree) -> Tree {
    let files = tree.iter().filter(|(_, text)| text.is_some());
    files
        .map(|(path, text)| (path.clone(), text.clone()))
        .collect()
}

/// Writes `new` over `old` with a fault at each operation. Calls `then` with the directory, the result of the run, and
/// the name of the case.
fn at_each_operation(faults: &[Fault], then: impl Fn(&Path, Result<(), WriteError>, &str)) {
    for fault in faults {
        let mut at = 0;
        loop {
            let directory = with_old();
            let disk = Faulty::new(*fault, at);
            let written = writer(directory.path()).on(disk).write(&new()).map(drop);
            if !disk.has_failed() {
                assert!(written.is_ok(), "{written:?}");
                break;
            }
            let last = disk.log().get(at).cloned().unwrap_or_default();
            then(
                directory.path(),
                written,
                &format!("{fault:?} at {at}, {last}"),
            );
            at += 1;
        }
        assert!(at > 25, "only {at} operations");
    }
}

#[test]
fn case_s2_after_a_kill_between_any_two_operations_the_next_run_repairs() {
    let (old_tree, new_tree) = (uninterrupted(&[]), uninterrupted(&[&new()]));
    at_each_operation(&KILLS, |directory, _, case| {
        assert_noticed(directory, &old_tree, &new_tree, case);
        writer(directory).write(&new()).expect(case);
        assert_eq!(tree(directory), new_tree, "{case}");
    });
}

#[test]
fn case_s2_a_run_that_generates_something_else_repairs_as_well() {
    let (back, away) = (uninterrupted(&[]), uninterrupted(&[&other()]));
    at_each_operation(&KILLS, |directory, _, case| {
        writer(directory).write(&other()).expect(case);
        assert_eq!(tree(directory), away, "{case}");
        writer(directory).write(&old()).expect(case);
        assert_eq!(tree(directory), back, "{case}");
    });
}

/// The user deletes the journal. The list is enough to find stale files.
#[test]
fn case_s2_a_journal_that_is_deleted_does_not_matter() {
    let new_tree = uninterrupted(&[&new()]);
    at_each_operation(&KILLS, |directory, _, case| {
        let _ = fs::remove_dir_all(directory.join(".gapi-run"));
        writer(directory).write(&new()).expect(case);
        let mut now = only_files(&tree(directory));
        now.retain(|path, _| path.extension().is_none_or(|end| end != "tmp"));
        assert_eq!(now, only_files(&new_tree), "{case}");
    });
}

#[test]
fn case_s2_a_repair_may_be_killed_too() {
    let (old_tree, new_tree) = (uninterrupted(&[]), uninterrupted(&[&new()]));
    let kills = [Fault::KilledWithin];
    at_each_operation(&kills, |directory, _, case| {
        // Each crash starts with the result of the previous one.
        for at in 0.. {
            let disk = Faulty::new(Fault::Killed, at);
            let repaired = writer(directory).on(disk).write(&new());
            let case = format!("{case}, then at {at}");
            assert_noticed(directory, &old_tree, &new_tree, &case);
            if !disk.has_failed() {
                repaired.expect(&case);
                break;
            }
        }
        writer(directory).write(&new()).expect(case);
        assert_eq!(tree(directory), new_tree, "{case}");
    });
}

/// Checks that the failure describes each file correctly.
fn assert_told(failure: &WriteError, now: &Tree, old_tree: &Tree, new_tree: &Tree, case: &str) {
    let message = failure.to_string();
    let WriteError::Operation {
        progress: Some(progress),
        ..
    } = failure
    else {
        assert!([old_tree, new_tree].contains(&now), "{case}: {message}");
        return;
    };
    for (paths, tree) in [(&progress.done, new_tree), (&progress.left, old_tree)] {
        for path in paths {
            assert_eq!(now.get(path), tree.get(path), "{case}: {message}");
        }
    }
    let (done, left) = (progress.done.len(), progress.left.len());
    assert_eq!(done + left, 10, "{case}: {message}");
    if done == 0 {
        assert_eq!(now, old_tree, "{case}: {message}");
        assert!(message.contains("\n  nothing was written\n"), "{message}");
    } else {
        let counts = format!("\n  {done} of 10 files were written: Cargo.toml, ");
        assert!(message.contains(counts.trim_end_matches(", ")), "{message}");
        assert!(
            message.ends_with(": the same run writes the rest"),
            "{message}"
        );
    }
}

#[test]
fn case_s2_an_error_at_any_operation_is_reported_or_does_not_matter() {
    let (old_tree, new_tree) = (uninterrupted(&[]), uninterrupted(&[&new()]));
    at_each_operation(&ERRORS, |directory, written, case| {
        assert_noticed(directory, &old_tree, &new_tree, case);
        let now = without_run(tree(directory));
        match written {
            Ok(()) => assert_eq!(only_files(&now), only_files(&new_tree), "{case}"),
            Err(failure) => assert_told(&failure, &now, &old_tree, &new_tree, case),
        }
        let unfinished = writer(directory).is_unfinished().expect("it looks");
        let whole = [&old_tree, &new_tree].map(only_files);
        assert!(
            unfinished || whole.contains(&only_files(&now)),
            "{case}: {now:#?}"
        );
        writer(directory).write(&new()).expect(case);
        assert_eq!(
            only_files(&tree(directory)),
            only_files(&new_tree),
            "{case}"
        );
    });
}

#[test]
fn case_s2_a_directory_that_a_killed_run_has_created_is_no_obstacle() {
    let mut at = 0;
    loop {
        let place = tempfile::tempdir().expect("a temporary directory");
        let directory = place.path().join("not/there/yet");
        let disk = Faulty::new(Fault::Killed, at);
        let written = writer(&directory).on(disk).write(&new());
        if !disk.has_failed() {
            written.expect("it writes");
            break;
        }
        writer(&directory).write(&new()).expect("it writes");
        assert!(is_current(&directory, &new()), "at {at}");
        assert!(!directory.join(".gapi-run").exists(), "at {at}");
        at += 1;
    }
    assert!(at > 20, "only {at} operations");
}

#[test]
fn case_s2_a_run_that_fails_before_it_writes_leaves_no_directory() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let mut at = 0;
    loop {
        let directory = place.path().join("not/there/yet");
        let disk = Faulty::new(Fault::Error(io::ErrorKind::StorageFull), at);
        if writer(&directory).on(disk).write(&new()).is_ok() {
            break;
        }
        // From here on files are replaced.
        if writer(&directory).is_unfinished().expect("it looks") {
            break;
        }
        assert_eq!(tree(place.path()), Tree::new(), "at {at}: {:?}", disk.log());
        at += 1;
    }
    assert!(at > 10, "only {at} operations");
}

/// A run for one module does not hide that another module is incomplete.
#[test]
fn case_s2_what_was_interrupted_is_not_forgotten_by_a_run_for_something_else() {
    let a = |text: &str| files(&[("a_v1.rs", text), ("a_v1/x.rs", text)]);
    let b = files(&[("b_v1.rs", "b")]);
    let both = Files(a("new").0.into_iter().chain(b.0.clone()).collect());
    let mut rejected = 0;
    for at in 0.. {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let modules = || modules(directory.path());
        modules().write(&a("old")).expect("it writes");
        let disk = Faulty::new(Fault::Killed, at);
        let _ = modules().on(disk).write(&a("new"));
        if !disk.has_failed() {
            break;
        }
        let whole = ["old", "new"].iter().any(|text| {
            let files = a(text);
            let differences = modules().differences(&files).expect("it compares");
            differences.is_empty()
        });
        match modules().write(&b) {
            Ok(_) => assert!(whole, "at {at}: mixed, and nobody says so"),
            Err(failure) => {
                rejected += 1;
                let said = failure.to_string();
                assert!(
                    said.contains("was interrupted while it wrote a_v1.rs\n  help: generate the"),
                    "{said}"
                );
            }
        }
        if at % 2 == 0 {
            // The user gives up what the interrupted run was about to write.
            modules().force(true).write(&b).expect("it is forced");
            assert!(!modules().is_unfinished().expect("it looks"), "at {at}");
        }
        modules().write(&both).expect("it repairs");
        let texts = ["a_v1.rs", "a_v1/x.rs", "b_v1.rs"]
            .map(|path| fs::read_to_string(directory.path().join(path)).expect("a file"));
        assert!(
            texts
                .iter()
                .zip(both.0.values())
                .all(|(a, b)| a == b || b.contains("a-v1"))
        );
        assert!(
            modules()
                .differences(&both)
                .expect("it compares")
                .is_empty()
        );
        assert!(!directory.path().join(".gapi-run").exists());
    }
    assert!(rejected > 2, "only {rejected} times");
}
