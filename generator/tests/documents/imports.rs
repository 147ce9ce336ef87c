//! There are no cyclic imports between the files of the generator, and so none between its modules.
//!
//! An edge leads from a file to the file that declares the item of a path, re-exports followed.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::{collections::BTreeMap, path::PathBuf};

use gapi_tests::{expected, rust::imports, workspace};

/// Returns the files of the library by the paths of their modules.
fn library() -> BTreeMap<PathBuf, String> {
    let mut files = expected::files_below(&workspace::root().join("generator/src"));
    files.retain(|path, _| path.extension().is_some_and(|end| end == "rs"));
    files
}

#[test]
fn no_file_of_the_generator_is_in_an_import_circle() {
    let files = library();
    assert!(files.len() > 60, "{} files", files.len());
    let edges = imports::edges(&files);
    let count: usize = edges.values().map(std::collections::BTreeSet::len).sum();
    assert!(count > 200, "{count} imports");
    let circles = imports::circles(&edges);
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn no_top_level_module_of_the_generator_is_in_an_import_circle() {
    let edges = imports::edges(&library());
    let circles = imports::circles(&imports::between_top_level_modules(&edges));
    assert!(circles.is_empty(), "{circles:#?}");
}

/// Returns the files of the runtime by module path.
fn runtime() -> BTreeMap<PathBuf, String> {
    let mut files = expected::files_below(&workspace::root().join("runtime/src"));
    files.retain(|path, _| path.extension().is_some_and(|end| end == "rs"));
    files
}

#[test]
fn no_top_level_module_of_the_runtime_is_in_an_import_circle() {
    let files = runtime();
    assert!(files.len() > 60, "{} files", files.len());
    let edges = imports::between_top_level_modules(&imports::edges(&files));
    let count: usize = edges.values().map(std::collections::BTreeSet::len).sum();
    assert!(count > 60, "{count} imports");
    let circles = imports::circles(&edges);
    assert!(circles.is_empty(), "{circles:#?}");
}

/// A re-export at the root of a crate hides the layer of a module.
#[test]
fn no_module_of_the_runtime_imports_from_the_root_of_the_crate() {
    let edges = imports::edges(&runtime());
    let importing = edges
        .iter()
        .filter(|(_, targets)| targets.contains("lib.rs"));
    let importing: Vec<&String> = importing.map(|(file, _)| file).collect();
    assert!(importing.is_empty(), "{importing:?}");
}

/// Returns the files of a library for tests.
fn files(texts: &[(&str, &str)]) -> BTreeMap<PathBuf, String> {
    let files = texts.iter();
    files
        .map(|(path, text)| (PathBuf::from(path), (*text).to_owned()))
        .collect()
}

/// Returns the cycles of such a library.
fn circles(texts: &[(&str, &str)]) -> Vec<Vec<String>> {
    imports::circles(&imports::edges(&files(texts)))
}

#[test]
fn a_circle_is_found_through_re_exports() {
    let lib = ("lib.rs", "mod a; mod b; pub use b::Inner;");
    let b = ("b.rs", "mod inner; pub(crate) use inner::Inner;");
    let inner = ("b/inner.rs", "pub struct Inner; fn f() { crate::a::f(); }");
    for uses in [
        "use crate::Inner;",
        "use super::b::{Inner as Other};",
        "fn g() -> super::Inner { panic!() }",
    ] {
        let a = format!("pub fn f() {{}} {uses}");
        assert_eq!(
            circles(&[lib, ("a.rs", &a), b, inner]),
            [["a.rs", "b/inner.rs"]],
            "{uses}"
        );
    }
    let a = (
        "a.rs",
        "pub fn f() {} #[cfg(test)] mod tests { use crate::Inner; }",
    );
    assert!(
        circles(&[lib, a, b, inner]).is_empty(),
        "tests do not count"
    );
}

#[test]
fn a_circle_of_a_file_and_the_files_below_it_is_one() {
    let lib = ("lib.rs", "mod a;");
    let parent = ("a.rs", "mod b; pub struct A; fn f() { b::g() }");
    for (child, is_circle) in [
        ("pub fn g() {} use super::A;", true),
        ("pub fn g() {} type X = super::A;", true),
        ("pub fn g() {}", false),
    ] {
        let found = circles(&[lib, parent, ("a/b.rs", child)]);
        assert_eq!(!found.is_empty(), is_circle, "{child}");
    }
}

#[test]
fn modules_without_a_file_in_a_circle_can_be_in_one() {
    let library = files(&[
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "mod x; mod y;"),
        ("a/x.rs", "use crate::b::B;"),
        ("a/y.rs", "pub struct Y;"),
        ("b.rs", "pub struct B; use crate::a::y::Y;"),
    ]);
    let edges = imports::edges(&library);
    assert!(imports::circles(&edges).is_empty());
    let modules = imports::between_top_level_modules(&edges);
    assert_eq!(imports::circles(&modules), [["a", "b"]]);
}
