//! The generator as a build script calls it: what it writes, what it says, and that it writes nothing when
//! something is wrong. `new_user.py` calls it from cargo.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use gapi_generator::{Generator, Problem};
use gapi_tests::{expected, fixture, workspace};
use tempfile::TempDir;

/// An empty folder.
fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// The document of a fixture.
fn document(name: &str) -> PathBuf {
    fixture::named(name).folder.join("discovery.json")
}

/// What is said when `generator` fails, as a build script shows it; nothing is written.
fn failure(generator: &Generator) -> String {
    let out = folder();
    let problem: Problem = generator.write_to(out.path()).expect_err("it fails");
    assert!(expected::files_below(out.path()).is_empty());
    let (said, debugged) = (problem.to_string(), format!("{problem:?}"));
    assert_eq!(debugged.trim_start(), said);
    said
}

#[test]
fn a_folder_is_all_documents_in_it() {
    let (documents, out) = (folder(), folder());
    for name in ["recursive_schema", "paging_query_token"] {
        let copy = documents.path().join(format!("{name}.json"));
        fs::copy(document(name), copy).expect("copy");
    }
    fs::write(documents.path().join("README.md"), "# No document\n").expect("write");
    let generator = Generator::new().document(documents.path());
    generator.write_to(out.path()).expect("it generates");
    let files = expected::files_below(out.path());
    let declared: Vec<&str> = files[Path::new("gapi.rs")]
        .lines()
        .filter(|line| line.starts_with("pub mod"))
        .collect();
    assert_eq!(
        declared,
        [
            "pub mod paging_query_token_v1;",
            "pub mod recursive_schema_v1;"
        ]
    );
    assert!(files.contains_key(Path::new("paging_query_token_v1/things.rs")));

    // What a document had goes with it.
    fs::remove_file(documents.path().join("recursive_schema.json")).expect("remove");
    generator.write_to(out.path()).expect("it generates");
    let files = expected::files_below(out.path());
    assert!(
        !files
            .keys()
            .any(|path| path.starts_with("recursive_schema_v1"))
    );
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let missing = document("recursive_schema").with_file_name("nowhere.json");
    let wrong = document("error_missing_reference");
    let said = failure(&Generator::new().document(&missing).document(&wrong));
    let missing = format!("error: {}: cannot read: ", missing.display());
    assert!(said.contains(&missing), "{said}");
    assert!(
        said.contains("help: in a build script paths are relative"),
        "{said}"
    );
    let wrong = format!("error: {}#/schemas/", wrong.display());
    assert!(said.contains(&wrong), "{said}");
}

#[test]
fn nothing_to_generate_from_is_a_mistake() {
    let none = "error: there is nothing to generate from: name a document with `document`";
    assert_eq!(failure(&Generator::new()), none);
    let empty = folder();
    let said = failure(&Generator::new().document(empty.path()));
    assert!(
        said.contains("the folder holds no document (*.json)"),
        "{said}"
    );
    let twice = document("recursive_schema");
    let said = failure(&Generator::new().document(&twice).document(&twice));
    assert!(
        said.contains("another document is `recursive_schema:v1` already"),
        "{said}"
    );
}

/// The first line of what is said of `structs` that are to derive `macros`.
fn derives(structs: &str, macros: &str) -> String {
    let generator = Generator::new().document(document("more_derives"));
    let said = failure(&generator.derive(structs, macros));
    let line = said.lines().next().unwrap_or_default();
    line.rsplit_once("discovery.json")
        .expect("a place")
        .1
        .to_owned()
}

#[test]
fn a_derive_that_cannot_be_is_refused() {
    for text in [
        "",
        "Eq Hash",
        "Eq,, Hash",
        "1",
        "Vec<u8>",
        "Eq)] pub struct X; #[derive(Eq",
    ] {
        let wanted = format!("#/schemas/Shelf: `{text}` is nothing that can be derived");
        assert_eq!(derives("Shelf", text), wanted);
    }
    assert_eq!(
        derives("Shelf", "Hash, Clone"),
        "#/schemas/Shelf: every struct has `Clone` without deriving it"
    );
    assert_eq!(
        derives("Shelf.books", "Hash"),
        "#/schemas/Shelf/properties/books: no struct is selected by `Shelf.books` to derive `Hash`"
    );
}

#[test]
fn an_option_for_a_document_that_is_not_there_is_a_slip() {
    let generator = Generator::new().document(document("recursive_schema"));
    let message = "error: the options: no document is `elsewhere:v1`\n  help: there are `recursive_schema:v1`";
    let options = [
        generator.clone().derive("elsewhere:v1#**", "Eq"),
        generator.clone().resources("elsewhere:v1#**"),
        generator.rename("elsewhere:v1", "/schemas/Type", "Kind"),
    ];
    for generator in &options {
        assert_eq!(failure(generator), message);
    }
}

#[test]
fn an_option_for_one_of_several_documents_is_none_of_the_others() {
    let out = folder();
    let generator = Generator::new()
        .document(document("recursive_schema"))
        .document(document("more_derives"))
        .derive("more_derives:v1#Label", "Eq");
    generator.write_to(out.path()).expect("it generates");
    let schemas = |api: &str| workspace::read(&out.path().join(api).join("schemas.rs"));
    assert!(schemas("more_derives_v1").contains("#[derive(Clone, Eq)]\npub struct Label "));
    assert!(!schemas("recursive_schema_v1").contains("Eq"));
}
