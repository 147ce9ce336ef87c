//! All programs, as a user runs them: their requests and their output.
//!
//! Programs for Workspace, and those without an address as an argument, reach a server that simulates Google through a proxy.
//! It checks tokens and scopes. The others get the address of a server in the place of an emulator.

mod google;
mod spanner;
mod storage;

use std::path::Path;
use std::process::Command;

/// Returns the command of a program that needs no proxy and no credentials.
fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    for name in ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command.env_remove("GOOGLE_APPLICATION_CREDENTIALS");
    command
}

/// Runs a program to its end. Returns the exit status, stdout and stderr.
fn run(program: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = command(program, arguments)
        .output()
        .expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// Runs a program that succeeds without a message, and returns its output.
fn success(program: &str, arguments: &[&str]) -> String {
    let (code, out, err) = run(program, arguments);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    out
}

/// The table of `README.md` has each program of this directory and each project below it, and the programs say how to run them.
#[test]
fn the_table_is_complete() {
    let table = include_str!("../../README.md");
    let mut count = 0;
    for entry in std::fs::read_dir(".").expect("the examples") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        let is_program = path.extension().is_some_and(|extension| extension == "rs")
            && !["build.rs", "clients.rs"].contains(&&*name);
        if is_program || path.join("Cargo.toml").exists() {
            assert!(table.contains(&format!("]({name}")), "{name}");
            count += 1;
        }
        if is_program {
            check_program(&path);
        }
    }
    assert_eq!(count, 17);
}

/// Checks the comment that a program begins with.
fn check_program(path: &Path) {
    let text = std::fs::read_to_string(path).expect("a program");
    let name = path.file_stem().expect("a name").to_string_lossy();
    let comment = text.split("\n\n").next().unwrap_or_default();
    let usage =
        ["cargo run", "cargo test"].map(|command| format!("//!     {command} --bin {name}"));
    assert!(
        usage.iter().any(|usage| comment.contains(usage)),
        "{comment}"
    );
    let lines = text.lines().count();
    assert!(lines <= 110, "{name} has {lines} lines");
}
