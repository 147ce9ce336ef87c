//! Hostile documents change nothing outside the output directory.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::{collections::BTreeMap, fs, path::PathBuf};

use gapi_generator::{Files, Owner, Writer};
use gapi_tests::{command, expected, fixture, hostile::document, workspace};
use serde_json::json;
use tempfile::TempDir;

/// Creates a directory with a document, a directory `out`, and files around it that must not change.
fn place(text: &str) -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for inside in ["work/out", "work/neighbour"] {
        fs::create_dir_all(directory.path().join(inside)).expect("create a directory");
    }
    for file in ["etc_passwd.rs", "work/lib.rs", "work/neighbour/mod.rs"] {
        fs::write(directory.path().join(file), "untouched").expect("write");
    }
    fs::write(directory.path().join("work/document.json"), text).expect("write");
    directory
}

/// Returns everything outside of `out`: each file, and the names in the directories.
fn outside(directory: &TempDir) -> (BTreeMap<PathBuf, String>, Vec<PathBuf>) {
    let work = directory.path().join("work");
    let mut files = expected::files_below(&work.join("neighbour"));
    let entries = [
        workspace::entries(directory.path()),
        workspace::entries(&work),
    ]
    .concat();
    for file in entries.iter().filter(|path| path.is_file()) {
        files.insert(file.clone(), workspace::read(file));
    }
    (files, entries)
}

/// Returns the exit code and the output of the program.
fn generate(directory: &TempDir) -> (Option<i32>, String) {
    let arguments = ["generate", "document.json", "--out", "out"];
    let work = directory.path().join("work");
    let output = command::command(crate::PROGRAM, &work, &arguments)
        .output()
        .expect("the program runs");
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8(said).expect("UTF-8"),
    )
}

#[test]
fn names_that_climb_write_nothing_outside() {
    let mut document = document();
    let climbing = [
        "../../etc/passwd",
        "/etc/shadow",
        "..\\..\\x",
        "a/../../b",
        "neighbour/mod.rs",
    ];
    for name in climbing {
        document["resources"][name] = json!({"resources": {name: {}}});
    }
    document["name"] = "../lib".into();
    document["version"] = "../../v1".into();
    let directory = place(&document.to_string());
    let before = outside(&directory);
    let (code, said) = generate(&directory);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(outside(&directory), before);
    let written = expected::files_below(&directory.path().join("work/out"));
    assert!(written.len() > 10, "{:?}", written.keys());
    let names = ["lib_v1", "lib_v1.rs", ".gapi-files"];
    let plain = |path: &PathBuf| names.iter().any(|name| path.starts_with(name));
    assert!(written.keys().all(plain), "{:?}", written.keys());
}

#[test]
fn a_rejected_document_leaves_nothing_half_written() {
    for fixture in fixture::bad() {
        let directory = place(&fixture.source.text);
        let before = expected::files_below(directory.path());
        let (code, said) = generate(&directory);
        assert_eq!(code, Some(1), "{}: {said}", fixture.name);
        assert_eq!(
            expected::files_below(directory.path()),
            before,
            "{}",
            fixture.name
        );
        let hidden = |c: char| c != '\n' && gapi_generator::diagnostics::is_hidden(c);
        assert!(!said.contains(hidden), "{}: {said:?}", fixture.name);
    }
}

/// A symbolic link below the output directory is an error. Its target stays unchanged.
#[cfg(unix)]
#[test]
fn case_s1_a_symbolic_link_below_the_output_directory_is_an_error() {
    use std::os::unix::fs::symlink;
    let text = document().to_string();
    for (link, target) in [
        ("work/out/hostile_v1", "../neighbour"),
        ("work/out/hostile_v1.rs", "../lib.rs"),
        ("work/out/hostile_v1.rs", "/dev/null"),
        ("work/out/hostile_v1.rs", "../dangling.rs"),
        ("work/out/.gapi-files", "../lib.rs"),
        ("work/out/.gapi-run", "../neighbour"),
    ] {
        let directory = place(&text);
        symlink(target, directory.path().join(link)).expect("make a link");
        let before = outside(&directory);
        let (code, said) = generate(&directory);
        assert_eq!(code, Some(1), "{link}: {said}");
        let wanted = format!(
            "error: cannot use {}: it is a symbolic link, which may lead anywhere\n  help: remove",
            link.trim_start_matches("work/")
        );
        assert!(said.starts_with(&wanted), "{said}");
        assert_eq!(outside(&directory), before);
        let left = workspace::entries(&directory.path().join("work/out"));
        assert_eq!(left, [directory.path().join(link)]);
    }
}

/// The output directory itself may be a link, because the user has chosen it.
#[cfg(unix)]
#[test]
fn case_s1_the_output_directory_may_be_a_symbolic_link() {
    let directory = place(&document().to_string());
    let out = directory.path().join("work/out");
    fs::remove_dir(&out).expect("remove a directory");
    fs::create_dir(directory.path().join("elsewhere")).expect("create a directory");
    std::os::unix::fs::symlink("../elsewhere", &out).expect("make a link");
    let (code, said) = generate(&directory);
    assert_eq!(code, Some(0), "{said}");
    assert!(directory.path().join("elsewhere/hostile_v1.rs").exists());
}

#[test]
fn a_path_that_leads_out_is_rejected() {
    let directory = place("");
    let before = expected::files_below(directory.path());
    for path in [
        "../lib.rs",
        "new/../../lib.rs",
        "/etc/passwd.rs",
        "a/./../../lib.rs",
    ] {
        let file = |path: &str| (path.into(), "stolen".to_owned());
        let files = Files([file("a.rs"), file(path)].into());
        let out = directory.path().join("work/out");
        let failure = Writer::new(out, Owner::Modules)
            .write(&files)
            .expect_err(path);
        assert!(
            failure.to_string().contains("leads out of the directory"),
            "{failure}"
        );
        assert_eq!(expected::files_below(directory.path()), before);
    }
}
