//! Concurrent runs.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use super::{faulty::Faulty, new, old, tree, uninterrupted, with_old, writer};
use crate::write::{Output, WriteError};

#[test]
fn case_s2_a_second_run_is_told_of_the_first_and_changes_nothing() {
    let directory = with_old();
    let first = Output::open(directory.path()).expect("it opens");
    let before = tree(directory.path());
    for _ in 0..2 {
        let failure = writer(directory.path())
            .write(&new())
            .expect_err("the lock is held");
        let WriteError::Busy { process, .. } = &failure else {
            panic!("{failure}");
        };
        if cfg!(unix) {
            assert_eq!(*process, Some(std::process::id()));
        }
        let said = failure.to_string();
        assert!(
            said.starts_with("error: another run is writing to "),
            "{said}"
        );
        assert!(
            said.ends_with("\n  help: wait until it has ended, and run again"),
            "{said}"
        );
        assert_eq!(tree(directory.path()), before);
    }
    drop(first);
    writer(directory.path()).write(&new()).expect("it writes");
    assert_eq!(tree(directory.path()), uninterrupted(&[&new()]));
}

#[test]
fn case_s2_a_patient_run_waits_for_the_first() {
    let directory = with_old();
    let first = Output::open(directory.path()).expect("it opens");
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let writer = writer(directory.path()).patience(Duration::from_mins(1));
            writer.write(&new())
        });
        thread::sleep(Duration::from_millis(200));
        assert!(!waiting.is_finished());
        drop(first);
        waiting.join().expect("no panic").expect("it writes");
    });
    assert_eq!(tree(directory.path()), uninterrupted(&[&new()]));
}

#[test]
fn case_s2_a_patient_run_does_not_wait_for_ever() {
    let directory = with_old();
    let _first = Output::open(directory.path()).expect("it opens");
    let started = Instant::now();
    let patience = Duration::from_millis(300);
    let failed = writer(directory.path()).patience(patience).write(&new());
    assert!(matches!(failed, Err(WriteError::Busy { .. })), "{failed:?}");
    assert!(started.elapsed() >= patience);
}

/// Many threads with two outputs: in any order, the directory is one of the two, and no run has seen anything else.
#[test]
fn case_s2_runs_at_once_follow_each_other() {
    let directory = with_old();
    let (a, b) = (old(), new());
    thread::scope(|scope| {
        for files in [&a, &b, &a, &b] {
            let path = directory.path();
            scope.spawn(move || {
                for _ in 0..40 {
                    let writer = writer(path).patience(Duration::from_mins(1));
                    writer.write(files).expect("it writes");
                }
            });
        }
    });
    let now = tree(directory.path());
    let whole = [uninterrupted(&[&a]), uninterrupted(&[&b])];
    assert!(whole.contains(&now), "{now:#?}");
}

/// The lock of a process that has ended is free.
#[test]
fn case_s2_a_lock_that_is_left_is_no_lock() {
    let directory = with_old();
    fs::create_dir(directory.path().join(".gapi-run")).expect("create");
    fs::write(directory.path().join(".gapi-run/lock"), "4711\n").expect("write");
    writer(directory.path()).write(&new()).expect("it writes");
    assert_eq!(tree(directory.path()), uninterrupted(&[&new()]));
}

#[test]
fn case_s2_what_is_no_file_of_a_run_is_not_cleared() {
    let directory = with_old();
    fs::create_dir_all(directory.path().join(".gapi-run/mine")).expect("create");
    let before = tree(directory.path());
    let failure = writer(directory.path())
        .write(&new())
        .expect_err("it is in the way");
    let said = failure.to_string();
    assert!(
        said.contains(".gapi-run/mine: gapi-generator keeps only its own files"),
        "{said}"
    );
    assert_eq!(tree(directory.path()), before);
}

#[test]
fn files_take_their_places_in_the_order_in_which_they_are_given() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let disk = Faulty::none();
    let output = Output::open_on(disk, directory.path().to_owned(), Duration::ZERO);
    let output = output.expect("it opens");
    for text in ["old", "new"] {
        let files = ["z", "a", "m"].map(|path| (path.as_ref(), text.as_bytes()));
        output.replace(&files).expect("it replaces");
    }
    drop(output);
    let renames: Vec<String> = disk
        .log()
        .iter()
        .filter(|line| line.starts_with("rename") && !line.contains(".gapi-run"))
        .map(|line| line.rsplit('/').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(renames, ["z", "a", "m", "z", "a", "m"]);
    let texts = tree(directory.path()).into_values().flatten();
    assert_eq!(texts.collect::<Vec<_>>(), ["new", "new", "new"]);
}
