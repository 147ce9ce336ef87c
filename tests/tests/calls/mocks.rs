//! Mocks of methods: every method of the nine documents, and each kind of response.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod matching;
mod media;
mod operations;
mod pages;
mod responses;
#[allow(unused_imports, reason = "not every API has every kind of argument")]
mod tables;

use crate::golden::{compute, media as files, wrapped};
use gapi_generator::{Options, analyze};
use gapi_tests::workspace;
use std::collections::BTreeMap;

/// The program `mocks` does the same for other documents.
#[test]
fn every_method_of_the_documents_can_be_mocked() {
    let mut count = 0;
    for source in workspace::documents() {
        let analysis = analyze(&source, &Options::default()).expect("the document generates");
        let module = &analysis.names.module;
        let table = tables::ALL.iter().find(|(name, _)| name == module);
        let rows: BTreeMap<_, _> = table.expect("it has a table").1.iter().copied().collect();
        for id in analysis.api.method_ids() {
            let id = &analysis.api[id].id;
            let mocked = rows.get(id.as_str()).expect("it has a row");
            assert_eq!(mocked(), Ok(()), "{id}");
            count += 1;
        }
    }
    assert!(count > 500, "{count} methods");
}

/// Returns the number of lines of a test in the documentation, with its attribute.
fn lines_of_test(name: &str) -> usize {
    let text = workspace::read(&workspace::root().join("docs/testing.md"));
    let start = text.find(&format!("async fn {name}(")).expect("the test");
    let body = text[start..].lines();
    // The attribute, and everything to the closing brace.
    1 + 1 + body.take_while(|line| *line != "}").count()
}

#[test]
fn tests_of_operations_and_pages_are_short() {
    for name in [
        "a_failed_creation_is_an_error",
        "a_page_that_is_unavailable_is_requested_again",
        "a_page_that_fails_ends_the_list",
    ] {
        assert!(lines_of_test(name) <= 15, "{name}");
    }
}
