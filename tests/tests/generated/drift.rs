//! The checked-in files are current, on any machine and for any order of documents.

#![allow(clippy::expect_used, reason = "tests")]

use std::{collections::BTreeMap, path::PathBuf};

use gapi_generator::{Files, Options, Owner, Package, Source, Writer, analyze, generate_package};
use gapi_tests::{driver, expected, mocks, parity::operations, workspace};

/// Returns the files of the crate that may be hand-written.
fn existing() -> Files {
    Package::existing(&workspace::root().join("generated")).expect("the files are read")
}

fn generate(sources: &[Source]) -> BTreeMap<PathBuf, String> {
    let package = Package {
        name: Some("gapi".to_owned()),
        regenerate: Some("gapi generate".to_owned()),
        ..Package::default()
    };
    let generated = generate_package(sources, &Options::default(), &package, &existing());
    let generated = generated.expect("the documents generate");
    assert_eq!(generated.warnings.to_string(), "");
    generated.files.0
}

#[test]
fn the_generated_crate_is_what_the_documents_say() {
    let wanted = generate(&workspace::documents());
    assert!(wanted.len() > 100, "only {} files", wanted.len());
    let directory = workspace::root().join("generated");
    // Everything in `src` is generated. The manifest, the README and hand-written files are next to it.
    let mut current = expected::files_below(&directory.join("src"))
        .into_iter()
        .map(|(path, text)| (PathBuf::from("src").join(path), text))
        .collect::<BTreeMap<_, _>>();
    for name in ["Cargo.toml", "README.md"] {
        current.insert(name.into(), workspace::read(&directory.join(name)));
    }
    assert!(
        current == wanted,
        "generated/ is stale:\n{}\nrun `cargo run -p gapi-cli generate` and look at the changes",
        expected::diff(&current, &wanted)
    );
}

/// Checks that the list of generated files is checked in with them.
#[test]
fn the_list_of_files_is_what_the_generator_writes() {
    let files = Files(generate(&workspace::documents()));
    let owner = Owner::Root(Package::ROOT.into());
    let writer = Writer::new(workspace::root().join("generated"), owner);
    let differences = writer.differences(&files).expect("it compares");
    let paths: Vec<_> = differences.iter().map(|it| &it.path).collect();
    assert!(
        paths.is_empty(),
        "stale: {paths:?}\nrun `cargo run -p gapi-cli generate` and look at the changes"
    );
}

#[test]
fn the_same_documents_give_the_same_bytes_in_any_order() {
    let mut sources = workspace::documents();
    let first = generate(&sources);
    assert!(
        first == generate(&sources),
        "a second run differs from the first"
    );
    sources.reverse();
    assert!(
        first == generate(&sources),
        "the order of the documents matters"
    );
    for source in &mut sources {
        source.name = format!("/elsewhere/{}", source.name);
    }
    sources.swap(0, 3);
    assert!(
        first == generate(&sources),
        "the place of the documents matters"
    );
}

/// Updates the tables of `lossless` here, because that test does not compile while they are wrong.
#[test]
fn the_tables_of_types_have_every_schema() {
    let mut files = BTreeMap::new();
    let mut modules = Vec::new();
    for source in workspace::documents() {
        let analysis = analyze(&source, &Options::default()).expect("the document generates");
        let path = PathBuf::from(format!("{}.rs", analysis.names.module));
        files.insert(path, driver::table(&analysis, "gapi"));
        modules.push(analysis.names.module);
    }
    files.insert(PathBuf::from("mod.rs"), driver::tables(&modules));
    expected::files(
        &workspace::tests().join("tests/calls/lossless/tables"),
        &files,
    );
}

#[test]
fn the_calls_of_operations_are_up_to_date() {
    expected::files(
        &workspace::tests().join("tests/calls/recorded/calls"),
        &operations::calls(),
    );
}

/// Updates the tables of `mocks` here, because that test does not compile while they are wrong.
#[test]
fn the_tables_of_mocks_have_every_method() {
    let mut files = BTreeMap::new();
    let mut modules = Vec::new();
    for source in workspace::documents() {
        let analysis = analyze(&source, &Options::default()).expect("the document generates");
        let path = PathBuf::from(format!("{}.rs", analysis.names.module));
        files.insert(path, mocks::table(&analysis, "gapi"));
        modules.push(analysis.names.module);
    }
    files.insert(PathBuf::from("mod.rs"), mocks::tables(&modules));
    expected::files(&workspace::tests().join("tests/calls/mocks/tables"), &files);
}
