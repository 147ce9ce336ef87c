//! A report as a page, for a pull request or a release.

use std::fmt::Write;

use super::{
    ApiChanges, Changes, Verdict,
    words::{self, Entry},
};
use crate::emit::docs::{code, inline};

/// Returns the report in Markdown.
#[must_use]
pub fn markdown(changes: &Changes) -> String {
    let mut text = String::new();
    for api in &changes.apis {
        self::api(&mut text, api);
    }
    let breaking = words::breaking(changes);
    if !breaking.is_empty() {
        text.push_str("## Breaking, by rule\n\n| rule | changes | because |\n|---|---|---|\n");
    }
    for (rule, count) in &breaking {
        let row = format!("| `{}` | {count} | {} |\n", rule.id(), rule.reason());
        text.push_str(&row);
    }
    if !breaking.is_empty() {
        text.push('\n');
    }
    text + &words::conclusion(changes, |word| format!("**{word}**")) + "\n"
}

fn api(text: &mut String, api: &ApiChanges) {
    let (title, id) = (inline(&api.title), code(&api.id));
    let head = format!(
        "## {title} ({id}), {}\n\n{}.\n\n",
        words::revisions(api),
        words::counts(api)
    );
    text.push_str(&head);
    for group in api.groups() {
        let heading = group.first();
        if let Some(heading) = heading.and_then(|first| words::group(&first.group, code)) {
            let _ = write!(text, "### {heading}\n\n");
        }
        for entry in words::entries(group) {
            self::entry(text, &entry);
        }
        text.push('\n');
    }
}

fn entry(text: &mut String, entry: &Entry<'_>) {
    let change = entry.change;
    let mark = match change.verdict {
        Verdict::Breaking => "**breaking:** ",
        Verdict::Additive | Verdict::Invisible => "",
    };
    let _ = write!(text, "* {mark}{}", entry.line(code));
    if let Some(rust) = words::rust(change) {
        let _ = write!(text, ": {}", code(rust));
    }
    text.push('\n');
    if words::compares(change) && !(change.old.is_empty() && change.new.is_empty()) {
        text.push_str("\n  ```diff\n");
        for (mark, lines) in [("-", &change.old), ("+", &change.new)] {
            for line in lines {
                let _ = writeln!(text, "  {mark} {line}");
            }
        }
        text.push_str("  ```\n\n");
    }
}
