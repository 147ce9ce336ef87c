//! Text and progress bars on the terminal.

use std::{
    io::{ErrorKind, Write as _},
    time::{Duration, Instant},
};

use clap::Args;
use gapi_generator::diagnostics::is_hidden;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The choice of output.
#[derive(Args, Debug)]
pub(crate) struct Talk {
    /// Print only results, warnings and errors, and no progress or summaries
    #[arg(long, short, global = true)]
    quiet: bool,
}

impl Talk {
    /// Prints a summary.
    pub(crate) fn say(&self, text: &str) -> Result<(), String> {
        if self.quiet { Ok(()) } else { print(text) }
    }
}

/// Prints a text. A closed pipe (`| head`) is no error. Styles are removed if the output is no terminal.
pub(crate) fn print(text: &str) -> Result<(), String> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("error: cannot print: {error}"))
        }
        _ => Ok(()),
    }
}

/// Returns JSON with hidden characters as escapes. They occur only in strings.
pub(crate) fn visible(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_hidden(c) {
            shown.extend([format!("\\u{:04x}", u32::from(c))]);
        } else {
            shown.push(c);
        }
    }
    shown
}

/// A progress bar on stderr, if that is a terminal.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    bar: ProgressBar,
    /// The time from which it is visible. Short work needs no bar.
    shown_at: Instant,
    quiet: bool,
}

impl Bar {
    /// A bar that is visible from the beginning.
    pub(crate) fn at_once(what: &'static str, length: usize, talk: &Talk) -> Self {
        Self::after(Duration::ZERO, what, length, talk)
    }

    /// A bar that is visible after a second.
    pub(crate) fn if_long(what: &'static str, length: usize, talk: &Talk) -> Self {
        Self::after(Duration::from_secs(1), what, length, talk)
    }

    fn after(wait: Duration, what: &'static str, length: usize, talk: &Talk) -> Self {
        let length = length.try_into().unwrap_or(u64::MAX);
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len} {msg}");
        bar.set_style(
            style
                .unwrap_or_else(|_| ProgressStyle::default_bar())
                .progress_chars("=> "),
        );
        bar.set_prefix(what);
        Self {
            bar,
            shown_at: Instant::now() + wait,
            quiet: talk.quiet,
        }
    }

    /// Shows the name of the current work.
    pub(crate) fn begin(&self, name: &str) {
        self.show();
        self.bar.set_message(name.to_owned());
    }

    /// Counts one more.
    pub(crate) fn step(&self) {
        self.show();
        self.bar.inc(1);
    }

    /// Removes the bar.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }

    fn show(&self) {
        if !self.quiet && self.bar.is_hidden() && Instant::now() >= self.shown_at {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}
