//! The command line: what to generate, from where, to where.

use std::process::ExitCode;

use clap::Parser;

mod cli;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    let done = match arguments.command {
        None => cli::regenerate(&arguments.workspace, &arguments.options),
        Some(cli::Command::Check) => cli::check(&arguments.workspace, &arguments.options),
        Some(cli::Command::Generate(what)) => {
            cli::generate(&what, &arguments.workspace, &arguments.options)
        }
        Some(cli::Command::Inspect(what)) => {
            cli::inspect(&what, &arguments.workspace, &arguments.options)
        }
        Some(cli::Command::Describe(what)) => {
            cli::describe(&what, &arguments.workspace, &arguments.options)
        }
        Some(cli::Command::Diff(what)) => {
            match cli::diff(&what, &arguments.workspace, &arguments.options) {
                Ok(status) => return status,
                Err(message) => Err(message),
            }
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
