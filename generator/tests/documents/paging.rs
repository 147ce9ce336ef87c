//! The items of paged responses.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use gapi_generator::ir::{Shape, TypeRef};
use gapi_tests::fixture;

/// Returns the field with the items of each paged method of a fixture.
fn items(name: &str) -> Vec<(String, Option<String>)> {
    let analysis = fixture::named(name).analyze().expect("it generates");
    let api = &analysis.api;
    let paging = analysis.facts.paging.iter();
    let found = paging.map(|(&id, paging)| {
        let response = api[id].response.as_ref().and_then(TypeRef::named);
        let Shape::Struct(fields) = &api[response.expect("a schema")].shape else {
            panic!("a page is a struct");
        };
        let items = paging.items.map(|index| fields[index].wire.clone());
        (api[id].name.clone(), items)
    });
    found.collect()
}

#[test]
fn case_g5_items_are_the_field_that_a_person_would_name() {
    let expected = [
        ("listEvents", Some("items")),
        ("listLabels", None),
        ("listNames", Some("names")),
        ("listPairs", None),
        ("listSessions", Some("session")),
        ("listStates", Some("states")),
        ("query", Some("rows")),
        ("search", Some("results")),
        ("searchThings", Some("matchingThings")),
    ];
    let expected = expected.map(|(method, items)| (method.to_owned(), items.map(str::to_owned)));
    assert_eq!(items("paging_items_beside_other_lists"), expected);
    let pages_only = [("list".to_owned(), None)];
    assert_eq!(items("paging_two_lists_pages_only"), pages_only);
}
