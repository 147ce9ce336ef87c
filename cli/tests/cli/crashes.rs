//! The program, killed at random moments and run next to itself.
//!
//! The tests of the writer stop it between any two file operations. These tests kill the whole program.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use gapi_generator::{Options, analyze};
use gapi_tests::{
    command, expected,
    fixture::{self, Fixture},
    random::Random,
    workspace,
};
use tempfile::TempDir;

use crate::project::{FILE, run};

type Files = BTreeMap<PathBuf, String>;

/// A crate and two directories of documents. Changing from one to the other creates, replaces and deletes files.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().expect("a temporary directory"));
        let fixtures: Vec<Fixture> = fixture::good()
            .into_iter()
            .filter(|fixture| {
                // Skips fixtures with warnings, which other tests cover, and large ones, which are slow.
                analyze(&fixture.source, &Options::default())
                    .is_ok_and(|it| it.warnings.is_empty() && it.api.types.len() < 50)
            })
            .take(36)
            .collect();
        let third = fixtures.len() / 3;
        for (directory, fixtures) in [("a", &fixtures[third..]), ("b", &fixtures[..2 * third])] {
            fs::create_dir(place.path(directory)).expect("create");
            for fixture in fixtures {
                let file = format!("{directory}/{}.json", fixture.name);
                // Every file contains the revision.
                let text = fixture.source.text.replacen(
                    "\"revision\": \"20",
                    &format!("\"revision\": \"{directory}"),
                    1,
                );
                fs::write(place.path(&file), text).expect("write");
            }
        }
        fs::create_dir_all(place.path("generated/src")).expect("create");
        let manifest = workspace::read(&workspace::root().join("generated/Cargo.toml"));
        fs::write(place.path("generated/Cargo.toml"), manifest).expect("write");
        fs::write(place.path("gapi.toml"), FILE).expect("write");
        fs::write(place.path("generated/src/mine.rs"), "// Mine.\n").expect("write");
        place
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn generate(&self, documents: &str) {
        run(self.0.path(), &["generate", "--discovery", documents]).success();
    }

    fn start(&self, documents: &str) -> Child {
        let arguments = ["generate", "--discovery", documents];
        let mut command = command::command(crate::PROGRAM, self.0.path(), &arguments);
        let command = command.stdout(Stdio::null()).stderr(Stdio::piped());
        command.spawn().expect("the program runs")
    }

    /// Returns whether `check` succeeds.
    fn is_current(&self, documents: &str) -> bool {
        run(self.0.path(), &["check", "--discovery", documents]).code == 0
    }

    fn files(&self) -> Files {
        expected::files_below(&self.path("generated"))
    }

    /// Returns the files that each directory of documents generates.
    fn both(&self) -> [Files; 2] {
        ["a", "b"].map(|documents| {
            self.generate(documents);
            self.files()
        })
    }
}

/// Waits until the run has started to write, or has ended.
fn wait_for_journal(place: &Place, run: &mut Child) {
    let started = Instant::now();
    let journal = place.path("generated/.gapi-run/journal");
    while !journal.exists() && run.try_wait().expect("it waits").is_none() {
        assert!(
            started.elapsed() < Duration::from_mins(1),
            "it takes too long"
        );
        thread::sleep(Duration::from_micros(50));
    }
}

#[test]
fn case_s2_a_run_that_is_killed_is_noticed_and_repaired() {
    let place = Place::new();
    let [a, b] = place.both();
    let replaced = a
        .iter()
        .filter(|(path, text)| b.get(*path).is_some_and(|b| b != *text));
    let (only_a, only_b) = (missing(&a, &b), missing(&b, &a));
    assert!(
        replaced.count() > 30 && only_a > 30 && only_b > 30,
        "{only_a} {only_b}"
    );
    let started = Instant::now();
    place.generate("a");
    let whole_run = started.elapsed();
    let mut random = Random::new(7, 0);
    let (mut now, mut unfinished) = ("a", 0);
    for turn in 0..400 {
        let (next, old, new) = match now {
            "a" => ("b", &a, &b),
            _ => ("a", &b, &a),
        };
        let mut killed = place.start(next);
        // Kills at a random moment. Since a run writes only briefly, often kills it while it writes.
        let wait = if turn % 4 == 0 {
            whole_run
        } else {
            wait_for_journal(&place, &mut killed);
            Duration::from_millis(60)
        };
        thread::sleep(random.part(wait));
        killed.kill().expect("it can be killed");
        killed.wait().expect("it has ended");
        assert_noticed(&place, next, old, new, turn);
        unfinished += usize::from(place.path("generated/.gapi-run/journal").exists());

        place.generate(next);
        assert_eq!(place.files(), *new, "turn {turn}");
        now = next;
        if unfinished >= 6 && turn >= 10 {
            return;
        }
    }
    panic!("only {unfinished} runs were killed while they wrote");
}

/// Returns the number of files that only `a` has.
fn missing(a: &Files, b: &Files) -> usize {
    a.keys().filter(|path| !b.contains_key(*path)).count()
}

/// Checks that no file is half written, and that `check` succeeds only if all files are current.
fn assert_noticed(place: &Place, next: &str, old: &Files, new: &Files, turn: usize) {
    let is_current = place.is_current(next);
    // Temporary files may be half written.
    let left = workspace::files(&place.path("generated"));
    let left = left.into_iter().filter(|path| {
        let temporary = path.extension().is_some_and(|end| end == "tmp");
        !temporary && !path.starts_with(".gapi-run")
    });
    let left: Files = left
        .map(|path| {
            let text = workspace::read(&place.path("generated").join(&path));
            (path, text)
        })
        .collect();
    if is_current {
        assert_eq!(left, *new, "turn {turn}: said to be current");
    }
    for (path, text) in &left {
        let known = [old.get(path), new.get(path)].contains(&Some(text));
        assert!(known, "turn {turn}: {}", path.display());
    }
}

#[test]
fn case_s2_two_runs_at_once_do_not_mix_their_files() {
    let place = Place::new();
    let [a, b] = place.both();
    for turn in 0..6 {
        let runs = ["a", "b"].map(|documents| (documents, place.start(documents)));
        let mut succeeded = Vec::new();
        for (documents, run) in runs {
            let output = run.wait_with_output().expect("it ends");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            if output.status.success() {
                succeeded.push(documents);
                continue;
            }
            assert_eq!(output.status.code(), Some(1), "{said}");
            let reasons = [
                "error: another run is writing to generated",
                "error: generated/Cargo.toml was changed by another program during this run\n",
            ];
            assert!(
                reasons.iter().any(|reason| said.starts_with(reason)),
                "{said}"
            );
        }
        let now = place.files();
        let is = |documents: &&str| now == *if *documents == "a" { &a } else { &b };
        assert!(succeeded.iter().any(is), "turn {turn}: {succeeded:?}");
    }
}
