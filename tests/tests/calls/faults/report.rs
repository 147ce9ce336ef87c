//! The table in docs/reliability.md.

use super::calls::{Call, Outcome};
use gapi_tests::expected;
use std::fmt::Write as _;

const FILE: &str = "docs/reliability.md";
const BEGIN: &str =
    "<!-- Made by `INSTA_UPDATE=always cargo test -p gapi-tests --test calls faults::`. -->\n";
const END: &str = "<!-- End of the table. -->\n";

/// A fault, and the outcome of each call that it affected.
pub(super) struct Row {
    pub(super) fault: &'static str,
    pub(super) calls: Vec<(Call, Outcome)>,
}

/// Returns the common outcome of all variants of a fault. They differ at most in the status.
pub(super) fn common(fault: &str, call: Call, outcomes: &[Outcome]) -> Outcome {
    let mut common = outcomes[0].clone();
    let is_status = |outcome: &Outcome| outcome.result.starts_with("HTTP ");
    if outcomes.len() > 1 && outcomes.iter().all(is_status) {
        common.result = String::from("HTTP and the status");
    }
    for outcome in outcomes {
        let same = outcome.result == common.result || is_status(&common) && is_status(outcome);
        let outcome = Outcome {
            result: common.result.clone(),
            ..outcome.clone()
        };
        assert!(same && outcome == common, "{fault}, {call:?}: {outcomes:?}");
    }
    common
}

/// Returns the table. Calls with the same outcome share a line.
fn table(rows: &[Row]) -> String {
    let mut table =
        "\n| fault | call | attempts | received | outcome | waited |\n|---|---|---|---|---|---|\n"
            .to_owned();
    for row in rows {
        let mut fault = row.fault;
        let mut left: Vec<_> = row.calls.iter().collect();
        while let Some((_, outcome)) = left.first().copied() {
            let (alike, others) = left.into_iter().partition(|(_, other)| other == outcome);
            left = others;
            let alike: Vec<&(Call, Outcome)> = alike;
            let calls: Vec<_> = alike.iter().map(|(call, _)| call.name()).collect();
            let Outcome {
                attempts,
                received,
                result,
                waited,
            } = outcome;
            assert_eq!(waited % 500, 0, "{fault}: no chance");
            let (seconds, half) = (waited / 1000, waited % 1000 > 0);
            let half = if half { ".5" } else { "" };
            writeln!(
                table,
                "| {fault} | {} | {attempts} | {received} | {result} | {seconds}{half} s |",
                calls.join(", ")
            )
            .unwrap();
            fault = "";
        }
    }
    table + "\n"
}

/// Compares the table with the one in the file, or writes it there.
pub(super) fn compare(rows: &[Row]) {
    let update = format!("{} -p gapi-tests --test calls faults::", expected::UPDATE);
    expected::table(FILE, [BEGIN, END], &table(rows), &update);
}
