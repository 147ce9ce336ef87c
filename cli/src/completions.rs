//! `gapi completions`: completion scripts for shells.

use clap::{Args, CommandFactory as _};

use crate::{arguments::Arguments, terminal};

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  gapi completions bash > ~/.local/share/bash-completion/completions/gapi
  gapi completions zsh > ~/.zfunc/_gapi
  gapi completions fish > ~/.config/fish/completions/gapi.fish")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

/// `gapi completions`
pub(crate) fn run(arguments: &Completions) -> Result<(), String> {
    let mut script = Vec::new();
    let command = &mut Arguments::command();
    clap_complete::generate(arguments.shell, command, "gapi", &mut script);
    terminal::print(&String::from_utf8_lossy(&script))
}
