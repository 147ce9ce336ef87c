//! Characters that a description means literally, although Markdown interprets them.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::edit::{Edit, escape};

/// The longest heading, in bytes. A longer line that begins with `#` is prose.
const LONGEST_HEADING: usize = 80;

/// Returns whether a text may have such characters. Most descriptions have none.
pub(super) fn is_possible(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_word = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | 0x80..))
    };
    let begins_line = |at: usize| at == 0 || bytes[at - 1] == b'\n';
    bytes.iter().enumerate().any(|(at, byte)| match byte {
        b'_' => !is_word(at.checked_sub(1)) || !is_word(Some(at + 1)),
        b'*' => !begins_line(at) || bytes.get(at + 1) != Some(&b' '),
        b'\\' | b'~' => true,
        b'#' | b'=' => begins_line(at),
        b'-' => begins_line(at) || bytes.get(at + 1) == Some(&b'-'),
        _ => false,
    })
}

/// Returns the edits that make such characters literal.
pub(super) fn edits(text: &str, events: &[(Event<'_>, Range<usize>)]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut is_code = false;
    let mut items = 0_usize;
    for (index, (event, range)) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Start(Tag::Item | Tag::BlockQuote(_)) => items += 1,
            Event::End(TagEnd::Item | TagEnd::BlockQuote(_)) => items = items.saturating_sub(1),
            Event::Start(Tag::List(_)) if items == 0 && has_one_item(&events[index + 1..]) => {
                edits.extend(marker(text, range));
            }
            Event::Text(_) if !is_code => prose(text, range, &mut edits),
            event => structure(text, event, range, &mut edits),
        }
    }
    edits
}

fn structure(text: &str, event: &Event<'_>, range: &Range<usize>, edits: &mut Vec<Edit>) {
    match event {
        Event::Start(Tag::Emphasis) if !is_meant(text, range, 1) => {
            edits.extend(delimiters(text, range, 1));
        }
        Event::Start(Tag::Strong) if !is_meant(text, range, 2) => {
            edits.extend(delimiters(text, range, 2));
        }
        Event::Start(Tag::Strikethrough) => {
            let width = if text[range.start..].starts_with("~~") {
                2
            } else {
                1
            };
            edits.extend(delimiters(text, range, width));
        }
        Event::Start(Tag::Heading { level, .. }) => edits.extend(heading(text, range, *level)),
        Event::Rule => edits.extend(rule(text, range)),
        Event::TaskListMarker(_) => {
            edits.extend(escape(text, range, |c| matches!(c, '[' | ']')));
        }
        // The backslash at the end of a line of a shell command.
        Event::HardBreak if text[range.clone()].starts_with('\\') => {
            edits.push(backslash(range.start));
        }
        _ => {}
    }
}

fn prose(text: &str, range: &Range<usize>, edits: &mut Vec<Edit>) {
    for (offset, c) in text[range.clone()].char_indices() {
        let at = range.start + offset;
        let before = &text[..at];
        match c {
            // Markdown removes the backslash of a regular expression: `\d+\.\d+`.
            '.' | '/' | '-' | '(' | ')' | '+' | '?' | '^' | '$' | '{' | '}' | ':' | '%' | '='
                if !slashes_before(before).is_multiple_of(2) && !is_own(before, &text[at..]) =>
            {
                edits.push(backslash(at - 1));
            }
            // rustdoc makes a dash of two hyphens: `--flag`.
            '-' if slashes_before(before) == 0 && begins_flag(before, &text[at..]) => {
                edits.push(backslash(at));
            }
            _ => {}
        }
    }
}

/// Returns whether a list has one item only. `events` begin after its start.
fn has_one_item(events: &[(Event<'_>, Range<usize>)]) -> bool {
    let mut depth = 1_usize;
    let mut items = 0_usize;
    for (event, _) in events {
        match event {
            Event::Start(Tag::List(_)) => depth += 1,
            Event::Start(Tag::Item) if depth == 1 => items += 1,
            Event::End(TagEnd::List(_)) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    items == 1
}

/// Returns the edit for a line of prose that begins like an item: `less than⏎1. Otherwise`. An item after a colon is one.
fn marker(text: &str, range: &Range<usize>) -> Option<Edit> {
    let before = text[..range.start].strip_suffix('\n')?;
    let line = before.rsplit('\n').next().unwrap_or_default().trim_end();
    if line.is_empty() || line.ends_with(':') {
        return None;
    }
    let marker = text[range.clone()].find(|c: char| !c.is_ascii_digit())?;
    let at = range.start + marker;
    (!text[at..].starts_with('*')).then(|| backslash(at))
}

/// Returns whether asterisks mark words, as in `an *important* word`. They do not in `projects/*/locations/*/keys`, nor in
/// `"*.png"`. Underscores belong to names.
fn is_meant(text: &str, range: &Range<usize>, width: usize) -> bool {
    let span = &text[range.clone()];
    let Some(inside) = span.get(width..span.len().saturating_sub(width)) else {
        return false;
    };
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    let begins = |c: char| {
        c.is_alphanumeric() || matches!(c, '`' | '[' | '"' | '\'' | '(' | '<' | '$' | '\\' | '*')
    };
    span.starts_with('*')
        && before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '*' | '>'))
        && inside.starts_with(begins)
        && after.is_none_or(|c| c.is_whitespace() || ".,;:!?)]*'\u{2019}\"-".contains(c))
}

/// Returns the edits that make the delimiters of a span literal.
fn delimiters(text: &str, range: &Range<usize>, width: usize) -> impl Iterator<Item = Edit> {
    let (start, end) = (range.start, range.end);
    let positions = (start..start + width).chain(end.saturating_sub(width)..end);
    positions
        .filter(|at| slashes_before(&text[..*at]).is_multiple_of(2))
        .map(backslash)
}

/// Returns the edits for a heading that is a long line of prose, or a sentence.
fn heading(text: &str, range: &Range<usize>, level: HeadingLevel) -> Option<Edit> {
    let span = text[range.clone()].trim_end();
    let is_prose = |text: &str| text.len() > LONGEST_HEADING || text.trim_end().ends_with('.');
    if span.starts_with('#') {
        return is_prose(span).then(|| backslash(range.start));
    }
    // The line below makes the lines before it a heading.
    let (above, below) = span.rsplit_once('\n')?;
    let mark = match level {
        HeadingLevel::H1 => '=',
        _ => '-',
    };
    let at = below.find(mark).filter(|_| is_prose(above))?;
    Some(backslash(range.start + above.len() + 1 + at))
}

/// Returns the edit for a horizontal line of underscores.
fn rule(text: &str, range: &Range<usize>) -> Option<Edit> {
    let at = text[range.clone()].find('_')?;
    Some(backslash(range.start + at))
}

fn backslash(at: usize) -> Edit {
    Edit {
        range: at..at,
        with: "\\".to_owned(),
    }
}

fn slashes_before(before: &str) -> usize {
    before.len() - before.trim_end_matches('\\').len()
}

/// Returns whether these edits added the backslash at the end of `before`: before an option of a program, or at the beginning of
/// a line.
fn is_own(before: &str, text: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let lead = line.trim_end_matches('\\').trim_start();
    text.starts_with("--") || lead.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether the text is an option of a program, such as `--project`.
fn begins_flag(before: &str, text: &str) -> bool {
    let starts = before
        .chars()
        .next_back()
        .is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | '['));
    let name = text.strip_prefix("--").and_then(|name| name.chars().next());
    starts && name.is_some_and(|c| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::super::sanitize;

    fn check(text: &str, expected: &str) {
        assert_eq!(sanitize(text, None), expected, "{text:?}");
    }

    #[test]
    fn underscores_stay() {
        check(
            r#"name + "_" + value would be "_" too"#,
            r#"name + "\_" + value would be "\_" too"#,
        );
        check("_id and id_ of _x_", "\\_id and id\\_ of \\_x\\_");
        check("__name__ ASC", "\\_\\_name\\_\\_ ASC");
        check("a_b_c and `_d_` stay", "a_b_c and `_d_` stay");
        check("above\n\n___\n\nbelow", "above\n\n\\___\n\nbelow");
    }

    #[test]
    fn asterisks_of_patterns_stay() {
        check(
            "projects/*/locations/*/keys/*",
            "projects/\\*/locations/\\*/keys/*",
        );
        check("1.*.*-x-2.*.*.", "1.\\*.\\*-x-2.\\*.\\*.");
        check("4*1024*1024", "4\\*1024\\*1024");
        check("m('*.png') || m('*.jpg')", "m('\\*.png') || m('\\*.jpg')");
        check("a/**/b/**/c", "a/\\*\\*/b/\\*\\*/c");
    }

    #[test]
    fn emphasis_stays() {
        for text in [
            "an *important* word",
            "**Note:** it is *not*. (*Really*)",
            "**`code`** and **[a](https://x.example)**",
            "* **Name**: text",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn other_marks_stay() {
        check("de~DE~raw and ~~x~~", "de~DE~raw and \\~\\~x\\~\\~");
        check(r"^\d+\.\d+$ or \-", r"^\d+\\.\d+$ or \\-");
        check(r"\[x\] \_ \* stay", r"\[x\] \_ \* stay");
        check("gcloud \\\n  --zone=a", "gcloud \\\\\n  \\--zone=a");
        check("with --flag and a -- b", "with \\--flag and a -- b");
        check("* [x] done", "* \\[x\\] done");
    }

    #[test]
    fn prose_is_no_list() {
        check("less than\n1. Otherwise", "less than\n1\\. Otherwise");
        check("a value of\n- 5 or", "a value of\n\\- 5 or");
        check("one of:\n* a", "one of:\n* a");
        check("do\n1. this\n2. that", "do\n1. this\n2. that");
    }

    #[test]
    fn sentences_are_no_headings() {
        check("# A name", "# A name");
        check("# It is a sentence.", "\\# It is a sentence.");
        check("It is a sentence.\n---", "It is a sentence.\n\\---");
    }
}
