//! A report for a terminal.

use super::{
    ApiChanges, Changes, Verdict,
    words::{self, Entry},
};

/// Returns the report as text. If `styled`, it has the escape sequences of a terminal.
#[must_use]
pub fn text(changes: &Changes, styled: bool) -> String {
    let mut sheet = Sheet {
        text: String::new(),
        styled,
    };
    for api in &changes.apis {
        sheet.api(api);
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

    fn api(&mut self, api: &ApiChanges) {
        let revisions = words::revisions(api);
        self.line(0, BOLD, &format!("{} ({}), {revisions}", api.title, api.id));
        self.line(0, "", &words::counts(api));
        for group in api.groups() {
            let heading = group.first();
            let heading = heading.and_then(|first| words::group(&first.group, str::to_owned));
            self.text.push('\n');
            if let Some(heading) = heading {
                self.line(0, BOLD, &heading);
            }
            for entry in words::entries(group) {
                self.entry(&entry);
            }
        }
    }

    fn entry(&mut self, entry: &Entry<'_>) {
        let change = entry.change;
        let (mark, style) = match change.verdict {
            Verdict::Breaking => ("!", RED),
            Verdict::Additive => ("+", GREEN),
            Verdict::Invisible => (".", DIM),
        };
        let mut line = format!("{mark} {}", entry.line(str::to_owned));
        if let Some(rust) = words::rust(change) {
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
