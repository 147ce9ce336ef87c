//! The generator's output for each fixture: model, facts, names, warnings, code.
//!
//! The code is also compiled: `goldens.rs` has a module for each fixture.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::{collections::BTreeSet, path::Path};

use gapi_generator::{Analysis, inspect};
use gapi_tests::{
    cargo,
    expected::{self, UPDATE},
    fixture::{self, Fixture},
    workspace,
};

fn analysis(fixture: &Fixture) -> Analysis {
    let analysis = fixture.analyze();
    analysis.unwrap_or_else(|errors| panic!("{} does not generate:\n{errors}", fixture.name))
}

#[test]
fn the_model_is_as_pinned() {
    expected::each(&fixture::good(), |fixture| {
        let ir = inspect::to_json(&analysis(fixture))["ir"].take();
        expected::value(&fixture.folder, "ir", ir);
    });
}

#[test]
fn the_facts_are_as_pinned() {
    expected::each(&fixture::good(), |fixture| {
        expected::value(&fixture.folder, "facts", inspect::facts(&analysis(fixture)));
    });
}

#[test]
fn the_names_are_as_pinned() {
    expected::each(&fixture::good(), |fixture| {
        expected::value(&fixture.folder, "names", inspect::names(&analysis(fixture)));
    });
}

#[test]
fn the_warnings_are_as_pinned_and_elsewhere_there_are_none() {
    expected::each(&fixture::good(), |fixture| {
        let warnings = analysis(fixture).warnings;
        if fixture.name.ends_with("_warn") {
            expected::text(&fixture.folder, "warnings", &warnings.to_string());
        } else {
            assert_eq!(warnings.to_string(), "");
        }
    });
}

#[test]
fn the_code_is_as_checked_in() {
    expected::each(&fixture::good(), |fixture| {
        let files = analysis(fixture).files().expect("the output is Rust");
        expected::files(&fixture.folder.join("generated"), &files.0);
    });
}

/// Checks file names for file systems that ignore case, such as `Goals.rs` and `goals.rs`.
#[test]
fn no_two_files_differ_only_in_case() {
    expected::each(&fixture::good(), |fixture| {
        let files = expected::files_below(&fixture.folder.join("generated"));
        let folded: BTreeSet<String> = files
            .keys()
            .map(|path| path.display().to_string().to_lowercase())
            .collect();
        assert_eq!(folded.len(), files.len());
    });
}

#[test]
fn every_fixture_is_compiled() {
    let path = workspace::tests().join("goldens.rs");
    let (current, wanted) = (workspace::read(&path), goldens());
    if current != wanted && expected::updating() {
        std::fs::write(&path, &wanted).expect("write goldens.rs");
    } else {
        assert!(
            current == wanted,
            "goldens.rs does not have a module for each folder of fixtures; bring it up to date: {UPDATE}"
        );
    }
}

/// The code denies all warnings, including those of rustdoc.
#[test]
fn the_documentation_has_no_warning() {
    let runtime = cargo::build(env!("CARGO_TARGET_TMPDIR"), "gapi-runtime", &["--lib"]);
    let library = runtime
        .iter()
        .find(|path| path.extension() == Some("rmeta".as_ref()));
    let library = library.expect("a library has metadata");
    let out = tempfile::tempdir().expect("a temporary folder");
    let documented = cargo::tool("rustdoc")
        .args(["--edition=2024", "--crate-type=lib", "--extern"])
        .arg(format!("gapi_runtime={}", library.display()))
        .arg("-L")
        .arg(format!(
            "dependency={}",
            library.parent().expect("a folder").display()
        ))
        .arg("--out-dir")
        .arg(out.path())
        .arg("goldens.rs")
        .current_dir(workspace::tests())
        .output()
        .expect("rustdoc runs");
    let messages = String::from_utf8_lossy(&documented.stderr);
    assert!(documented.status.success(), "{messages}");
    assert!(out.path().join("goldens").exists(), "{messages}");
}

/// Returns the text of `goldens.rs`.
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
            "\n/// `fixtures/{name}`.\n#[path = \"fixtures/{name}/generated\"]\npub mod {name} {{\n    #[rustfmt::skip]\n    pub mod {module};\n}}\n"
        )
    });
    head.chars()
        .chain(modules.flat_map(|module| module.chars().collect::<Vec<_>>()))
        .collect()
}

#[test]
fn a_fixture_holds_nothing_else() {
    if expected::updating() {
        // Skips the check while the other tests write.
        return;
    }
    let known = |names: &[&str]| {
        names
            .iter()
            .map(ToString::to_string)
            .collect::<BTreeSet<_>>()
    };
    let found = |folder: &Path| -> BTreeSet<String> {
        let entries = workspace::entries(folder);
        // insta writes `.snap.new` beside a changed snapshot. The other files are options.
        let options = ["derives", "resources"];
        let allowed =
            |name: &String| name.ends_with(".snap.new") || options.contains(&name.as_str());
        entries
            .iter()
            .map(|path| workspace::name(path))
            .filter(|name| !allowed(name))
            .collect()
    };
    expected::each(&fixture::good(), |fixture| {
        let mut wanted = known(&[
            "discovery.json",
            "facts.snap",
            "generated",
            "ir.snap",
            "names.snap",
        ]);
        if fixture.name.ends_with("_warn") {
            wanted.insert("warnings.snap".to_owned());
        }
        assert_eq!(found(&fixture.folder), wanted, "{}", fixture.name);
    });
    expected::each(&fixture::bad(), |fixture| {
        assert_eq!(
            found(&fixture.folder),
            known(&["discovery.json", "errors.snap"]),
            "{}",
            fixture.name
        );
    });
}
