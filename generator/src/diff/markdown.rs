//! A report as a page, for a pull request or a release.
//!
//! Text of documents is inline code, unless it is plain words. Nothing in it is a link, a mention or HTML.

use std::fmt::Write;

use super::{
    Changes, Verdict,
    blocks::{Block, Entry, blocks},
    words,
};
use crate::{emit::docs::code, text::quoted};

/// Returns the report in Markdown, breaking changes first. Long lists are shortened. [`json`](super::json()) has all
/// changes.
#[must_use]
pub fn markdown(changes: &Changes) -> String {
    report(changes, false)
}

/// Returns the report of [`markdown`] without shortened lists.
#[must_use]
pub fn complete_markdown(changes: &Changes) -> String {
    report(changes, true)
}

fn report(changes: &Changes, complete: bool) -> String {
    // The beginning says the most, because some pages are cut.
    let mut text = words::conclusion(changes, |word| format!("**{word}**")) + "\n\n";
    for note in &changes.notes {
        let _ = write!(text, "**Note:** {}.\n\n", words::note(note, shown));
    }
    overview(&mut text, changes);
    let breaking = words::breaking(changes);
    if !breaking.is_empty() {
        text.push_str("| rule | changes | because |\n|---|---|---|\n");
    }
    for (rule, count) in &breaking {
        let row = format!("| `{}` | {count} | {} |\n", rule.id(), rule.reason());
        text.push_str(&row);
    }
    if !breaking.is_empty() {
        text.push('\n');
    }
    for block in blocks(changes, complete) {
        self::block(&mut text, &block);
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

/// Writes the table of several APIs, those with breaking changes first.
fn overview(text: &mut String, changes: &Changes) {
    if changes.apis.len() < 2 {
        return;
    }
    text.push_str("| API | revision | breaking | additive | invisible |\n|---|---|---|---|---|\n");
    let mut apis: Vec<_> = changes.apis.iter().collect();
    apis.sort_by_key(|api| std::cmp::Reverse(api.verdict()));
    for api in apis {
        let cell = |text: &str| text.replace('|', "\\|");
        let (id, revisions) = (shown(&api.id), words::revisions(api, quoted));
        let verdicts = [Verdict::Breaking, Verdict::Additive, Verdict::Invisible];
        let [breaking, additive, invisible] = verdicts.map(|verdict| api.count(verdict));
        let _ = writeln!(
            text,
            "| {} | {} | {breaking} | {additive} | {invisible} |",
            cell(&id),
            cell(&revisions)
        );
    }
    text.push('\n');
}

fn block(text: &mut String, block: &Block<'_>) {
    let api = block.api;
    let (title, id) = (quoted(&words::short(&api.title)), shown(&api.id));
    let (revisions, count) = (words::revisions(api, quoted), words::count(block));
    let _ = write!(text, "## {count}: {title} ({id}), {revisions}\n\n");
    for (group, entries) in &block.groups {
        if let Some(heading) = words::group(group, shown) {
            let _ = write!(text, "### {heading}\n\n");
        }
        for entry in entries {
            self::entry(text, entry);
        }
        text.push('\n');
    }
    if let Some(omitted) = words::omitted(block) {
        let _ = write!(text, "{omitted}.\n\n");
    }
}

/// Returns a name or value of a document as inline code.
fn shown(text: &str) -> String {
    code(&words::short(text))
}

fn entry(text: &mut String, entry: &Entry<'_>) {
    let change = entry.change;
    let mark = match change.verdict {
        Verdict::Breaking => "**breaking:** ",
        Verdict::Additive | Verdict::Invisible => "",
    };
    let _ = write!(text, "* {mark}{}", entry.line(shown));
    if let Some(rust) = entry.rust() {
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
