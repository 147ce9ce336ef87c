//! The table in docs/storage-scenarios.md.

use super::calls::{Form, Outcome};
use gapi_tests::expected;
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
    expected::table(FILE, [BEGIN, END], &table(rows), UPDATE);
}
