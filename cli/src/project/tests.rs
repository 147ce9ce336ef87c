//! Project files as text: settings, and the exact text of each error.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::path::Path;

use gapi_generator::{Derive, Rename, Selector};

use super::{
    parse::{errors_of as errors, settings},
    paths::{joined, leads_out},
    settings::{Flavor, OutputSettings, Position, Settings, Text},
};

/// Checks that a file has exactly these errors.
fn assert_errors(text: &str, wanted: &[&str]) {
    assert_eq!(errors(text), wanted.join("\n"), "{text}");
}

#[test]
fn every_key_is_read() {
    let text = r#"
discovery = "apis"
allow-hosts = ["a.example.com"]
fetch = { apis = ["drive:v3"], from = "a.zip" }
[[output]]
out = "src/google"
[[output]]
out = "clients"
flavor = "crate"
documents = ["apis/*.json", "drive-v3"]
resources = ["drive:v3#files", "buckets"]
allow-hosts = ["b.example.com"]
name = "clients"
version = "1.2.3"
runtime-path = "../runtime"
renames = { "drive:v3#/schemas/File" = "DriveFile" }
[output.derives]
"drive:v3#File" = ["Eq", "Hash"]
"**" = "my::Macro"
"#;
    let (read, errors) = settings(text);
    assert_eq!(errors.into_result(Path::new("gapi.toml")), Ok(()));
    let place = |line, column, text: &str| Text {
        place: Position { line, column },
        text: text.to_owned(),
    };
    let mut wanted = Settings {
        discovery: Some(place(2, 13, "apis")),
        allow_hosts: vec!["a.example.com".to_owned()],
        ..Settings::default()
    };
    wanted.fetch.apis = Some(vec!["drive:v3".to_owned()]);
    wanted.fetch.from = Some("a.zip".to_owned());
    let modules = OutputSettings {
        out: place(6, 7, "src/google"),
        ..OutputSettings::default()
    };
    let derive = |structs: &str, macros: &str| Derive {
        structs: Selector::from(structs),
        macros: macros.to_owned(),
    };
    let whole_crate = OutputSettings {
        out: place(8, 7, "clients"),
        flavor: Flavor::Crate,
        documents: Some(vec![
            place(10, 14, "apis/*.json"),
            place(10, 29, "drive-v3"),
        ]),
        resources: ["drive:v3#files", "buckets"].map(Selector::from).into(),
        allow_hosts: vec!["b.example.com".to_owned()],
        renames: vec![Rename {
            document: "drive:v3".to_owned(),
            pointer: "/schemas/File".to_owned(),
            rust: "DriveFile".to_owned(),
        }],
        derives: vec![
            derive("drive:v3#File", "Eq, Hash"),
            derive("**", "my::Macro"),
        ],
        name: Some("clients".to_owned()),
        version: Some("1.2.3".to_owned()),
        runtime_path: Some("../runtime".to_owned()),
    };
    wanted.outputs = vec![modules, whole_crate];
    assert_eq!(read, wanted);
}

#[test]
fn a_file_may_be_empty() {
    assert_eq!(settings("").0, Settings::default());
    assert_eq!(errors("# Nothing.\n"), "");
}

#[test]
fn invalid_toml_is_an_error_with_each_place() {
    assert_errors(
        "a = \n[b\n",
        &[
            "error: gapi.toml:1:5: invalid TOML: string values must be quoted, expected literal string",
            "  help: see https://toml.io for the syntax",
            "error: gapi.toml:2:3: invalid TOML: unclosed table, expected `]`",
            "  help: see https://toml.io for the syntax",
        ],
    );
    assert_errors(
        "[fetch]\n[fetch]\n",
        &[
            "error: gapi.toml:2:2: invalid TOML: duplicate key",
            "  help: see https://toml.io for the syntax",
        ],
    );
}

#[test]
fn an_unknown_key_is_an_error_with_the_nearest_key() {
    assert_errors(
        "discovry = \"x\"\nzzz = 1\n[fetch]\napi = []\n\"\\u202e\" = 1\n[[output]]\nout = \"a\"\n\
         allow_hosts = []\nquite-another-key = 1\n",
        &[
            "error: gapi.toml:1:1: unknown key `discovry`",
            "  help: did you mean `discovery`?",
            "error: gapi.toml:2:1: unknown key `zzz`",
            "  help: the keys are `discovery`, `allow-hosts`, `fetch`, `output`",
            "error: gapi.toml:4:1: unknown key `api` in `[fetch]`",
            "  help: did you mean `apis`?",
            "error: gapi.toml:5:1: unknown key `\u{fffd}` in `[fetch]`",
            "  help: the keys are `apis`, `from`",
            "error: gapi.toml:8:1: unknown key `allow_hosts` in `[[output]]`",
            "  help: did you mean `allow-hosts`?",
            "error: gapi.toml:9:1: unknown key `quite-another-key` in `[[output]]`",
            "  help: the keys are `out`, `flavor`, `documents`, `resources`, `allow-hosts`, `renames`, `derives`, \
             `name`, `version`, `runtime-path`",
        ],
    );
}

#[test]
fn a_wrong_type_is_an_error_with_an_example() {
    for (text, message, help) in [
        (
            "discovery = 1",
            "1:13: `discovery` is an integer, and not a string",
            "write `discovery = \"discovery\"`",
        ),
        (
            "discovery = 1.5",
            "1:13: `discovery` is a float, and not a string",
            "write `discovery = \"discovery\"`",
        ),
        (
            "discovery = true",
            "1:13: `discovery` is a boolean, and not a string",
            "write `discovery = \"discovery\"`",
        ),
        (
            "discovery = 2026-01-01",
            "1:13: `discovery` is a date, and not a string",
            "write `discovery = \"discovery\"`",
        ),
        (
            "discovery = []",
            "1:13: `discovery` is an array, and not a string",
            "write `discovery = \"discovery\"`",
        ),
        (
            "discovery = {}",
            "1:13: `discovery` is a table, and not a string",
            "write `discovery = \"discovery\"`",
        ),
        (
            "discovery = \"\"",
            "1:13: `discovery` is empty",
            "write `discovery = \"discovery\"`, or remove the line",
        ),
        (
            "allow-hosts = \"a\"",
            "1:15: `allow-hosts` is a string, and not an array of strings",
            "write `allow-hosts = [\"api.example.com\"]`",
        ),
        (
            "allow-hosts = []",
            "1:15: `allow-hosts` is empty",
            "write `allow-hosts = [\"api.example.com\"]`, or remove the line",
        ),
        (
            "allow-hosts = [\"a\", 1]",
            "1:21: `allow-hosts` contains an integer, and not only names",
            "write `allow-hosts = [\"api.example.com\"]`",
        ),
        (
            "fetch = 1",
            "1:9: `fetch` is an integer, and not a table",
            "write `[fetch]` on its own line",
        ),
        (
            "[fetch]\napis = [\"\"]",
            "2:9: `apis` contains an empty string, and not only names",
            "write `apis = [\"drive:v3\"]`",
        ),
        (
            "output = 1",
            "1:10: `output` is an integer, and not an array of tables",
            "write `[[output]]` on its own line",
        ),
        (
            "[output]\nout = \"a\"",
            "1:1: `output` is a table, and not an array of tables",
            "write `[[output]]` on its own line",
        ),
        (
            "output = [1]",
            "1:11: `output` contains an integer, and not only tables",
            "write `[[output]]` on its own line",
        ),
    ] {
        assert_errors(
            text,
            &[
                &format!("error: gapi.toml:{message}"),
                &format!("  help: {help}"),
            ],
        );
    }
}

#[test]
fn a_wrong_output_is_an_error() {
    for (keys, message, help) in [
        (
            "out = \"a\"\nflavor = \"crat\"",
            "3:10: `flavor` is \"crat\", and not \"module\", \"crate\" or \"crates\"",
            "did you mean \"crate\"?",
        ),
        (
            "out = \"a\"\nflavor = \"x\"\nname = \"x\"",
            "3:10: `flavor` is \"x\", and not \"module\", \"crate\" or \"crates\"",
            "write \"module\", \"crate\" or \"crates\"",
        ),
        (
            "",
            "1:1: `[[output]]` has no `out`",
            "add `out = \"src\"`, the directory to generate into",
        ),
        ("out = \"\"", "2:7: `out` is empty", "write `out = \"src\"`"),
        (
            "out = \"a\"\nflavor = 1",
            "3:10: `flavor` is an integer, and not a string",
            "write `flavor = \"module\"`",
        ),
        (
            "out = 1",
            "2:7: `out` is an integer, and not a string",
            "write `out = \"src\"`",
        ),
        (
            "out = \"a\"\nname = \"x\"",
            "3:8: `name` is for a crate",
            "add `flavor = \"crate\"`",
        ),
        (
            "out = \"a\"\nversion = \"x\"",
            "3:11: `version` is for a crate",
            "add `flavor = \"crate\"`",
        ),
        (
            "out = \"a\"\nruntime-path = \"x\"",
            "3:16: `runtime-path` is for a crate",
            "add `flavor = \"crate\"`",
        ),
        (
            "out = \"a\"\nrenames = 1",
            "3:11: `renames` is an integer, and not a table",
            "write `renames = { \"spanner:v1#/schemas/Type\" = \"DataType\" }`",
        ),
        (
            "out = \"a\"\nrenames = { \"a#b\" = [] }",
            "3:21: `a#b` in `renames` is an array, and not a string",
            "write `renames = { \"spanner:v1#/schemas/Type\" = \"DataType\" }`",
        ),
        (
            "out = \"a\"\nrenames = { \"Type\" = \"X\" }",
            "3:13: `Type` in `renames` is not a place",
            "write the id of the document, `#` and a JSON pointer: \"spanner:v1#/schemas/Type\" = \"DataType\"",
        ),
        (
            "out = \"a\"\nderives = { \"a\" = 1 }",
            "3:19: `a` in `derives` is an integer, and not a string or an array of strings",
            "write `derives = { \"storage:v1#Bucket\" = \"Hash\" }`",
        ),
        (
            "out = \"a\"\nderives = { \"a\" = [1] }",
            "3:20: `a` contains an integer, and not only names",
            "write `a = [\"Eq\", \"Hash\"]`",
        ),
    ] {
        let text = format!("[[output]]\n{keys}\n");
        assert_errors(
            &text,
            &[
                &format!("error: gapi.toml:{message}"),
                &format!("  help: {help}"),
            ],
        );
    }
}

#[test]
fn two_outputs_in_one_directory_are_an_error() {
    assert_errors(
        "[[output]]\nout = \"src/a\"\n[[output]]\nout = \"./src/b/../a/\"\n",
        &[
            "error: gapi.toml:4:7: the output in gapi.toml:2:7 writes to `./src/b/../a/`, too",
            "  help: write one `[[output]]` with the documents of both, or choose another directory",
        ],
    );
}

#[test]
fn a_directory_outside_of_the_project_is_an_error() {
    for outside in ["..", "../a", "a/../../b", "/tmp", "a/../..", "./.."] {
        assert!(leads_out(outside), "{outside}");
        let help =
            "  help: write a relative path without `..`, or move gapi.toml to a directory above";
        assert_errors(
            &format!("discovery = \"{outside}\"\n[[output]]\nout = \"{outside}\"\n"),
            &[
                &format!(
                    "error: gapi.toml:1:13: `discovery = \"{outside}\"` leads out of the project"
                ),
                help,
                &format!("error: gapi.toml:3:7: `out = \"{outside}\"` leads out of the project"),
                help,
            ],
        );
    }
    for inside in [".", "a", "a/..", "a/../b", "./a/./b", "..a", "a..", "..."] {
        assert!(!leads_out(inside), "{inside}");
    }
}

#[test]
fn paths_are_short() {
    for (root, path, wanted) in [
        ("", ".", "."),
        ("", "a/../b", "b"),
        ("", "./a", "a"),
        ("..", ".", ".."),
        ("../..", "a", "../../a"),
    ] {
        assert_eq!(
            joined(Path::new(root), path),
            Path::new(wanted),
            "{root} {path}"
        );
    }
}

/// Every prefix of a file, and the file with each byte replaced, is read or rejected without a panic.
#[test]
fn any_text_is_read_or_rejected() {
    let text = "discovery = \"d\"\nallow-hosts = ['é']\n[fetch]\napis = [\"a:v1\"]\n[[output]]\nout = \"o\"\n\
                flavor = \"crate\"\nrenames = { \"a#b\" = \"C\" }\n[output.derives]\n\"*\" = [\"X\"]\n";
    let mut rejected = 0;
    let mut read = |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return;
        };
        let errors = errors(text);
        rejected += usize::from(!errors.is_empty());
        for line in errors.lines() {
            assert!(
                line.starts_with("error: gapi.toml:") || line.starts_with("  help: "),
                "{line}"
            );
        }
    };
    for end in 0..text.len() {
        read(&text.as_bytes()[..end]);
        for byte in b"\"'[]{}=.#\n\\ x1\0\x7f" {
            let mut changed = text.as_bytes().to_vec();
            changed[end] = *byte;
            read(&changed);
        }
    }
    assert!(rejected > 1_000, "{rejected}");
    // Deeper than the parser goes.
    for nested in [
        "[".repeat(100_000),
        "{a=".repeat(100_000),
        "a.".repeat(100_000),
    ] {
        assert_ne!(errors(&format!("a = {nested}")), "");
        assert_ne!(errors(&nested), "");
    }
}
