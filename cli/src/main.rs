#![doc = include_str!("../README.md")]

use std::process::ExitCode;

use clap::Parser as _;
use mimalloc::MiMalloc;

mod api_version;
mod arguments;
mod check;
mod completions;
mod context;
mod crate_names;
mod describe;
mod diff;
mod documents;
mod fetch;
mod generate;
mod git;
mod init;
mod inspect;
mod list;
mod manifest;
mod modules;
mod narrow;
mod outputs;
mod project;
mod setup;
mod terminal;

use arguments::{Arguments, Command};

/// Generation allocates millions of small tokens on several threads.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let Arguments { talk, command } = Arguments::parse();
    let done = match command {
        Command::Init(arguments) => init::run(&arguments, &talk),
        Command::Generate(arguments) => generate::run(&arguments, &talk),
        Command::Check(arguments) => check::run(&arguments, &talk),
        Command::Fetch(arguments) => fetch::run(&arguments, &talk),
        Command::Describe(arguments) => describe::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Diff(arguments) => match diff::run(&arguments) {
            Ok(status) => return status,
            Err(message) => Err(message),
        },
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            terminal::complain(&message);
            ExitCode::FAILURE
        }
    }
}
