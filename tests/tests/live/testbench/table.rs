//! The table in docs/storage-scenarios.md.

use super::calls::{Form, Outcome};
use gapi_tests::{expected, workspace};
use std::fmt::Write as _;

const FILE: &str = "docs/storage-scenarios.md";
const UPDATE: &str =
    "INSTA_UPDATE=always GAPI_LIVE=1 cargo test -p gapi-tests --test live testbench::";
const BEGIN: &str = "<!-- Made by `INSTA_UPDATE=always GAPI_LIVE=1 cargo test -p gapi-tests --test live testbench::`. -->\n";
const END: &str = "<!-- End of the table. -->\n";

/// A scenario and its outcome.
pub(super) struct Row {
    pub(super) form: Form,
    pub(super) faults: &'static [&'static str],
    pub(super) outcome: Outcome,
}

fn table(rows: &[Row]) -> String {
    let mut table = "\n| call | faults | requests | outcome |\n|---|---|---|---|\n".to_owned();
    let mut before = None;
    for Row {
        form,
        faults,
        outcome,
    } in rows
    {
        let name = if before == Some(*form) {
            ""
        } else {
            form.name()
        };
        before = Some(*form);
        let faults: Vec<_> = faults.iter().map(|fault| format!("`{fault}`")).collect();
        let faults = if faults.is_empty() {
            "none".to_owned()
        } else {
            faults.join(", ")
        };
        let Outcome { requests, result } = outcome;
        writeln!(table, "| {name} | {faults} | {requests} | {result} |").unwrap();
    }
    table + "\n"
}

/// Compares the table with the one in the file, or writes it there.
pub(super) fn compare(rows: &[Row]) {
    let path = workspace::root().join(FILE);
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the beginning of the table");
    let (current, after) = rest.split_once(END).expect("the end of the table");
    let wanted = table(rows);
    if current == wanted {
        return;
    }
    if expected::updating() {
        std::fs::write(&path, [before, BEGIN, &wanted, END, after].concat()).unwrap();
        return;
    }
    let diff = similar::TextDiff::from_lines(current, &wanted);
    panic!(
        "the table in {FILE} is not what happens now:\n{}\nIf that is meant: {UPDATE}",
        diff.unified_diff(),
    );
}
