//! Wraps long lines of Markdown prose without changing their meaning.

/// The width that prose is wrapped to, in characters without the comment's own marks.
pub(super) const WIDTH: usize = 120;

/// Wraps each prose line of `text` to about `width` characters; code, tables and headings stay.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        let body = line.trim_start();
        let marks = fence_marks(body[list_marker(body)..].trim_start());
        match fence {
            Some(open) if marks.starts_with(open) => fence = None,
            None if !marks.is_empty() => fence = Some(marks),
            _ => {}
        }
        let verbatim =
            fence.is_some() || !marks.is_empty() || body.starts_with(['|', '#', '<', '>']);
        if verbatim || length(line) <= width {
            lines.push(line.to_owned());
        } else {
            wrap_line(line, width, &mut lines);
        }
    }
    lines
}

/// Returns the number of characters that pages show: only the text of the links that we add.
fn length(text: &str) -> usize {
    let mut parts = text.split("`][");
    let first = parts.next().unwrap_or_default().chars().count();
    let others = parts.map(|part| part.split_once(']').map_or(part, |(_, after)| after));
    let (links, others) = others.fold((0, 0), |(links, sum), part| {
        (links + 1, sum + part.chars().count())
    });
    (first + others).saturating_sub("[`".len() * links)
}

/// Returns the text broken at any blanks.
pub(crate) fn words(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Returns the backticks or tildes that open or close a code block.
fn fence_marks(body: &str) -> &str {
    ["`", "~"]
        .into_iter()
        .map(|mark| &body[..body.len() - body.trim_start_matches(mark).len()])
        .find(|marks| marks.len() >= 3)
        .unwrap_or_default()
}

fn wrap_line(line: &str, width: usize, lines: &mut Vec<String>) {
    let indent = " ".repeat(continuation_indent(line));
    let body = line.trim_start();
    let leading = line.len() - body.len();
    // A marker is never alone on its line, however long the next word is.
    let marker = list_marker(body);
    let mut current = " ".repeat(leading) + &body[..marker];
    let mut column = leading + marker;
    let mut alone = true;
    for word in body[marker..].split(' ').filter(|word| !word.is_empty()) {
        let length = length(word);
        if std::mem::take(&mut alone) {
            if marker > 0 {
                current.push(' ');
                column += 1;
            }
        } else if column + 1 + length <= width || starts_a_block(word) {
            current.push(' ');
            column += 1;
        } else {
            lines.push(std::mem::replace(&mut current, indent.clone()));
            column = indent.len();
        }
        current.push_str(word);
        column += length;
    }
    lines.push(current);
}

/// Returns the indent of the following lines of a paragraph or list item.
fn continuation_indent(line: &str) -> usize {
    let body = line.trim_start();
    let leading = line.len() - body.len();
    let marker = list_marker(body);
    if marker == 0 {
        return leading;
    }
    let text = body[marker..].trim_start();
    // Five or more spaces after a marker begin code, so the text then begins after one space.
    leading + marker + (body.len() - marker - text.len()).clamp(1, 4)
}

/// Returns the length of the list marker (`*`, `-`, `+`, `1.`, `1)`) at the beginning of a line.
pub(crate) fn list_marker(body: &str) -> usize {
    let digits = body.len() - body.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let after = &body[digits..];
    let length = match after.chars().next() {
        Some('*' | '-' | '+') if digits == 0 => 1,
        Some('.' | ')') if (1..=9).contains(&digits) => digits + 1,
        _ => return 0,
    };
    if body[length..].starts_with(' ') {
        length
    } else {
        0
    }
}

/// Returns whether a line of Markdown belongs to a list.
pub(super) fn is_in_list(line: &str) -> bool {
    line.starts_with(' ') || list_marker(line) > 0
}

/// Returns whether a word at the beginning of a line could begin a block other than prose.
fn starts_a_block(word: &str) -> bool {
    let number = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = number.len() < word.len() && number.starts_with(['.', ')']);
    word.starts_with(['-', '+', '*', '#', '>', '|', '=', '~', '<', '_', '[', ':'])
        || word.starts_with("```")
        || numbered
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn wraps_prose_and_list_items() {
        let text = "aaa bbb ccc ddd eee\n* aaa bbb ccc ddd eee\n10. aaa bbb ccc ddd";
        let expected = [
            "aaa bbb ccc",
            "ddd eee",
            "* aaa bbb",
            "  ccc ddd",
            "  eee",
            "10. aaa bbb",
            "    ccc ddd",
        ];
        assert_eq!(wrap(text, 11), expected);
    }

    #[test]
    fn never_begins_a_line_with_what_markdown_would_take_for_a_block() {
        assert_eq!(
            wrap("a value of x - 1 or 2. or # is", 12),
            ["a value of x -", "1 or 2. or #", "is"]
        );
    }

    #[test]
    fn targets_of_links_do_not_count() {
        assert_eq!(
            wrap("aa [`bb`][c::d::e] cc [`dd`][f::g] ee", 8),
            ["aa [`bb`][c::d::e] cc [`dd`][f::g]", "ee"]
        );
    }

    #[test]
    fn a_marker_is_never_alone() {
        assert_eq!(wrap("* aaaaaaaaaaaa bbb", 8), ["* aaaaaaaaaaaa", "  bbb"]);
    }

    #[test]
    fn leaves_code_tables_and_headings_alone() {
        let text = "```text\na long line of code that stays\n```\n| a | table that is long |\n# A heading that is long";
        assert_eq!(wrap(text, 10).join("\n"), text);
    }
}
