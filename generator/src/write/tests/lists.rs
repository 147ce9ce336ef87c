//! The files that belong to a run.

use std::{fs, path::Path};

use super::{
    Tree, files, generated, modules, new, old, put, root, tree, uninterrupted, with_old, writer,
};
use crate::write::{BANNER, Files, Owner, WriteError, Writer, file_list::FILE_LIST};

fn gapi(directory: &Path) -> Writer {
    Writer::new(directory, Owner::Root("gapi.rs".into()))
}

/// Returns the files that a build script writes for these modules.
fn build(modules: &[&str]) -> Files {
    let declarations: Vec<String> = modules.iter().map(|it| format!("pub mod {it};")).collect();
    let declarations = format!("{BANNER}. Do not edit.\n{}\n", declarations.join("\n"));
    let mut files = Files([("gapi.rs".into(), declarations)].into());
    for module in modules {
        let text = generated(&module.replace('_', "-"), "text");
        let paths = [format!("{module}.rs"), format!("{module}/things.rs")];
        files
            .0
            .extend(paths.map(|path| (path.into(), text.clone())));
    }
    files
}

/// Other crates in the directory, with files that were generated into them.
const OTHERS: [&str; 6] = [
    "src/lib.rs",
    "src/a_v1.rs",
    "other/src/lib.rs",
    "other/src/a_v1.rs",
    "a_v1/src/lib.rs",
    "a_v1/src/a_v1/things.rs",
];

fn put_others(directory: &Path) {
    for path in OTHERS {
        put(directory, path, &generated("a-v1", "of another crate"));
    }
}

fn assert_others(directory: &Path, case: &str) {
    for path in OTHERS {
        let text = fs::read_to_string(directory.join(path)).unwrap_or_default();
        assert!(text.ends_with("of another crate\n"), "{case}: {path}");
    }
}

#[test]
fn case_s4_only_what_the_list_has_is_deleted() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let directory = place.path();
    put_others(directory);
    gapi(directory)
        .write(&build(&["a_v1", "b_v1"]))
        .expect("it writes");
    assert_others(directory, "first");
    gapi(directory).write(&build(&["c_v1"])).expect("it writes");
    assert_others(directory, "second");
    for gone in ["a_v1.rs", "a_v1/things.rs", "b_v1.rs", "b_v1"] {
        assert!(!directory.join(gone).exists(), "{gone}");
    }
    let list = fs::read_to_string(directory.join(FILE_LIST)).expect("the list");
    let (_, paths) = list.split_once("\n\n").expect("a header");
    assert_eq!(paths, "[gapi.rs]\nc_v1.rs\nc_v1/things.rs\ngapi.rs\n");
}

/// An older version wrote no list.
#[test]
fn case_s4_without_a_list_only_modules_of_the_run_are_taken_over() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let directory = place.path();
    put_others(directory);
    gapi(directory)
        .write(&build(&["a_v1", "b_v1"]))
        .expect("it writes");
    fs::remove_file(directory.join(FILE_LIST)).expect("remove");
    // A file of a module that is still generated, and one of a module that the old root file declares.
    put(directory, "a_v1/stale.rs", &generated("a-v1", "stale"));
    put(
        directory,
        "a_v1/things/deep.rs",
        &generated("a-v1", "stale"),
    );
    put(directory, "b_v1/stale.rs", &generated("b-v1", "stale"));
    // Files of unknown modules.
    let kept = [
        ("a_v1/b.rs", generated("b-v1", "of another module")),
        ("a_v1/mine.rs", "// By hand.\n".to_owned()),
        ("d_v1.rs", generated("d-v1", "of another run")),
        ("d_v1/things.rs", generated("d-v1", "of another run")),
        ("notes/a_v1.rs", generated("a-v1", "elsewhere")),
    ];
    for (path, text) in &kept {
        put(directory, path, text);
    }
    let files = build(&["a_v1"]);
    gapi(directory).write(&files).expect("it writes");
    assert_others(directory, "without a list");
    for (path, text) in &kept {
        assert_eq!(
            fs::read_to_string(directory.join(path)).ok().as_ref(),
            Some(text)
        );
    }
    for gone in ["a_v1/stale.rs", "a_v1/things", "b_v1.rs", "b_v1"] {
        assert!(!directory.join(gone).exists(), "{gone}");
    }
    assert!(
        gapi(directory)
            .differences(&files)
            .expect("it compares")
            .is_empty()
    );
}

#[test]
fn case_s4_modules_of_other_runs_stay_and_stay_listed() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let directory = place.path();
    let a = files(&[("a_v1.rs", "a"), ("a_v1/x.rs", "a"), ("a_v1/y.rs", "a")]);
    let b = files(&[("b_v1.rs", "b"), ("b_v1/x.rs", "b")]);
    modules(directory).write(&a).expect("it writes");
    modules(directory).write(&b).expect("it writes");
    gapi(directory).write(&build(&["c_v1"])).expect("it writes");
    for files in [&a, &b] {
        assert!(
            modules(directory)
                .differences(files)
                .expect("it compares")
                .is_empty()
        );
    }
    // Each run deletes only its own files.
    modules(directory)
        .write(&files(&[("a_v1.rs", "a")]))
        .expect("it writes");
    assert!(!directory.join("a_v1").exists());
    assert!(
        modules(directory)
            .differences(&b)
            .expect("it compares")
            .is_empty()
    );
    // A module belongs to the run that generated it last.
    gapi(directory).write(&build(&["b_v1"])).expect("it writes");
    assert!(!directory.join("b_v1/x.rs").exists());
    assert!(!directory.join("c_v1.rs").exists());
    modules(directory).write(&b).expect("it writes");
    assert!(!directory.join("b_v1/things.rs").exists());
    gapi(directory).write(&build(&[])).expect("it writes");
    assert!(
        modules(directory)
            .differences(&b)
            .expect("it compares")
            .is_empty()
    );
}

/// The list is a file of a repository, so any program may have written it.
#[test]
fn case_s4_a_list_deletes_nothing_that_is_not_generated_or_is_elsewhere() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let (directory, outside) = (place.path().join("in"), place.path().join("out.rs"));
    put(&directory, "mine.rs", "// By hand.\n");
    put(&directory, "Cargo.toml", &generated("a-v1", "no Rust"));
    fs::write(&outside, generated("a-v1", "outside")).expect("write");
    let list = format!(
        "# @generated by gapi-generator\n[gapi.rs]\nmine.rs\nCargo.toml\n../out.rs\n{}\n",
        outside.display()
    );
    put(&directory, FILE_LIST, &list);
    gapi(&directory)
        .write(&build(&["a_v1"]))
        .expect("it writes");
    for path in [
        directory.join("mine.rs"),
        directory.join("Cargo.toml"),
        outside,
    ] {
        assert!(path.exists(), "{}", path.display());
    }
}

/// A merge conflict that was not resolved.
#[test]
fn case_s4_the_marks_of_a_merge_conflict_do_not_matter() {
    let directory = with_old();
    let list = fs::read_to_string(directory.path().join(FILE_LIST)).expect("the list");
    let list = list.replace(
        "src/b_v1.rs\n",
        "<<<<<<< HEAD\nsrc/b_v1.rs\n=======\nsrc/x_v1.rs\n>>>>>>> other\n",
    );
    put(directory.path(), FILE_LIST, &list);
    let differences = writer(directory.path());
    assert_eq!(
        differences.differences(&old()).expect("it compares").len(),
        1
    );
    writer(directory.path()).write(&new()).expect("it writes");
    assert_eq!(tree(directory.path()), uninterrupted(&[&new()]));
}

#[test]
fn case_s4_what_was_replaced_by_hand_is_not_deleted() {
    let directory = with_old();
    put(directory.path(), "src/b_v1/schemas.rs", "// Mine now.\n");
    writer(directory.path()).write(&new()).expect("it writes");
    let text = fs::read_to_string(directory.path().join("src/b_v1/schemas.rs"));
    assert_eq!(text.ok().as_deref(), Some("// Mine now.\n"));
    let list = fs::read_to_string(directory.path().join(FILE_LIST)).expect("the list");
    assert!(!list.contains("b_v1"), "{list}");
}

#[test]
fn case_s3_a_hand_written_file_is_replaced_only_by_force() {
    for (path, text) in [
        ("src/c_v1.rs", "// Mine.\n"),
        ("src/c_v1/far/off.rs", "\n// @generated by gapi-generator\n"),
        ("src/lib.rs", "// @generated by another generator\n"),
        (FILE_LIST, "Mine.\n"),
    ] {
        let directory = with_old();
        put(directory.path(), path, text);
        let before = tree(directory.path());
        let failure = writer(directory.path()).write(&new()).expect_err(path);
        let WriteError::NotGenerated { paths } = &failure else {
            panic!("{failure}");
        };
        assert_eq!(*paths, [directory.path().join(path)]);
        assert!(
            failure.to_string().ends_with("\n  help: move it elsewhere"),
            "{failure}"
        );
        assert_eq!(tree(directory.path()), before, "{path}");
        writer(directory.path())
            .force(true)
            .write(&new())
            .expect(path);
        // Without the list, files of modules that are no longer generated stay.
        if path != FILE_LIST {
            assert_eq!(tree(directory.path()), uninterrupted(&[&new()]), "{path}");
        }
    }
}

#[test]
fn case_s3_all_hand_written_files_are_named_at_once() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for path in ["src/lib.rs", "src/c_v1.rs"] {
        put(directory.path(), path, "// Mine.\n");
    }
    let failure = writer(directory.path()).write(&new()).expect_err("by hand");
    let said = failure
        .to_string()
        .replace(&directory.path().display().to_string(), "D");
    assert_eq!(
        said,
        "error: gapi-generator did not write D/src/c_v1.rs, D/src/lib.rs, and would replace them\n  \
         help: move them elsewhere"
    );
}

/// After a power failure a file may be there without its contents.
#[test]
fn case_s3_an_empty_file_is_nobodys() {
    for text in ["", "\0\0\0\0"] {
        let directory = with_old();
        for path in ["src/lib.rs", "src/a_v1/things.rs", FILE_LIST] {
            put(directory.path(), path, text);
        }
        writer(directory.path()).write(&old()).expect("it writes");
        assert_eq!(tree(directory.path()), uninterrupted(&[]));
    }
}

/// A file with a hand-written part is replaced, because the caller has merged it.
#[test]
fn case_s3_a_file_with_a_hand_written_part_is_replaced() {
    let directory = with_old();
    put(directory.path(), "Cargo.toml", "# By hand.\n");
    writer(directory.path()).write(&new()).expect("it writes");
    assert_eq!(tree(directory.path()), uninterrupted(&[&new()]));
    // It is not replaced if it was created or changed since it was read.
    let failed = writer(directory.path())
        .read_before(Files::default())
        .write(&old());
    let path = directory.path().join("Cargo.toml");
    assert!(
        matches!(&failed, Err(WriteError::Changed { path: at }) if *at == path),
        "{failed:?}"
    );
    let read = Files([("Cargo.toml".into(), "# By hand.\n".to_owned())].into());
    let failed = writer(directory.path()).read_before(read).write(&old());
    assert!(
        matches!(failed, Err(WriteError::Changed { .. })),
        "{failed:?}"
    );
    assert_eq!(tree(directory.path()), uninterrupted(&[&new()]));
}

#[test]
fn nothing_is_touched_where_nothing_changes() {
    let directory = with_old();
    let modified = |path: &str| {
        let metadata = fs::metadata(directory.path().join(path)).expect("it is there");
        metadata.modified().expect("a time")
    };
    let places = ["", "src", "src/lib.rs", FILE_LIST];
    let before = places.map(modified);
    let written = writer(directory.path()).write(&old()).expect("it writes");
    assert_eq!((written.changed, places.map(modified)), (0, before));
    let written = writer(directory.path()).write(&new()).expect("it writes");
    assert_eq!(written.changed, 10);
}

#[test]
fn a_directory_in_which_nothing_is_generated_gets_no_list() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let files = files(&[("Cargo.toml", "[package]\n")]);
    put(directory.path(), FILE_LIST, "Mine.\n");
    let written = writer(directory.path()).write(&files).expect("it writes");
    assert_eq!(written.changed, 1);
    let list = fs::read_to_string(directory.path().join(FILE_LIST));
    assert_eq!(list.ok().as_deref(), Some("Mine.\n"));
}

#[test]
fn an_owner_without_files_deletes_what_it_had() {
    let directory = with_old();
    let none = Files::default();
    Writer::new(directory.path(), root())
        .write(&none)
        .expect("it writes");
    let left: Tree = super::BY_HAND
        .iter()
        .map(|(path, text)| (path.into(), Some((*text).to_owned())))
        .collect();
    let now = super::without_run(tree(directory.path()));
    let now: Tree = now
        .into_iter()
        .filter(|(path, text)| text.is_some() && path != Path::new("Cargo.toml"))
        .collect();
    assert_eq!(now, left);
}
