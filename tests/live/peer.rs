//! Google's Python client and ours, taking the same steps side by side at one Spanner emulator, each in a project of its own:
//! they come to the same. Then each reads what both have made.

mod compare;
mod steps;

use super::emulator::Emulator;
use super::process::{UNAVAILABLE, block_on, python, skip};
use compare::{differing, normalised};
use serde_json::Value;
use std::process::Output;
use std::sync::Arc;
use steps::Steps;

fn run(arguments: &[&str]) -> Output {
    let mut client = python("tests/live/peer/client.py");
    let output = client.args(arguments).output();
    output.unwrap_or_else(|error| panic!("{client:?}: {error}"))
}

/// The emulator, if there is one and the Python client can be had.
fn emulator() -> Option<Arc<Emulator>> {
    let emulator = Emulator::shared()?;
    let output = run(&["ready"]);
    let said = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => Some(emulator),
        Some(UNAVAILABLE) => {
            skip(&format!("no Python client: {}", said.trim()));
            None
        }
        _ => panic!("the Python client: {}\n{said}", output.status),
    }
}

/// The lines that the Python client prints.
fn theirs(emulator: &Emulator, what: &str, project: &str) -> Vec<Value> {
    let output = run(&[emulator.url(), what, project]);
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

fn all_normalised(lines: &[Value], project: &str) -> Vec<Value> {
    lines.iter().map(|line| normalised(line, project)).collect()
}

#[test]
fn the_same_steps_come_to_the_same() {
    let Some(emulator) = emulator() else { return };
    block_on(async {
        let (our, their) = ("projects/ours", "projects/theirs");
        let made_by_us = ours(&emulator, our).await.make().await;
        let made_by_them = theirs(&emulator, "make", their);
        let wrong = differing(
            &all_normalised(&made_by_us, our),
            &all_normalised(&made_by_them, their),
        );
        assert_eq!(wrong, [""; 0]);
        // Neither has come to an early end, and errors are among what was compared.
        let errors = made_by_us.iter().filter(|line| !line["error"].is_null());
        assert_eq!((made_by_us.len(), errors.count()), (51, 14));

        // What either made, both read, to the letter.
        for project in [our, their] {
            let read_by_us = ours(&emulator, project).await.read().await;
            let read_by_them = theirs(&emulator, "read", project);
            assert_eq!(differing(&read_by_us, &read_by_them), [""; 0], "{project}");
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
        let wrong = differing(
            &all_normalised(&made_by_us, our),
            &all_normalised(&made_by_them, their),
        );
        let expected = [
            "create instance 2",
            "operation of instance 2",
            "instances, in pages",
        ];
        assert_eq!(wrong, expected);
    });
}
