//! The features with which `cargo test` builds the runtime.

#![allow(clippy::expect_used, reason = "tests")]

use std::collections::BTreeSet;

use gapi_tests::workspace;

/// The cryptography that is not the default. Some tests run with it alone.
const OTHER: &str = "tls-aws-lc";

/// `cargo test` has one build of the runtime, with the features that this package and the defaults turn on. The tests behind a
/// feature that neither turns on would not run.
#[test]
fn the_runtime_is_tested_with_every_feature() {
    let runtime = workspace::read(&workspace::root().join("runtime/Cargo.toml"));
    let (_, features) = runtime.split_once("[features]\n").expect("features");
    let (features, _) = features.split_once("\n[").expect("a table after it");
    let mut missing: BTreeSet<&str> = features
        .lines()
        .filter_map(|line| line.split_once(" = ").map(|(name, _)| name))
        // Neither comments nor private features.
        .filter(|name| !name.starts_with(['#', '_']))
        .collect();
    let line = |text: &'static str| move |line: &&str| line.starts_with(text);
    let manifest = workspace::read(&workspace::tests().join("Cargo.toml"));
    let enabled = [
        features.lines().find(line("default = ")),
        manifest.lines().find(line("gapi-runtime = ")),
    ];
    for line in enabled.map(|line| line.expect("a list of features")) {
        missing.retain(|name| !line.contains(&format!("\"{name}\"")));
    }
    assert_eq!(missing, BTreeSet::from(["default", OTHER]));
}
