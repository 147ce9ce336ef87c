//! The example program, run as a user runs it.

use super::emulator::Emulator;
use gapi_tests::cargo;
use std::process::{Command, Output};

fn run(arguments: &[&str]) -> Output {
    let program = cargo::example(env!("CARGO_TARGET_TMPDIR"), "spanner_operations");
    Command::new(program)
        .args(arguments)
        .env_remove("GAPI_ACCESS_TOKEN")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn the_example_creates_and_lists() {
    let Some(emulator) = Emulator::shared() else {
        return;
    };
    let name = "projects/p/instances/example";
    let created = run(&["--endpoint", emulator.url(), "create", name]);
    assert!(created.status.success(), "{created:?}");
    assert!(
        text(&created.stdout).starts_with("done: Instance {"),
        "{created:?}"
    );

    let listed = run(&["--endpoint", emulator.url(), "list", name]);
    assert!(listed.status.success(), "{listed:?}");
    let lines: Vec<Vec<_>> = text(&listed.stdout)
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(lines[0], ["NAME", "DONE", "ERROR"]);
    let operation = lines[1][0];
    assert!(operation.starts_with("projects/p/instances/example/operations/"));
    assert_eq!(lines[1][1..], ["true"]);

    let watched = run(&["--endpoint", emulator.url(), "watch", operation]);
    assert!(watched.status.success(), "{watched:?}");
    assert!(
        text(&watched.stdout).starts_with("done: Operation {"),
        "{watched:?}"
    );

    let again = run(&["--endpoint", emulator.url(), "create", name]);
    assert_eq!(again.status.code(), Some(1));
    let expected = "error: spanner.projects.instances.create: HTTP 409 Conflict: ALREADY_EXISTS: Instance already exists: \
         projects/p/instances/example (1 attempt in ";
    assert!(text(&again.stderr).starts_with(expected), "{again:?}");
}

#[test]
fn the_example_explains_what_is_wrong() {
    let listed = run(&["--endpoint", "http://127.0.0.1:1", "list", "projects/p"]);
    assert_eq!(listed.status.code(), Some(1));
    assert!(
        text(&listed.stderr)
            .starts_with("error: spanner.projects.instances.operations.list: name does not match"),
        "{listed:?}"
    );

    for arguments in [
        &[][..],
        &["--help"],
        &["list"],
        &["list", "a", "b"],
        &["tell", "a"],
        &["--endpoint"],
    ] {
        let rejected = run(arguments);
        assert_eq!(rejected.status.code(), Some(2), "{arguments:?}");
        assert!(text(&rejected.stderr).starts_with("Usage: spanner_operations"));
    }
}
