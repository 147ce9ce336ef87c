//! The generator's output for each fixture: model, facts, names, warnings, code.
//!
//! Each test runs for each fixture as a separate test. The code is also compiled: the package `gapi-goldens` has a
//! module for each fixture.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::{collections::BTreeSet, path::PathBuf};

use gapi_generator::{Analysis, inspect};
use gapi_tests::{
    cargo,
    expected::{self, UPDATE},
    fixture::{self, Fixture},
    workspace,
};
use rstest::rstest;

fn analysis(fixture: &Fixture) -> Analysis {
    let analysis = fixture.analyze();
    analysis.unwrap_or_else(|errors| panic!("{} does not generate:\n{errors}", fixture.name))
}

#[rstest]
fn the_model_is_as_pinned(
    #[files("*")]
    #[base_dir = "fixtures"]
    #[exclude("(^|/)error_[^/]*$")]
    #[dirs]
    fixture: PathBuf,
) {
    let fixture = fixture::at(fixture);
    let ir = inspect::to_json(&analysis(&fixture))["ir"].take();
    expected::value(&fixture.directory, "ir", ir);
}

#[rstest]
fn the_facts_are_as_pinned(
    #[files("*")]
    #[base_dir = "fixtures"]
    #[exclude("(^|/)error_[^/]*$")]
    #[dirs]
    fixture: PathBuf,
) {
    let fixture = fixture::at(fixture);
    expected::value(
        &fixture.directory,
        "facts",
        inspect::facts(&analysis(&fixture)),
    );
}

#[rstest]
fn the_names_are_as_pinned(
    #[files("*")]
    #[base_dir = "fixtures"]
    #[exclude("(^|/)error_[^/]*$")]
    #[dirs]
    fixture: PathBuf,
) {
    let fixture = fixture::at(fixture);
    expected::value(
        &fixture.directory,
        "names",
        inspect::names(&analysis(&fixture)),
    );
}

#[rstest]
fn the_warnings_are_as_pinned_and_elsewhere_there_are_none(
    #[files("*")]
    #[base_dir = "fixtures"]
    #[exclude("(^|/)error_[^/]*$")]
    #[dirs]
    fixture: PathBuf,
) {
    let fixture = fixture::at(fixture);
    let warnings = analysis(&fixture).warnings;
    if fixture.name.ends_with("_warn") {
        expected::text(&fixture.directory, "warnings", &warnings.to_string());
    } else {
        assert_eq!(warnings.to_string(), "");
    }
}

#[rstest]
fn the_code_is_as_checked_in(
    #[files("*")]
    #[base_dir = "fixtures"]
    #[exclude("(^|/)error_[^/]*$")]
    #[dirs]
    fixture: PathBuf,
) {
    let fixture = fixture::at(fixture);
    let files = analysis(&fixture).files().expect("the output is Rust");
    expected::files(&fixture.directory.join("generated"), &files.0);
}

/// Some file systems do not distinguish `Goals.rs` and `goals.rs`.
#[rstest]
fn no_two_files_differ_only_in_case(
    #[files("*")]
    #[base_dir = "fixtures"]
    #[exclude("(^|/)error_[^/]*$")]
    #[dirs]
    fixture: PathBuf,
) {
    let fixture = fixture::at(fixture);
    let files = expected::files_below(&fixture.directory.join("generated"));
    let folded: BTreeSet<String> = files
        .keys()
        .map(|path| path.display().to_string().to_lowercase())
        .collect();
    assert_eq!(folded.len(), files.len());
}

#[test]
fn every_fixture_is_compiled() {
    let path = workspace::tests().join("goldens/src/lib.rs");
    let (current, wanted) = (workspace::read(&path), goldens());
    if current != wanted && expected::updating() {
        std::fs::write(&path, &wanted).expect("write the list of modules");
    } else {
        assert!(
            current == wanted,
            "tests/goldens/src/lib.rs does not have a module for each directory of fixtures; bring it up to date: {UPDATE}"
        );
    }
}

/// The code denies all warnings, those of rustdoc included.
#[test]
fn the_documentation_has_no_warning() {
    let runtime = cargo::build(env!("CARGO_TARGET_TMPDIR"), "runtime");
    let library = runtime
        .iter()
        .find(|path| path.extension() == Some("rmeta".as_ref()));
    let library = library.expect("a library has metadata");
    let out = tempfile::tempdir().expect("a temporary directory");
    let documented = cargo::tool("rustdoc")
        .args([
            "--edition=2024",
            "--crate-type=lib",
            "--crate-name=goldens",
            "--extern",
        ])
        .arg(format!("gapi_runtime={}", library.display()))
        .arg("-L")
        .arg(format!(
            "dependency={}",
            library.parent().expect("a directory").display()
        ))
        .arg("--out-dir")
        .arg(out.path())
        .arg("goldens/src/lib.rs")
        .current_dir(workspace::tests())
        .output()
        .expect("rustdoc runs");
    let messages = String::from_utf8_lossy(&documented.stderr);
    assert!(documented.status.success(), "{messages}");
    assert!(out.path().join("goldens").exists(), "{messages}");
}

/// Returns the text of `goldens/src/lib.rs`.
fn goldens() -> String {
    let head = "\
//! The golden code of every fixture, compiled. Kept up to date by the test `every_fixture_is_compiled`.

#![deny(warnings)]
#![allow(
    clippy::module_inception,
    clippy::too_many_arguments,
    clippy::type_complexity,
    reason = \"as the documents have it: their names, their required parameters\"
)]
";
    let modules = fixture::good().into_iter().map(|fixture| {
        let name = &fixture.name;
        let module = analysis(&fixture).names.module;
        format!(
            "\n/// `fixtures/{name}`.\n#[path = \"../../fixtures/{name}/generated\"]\npub mod {name} {{\n    #[rustfmt::skip]\n    pub mod {module};\n}}\n"
        )
    });
    head.chars()
        .chain(modules.flat_map(|module| module.chars().collect::<Vec<_>>()))
        .collect()
}

#[rstest]
fn a_fixture_holds_nothing_else(
    #[files("*")]
    #[base_dir = "fixtures"]
    #[dirs]
    fixture: PathBuf,
) {
    if expected::updating() {
        // The other tests are writing.
        return;
    }
    let name = workspace::name(&fixture);
    let mut wanted = vec!["discovery.json"];
    if name.starts_with("error_") {
        wanted.push("errors.snap");
    } else {
        wanted.extend(["facts.snap", "generated", "ir.snap", "names.snap"]);
        if name.ends_with("_warn") {
            wanted.push("warnings.snap");
        }
    }
    // insta writes `.snap.new` next to a snapshot that differs. The file `resources` of a fixture is an option.
    let options = ["derives", "resources"];
    let allowed = |name: &String| name.ends_with(".snap.new") || options.contains(&name.as_str());
    let entries = workspace::entries(&fixture);
    let names = entries.iter().map(|path| workspace::name(path));
    let found: Vec<String> = names.filter(|name| !allowed(name)).collect();
    assert_eq!(found, wanted);
}

#[test]
fn every_fixture_has_its_tests() {
    let names = |fixtures: Vec<Fixture>| -> BTreeSet<String> {
        fixtures.into_iter().map(|fixture| fixture.name).collect()
    };
    let (good, bad) = (names(fixture::good()), names(fixture::bad()));
    assert_eq!(expected::cases("the_code_is_as_checked_in"), good);
    let all = expected::cases("a_fixture_holds_nothing_else");
    assert_eq!(all, &good | &bad);
}
