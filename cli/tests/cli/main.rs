//! The command line: exit codes, messages and effects on the disk.
//!
//! Exit code 0 is success, 1 is an error in documents or files, 2 is wrong usage, and 3 is a change that `diff --deny`
//! found.

mod crashes;
mod crate_for_each;
mod crates;
mod diff;
mod example;
mod fetch;
mod generate;
mod hostile;
mod mistakes;
mod modules;
mod others;
mod project;
mod project_file;
mod reference;
mod shown;

/// The path of the program.
const PROGRAM: &str = env!("CARGO_BIN_EXE_gapi");
