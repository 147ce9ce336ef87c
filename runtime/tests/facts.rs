//! Generated code compiles with a later runtime that has more facts about services, methods and operations.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The generated module that is compiled. It has pages and operations.
const MODULE: &str = "genomics_v1";

/// The structs that get one more fact, each with its file and the file of the macro that states its facts.
const FACTS: [(&str, &str, &str); 3] = [
    ("ServiceInfo", "method.rs", "client/service.rs"),
    ("MethodInfo", "method.rs", "call.rs"),
    ("OperationInfo", "operation/info.rs", "operation.rs"),
];

/// Reads the new facts of generated code, which states none of them.
const READER: &str = "
pub mod genomics_v1;

pub const NEW: [Option<u8>; 3] = {
    use gapi_runtime::{LongRunningOperation, Method, Service};
    [
        <genomics_v1::Genomics as Service>::INFO.new_fact,
        <genomics_v1::operations::List as Method>::INFO.new_fact,
        <genomics_v1::schemas::Operation as LongRunningOperation>::INFO.new_fact,
    ]
};
";

fn root() -> PathBuf {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR"));
    runtime.parent().expect("the workspace").to_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Copies a file if it differs, so that cargo does not build the same files twice.
fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a directory")).unwrap();
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text).unwrap();
    }
}

/// Replaces a text that the file of the runtime has once.
fn edit(path: &Path, old: &str, new: &str) {
    let source = fs::read_to_string(path).unwrap();
    assert_eq!(
        source.matches(old).count(),
        1,
        "{old} in {}",
        path.display()
    );
    fs::write(path, source.replace(old, new)).unwrap();
}

/// Adds a fact to a struct, and its default to the macro that states the facts.
fn add_fact(source: &Path, name: &str, file: &str, file_of_macro: &str) {
    let fields = format!("pub struct {name} {{\n");
    let new = "    /// A new fact.\n    pub new_fact: Option<u8>,\n";
    edit(&source.join(file), &fields, &format!("{fields}{new}"));
    let literal = format!("&$crate::codegen::{name} {{\n");
    let new = "new_fact: ::core::option::Option::None,\n";
    edit(
        &source.join(file_of_macro),
        &literal,
        &format!("{literal}{new}"),
    );
    if name == "MethodInfo" {
        // The id distinguishes it from the default of parameters.
        let default = "pub const DEFAULT: Self = Self {\n        id: \"\",\n";
        let new = "        new_fact: None,\n";
        edit(&source.join(file), default, &format!("{default}{new}"));
    }
}

/// Returns the manifest of the workspace with these members.
fn manifest(members: &[&str]) -> String {
    let text = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("default-members = "));
    let lines = lines.map(|line| {
        if line.starts_with("members = ") {
            format!("members = {members:?}")
        } else {
            line.to_owned()
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn generated_code_compiles_with_a_runtime_that_knows_more_facts() {
    let workspace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("facts");
    let _ = fs::remove_dir_all(workspace.join("runtime"));
    let _ = fs::remove_dir_all(workspace.join("client"));
    write(
        &workspace.join("Cargo.toml"),
        &manifest(&["client", "runtime"]),
    );
    fs::copy(root().join("Cargo.lock"), workspace.join("Cargo.lock")).unwrap();

    let runtime = workspace.join("runtime");
    for directory in ["examples", "src"] {
        let from = root().join("runtime").join(directory);
        copy(&from, &runtime.join(directory));
    }
    for file in ["Cargo.toml", "README.md"] {
        fs::copy(root().join("runtime").join(file), runtime.join(file)).unwrap();
    }
    for (name, file, file_of_macro) in FACTS {
        add_fact(&runtime.join("src"), name, file, file_of_macro);
    }

    let client = workspace.join("client");
    let generated = root().join("generated/src");
    copy(&generated.join(MODULE), &client.join("src").join(MODULE));
    let file = format!("{MODULE}.rs");
    fs::copy(generated.join(&file), client.join("src").join(&file)).unwrap();
    write(&client.join("src/lib.rs"), READER);
    let dependencies = "[dependencies]\ngapi-runtime.workspace = true\n";
    let package = "[package]\nname = \"client\"\nversion = \"0.1.0\"\nedition.workspace = true\n\n";
    write(
        &client.join("Cargo.toml"),
        &format!("{package}{dependencies}"),
    );

    let checked = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--package=client", "--target-dir"])
        .arg(workspace.join("target"))
        .current_dir(&workspace)
        .output()
        .expect("cargo runs");
    let errors = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{errors}");
}
