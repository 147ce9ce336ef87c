//! The program, run as a user runs it: exit codes, messages, and effects on the disk.
//!
//! 0 is success, 1 is something wrong with documents or files (one clear message), 2 is wrong usage, 3 is a change that
//! `diff --deny` found.

mod crashes;
mod crates;
mod diff;
mod fetch;
mod generate;
mod hostile;
mod mistakes;
mod modules;
mod project;
mod shown;

/// The path of the program.
const PROGRAM: &str = env!("CARGO_BIN_EXE_gapi");
