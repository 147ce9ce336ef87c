//! A report for a terminal.

use super::{
    Changes, Verdict,
    blocks::{Block, Entry, blocks},
    words::{self, short},
};

/// Returns the report as text, breaking changes first. If `styled`, it has the escape sequences of a terminal. Long lists
/// are shortened. [`json`](super::json()) has all changes.
#[must_use]
pub fn text(changes: &Changes, styled: bool) -> String {
    report(changes, styled, false)
}

/// Returns the report of [`text`] without shortened lists.
#[must_use]
pub fn complete_text(changes: &Changes, styled: bool) -> String {
    report(changes, styled, true)
}

fn report(changes: &Changes, styled: bool, complete: bool) -> String {
    let mut sheet = Sheet {
        text: String::new(),
        styled,
    };
    for note in words::notes(changes) {
        sheet.line(0, BOLD, &format!("note: {note}"));
    }
    for block in blocks(changes, complete) {
        sheet.block(&block);
        sheet.text.push('\n');
    }
    sheet.end(changes);
    sheet.text
}

struct Sheet {
    text: String,
    styled: bool,
}

const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";

impl Sheet {
    fn line(&mut self, indent: usize, style: &str, line: &str) {
        let indent = "  ".repeat(indent);
        let line = if self.styled && !style.is_empty() {
            format!("{indent}{style}{line}\u{1b}[0m\n")
        } else {
            format!("{indent}{line}\n")
        };
        self.text.push_str(&line);
    }

    fn block(&mut self, block: &Block<'_>) {
        let api = block.api;
        let (title, id, revisions) = (
            short(&api.title),
            short(&api.id),
            words::revisions(api, short),
        );
        self.line(0, BOLD, &format!("{title} ({id}), {revisions}"));
        self.line(0, "", &words::count(block));
        for (group, entries) in &block.groups {
            self.text.push('\n');
            if let Some(heading) = words::group(group, short) {
                self.line(0, BOLD, &heading);
            }
            for entry in entries {
                self.entry(entry);
            }
        }
        if let Some(omitted) = words::omitted(block) {
            self.line(1, "", &omitted);
        }
    }

    fn entry(&mut self, entry: &Entry<'_>) {
        let change = entry.change;
        let (mark, style) = match change.verdict {
            Verdict::Breaking => ("!", RED),
            Verdict::Additive => ("+", GREEN),
            Verdict::Invisible => (".", DIM),
        };
        let mut line = format!("{mark} {}", entry.line(short));
        if let Some(rust) = entry.rust() {
            line = format!("{line}: {rust}");
        }
        self.line(1, style, &line);
        if words::compares(change) {
            for (mark, lines) in [("-", &change.old), ("+", &change.new)] {
                for line in lines {
                    self.line(3, "", &format!("{mark} {line}"));
                }
            }
        }
    }

    fn end(&mut self, changes: &Changes) {
        let breaking = words::breaking(changes);
        if !breaking.is_empty() {
            self.line(0, BOLD, "Breaking, by rule");
        }
        for (rule, count) in breaking {
            self.line(1, "", &format!("{count} {}: {}", rule.id(), rule.reason()));
        }
        let line = words::conclusion(changes, str::to_owned);
        self.line(0, "", &line);
    }
}
