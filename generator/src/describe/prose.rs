//! Wrapping of descriptions.

use crate::emit::docs::{restored, wrap};

/// The minimum width of wrapped lines, in characters.
const NARROWEST: usize = 40;

/// A line of at least this length was probably wrapped, and continues in the next line.
const FULL: usize = 50;

/// Returns the description in lines of about `width` characters. Lists and code stay, and prose is filled.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let text = filled(restored(text.trim()).trim_end());
    let mut lines = Vec::new();
    let mut fenced = false;
    for line in text.split('\n') {
        let fence = is_fence(line);
        let whole = fence || fenced || line.starts_with("    ") || line.chars().count() <= width;
        fenced ^= fence;
        if whole {
            lines.push(line.to_owned());
        } else {
            lines.extend(broken(line, width.max(NARROWEST)));
        }
    }
    lines
}

/// Returns a line broken at blanks. Continuation lines of an item are indented to its text.
fn broken(line: &str, width: usize) -> impl Iterator<Item = String> {
    let body = line.trim_start();
    let marker = match wrap::list_marker(body) {
        0 => 0,
        length => length + 1,
    };
    let leading = line.len() - body.len();
    let (marker, text) = body.split_at(marker);
    let first = " ".repeat(leading) + marker;
    let next = " ".repeat(leading + marker.len());
    let words = wrap::words(text.trim_start(), width.saturating_sub(next.len()));
    words.into_iter().enumerate().map(move |(number, words)| {
        let indent = if number == 0 { &first } else { &next };
        format!("{indent}{words}")
    })
}

fn is_fence(line: &str) -> bool {
    let body = line.trim_start();
    body.starts_with("```") || body.starts_with("~~~")
}

/// Joins lines of prose that were wrapped to another width.
fn filled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fenced = false;
    let mut goes_on = false;
    for (number, line) in text.split('\n').enumerate() {
        let line = line.trim_end();
        let fence = is_fence(line);
        let prose = !fenced && !fence && begins_prose(line);
        if number > 0 {
            out.push(if goes_on && prose { ' ' } else { '\n' });
        }
        out.push_str(line);
        fenced ^= fence;
        goes_on = prose && line.chars().count() >= FULL;
    }
    out
}

/// Returns whether a line is prose: not a list item, code, a heading or a table row.
fn begins_prose(line: &str) -> bool {
    let after_digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = after_digits.len() < line.len() && after_digits.starts_with(['.', ')']);
    !numbered
        && line.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '`' | '"' | '(' | '['))
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn prose_is_filled_and_the_rest_stays() {
        let long =
            "This is the first line of a paragraph that somebody once\nbroke, and this its second.";
        assert_eq!(
            wrapped(long, 200),
            [
                "This is the first line of a paragraph that somebody once broke, and this its second."
            ]
        );
        let kept = "Short lines\nstay apart.\n\n* an item of a list that is long enough to count as full\n* b\n\n    code";
        assert_eq!(wrapped(kept, 200).join("\n"), kept);
        assert_eq!(
            wrapped(
                "The words of a line that is too long are on several lines.",
                10
            ),
            [
                "The words of a line that is too long are",
                "on several lines."
            ]
        );
    }

    #[test]
    fn code_is_not_touched() {
        let code = "```\na line of code that is certainly longer than fifty characters\nb\n```";
        assert_eq!(wrapped(code, 40).join("\n"), code);
    }
}
