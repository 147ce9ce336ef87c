//! A crate for each document: `generate --flavor crates`.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::fs;

use gapi_tests::{command::Outcome, workspace};
use tempfile::TempDir;

use crate::project::{contents, project, run};

const FIRST: &str = "paging-query-token-v1";
const SECOND: &str = "recursive-schema-v1";

/// Generates crates of both documents into `crates`.
fn generate(project: &TempDir, more: &[&str]) -> Outcome {
    let command = [
        "generate", FIRST, SECOND, "--out", "crates", "--flavor", "crates",
    ];
    run(project.path(), &[&command, more].concat())
}

fn read(project: &TempDir, path: &str) -> String {
    workspace::read(&project.path().join(path))
}

fn write(project: &TempDir, path: &str, text: &str) {
    let path = project.path().join(path);
    fs::create_dir_all(path.parent().expect("a directory")).expect("create");
    fs::write(path, text).expect("write");
}

/// Returns the names in a directory.
fn names(project: &TempDir, path: &str) -> Vec<String> {
    let entries = workspace::entries(&project.path().join(path));
    entries.iter().map(|path| workspace::name(path)).collect()
}

#[test]
fn each_document_becomes_a_crate_that_can_be_published() {
    let project = project();
    let said = generate(&project, &["--crate-version", "0.3.0"]).success();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 3, "{said}");
    assert!(
        lines[0].starts_with("crates/gapi-paging-query-token-v1: 1 document, "),
        "{said}"
    );
    assert!(lines[2].starts_with("crates: 2 crates, "), "{said}");
    assert_eq!(
        names(&project, "crates"),
        ["gapi-paging-query-token-v1", "gapi-recursive-schema-v1"]
    );
    for (api, module) in [
        (FIRST, "paging_query_token_v1"),
        (SECOND, "recursive_schema_v1"),
    ] {
        let file = |path: &str| read(&project, &format!("crates/gapi-{api}/{path}"));
        let manifest = file("Cargo.toml");
        for line in [
            &format!("name = \"gapi-{api}\""),
            "version = \"0.3.0\"",
            "license = \"Apache-2.0\"",
            "readme = \"README.md\"",
            &format!("documentation = \"https://docs.rs/gapi-{api}\""),
            "all-features = true",
            "targets = [\"x86_64-unknown-linux-gnu\"]",
        ] {
            assert!(
                manifest.contains(&format!("\n{line}\n")),
                "{line}: {manifest}"
            );
        }
        let lib = file("src/lib.rs");
        assert!(lib.contains(&format!("pub use {module}::*;")), "{lib}");
        let readme = file("README.md");
        assert!(
            readme.contains(&format!("gapi-{api} = \"0.3.0\"")),
            "{readme}"
        );
        assert!(readme.contains(" --out . --flavor crate\n"), "{readme}");
        for path in ["NOTICE", ".gitignore", ".gapi-files"] {
            assert!(!file(path).is_empty(), "{path}");
        }
    }

    // Examples are those of the crate.
    let module = "crates/gapi-paging-query-token-v1/src/paging_query_token_v1.rs";
    let module = read(&project, module);
    assert!(
        module.contains("use gapi_paging_query_token_v1::"),
        "{module}"
    );

    // A second run changes nothing, and lists only what it changes.
    let before = contents(&project);
    let again = generate(&project, &[]).success();
    assert!(again.starts_with("crates: 2 crates, "), "{again}");
    assert!(again.ends_with(": 0 changed\n"), "{again}");
    assert_eq!(contents(&project), before);
    let check = [
        "check", FIRST, SECOND, "--out", "crates", "--flavor", "crates",
    ];
    assert_eq!(
        run(project.path(), &check).success(),
        "2 crates: crates is up to date\n"
    );
    fs::remove_file(
        project
            .path()
            .join("crates/gapi-recursive-schema-v1/src/lib.rs"),
    )
    .expect("remove");
    let outcome = run(project.path(), &check);
    assert_eq!(
        outcome.out.lines().last(),
        Some("1 crate: crates is up to date")
    );
    let stale = "error: crates/gapi-recursive-schema-v1 is stale in 1 files\n";
    assert!(outcome.err.starts_with(stale), "{outcome:?}");
}

#[test]
fn what_was_written_by_hand_stays_in_each_crate() {
    let project = project();
    generate(&project, &[]).success();
    let path = "crates/gapi-paging-query-token-v1/Cargo.toml";
    let manifest = read(&project, path);
    let mine = manifest
        .replace("name = \"gapi-paging-query-token-v1\"", "name = \"mine\"")
        .replace(
            "version = \"0.1.0\"\nedition",
            "version = \"0.1.7\"\nedition",
        );
    assert_ne!(mine, manifest);
    write(&project, path, &mine);
    generate(&project, &[]).success();
    assert_eq!(read(&project, path), mine);
    let module = "crates/gapi-paging-query-token-v1/src/paging_query_token_v1.rs";
    assert!(
        read(&project, module).contains("use mine::"),
        "{}",
        read(&project, module)
    );

    // The chosen names are also those of the directories.
    generate(&project, &["--name", "Our_{api}"]).success();
    assert_eq!(names(&project, "crates").len(), 4);
    let manifest = read(&project, "crates/Our_recursive-schema-v1/Cargo.toml");
    assert!(
        manifest.contains("\nname = \"Our_recursive-schema-v1\"\n"),
        "{manifest}"
    );
}

#[test]
fn all_problems_are_reported_and_nothing_is_written() {
    let project = project();
    let before = contents(&project);
    generate(&project, &["--name", "clients"]).failure(
        "error: `--name` is `clients` for every crate, and has no `{api}`\n  \
         help: write `{api}` for the API: `my-{api}`",
    );
    generate(&project, &["--name", "our {api}"]).failure(
        "error: `--name` is `our {api}`, which is not a pattern of crate names\n  \
         help: use letters, digits, `-`, `_` and `{api}`: `my-{api}`",
    );
    let long = format!("{}-{{api}}", "a".repeat(50));
    let outcome = generate(&project, &["--name", &long]);
    assert_eq!(
        outcome
            .err
            .matches("error: the crate: cannot be called `aaa")
            .count(),
        2
    );
    let outcome = generate(&project, &["--crate-version", "1.0"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");

    // Two documents of one API, and one without a name.
    let text = read(&project, "discovery/recursive_schema.v1.json");
    write(&project, "discovery/copy.v1.json", &text);
    write(&project, "discovery/broken.v1.json", "{}");
    let before_documents = contents(&project);
    let outcome = generate(
        &project,
        &["discovery/copy.v1.json", "discovery/broken.v1.json"],
    );
    let same = "error: the crate `gapi-recursive-schema-v1` would be that of `discovery/copy.v1.json` \
                and of `discovery/recursive_schema.v1.json`\n  help: generate only one";
    for part in ["error: discovery/broken.v1.json", same] {
        assert!(outcome.err.contains(part), "{part}: {outcome:?}");
    }
    assert_eq!(contents(&project), before_documents);
    for name in ["copy", "broken"] {
        let path = format!("discovery/{name}.v1.json");
        fs::remove_file(project.path().join(path)).expect("remove");
    }
    assert_eq!(contents(&project), before);

    // No crate is written if one of them would replace a file that the generator did not write.
    write(
        &project,
        "crates/gapi-recursive-schema-v1/src/lib.rs",
        "// Mine.\n",
    );
    let before = contents(&project);
    generate(&project, &[]).failure(
        "error: gapi-generator did not write crates/gapi-recursive-schema-v1/src/lib.rs, and would replace it\n  \
         help: move it elsewhere, or replace it with `--force`",
    );
    assert_eq!(contents(&project), before);
}

#[test]
fn options_are_for_the_crates_of_their_documents() {
    let project = project();
    generate(&project, &["--resources", "!things.list"]).failure(
        "error: discovery/paging_query_token.v1.json: every selected method is excluded\n  \
         help: remove one of `!things.list`",
    );
    let more = [
        "--resources",
        "paging_query_token:v1#things",
        "--derive",
        "recursive_schema:v1#**=Hash",
    ];
    generate(&project, &more).success();
    let readme = |api: &str| read(&project, &format!("crates/gapi-{api}/README.md"));
    let command = "gapi generate paging_query_token.v1.json --out . --flavor crate \
                   --resources paging_query_token:v1#things\n";
    assert!(readme(FIRST).contains(command), "{}", readme(FIRST));
    let command = "--flavor crate --derive 'recursive_schema:v1#**=Hash'\n";
    assert!(readme(SECOND).contains(command), "{}", readme(SECOND));

    let before = contents(&project);
    for (option, value, message) in [
        (
            "--resources",
            "storage:v1#objects",
            "no document has the id `storage:v1`\n  help: there are `paging",
        ),
        (
            "--resources",
            "!thing",
            "no document has a resource or method that `!thing` excludes\n  help: did you mean `!things`?",
        ),
    ] {
        let outcome = generate(&project, &[option, value]);
        let message = format!("error: the options: {message}");
        assert!(outcome.err.starts_with(&message), "{outcome:?}");
    }
    assert_eq!(contents(&project), before);
}

#[test]
fn a_project_file_has_crates_as_an_output() {
    let project = project();
    write(
        &project,
        "gapi.toml",
        "[[output]]\nout = \"crates\"\nflavor = \"crates\"\nname = \"our-{api}\"\nversion = \"2.0.0\"\n",
    );
    run(project.path(), &["generate"]).success();
    assert_eq!(
        names(&project, "crates"),
        ["our-paging-query-token-v1", "our-recursive-schema-v1"]
    );
    let readme = read(&project, "crates/our-recursive-schema-v1/README.md");
    assert!(readme.contains("```sh\ngapi generate\n```"), "{readme}");
    assert_eq!(
        run(project.path(), &["check"]).success(),
        "2 crates: crates is up to date\n"
    );

    write(
        &project,
        "gapi.toml",
        "[[output]]\nout = \"crates\"\nflavor = \"crates\"\nname = \"our\"\n\n\
         [[output]]\nout = \"crates/a/src\"\n",
    );
    run(project.path(), &["generate"]).failure(
        "error: gapi.toml:4:8: `name` is `our` for every crate, and has no `{api}`\n  \
         help: write `{api}` for the API: `my-{api}`\n\
         error: gapi.toml:7:7: `crates/a/src` is inside the directory of crates `crates`, the output in gapi.toml:2:7\n  \
         help: choose another directory",
    );
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_crate_does_not_lead_out_of_the_project() {
    let project = project();
    write(
        &project,
        "gapi.toml",
        "[[output]]\nout = \"crates\"\nflavor = \"crates\"\n",
    );
    let elsewhere = tempfile::tempdir().expect("a temporary directory");
    fs::create_dir(project.path().join("crates")).expect("create");
    let link = project.path().join("crates/gapi-recursive-schema-v1");
    std::os::unix::fs::symlink(elsewhere.path(), link).expect("link");
    let outcome = run(project.path(), &["generate"]);
    let message = "error: crates/gapi-recursive-schema-v1 leads out of the project by a symbolic link\n  \
                   help: replace the link\n";
    assert!(outcome.err.starts_with(message), "{outcome:?}");
    assert_eq!(names(&project, "crates").len(), 1);
    assert_eq!(workspace::entries(elsewhere.path()).len(), 0);
}
