//! A few fixed mutations of documents. CI runs others for a minute. To run more: `cargo run --release -p gapi-tools
//! --bin mutate -- --executions 1000000`.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::time::Duration;

use gapi_tests::mutation::{self, Plan};

#[test]
fn no_mutation_of_a_document_does_harm() {
    let plan = Plan {
        seed: 0,
        executions: 2_000,
        time: Duration::MAX,
        threads: 2,
    };
    let tally = mutation::run(&plan);
    for found in &tally.found {
        let path = found.save().expect("the directory `target` can be written");
        println!("{}kept as {}", found.describe(), path.display());
    }
    assert!(tally.found.is_empty(), "{}", tally.summary());
    assert_eq!(tally.executions, plan.executions);
    // A document that is rejected early tests little.
    assert!(tally.accepted_share() >= 40, "{}", tally.summary());
}

#[test]
fn an_execution_is_a_function_of_the_seed() {
    let seeds = mutation::seeds::all();
    for execution in 0..50 {
        let document = mutation::document(&seeds, 7, execution);
        assert_eq!(document, mutation::document(&seeds, 7, execution));
        assert_ne!(document, mutation::document(&seeds, 8, execution));
    }
}
