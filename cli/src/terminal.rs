//! Text and progress bars on the terminal.

use std::{
    io::{self, ErrorKind, Write as _},
    path::Path,
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

/// Prints a text without hidden characters. A closed pipe (`| head`) is not an error. Styles are removed if the output is not a
/// terminal.
pub(crate) fn print(text: &str) -> Result<(), String> {
    let text = without_hidden(text, true);
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("error: cannot print: {error}"))
        }
        _ => Ok(()),
    }
}

/// Prints errors or warnings without hidden characters to stderr. Ignores a closed or full stderr.
pub(crate) fn complain(text: &str) {
    let text = without_hidden(text, false) + "\n";
    let mut err = io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// Replaces all hidden characters except line feeds and tabs. If `is_styled`, styles stay.
fn without_hidden(text: &str, is_styled: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for (index, c) in text.char_indices() {
        let is_style = || c == '\u{1b}' && is_styled && starts_with_style(&text[index..]);
        if is_hidden(c) && !matches!(c, '\n' | '\t') && !is_style() {
            shown.push('\u{fffd}');
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Returns `true` for a sequence that sets a style, such as `\x1b[1m`. Other sequences can move the cursor.
fn starts_with_style(text: &str) -> bool {
    let rest = text.strip_prefix("\u{1b}[").unwrap_or_default();
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';');
    end.is_some_and(|end| rest[end..].starts_with('m'))
}

/// A path or text of a user, for a message.
pub(crate) trait Shown {
    /// Returns the complete text on one line, without hidden characters.
    fn shown(&self) -> String;
}

impl Shown for Path {
    fn shown(&self) -> String {
        self.to_string_lossy().shown()
    }
}

impl Shown for str {
    fn shown(&self) -> String {
        let shown = |c: char| if is_hidden(c) { '\u{fffd}' } else { c };
        self.chars().map(shown).collect()
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
    /// The time when the bar becomes visible. Short work needs no bar.
    shown_at: Instant,
    quiet: bool,
}

impl Bar {
    /// Creates a bar that is visible from the beginning.
    pub(crate) fn at_once(what: &'static str, length: usize, talk: &Talk) -> Self {
        Self::after(Duration::ZERO, what, length, talk)
    }

    /// Creates a bar that is visible after a second.
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
