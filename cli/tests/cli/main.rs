//! The program, run as a user runs it.

mod cli;
mod fetch;
mod hostile;
mod modules;

/// The path of the program.
const PROGRAM: &str = env!("CARGO_BIN_EXE_gapi");
