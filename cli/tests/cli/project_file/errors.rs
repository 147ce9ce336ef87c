//! Wrong project files: exact messages, and nothing written.

use std::fs;

use super::Place;

#[test]
fn all_errors_are_reported_at_once_and_nothing_is_written() {
    let place = Place::new(
        r#"discovry = "x"
[fetch]
apis = "a:v1"
[[output]]
out = "src"
documents = [
    "discover/*.json",
    "discovery/*.jsn",
    "none/of/these/*",
    "recursive-shema-v1",
    "discovery/recursive_schema.v2.json",
    "zebra.json",
    "../*.json",
    "discovery/[",
    "discovery/recursive_schema.v1.json",
]
[[output]]
out = "../clients"
name = "x"
"#,
    );
    fs::create_dir(place.path("below")).expect("create");
    let before = place.contents();
    let at = |line: &str| format!("error: ../gapi.toml:{line}");
    let of_the_file = [
        at("1:1: unknown key `discovry`"),
        "  help: did you mean `discovery`?".to_owned(),
        at("3:8: `apis` is a string, and not an array of strings"),
        "  help: write `apis = [\"drive:v3\"]`".to_owned(),
    ];
    let of_documents = [
        at("7:5: no document matches `discover/*.json`"),
        "  help: did you mean `discovery/*.json`?".to_owned(),
        at("8:5: no document matches `discovery/*.jsn`"),
        "  help: `discovery/*.json` matches documents".to_owned(),
        at("9:5: no document matches `none/of/these/*`"),
        "  help: `gapi fetch` gets documents from Google".to_owned(),
        at("10:5: ../discovery has no API `recursive-shema-v1`"),
        "  help: did you mean `recursive-schema-v1`?".to_owned(),
        "  help: it has paging-query-token-v1, recursive-schema-v1".to_owned(),
        at(
            "11:5: cannot read ../discovery/recursive_schema.v2.json: No such file or directory (os error 2)",
        ),
        "  help: did you mean `../discovery/recursive_schema.v1.json`?".to_owned(),
        at("12:5: cannot read ../zebra.json: No such file or directory (os error 2)"),
        "  help: write another path, or remove this one".to_owned(),
        at("13:5: the pattern `../*.json` leads out of the project"),
        "  help: name documents outside one by one, without `*`".to_owned(),
        at("14:5: `discovery/[` is not a pattern: invalid range pattern"),
        "  help: `*` matches within a name, `**/` any directories: \"discovery/*.json\"".to_owned(),
    ];
    let of_outputs = [
        at("18:7: `out = \"../clients\"` leads out of the project"),
        "  help: write a relative path without `..`, or move gapi.toml to a directory above"
            .to_owned(),
        at("19:8: `name` is for a crate"),
        "  help: add `flavor = \"crate\"`".to_owned(),
    ];
    let all = [&of_the_file[..], &of_documents, &of_outputs]
        .concat()
        .join("\n");
    let file = [of_the_file, of_outputs].concat().join("\n");
    for command in ["generate", "check"] {
        place.run_in("below", &[command]).failure(&all);
    }
    // Other commands read no documents of outputs.
    for arguments in [
        &["fetch"][..],
        &["diff"],
        &["list"],
        &["inspect", "recursive-schema-v1"],
        &["describe", "recursive-schema-v1"],
        &["generate", "recursive-schema-v1", "--out", "x"],
    ] {
        place.run_in("below", arguments).failure(&file);
    }
    assert_eq!(place.contents(), before);
}

#[test]
fn a_file_without_documents_is_an_error() {
    let place = Place::new("discovery = \"empty\"\n[[output]]\nout = \"src\"\n");
    place.run(&["generate"]).failure(
        "error: gapi.toml:3:7: cannot read the directory of documents empty: No such file or directory (os error 2)\n  \
         help: `gapi fetch` gets documents from Google",
    );
    fs::create_dir(place.path("empty")).expect("create");
    place.run(&["check"]).failure(
        "error: gapi.toml:3:7: empty contains no document (*.json)\n  \
         help: `gapi fetch` gets documents from Google",
    );
}

#[test]
fn a_wrong_document_of_one_output_keeps_the_others_from_being_written() {
    let place = Place::new(
        "[[output]]\nout = \"a\"\ndocuments = [\"recursive-schema-v1\"]\n\
         [[output]]\nout = \"b\"\ndocuments = [\"wrong.json\"]\n\
         [[output]]\nout = \"c\"\nresources = [\"no.such\"]\n",
    );
    place.write("wrong.json", "{");
    let before = place.contents();
    let outcome = place.run(&["generate"]);
    assert_eq!(outcome.code, 1);
    for message in ["error: wrong.json: not JSON", "no.such"] {
        assert!(outcome.err.contains(message), "{}", outcome.err);
    }
    assert_eq!(place.contents(), before);
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    let place = Place::new("");
    let before = place.contents();
    let file = place.path("gapi.toml");
    let check = |message: &str| {
        let outcome = place.run_in("discovery", &["generate"]);
        assert_eq!(outcome.code, 1, "{outcome:?}");
        let start = format!("error: cannot read ../gapi.toml: {message}");
        assert!(outcome.err.starts_with(&start), "{}", outcome.err);
    };
    fs::create_dir(&file).expect("create");
    check("");
    fs::remove_dir(&file).expect("remove");
    fs::write(&file, b"a = \"\xff\"").expect("write");
    check("it is not UTF-8");
    fs::write(&file, "#".repeat((1 << 20) + 1)).expect("write");
    check("it is larger than 1 MiB");
    fs::remove_file(&file).expect("remove");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", &file).expect("link");
        check("No such file or directory");
        fs::remove_file(&file).expect("remove");
    }
    assert_eq!(place.contents(), before);
}
