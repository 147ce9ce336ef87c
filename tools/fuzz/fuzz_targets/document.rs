//! Uses any bytes as a document and checks the output with the oracle of the tests: see docs/security.md.

#![no_main]

use gapi_tests::{mutation, oracle::Verdict};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    // Like a mutation whose crate is not checked, which doubles the speed.
    if let Verdict::Broken(findings) = mutation::judge(1, &text) {
        panic!("{findings:#?}");
    }
});
