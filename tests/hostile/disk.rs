//! Hostile documents change nothing outside the output directory.

use std::{collections::BTreeMap, fs, path::PathBuf};

use gapi_generator::{Files, Owner, Writer};
use gapi_tests::{command, expected, fixture, workspace};
use serde_json::json;
use tempfile::TempDir;

/// Creates a directory with a document, a directory `out`, and files around it that must not change.
fn place(text: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for inside in ["work/out", "work/neighbour"] {
        fs::create_dir_all(folder.path().join(inside)).expect("create a folder");
    }
    for file in ["etc_passwd.rs", "work/lib.rs", "work/neighbour/mod.rs"] {
        fs::write(folder.path().join(file), "untouched").expect("write");
    }
    fs::write(folder.path().join("work/document.json"), text).expect("write");
    folder
}

/// Returns everything outside of `out`: each file, and the names in the directories.
fn outside(folder: &TempDir) -> (BTreeMap<PathBuf, String>, Vec<PathBuf>) {
    let work = folder.path().join("work");
    let mut files = expected::files_below(&work.join("neighbour"));
    let entries = [workspace::entries(folder.path()), workspace::entries(&work)].concat();
    for file in entries.iter().filter(|path| path.is_file()) {
        files.insert(file.clone(), workspace::read(file));
    }
    (files, entries)
}

/// Returns the exit code and the output of the program.
fn generate(folder: &TempDir) -> (Option<i32>, String) {
    let arguments = ["generate", "document.json", "--out", "out"];
    let work = folder.path().join("work");
    let output = command::command(env!("CARGO_TARGET_TMPDIR"), &work, &arguments)
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
    let mut document = super::document();
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
    let folder = place(&document.to_string());
    let before = outside(&folder);
    let (code, said) = generate(&folder);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(outside(&folder), before);
    let written = expected::files_below(&folder.path().join("work/out"));
    assert!(written.len() > 10, "{:?}", written.keys());
    let names = ["lib_v1", "lib_v1.rs", ".gapi-files"];
    let plain = |path: &PathBuf| names.iter().any(|name| path.starts_with(name));
    assert!(written.keys().all(plain), "{:?}", written.keys());
}

#[test]
fn a_refused_document_leaves_nothing_half_written() {
    for fixture in fixture::bad() {
        let folder = place(&fixture.source.text);
        let before = expected::files_below(folder.path());
        let (code, said) = generate(&folder);
        assert_eq!(code, Some(1), "{}: {said}", fixture.name);
        assert_eq!(
            expected::files_below(folder.path()),
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
    let text = super::document().to_string();
    for (link, target) in [
        ("work/out/hostile_v1", "../neighbour"),
        ("work/out/hostile_v1.rs", "../lib.rs"),
        ("work/out/hostile_v1.rs", "/dev/null"),
        ("work/out/hostile_v1.rs", "../dangling.rs"),
        ("work/out/.gapi-files", "../lib.rs"),
        ("work/out/.gapi-run", "../neighbour"),
    ] {
        let folder = place(&text);
        symlink(target, folder.path().join(link)).expect("make a link");
        let before = outside(&folder);
        let (code, said) = generate(&folder);
        assert_eq!(code, Some(1), "{link}: {said}");
        let wanted = format!(
            "error: cannot use {}: it is a symbolic link, which may lead anywhere\n  help: remove",
            link.trim_start_matches("work/")
        );
        assert!(said.starts_with(&wanted), "{said}");
        assert_eq!(outside(&folder), before);
        let left = workspace::entries(&folder.path().join("work/out"));
        assert_eq!(left, [folder.path().join(link)]);
    }
}

/// The output directory itself may be a link, because the user has chosen it.
#[cfg(unix)]
#[test]
fn case_s1_the_output_directory_may_be_a_symbolic_link() {
    let folder = place(&super::document().to_string());
    let out = folder.path().join("work/out");
    fs::remove_dir(&out).expect("remove a folder");
    fs::create_dir(folder.path().join("elsewhere")).expect("create a folder");
    std::os::unix::fs::symlink("../elsewhere", &out).expect("make a link");
    let (code, said) = generate(&folder);
    assert_eq!(code, Some(0), "{said}");
    assert!(folder.path().join("elsewhere/hostile_v1.rs").exists());
}

#[test]
fn a_path_that_leads_out_is_refused_whoever_made_it() {
    let folder = place("");
    let before = expected::files_below(folder.path());
    for path in [
        "../lib.rs",
        "new/../../lib.rs",
        "/etc/passwd.rs",
        "a/./../../lib.rs",
    ] {
        let file = |path: &str| (path.into(), "stolen".to_owned());
        let files = Files([file("a.rs"), file(path)].into());
        let out = folder.path().join("work/out");
        let failure = Writer::new(out, Owner::Modules)
            .write(&files)
            .expect_err(path);
        assert!(
            failure.to_string().contains("leads out of the directory"),
            "{failure}"
        );
        assert_eq!(expected::files_below(folder.path()), before);
    }
}
