//! Generated modules in other crates: no warnings of rustc, clippy and rustdoc, and no other lines to add than those
//! that `generate` prints.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::fs;

use gapi_generator::Generator;
use gapi_tests::{cargo, command, workspace};

mod project;

use project::{Project, discovery, documents, fixtures, succeed};

/// No warning and no error.
const NONE: [String; 0] = [];

/// The attributes of a strict crate.
const STRICT: &str = "\
//! Strict.
#![forbid(unsafe_code, clippy::unwrap_used)]
#![deny(warnings, missing_copy_implementations, missing_debug_implementations, missing_docs)]
#![deny(unnameable_types, unreachable_pub, unused_qualifications, rust_2018_idioms)]
#![deny(clippy::pedantic, clippy::nursery, clippy::allow_attributes_without_reason)]
#![deny(clippy::exhaustive_structs, clippy::missing_inline_in_public_items)]
";

/// A program that sends a call with the printed dependencies.
const CALL: &str = r##"
use futures_util::TryStreamExt as _;
use gapi_runtime::MockTransport;
use spanner_v1::Spanner;

#[tokio::main]
async fn main() -> gapi_runtime::Result<()> {
    let pages = MockTransport::new()
        .respond(200, r#"{"instances": [{"name": "one"}], "nextPageToken": "2"}"#)
        .respond(200, r#"{"instances": [{"name": "two"}]}"#);
    let client = Spanner::builder().transport(pages).build().await?;
    let mut instances = client.projects().instances().list("projects/p").items();
    while let Some(instance) = instances.try_next().await? {
        println!("{}", instance.name.unwrap_or_default());
    }
    Ok(())
}
"##;

#[test]
fn case_g8_a_new_program_builds_without_a_warning_by_the_printed_lines() {
    let project = Project::new("hello-program");
    let main = project.read("src/main.rs");
    let said = project.generate(&documents(), "src");
    assert!(said.starts_with("\nAdd to src/main.rs:\n"), "{said}");
    project.follow(&said);
    assert_eq!(project.complaints("build", &[]), NONE);
    assert_eq!(project.run(), "Hello, world!\n");
    project.document();

    // The unused modules of a program that sends a call cause no warnings of dead code, either.
    let modules = project.read("src/main.rs").replace(&main, "");
    project.write("src/main.rs", &format!("{modules}{CALL}"));
    assert_eq!(project.complaints("build", &[]), NONE);
    assert_eq!(project.run(), "one\ntwo\n");

    // A second run prints nothing. With one module more, it prints only the lines for that one.
    assert_eq!(project.generate(&documents(), "src"), "");
    assert_eq!(
        project.generate(&fixtures(&["recursive_schema"]), "src"),
        "\nAdd to src/main.rs:\n\n    #[rustfmt::skip]\n    mod recursive_schema_v1;\n"
    );
}

#[test]
fn case_g8_lints_of_strict_crates_do_not_reach_the_modules() {
    let project = Project::new("hello-strict");
    project.follow(&project.generate(&documents(), "src"));
    let modules = project.read("src/main.rs");
    let modules = &modules[modules.find("#[rustfmt").expect("modules")..];
    let program = format!("{STRICT}{modules}fn main() {{}}\n");
    project.write("src/main.rs", &program);
    let manifest = project.read("Cargo.toml");
    for edition in ["2024", "2018"] {
        let other = manifest.replace("edition = \"2024\"", &format!("edition = \"{edition}\""));
        project.write("Cargo.toml", &other);
        assert_eq!(project.complaints("clippy", &[]), NONE, "edition {edition}");
    }

    // A library has public modules by the printed lines, and may also make them private.
    project.write("Cargo.toml", &manifest);
    fs::remove_file(project.path("src/main.rs")).expect("remove");
    project.write("src/lib.rs", STRICT);
    let said = project.generate(&documents(), "src");
    assert!(
        said.starts_with("\nAdd to src/lib.rs:\n") && !said.contains("Cargo.toml"),
        "{said}"
    );
    project.follow(&said);
    assert_eq!(project.complaints("clippy", &[]), NONE, "public modules");
    let library = project.read("src/lib.rs");
    assert!(library.contains("\npub mod spanner_v1;\n"), "{library}");
    project.write("src/lib.rs", &library.replace("\npub mod ", "\nmod "));
    assert_eq!(project.complaints("clippy", &[]), NONE, "private modules");
    project.document();
}

#[test]
fn case_g8_a_program_includes_what_a_build_script_writes_without_a_warning() {
    let project = Project::new("hello-included");
    let said = project.generate(&documents(), "src");
    let (_, dependencies) = said
        .split_once("\nAdd to [dependencies]")
        .expect("dependencies");
    project.follow(&format!("\nAdd to [dependencies]{dependencies}"));
    let written = documents()
        .into_iter()
        .fold(Generator::new(), Generator::document);
    written
        .write_to(project.path("generated"))
        .expect("it generates");
    // `include_generated!` does the same for `OUT_DIR`.
    let include = "include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/generated/gapi.rs\"));\n";
    project.write("src/main.rs", &format!("{STRICT}{include}fn main() {{}}\n"));
    assert_eq!(project.complaints("clippy", &[]), NONE);
    let library = format!("{STRICT}mod google {{\n    {include}}}\n");
    fs::remove_file(project.path("src/main.rs")).expect("remove");
    project.write("src/lib.rs", &library);
    assert_eq!(project.complaints("clippy", &[]), NONE);
}

#[test]
fn case_g8_the_printed_lines_lead_to_modules_in_any_directory() {
    let project = Project::new("hello-nested");
    let main = project.read("src/main.rs");
    // A lint of `clippy::nursery` rejects `pub(crate)`, which `unreachable_pub` demands.
    let strict = STRICT.replace("clippy::nursery, ", "");
    project.write("src/main.rs", &format!("{strict}{main}"));
    for (document, out) in [
        ("recursive_schema", "src/google"),
        ("paging_query_token", "src/google"),
        ("service_path", "src/a/b"),
        ("root_methods", "clients"),
        ("method_scopes", "src/my-apis"),
        ("inline_object", "src/type"),
        ("inline_enum_in_array_and_map", "."),
    ] {
        let said = project.generate(&fixtures(&[document]), out);
        assert_ne!(said, "", "{document} in {out}");
        project.follow(&said);
        assert_eq!(
            project.generate(&fixtures(&[document]), out),
            "",
            "{document} in {out}"
        );
    }
    assert_eq!(project.complaints("clippy", &[]), NONE);
    // Each type is at its path.
    let uses = "
#[allow(unused_imports, reason = \"all that counts is that they are found\")]
use crate::{
    a::b::service_path_v1, clients::root_methods_v1, google::paging_query_token_v1,
    google::recursive_schema_v1, google_type::inline_object_v1, my_apis::method_scopes_v1,
    hello_nested::inline_enum_in_array_and_map_v1,
};
";
    project.write("src/main.rs", &(project.read("src/main.rs") + uses));
    assert_eq!(project.complaints("check", &[]), NONE);
}

#[test]
fn case_g8_cargo_fmt_leaves_the_modules_alone() {
    let project = Project::new("hello-format");
    for (document, out) in [
        ("deprecated_items", "src"),
        ("paging_query_token", "clients"),
    ] {
        project.follow(&project.generate(&fixtures(&[document]), out));
    }
    // The lines can be added in any order, and `cargo fmt` changes nothing.
    succeed(cargo::command(project.path(""), "fmt").arg("--check"));
}

#[test]
fn case_g8_the_examples_of_the_help_work_as_they_are_typed() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let clone = directory.path().join("gapi");
    fs::create_dir_all(clone.join("discovery")).expect("create");
    fs::create_dir_all(clone.join("generated")).expect("create");
    for path in discovery(&["healthcare.v1", "servicemanagement.v1", "spanner.v1"]) {
        fs::copy(&path, clone.join("discovery").join(workspace::name(&path))).expect("copy");
    }
    let manifest = workspace::read(&workspace::root().join("generated/Cargo.toml"));
    fs::write(clone.join("generated/Cargo.toml"), manifest).expect("write");
    let file = workspace::read(&workspace::root().join("gapi.toml"));
    fs::write(clone.join("gapi.toml"), file).expect("write");
    let program = |arguments: &[&str]| command::run(crate::PROGRAM, &clone, arguments);

    let help = program(&["generate", "--help"]).success();
    let (_, examples) = help.split_once("\nExamples:\n").expect("examples");
    let mut said = Vec::new();
    for line in examples.lines() {
        let words: Vec<&str> = line
            .split_whitespace()
            .map(|word| word.trim_matches('\''))
            .collect();
        match words.split_first() {
            Some((&"cargo", [name, arguments @ ..])) => {
                succeed(cargo::command(&clone, name).args(arguments));
            }
            Some((&"gapi", arguments)) => said.push(program(arguments).success()),
            _ => panic!("no command: {line}"),
        }
    }
    let [first, second, crates @ ..] = &said[..] else {
        panic!("{help}");
    };
    assert!(
        first.contains("\nAdd to ../hello/src/main.rs:\n"),
        "{first}"
    );
    assert!(
        first.contains("\nAdd to [dependencies] in ../hello/Cargo.toml:\n"),
        "{first}"
    );
    assert!(
        first.contains("\n    gapi-runtime = { path = \""),
        "{first}"
    );
    assert!(
        second.contains("\nCreate ../hello/src/google.rs with:\n"),
        "{second}"
    );

    // Nothing but summaries is printed for crates, for this repository's own crate, and with `--quiet`.
    let own = program(&["generate"]).success();
    for said in crates.iter().chain([&own]) {
        let is_summary = |line: &str| line.ends_with(" changed");
        assert!(!said.is_empty() && said.lines().all(is_summary), "{said}");
    }
    let quiet = ["generate", "spanner-v1", "--out", "../hello/src", "--quiet"];
    assert_eq!(program(&quiet).success(), "");
}

#[test]
fn case_g8_places_where_modules_cannot_be_found_are_rejected() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let root = directory.path();
    fs::create_dir_all(root.join("src/spanner_v1")).expect("make directories");
    fs::write(root.join("Cargo.toml"), "").expect("write a file");
    fs::write(root.join("src/spanner_v1/mod.rs"), "// By hand.\n").expect("write a file");
    let documents = discovery(&["spanner.v1"]);
    let document = documents[0].to_str().expect("the path is text");
    for (out, message) in [
        (
            "src/bin",
            "error: cargo treats each file in src/bin as a separate target\n  help: ",
        ),
        (
            "tests",
            "error: cargo treats each file in tests as a separate target\n  help: ",
        ),
        ("src", "error: src/spanner_v1/mod.rs is in the way: "),
    ] {
        let arguments = ["generate", document, "--out", out];
        let outcome = command::run(crate::PROGRAM, root, &arguments);
        assert_eq!(outcome.code, 1, "{outcome:?}");
        assert!(outcome.err.starts_with(message), "{outcome:?}");
    }
    assert!(!root.join("src/spanner_v1.rs").exists());
    assert!(!root.join("src/bin").exists() && !root.join("tests").exists());
}
