//! Blocks of code.

use std::ops::Range;

use pulldown_cmark::CodeBlockKind;

use super::edit::Edit;

/// Marks a block of code as text. Otherwise rustdoc compiles and runs it.
pub(super) fn block(
    text: &str,
    range: &Range<usize>,
    kind: &CodeBlockKind<'_>,
    content: &str,
    edits: &mut Vec<Edit>,
) {
    let line_start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let indent = range.start - line_start;
    let block = &text[range.clone()];
    let closed = || {
        let mark = if block.starts_with('~') { '~' } else { '`' };
        let last = block
            .trim_end()
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .trim();
        block.trim_end().contains('\n') && last.len() >= 3 && last.chars().all(|c| c == mark)
    };
    if let CodeBlockKind::Fenced(info) = kind
        && info.as_ref() == "text"
        && closed()
    {
        return;
    }
    let (start, margin) = match kind {
        CodeBlockKind::Fenced(_) => (range.start, indent),
        // Removes the indentation of four columns. The rest belongs to the list around it.
        CodeBlockKind::Indented => {
            let blanks = text[line_start..range.start].len()
                - text[line_start..range.start].trim_end_matches(' ').len();
            (range.start - blanks.min(4), indent.saturating_sub(4))
        }
    };
    let longest = content.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let margin = " ".repeat(margin);
    let lines: String = content
        .trim_end_matches('\n')
        .lines()
        .map(|line| {
            if line.is_empty() {
                "\n".to_owned()
            } else {
                format!("{margin}{line}\n")
            }
        })
        .collect();
    let newline = if block.ends_with('\n') { "\n" } else { "" };
    let with = format!("{fence}text\n{lines}{margin}{fence}{newline}");
    edits.push(Edit {
        range: start..range.end,
        with,
    });
}
