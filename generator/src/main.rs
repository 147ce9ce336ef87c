//! The command line: what to generate, from where, to where.

use std::process::ExitCode;

use clap::Parser;

mod cli;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    let (workspace, options, talk) = (&arguments.workspace, &arguments.options, &arguments.talk);
    let done = match arguments.command {
        None => cli::regenerate(workspace, options, talk),
        Some(cli::Command::Check) => cli::check(workspace, options, talk),
        Some(cli::Command::Generate(what)) => cli::generate(&what, workspace, options, talk),
        Some(cli::Command::Inspect(what)) => cli::inspect(&what, workspace, options),
        Some(cli::Command::Describe(what)) => cli::describe(&what, workspace, options),
        Some(cli::Command::Fetch(what)) => cli::fetch(&what, workspace, options, talk),
        Some(cli::Command::List(what)) => cli::list(&what, workspace, options),
        Some(cli::Command::Completions(what)) => cli::completions(&what),
        Some(cli::Command::Diff(what)) => match cli::diff(&what, workspace, options) {
            Ok(status) => return status,
            Err(message) => Err(message),
        },
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
