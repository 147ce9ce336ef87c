//! The retry scenarios of storage-testbench, Google's server for tests of clients of Cloud Storage.
//!
//! A scenario registers a list of faults at the server. The requests of the scenario have its id in a header, and each of
//! them gets the next fault. The test checks every byte, that all faults happened, and the table in
//! `docs/storage-scenarios.md`.

mod calls;
mod server;
mod table;

use super::process::block_on;
use calls::{Call, Form};
use server::Testbench;
use table::Row;

/// Calls of the same form, and their faults in order.
struct Scenario {
    form: Form,
    faults: &'static [&'static [&'static str]],
}

/// The scenarios 1, 7 and 8 of Google's conformance tests for retries, and every other fault that the server knows.
const SCENARIOS: &[Scenario] = &[
    Scenario {
        form: Form::Download,
        faults: &[
            &["return-503", "return-503"],
            &["return-408"],
            &["return-reset-connection", "return-reset-connection"],
            &["return-reset-connection", "return-503"],
            &["return-broken-stream", "return-broken-stream"],
            &["return-broken-stream-after-256K"],
            &["return-broken-stream-after-256K", "return-503"],
            &[
                "return-broken-stream-after-256K",
                "return-500",
                "return-broken-stream-after-1024K",
            ],
            &["return-broken-stream-after-256K", "return-404"],
            &["stall-for-1s-after-256K"],
        ],
    },
    Scenario {
        form: Form::Range,
        faults: &[
            &["return-reset-connection", "return-503"],
            &["return-broken-stream", "return-broken-stream"],
            &[
                "return-broken-stream-after-256K",
                "return-broken-stream-after-512K",
            ],
        ],
    },
    Scenario {
        form: Form::Decompressed,
        faults: &[
            &[],
            &["return-503"],
            &[
                "return-broken-stream-after-256K",
                "return-broken-stream-after-512K",
            ],
        ],
    },
    Scenario {
        form: Form::Empty,
        faults: &[&[], &["return-503"]],
    },
    Scenario {
        form: Form::EmptyRange,
        faults: &[&[], &["return-503"]],
    },
    Scenario {
        form: Form::Upload,
        faults: &[
            &["return-503"],
            &["return-503-after-256K"],
            &["return-reset-connection"],
            &["stall-for-1s-after-256K"],
        ],
    },
    Scenario {
        form: Form::IdempotentUpload,
        faults: &[
            &["return-503", "return-503"],
            &["return-503-after-256K", "return-503-after-1024K"],
            &["return-reset-connection", "return-503"],
        ],
    },
    Scenario {
        form: Form::Resumable,
        faults: &RESUMABLE,
    },
    Scenario {
        form: Form::IdempotentResumable,
        faults: &[
            &["return-503", "return-503"],
            &["return-reset-connection", "return-503-after-256K"],
            &["return-503", "return-503-after-2048K"],
        ],
    },
    Scenario {
        form: Form::ResumableStream,
        faults: &RESUMABLE,
    },
    Scenario {
        form: Form::Resumed,
        faults: &[
            &["return-503", "return-503"],
            &["return-503-after-1024K"],
            &["return-reset-connection"],
        ],
    },
];

const RESUMABLE: [&[&str]; 9] = [
    &["return-503", "return-503"],
    &[
        "return-408",
        "return-429",
        "return-500",
        "return-502",
        "return-504",
    ],
    &["return-reset-connection", "return-503"],
    &["return-503-after-256K"],
    &["return-503-after-300K", "return-500-after-1100K"],
    &["return-503-after-2048K"],
    &["return-broken-stream-final-chunk-after-4B"],
    &["return-404"],
    &["stall-for-1s-after-1024K"],
];

#[test]
fn nothing_is_lost_or_truncated_in_any_scenario() {
    let Some(testbench) = Testbench::start() else {
        return;
    };
    let rows = block_on(async {
        let mut rows = Vec::new();
        testbench.prepare().await;
        for Scenario { form, faults } in SCENARIOS {
            for faults in *faults {
                let call = Call::new(&testbench, *form, faults).await;
                let outcome = call.make().await;
                rows.push(Row {
                    form: *form,
                    faults,
                    outcome,
                });
            }
        }
        rows
    });
    table::compare(&rows);
}
