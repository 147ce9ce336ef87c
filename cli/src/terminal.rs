//! What a person sees: text, and bars on long work.

use std::{
    io::{ErrorKind, Write as _},
    time::{Duration, Instant},
};

use clap::Args;
use gapi_generator::diagnostics::is_hidden;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How much is said.
#[derive(Args, Debug)]
pub(crate) struct Talk {
    /// No progress and no summaries: only what is asked for, warnings and errors
    #[arg(long, short, global = true)]
    quiet: bool,
}

impl Talk {
    /// Prints a summary.
    pub(crate) fn say(&self, text: &str) -> Result<(), String> {
        if self.quiet { Ok(()) } else { print(text) }
    }
}

/// Prints all of it, unless the reader has seen enough (`| head`). Styles are taken out where nobody sees them.
pub(crate) fn print(text: &str) -> Result<(), String> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("error: cannot print: {error}"))
        }
        _ => Ok(()),
    }
}

/// JSON in which nothing of a document is hidden from who reads it in a terminal: such characters stand
/// in strings only, where they can be written as escapes.
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

/// A bar on stderr, where that is a terminal.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    bar: ProgressBar,
    /// When it is to be seen: what takes a moment needs no bar.
    shown_at: Instant,
    quiet: bool,
}

impl Bar {
    /// A bar that is seen from the beginning.
    pub(crate) fn at_once(what: &'static str, length: usize, talk: &Talk) -> Self {
        Self::after(Duration::ZERO, what, length, talk)
    }

    /// A bar that is seen after a second.
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

    /// Work on this begins.
    pub(crate) fn begin(&self, name: &str) {
        self.show();
        self.bar.set_message(name.to_owned());
    }

    /// One more is done.
    pub(crate) fn step(&self) {
        self.show();
        self.bar.inc(1);
    }

    /// Takes it away.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }

    fn show(&self) {
        if !self.quiet && self.bar.is_hidden() && Instant::now() >= self.shown_at {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}
