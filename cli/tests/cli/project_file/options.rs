//! Options of the command line that are for some outputs only.

use std::fs;

use super::Place;

const ONE_DOCUMENT_EACH: &str = r#"[[output]]
out = "a"
documents = ["recursive-schema-v1"]
[[output]]
out = "b"
documents = ["paging-query-token-v1"]
"#;

#[test]
fn an_option_with_an_id_is_for_the_outputs_with_this_document() {
    let place = Place::new(ONE_DOCUMENT_EACH);
    let rename = "recursive_schema:v1#/schemas/Type=Kind";
    let derive = "recursive_schema:v1#Type=Hash";
    place
        .run(&["generate", "--rename", rename, "--derive", derive])
        .success();
    let schemas = place.read("a/recursive_schema_v1/schemas.rs");
    assert!(
        schemas.contains("#[derive(Hash)]\npub struct Kind {"),
        "{schemas}"
    );
    assert!(place.exists("b/paging_query_token_v1.rs"));
    let outcome = place.run(&["check", "--derive", "genomics:v1#Type=Hash"]);
    outcome.failure(
        "error: the options: no document has the id `genomics:v1`\n  help: there are `recursive_schema:v1`\n  \
         note: in the output `a`, gapi.toml:2:7\n\
         error: the options: no document has the id `genomics:v1`\n  help: there are `paging_query_token:v1`\n  \
         note: in the output `b`, gapi.toml:5:7",
    );
}

#[test]
fn documents_of_the_command_line_leave_the_renames_of_others_alone() {
    let place = Place::new(
        "[[output]]\nout = \"src\"\nrenames = { \"recursive_schema:v1#/schemas/Type\" = \"Kind\" }\n",
    );
    place
        .run(&["generate", "paging-query-token-v1", "--out", "src"])
        .success();
    assert!(place.exists("src/paging_query_token_v1.rs"));
}

#[test]
fn a_directory_of_documents_without_effect_is_an_error() {
    let place = Place::new("[[output]]\nout = \"src\"\ndocuments = [\"discovery/*.json\"]\n");
    let other = ["generate", "--discovery", "other"];
    place.run(&other).failure(
        "error: gapi.toml:2:7: `--discovery` has no effect on this output: its `documents` has only paths and patterns\n  \
         help: remove the option, or name other documents: `gapi generate DOC --out DIR`",
    );
    assert!(!place.exists("src"));
    // Names are looked up there.
    place.write(
        "gapi.toml",
        "[[output]]\nout = \"src\"\ndocuments = [\"recursive-schema-v1\"]\n",
    );
    fs::rename(place.path("discovery"), place.path("other")).expect("rename");
    place.run(&other).success();
}

#[test]
fn a_crate_with_a_name_does_not_become_modules() {
    for (key, value) in [
        ("name", "x"),
        ("version", "1.0.0"),
        ("runtime-path", "../r"),
    ] {
        let place = Place::new(&format!(
            "[[output]]\nout = \"clients\"\nflavor = \"crate\"\n{key} = \"{value}\"\n"
        ));
        place
            .run(&["generate", "--flavor", "module"])
            .failure(&format!(
                "error: `--flavor module` is not for a crate with a `{key}`\n  \
                 help: remove the option, or name documents and another directory\n  \
                 note: in the output `clients`, gapi.toml:2:7"
            ));
        assert!(!place.exists("clients"));
    }
}

#[test]
fn check_compares_all_outputs_if_one_cannot_be_read() {
    let place = Place::new(ONE_DOCUMENT_EACH);
    place.run(&["generate"]).success();
    let module = "recursive_schema_v1.rs";
    fs::remove_file(place.path(&format!("a/{module}"))).expect("remove");
    fs::create_dir(place.path(&format!("a/{module}"))).expect("create");
    fs::remove_file(place.path("b/paging_query_token_v1.rs")).expect("remove");
    let outcome = place.run(&["check"]);
    assert_eq!(outcome.code, 1);
    let stale = "error: b is stale in 1 files\n";
    assert!(outcome.err.contains(stale), "{}", outcome.err);
    assert!(
        outcome.err.starts_with("error: ") && outcome.err.contains(module),
        "{}",
        outcome.err
    );
}
