//! `inspect` reports each public item of the generated code with its type or signature, and no other.

#![allow(clippy::expect_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use gapi_generator::{Analysis, Options, analyze};
use gapi_tests::{
    expected, fixture,
    public_items::{self, Compared},
    rust::expand::Macros,
    workspace,
};

/// Compares, and fails with the first differences.
fn hold(
    name: &str,
    analysis: &Analysis,
    files: &BTreeMap<PathBuf, String>,
    macros: &Macros,
) -> usize {
    let Compared {
        items,
        missing,
        extra,
    } = public_items::compare(analysis, files, macros);
    let first = |lines: &[String]| lines.iter().take(20).cloned().collect::<Vec<_>>();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "{name}: {} only in the source: {:#?}\n{} only reported: {:#?}",
        missing.len(),
        first(&missing),
        extra.len(),
        first(&extra)
    );
    items
}

#[test]
fn the_items_of_the_nine_documents_are_those_of_the_checked_in_source() {
    let macros = Macros::of_the_runtime();
    let checked_in = expected::files_below(&workspace::root().join("generated/src"));
    let mut items = 0;
    for source in workspace::documents() {
        let analysis = analyze(&source, &Options::default()).expect("it generates");
        let own = expected::of_module(&checked_in, &analysis.names.module);
        items += hold(&source.name, &analysis, &own, &macros);
    }
    assert!(items > 20_000, "{items} items");
}

#[test]
fn the_items_of_each_fixture_are_those_of_its_source() {
    let macros = Macros::of_the_runtime();
    for fixture in fixture::good() {
        let analysis = fixture.analyze().expect("it generates");
        let files = analysis.files().expect("the output is Rust");
        hold(&fixture.name, &analysis, &files.0, &macros);
    }
}

/// Changes the source, because an incomplete reader would find no difference either.
#[test]
fn a_change_of_the_source_is_a_difference() {
    let macros = Macros::of_the_runtime();
    let fixture = fixture::named("paging_query_token");
    let analysis = fixture.analyze().expect("it generates");
    let files = analysis.files().expect("the output is Rust").0;
    let differences = |from: &str, to: &str| {
        let mut files = files.clone();
        let changed = files.values_mut().filter(|text| text.contains(from));
        assert_ne!(
            changed
                .map(|text| *text = text.replacen(from, to, 1))
                .count(),
            0,
            "{from}"
        );
        let compared = public_items::compare(&analysis, &files, &macros);
        compared.missing.len() + compared.extra.len()
    };
    assert_eq!(differences("Request", "Request"), 0);
    for (from, to) in [
        (
            "pub fn page_size(self, page_size: i32)",
            "pub fn page_size(self, page_size: i64)",
        ),
        ("pages: Query", "pages: Body"),
        ("&self", "self"),
        ("-> Self", "-> Option<Self>"),
    ] {
        let count = differences(from, to);
        // The position of the token is not public.
        assert_eq!(count == 0, from == "pages: Query", "{from}: {count}");
    }
    assert_ne!(differences("pub struct", "#[derive(Eq)]\npub struct"), 0);
}
