//! Google's Python client and ours run the same steps against one Spanner emulator, each in its own project, with the same
//! results. Then each reads the resources of both.

mod compare;
mod steps;

use super::emulator::Emulator;
use super::process::{block_on, got_by, python, skip};
use compare::{Difference, differences, normalised, steps_of};
use serde_json::Value;
use std::process::Command;
use std::sync::Arc;
use steps::Steps;

/// Returns the command of the Python client with these arguments.
fn client(arguments: &[&str]) -> Command {
    let mut client = python("tests/tests/live/peer/client.py");
    client.args(arguments);
    client
}

/// Returns the emulator, if it and the Python client are available.
fn emulator() -> Option<Arc<Emulator>> {
    let emulator = Emulator::shared()?;
    match got_by(&mut client(&["ready"])) {
        Ok(_) => Some(emulator),
        Err(reason) => {
            skip(&format!("no Python client: {reason}"));
            None
        }
    }
}

/// Returns the lines that the Python client prints.
fn theirs(emulator: &Emulator, what: &str, project: &str) -> Vec<Value> {
    let output = client(&[emulator.url(), what, project]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{what} {project}:\n{said}");
    let lines = str::from_utf8(&output.stdout).unwrap().lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

async fn ours(emulator: &Emulator, project: &str) -> Steps {
    Steps::new(emulator.spanner().await, project)
}

/// Compares two lists of lines. Ignores values that the server made up.
fn compare(ours: (&[Value], &str), theirs: (&[Value], &str)) -> Vec<Difference> {
    let [ours, theirs] = [ours, theirs].map(|(lines, project)| {
        let lines = lines.iter().map(|line| normalised(line, project));
        lines.collect::<Vec<_>>()
    });
    differences(&ours, &theirs)
}

#[test]
fn the_same_steps_come_to_the_same() {
    let Some(emulator) = emulator() else { return };
    block_on(async {
        let (our, their) = ("projects/ours", "projects/theirs");
        let made_by_us = ours(&emulator, our).await.make().await;
        let made_by_them = theirs(&emulator, "make", their);
        let wrong = compare((&made_by_us, our), (&made_by_them, their));
        assert!(wrong.is_empty(), "{wrong:#?}");
        // Neither list ended early, and errors are among the compared lines.
        let errors = made_by_us.iter().filter(|line| !line["error"].is_null());
        let (steps, errors) = (made_by_us.len(), errors.count());
        assert_eq!((steps, errors), (51, 14));
        eprintln!("the Python client came to the same in {steps} steps, {errors} of them errors");

        // Both clients read the resources of both projects exactly alike.
        for project in [our, their] {
            let read_by_us = ours(&emulator, project).await.read().await;
            let read_by_them = theirs(&emulator, "read", project);
            let wrong = differences(&read_by_us, &read_by_them);
            assert!(wrong.is_empty(), "{project}: {wrong:#?}");
            assert_eq!(read_by_us.len(), 8);
        }
    });
}

#[test]
fn a_mistake_is_noticed() {
    let Some(emulator) = emulator() else { return };
    block_on(async {
        let (our, their) = ("projects/mistaken", "projects/theirs-again");
        let made_by_us = ours(&emulator, our).await.mistaken().make().await;
        let made_by_them = theirs(&emulator, "make", their);
        let wrong = compare((&made_by_us, our), (&made_by_them, their));
        let expected = [
            "create instance 2",
            "operation of instance 2",
            "instances, in pages",
        ];
        assert_eq!(steps_of(&wrong), expected);
    });
}
