//! The crate in `examples/own-crate`, which is checked in.

use gapi_tests::{expected, workspace};

use crate::project::run;

#[test]
fn the_crate_is_what_the_document_says() {
    let directory = workspace::root().join("examples/own-crate");
    if expected::updating() {
        run(&directory, &["generate", "--quiet"]).success();
    }
    let checked = run(&directory, &["check"]).success();
    assert_eq!(checked, "1 document: translate-client is up to date\n");
}
