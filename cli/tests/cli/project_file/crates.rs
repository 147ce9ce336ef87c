//! Crates that exist: their names, versions, runtime and first files.

use std::fs;

use gapi_tests::fixture;

use super::{Place, TWO_OUTPUTS};

const NEW: [&str; 6] = [
    "generate",
    "paging-query-token-v1",
    "--out",
    "new",
    "--flavor",
    "crate",
];

fn generate(place: &Place, more: &[&str]) -> String {
    place.run(&[&NEW[..], more].concat()).success()
}

#[test]
fn case_g9_options_of_a_crate_are_applied_to_one_that_exists() {
    let place = Place::new("");
    generate(&place, &[]);
    let before = place.contents();
    let manifest = place.read("new/Cargo.toml");
    let example = |name: &str| format!("use {name}::");
    let source = || {
        let files = ["new/src/paging_query_token_v1.rs", "new/src/lib.rs"];
        files.map(|path| place.read(path)).concat()
    };
    assert!(
        source().contains(&example("paging_query_token_v1")),
        "{}",
        source()
    );

    generate(
        &place,
        &[
            "--name",
            "other-name",
            "--crate-version",
            "3.2.1",
            "--runtime-path",
            "../gapi/runtime",
        ],
    );
    let changed = manifest
        .replace("name = \"paging-query-token-v1\"", "name = \"other-name\"")
        .replace(
            "version = \"0.1.0\"\nedition",
            "version = \"3.2.1\"\nedition",
        )
        .replace(
            "gapi-runtime = { version",
            "gapi-runtime = { path = \"../gapi/runtime\", version",
        );
    assert_ne!(changed, manifest);
    assert_eq!(place.read("new/Cargo.toml"), changed);
    assert!(source().contains(&example("other_name")), "{}", source());

    // Without the options the manifest stays, and with the first values it is the first one again.
    let again = generate(&place, &[]);
    assert!(again.ends_with(": 0 changed\n"), "{again}");
    assert_eq!(place.read("new/Cargo.toml"), changed);
    place.write(
        "new/Cargo.toml",
        &changed.replace("path = \"../gapi/runtime\", ", ""),
    );
    generate(
        &place,
        &[
            "--name",
            "paging-query-token-v1",
            "--crate-version",
            "0.1.0",
        ],
    );
    assert_eq!(place.contents(), before);
}

#[test]
fn case_g9_keys_of_a_crate_are_applied_to_one_that_exists() {
    let project = |keys: &str| {
        let documents = "documents = [\"recursive-schema-v1\"]\n";
        format!("[[output]]\nout = \"new\"\nflavor = \"crate\"\n{documents}{keys}")
    };
    let place = Place::new(&project(""));
    place.run(&["generate"]).success();
    place.write(
        "gapi.toml",
        &project("name = \"n\"\nversion = \"9.0.0\"\nruntime-path = \"r\"\n"),
    );
    // `check` sees it, too.
    let outcome = place.run(&["check"]);
    assert!(outcome.out.contains("\n+name = \"n\"\n"), "{}", outcome.out);
    assert_eq!(outcome.code, 1);
    place.run(&["generate"]).success();
    let manifest = place.read("new/Cargo.toml");
    for line in [
        "\nname = \"n\"\n",
        "\nversion = \"9.0.0\"\n",
        "\ngapi-runtime = { path = \"r\", ",
    ] {
        assert!(manifest.contains(line), "{manifest}");
    }
    assert_eq!(place.run(&["check"]).code, 0);
}

#[test]
fn case_g9_an_option_that_cannot_be_applied_is_an_error() {
    let place = Place::new("");
    generate(&place, &[]);
    let manifest = place.read("new/Cargo.toml");
    place.write(
        "new/Cargo.toml",
        &manifest
            .replace(
                "version = \"0.1.0\"\nedition",
                "version.workspace = true\nedition",
            )
            .replace("gapi-runtime = {", "gapi-runtime.workspace = true #"),
    );
    let before = place.contents();
    place
        .run(&[&NEW[..], &["--crate-version", "1.0.0", "--runtime-path", "r"]].concat())
        .failure(
            "error: new/Cargo.toml:4:1: has no string `version` in `[package]` that could be changed\n  \
             help: write `version = \"1.0.0\"` there\n\
             error: new/Cargo.toml:15:26: inherits the dependency on `gapi-runtime`, so it cannot have a path\n  \
             help: remove `workspace` there, or do not set the path of the runtime",
        );
    assert_eq!(place.contents(), before);
    place.write("new/Cargo.toml", &manifest);
    let before = place.contents();
    for (option, value, message) in [
        (
            "--name",
            "1st",
            "error: the crate: cannot be called `1st`\n",
        ),
        (
            "--crate-version",
            "1",
            "error: the crate: cannot have the version `1`\n",
        ),
        (
            "--runtime-path",
            "",
            "error: the crate: cannot have the runtime in the path ``\n  help: write ",
        ),
    ] {
        let outcome = place.run(&[&NEW[..], &[option, value]].concat());
        assert_eq!(outcome.code, 1);
        assert!(outcome.err.starts_with(message), "{}", outcome.err);
    }
    assert_eq!(place.contents(), before);
}

#[test]
fn case_g9_tables_after_the_generated_features_stay() {
    const TABLES: &str =
        "\n# mine\n[dev-dependencies]\nserde_json = \"1\"\n\n[profile.release]\nlto = true\n";
    let place = Place::new("");
    let two = ["recursive-schema-v1", "--name", "two"];
    generate(&place, &two);
    let manifest = place.read("new/Cargo.toml");
    place.write("new/Cargo.toml", &format!("{manifest}{TABLES}"));
    let before = place.contents();
    // Of two APIs, and of one that is left.
    generate(&place, &two);
    assert_eq!(place.contents(), before);
    generate(&place, &[]);
    let changed = place.read("new/Cargo.toml");
    let features = "all = [\n    \"paging-query-token-v1\",\n]\npaging-query-token-v1 = []\n";
    assert!(
        changed.ends_with(&format!("{features}{TABLES}")),
        "{changed}"
    );

    // Hand-written text is neither kept in a wrong place nor deleted.
    let mine = format!("{manifest}mine = []\n");
    place.write("new/Cargo.toml", &mine);
    let outcome = place.run(&NEW);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome
            .err
            .starts_with("error: Cargo.toml: has `mine = []`, which is not generated, "),
        "{}",
        outcome.err
    );
    assert!(outcome.err.contains("\n  help: move it above "));
    assert_eq!(place.read("new/Cargo.toml"), mine);
}

#[test]
fn case_g9_tables_around_the_line_of_features_stay_in_a_crate_of_one_api() {
    const TABLE: &str = "[profile.release]\nlto = true\n";
    let place = Place::new("");
    generate(&place, &[]);
    let manifest = place.read("new/Cargo.toml");
    let lib = place.read("new/src/lib.rs");
    let at = manifest.find("# Generated features").expect("the line");
    let (head, tail) = manifest.split_at(at);
    for changed in [
        format!("{manifest}\n{TABLE}"),
        format!("{head}{TABLE}\n{tail}"),
    ] {
        place.write("new/Cargo.toml", &changed);
        generate(&place, &[]);
        assert_eq!(place.read("new/Cargo.toml"), changed);
        assert_eq!(place.read("new/src/lib.rs"), lib);
    }
    // A second API needs the line in its place.
    let outcome = place.run(&[&NEW[..], &["recursive-schema-v1"]].concat());
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.err.starts_with(
            "error: Cargo.toml: has the line for the generated features outside of `[features]`\n  help: move "
        ),
        "{}",
        outcome.err
    );
    // A hand-written feature would exist twice.
    place.write("new/Cargo.toml", &format!("{head}all = []\n{tail}"));
    let outcome = place.run(&[&NEW[..], &["recursive-schema-v1"]].concat());
    assert!(
        outcome
            .err
            .contains("would be invalid with the generated features: duplicate key"),
        "{}",
        outcome.err
    );
}

#[test]
fn case_g9_the_name_of_a_crate_is_read_in_every_form() {
    let place = Place::new("");
    generate(&place, &[]);
    let manifest = place.read("new/Cargo.toml");
    let readme = place.read("new/README.md");
    let fake = "[package.metadata]\nx = \"\"\"\n[package]\nname = \"fake\"\n\"\"\"\n\n";
    for name in ["name = 'my-own'", "\"name\"=\"\"\"my-own\"\"\" # x"] {
        let own = manifest
            .replacen("name = \"paging-query-token-v1\"", name, 1)
            .replacen("[package]", "[package] # x", 1);
        let own = format!("{fake}{own}");
        place.write("new/Cargo.toml", &own);
        generate(&place, &[]);
        assert_eq!(place.read("new/Cargo.toml"), own);
        let source = place.read("new/src/paging_query_token_v1.rs");
        assert!(source.contains("use my_own::"), "{source}");
        assert!(!source.contains("use paging_query_token_v1::"), "{source}");
        // The README above its generated part belongs to the user.
        assert_eq!(place.read("new/README.md"), readme);
    }
    place.write("new/Cargo.toml", "[package]\nname = \n");
    place.run(&NEW).failure(
        "error: new/Cargo.toml:2:8: invalid TOML: string values must be quoted, expected literal string\n  \
         help: see https://toml.io for the syntax",
    );
}

#[test]
fn case_g9_an_option_for_one_output_is_an_error_for_two() {
    let place = Place::new(TWO_OUTPUTS);
    for option in [
        ["--name", "x"],
        ["--crate-version", "1.0.0"],
        ["--runtime-path", "r"],
        ["--flavor", "crate"],
    ] {
        place
            .run(&[&["generate"][..], &option].concat())
            .failure(&format!(
                "error: `{}` is for one output, and there are 2\n  help: choose one with `--out`",
                option[0]
            ));
        if option[0] != "--flavor" {
            let modules = ["generate", "--out", "src"];
            place
                .run(&[&modules[..], &option].concat())
                .failure(&format!(
                    "error: `{}` is for a crate\n  help: add `--flavor crate`",
                    option[0]
                ));
        }
    }
    assert!(!place.exists("src") && !place.exists("clients"));
    place
        .run(&["generate", "--out", "clients", "--name", "x"])
        .success();
    assert!(
        place
            .read("clients/Cargo.toml")
            .contains("\nname = \"x\"\n")
    );
}

#[test]
fn the_readme_shows_the_command_that_generates_the_crate_again() {
    let place = Place::new(TWO_OUTPUTS);
    place.run(&["generate"]).success();
    let readme = place.read("clients/README.md");
    assert!(
        readme.ends_with("\n```sh\ngapi generate\n```\n"),
        "{readme}"
    );
    place
        .run(&[&NEW[..], &["--allow-host", "a.example.com"]].concat())
        .success();
    let readme = place.read("new/README.md");
    let command = "gapi generate paging_query_token.v1.json --out . --flavor crate --allow-host a.example.com";
    assert!(
        readme.ends_with(&format!("\n```sh\n{command}\n```\n")),
        "{readme}"
    );
}

#[test]
fn first_files_that_the_user_deletes_stay_deleted() {
    let place = Place::new(TWO_OUTPUTS);
    place.run(&["generate"]).success();
    let first = ["README.md", "NOTICE", ".gitignore"].map(|name| format!("clients/{name}"));
    for path in &first {
        fs::remove_file(place.path(path)).expect("remove");
    }
    // Without a README, the front page in `lib.rs` lists the APIs.
    for changed in [1, 0] {
        let said = place.run(&["generate", "--out", "clients"]).success();
        assert!(said.ends_with(&format!(": {changed} changed\n")), "{said}");
        assert!(!first.iter().any(|path| place.exists(path)));
    }
    // Without the list of files the first run has not ended.
    fs::remove_file(place.path("clients/.gapi-files")).expect("remove");
    place.run(&["generate"]).success();
    assert!(first.iter().all(|path| place.exists(path)));
}

#[test]
fn a_crate_keeps_its_features_when_one_api_is_left() {
    let place =
        Place::new("[[output]]\nout = \"clients\"\nflavor = \"crate\"\nname = \"clients\"\n");
    place.run(&["generate"]).success();
    let document = place.path("discovery/paging_query_token.v1.json");
    fs::remove_file(&document).expect("remove");
    place.run(&["generate"]).success();
    let lib = place.read("clients/src/lib.rs");
    assert!(
        lib.contains("#[cfg(feature = \"recursive-schema-v1\")]"),
        "{lib}"
    );
    // A crate of one API gets features with the second one.
    fs::remove_dir_all(place.path("clients")).expect("remove");
    place.run(&["generate"]).success();
    let lib = place.read("clients/src/lib.rs");
    assert!(!lib.contains("#[cfg(feature"), "{lib}");
    fs::write(&document, fixture::named("paging_query_token").source.text).expect("write");
    place.run(&["generate"]).success();
    let lib = place.read("clients/src/lib.rs");
    assert!(
        lib.contains("#[cfg(feature = \"recursive-schema-v1\")]"),
        "{lib}"
    );
}
