//! Restores the structure of descriptions whose lines were joined.
//!
//! Most documents have each description on one line, with the markers of lists inside it: `One of: * a * b`. Clear
//! lists, blocks of code and notes are restored. Wherever a marker could be something else, the text stays unchanged.

use std::borrow::Cow;

use super::{
    words::{self, Word},
    wrap,
};

mod list;
mod marks;

use marks::is_note;
pub(super) use marks::without;

/// The maximum length of a paragraph that is not split, in bytes.
const LONG: usize = 200;

/// The maximum length of a paragraph in a list of items, in bytes: four lines.
const LONG_SUMMARY: usize = 400;

/// The maximum nesting depth of restored lists.
const DEPTH: usize = 3;

/// A part of a description.
#[derive(Debug, PartialEq)]
enum Block<'t> {
    Paragraph(&'t str),
    Code(&'t str),
    Heading(&'t str),
    List {
        numbered: bool,
        items: Vec<Vec<Block<'t>>>,
    },
}

/// Returns the description with its original lists, code and notes. If `summarized`, the first sentence of a long description
/// becomes a separate paragraph, which rustdoc shows in lists.
pub(super) fn restore(text: &str, summarized: bool) -> Cow<'_, str> {
    let joined = !text.contains('\n');
    let text = marks::tidy(if joined { text.trim() } else { text });
    let structured = joined && may_hold_blocks(&text);
    if !structured && (!summarized || text.len() <= LONG_SUMMARY) {
        return text;
    }
    let Some(words) = words::words(&text) else {
        return text;
    };
    if !structured {
        return match summary(&text, &words) {
            Some(end) => Cow::Owned(format!("{}\n\n{}", &text[..end], text[end..].trim_start())),
            None => text,
        };
    }
    let mut blocks = blocks(&text, &words, DEPTH);
    if let Some(Block::Paragraph(first)) = blocks.first()
        && let Some(end) = summary(first, &words).filter(|_| summarized)
    {
        let (head, rest) = first.split_at(end);
        blocks.splice(
            ..1,
            [Block::Paragraph(head), Block::Paragraph(rest.trim_start())],
        );
    }
    let mut out = String::with_capacity(text.len() + 64);
    write(&blocks, 0, &mut out);
    Cow::Owned(out)
}

/// Returns the first sentence of a description with several paragraphs, or with a long one. Returns `None` for a shorter
/// one, and where no sentence ends clearly.
pub(super) fn first_sentence(text: &str) -> Option<String> {
    let restored = restore(text, true);
    let is_short = restored.len() <= LONG_SUMMARY && !restored.trim().contains('\n');
    let paragraph = restored.trim_start().split("\n\n").next()?;
    // A block of another kind does not begin with a sentence.
    if is_short || !paragraph.starts_with(char::is_alphanumeric) {
        return None;
    }
    let words = words::words(paragraph)?;
    let end = words::first_sentence(&words);
    let end =
        end.or_else(|| (paragraph.len() < restored.trim().len()).then_some(paragraph.len()))?;
    let first = &paragraph[..end];
    let is_prose = !first.contains("\n* ") && !first.ends_with(':');
    is_prose.then(|| first.replace('\n', " "))
}

/// Returns whether the text may contain the beginning of a block. This is a fast check of its bytes.
fn may_hold_blocks(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(3).enumerate().any(|(at, window)| {
        let begins = at == 0 || bytes[at - 1] == b' ';
        match window {
            [b'*' | b'-' | b'+', b' ', _] | [b'1', b'.' | b')', b' '] | b"```" | b"# I" => begins,
            [b'o', b't', b'e'] => bytes.get(at + 3) == Some(&b':'),
            _ => false,
        }
    })
}

/// Returns the end of the summary of a long paragraph. Returns `None` if the paragraph is short or if one of its
/// lines could begin a block.
fn summary(text: &str, words: &[Word<'_>]) -> Option<usize> {
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let prose = |line: &str| {
        line.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '`' | '"' | '('))
    };
    if paragraph.len() <= LONG_SUMMARY || !paragraph.lines().skip(1).all(prose) {
        return None;
    }
    let words = &words[..words.partition_point(|word| word.end() <= paragraph.len())];
    words::first_sentence(words)
}

/// Returns the blocks of a text with these words.
fn blocks<'t>(text: &'t str, words: &[Word<'t>], depth: usize) -> Vec<Block<'t>> {
    let Some(list) = (depth > 0).then(|| list::find(words)).flatten() else {
        return prose(text, words);
    };
    let inner = |range: std::ops::Range<usize>, depth: usize| blocks(text, &words[range], depth);
    let mut out = prose(text, &words[..list.start]);
    let mut items = Vec::new();
    let finish = |items: &mut Vec<_>, out: &mut Vec<_>| {
        if !items.is_empty() {
            let items = std::mem::take(items);
            out.push(Block::List {
                numbered: list.numbered,
                items,
            });
        }
    };
    for item in &list.items {
        items.push(inner(item.range.clone(), depth - 1));
        // Text after an item that does not belong to it introduces the next list, or ends the text.
        if !item.tail.is_empty() {
            finish(&mut items, &mut out);
            out.extend(inner(item.tail.clone(), depth - 1));
        }
    }
    finish(&mut items, &mut out);
    out
}

/// Splits prose, blocks of code between triple backticks, and notes.
fn prose<'t>(text: &'t str, words: &[Word<'t>]) -> Vec<Block<'t>> {
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return Vec::new();
    };
    let long = last.end() - first.start > LONG;
    let mut out = Vec::new();
    let mut start = first.start;
    let mut skip = 0;
    for (at, word) in words.iter().enumerate() {
        if word.start < skip {
            continue;
        }
        if let Some((content, end)) = (!word.inside)
            .then(|| fence(text, word.start, last.end()))
            .flatten()
        {
            push(&mut out, &text[start..word.start]);
            out.push(Block::Code(content));
            (start, skip) = (end, end);
        } else if let Some(title) = (word.text == "#" && !word.inside)
            .then(|| heading(&text[word.end()..last.end()]))
            .flatten()
        {
            push(&mut out, &text[start..word.start]);
            out.push(Block::Heading(title));
            start = word.end() + 1 + title.len();
            skip = start;
        } else if long && !word.inside && at > 0 && is_note(word) && words[at - 1].is_last() {
            push(&mut out, &text[start..word.start]);
            start = word.start;
        }
    }
    push(&mut out, &text[start..last.end()]);
    out
}

fn push<'t>(out: &mut Vec<Block<'t>>, text: &'t str) {
    let text = text.trim();
    if !text.is_empty() {
        out.push(Block::Paragraph(text));
    }
}

/// Returns the title of a heading after its mark. Only known titles are recognized, because the end of a title is not
/// marked.
fn heading(rest: &str) -> Option<&str> {
    let rest = rest.strip_prefix(' ')?;
    let title = HEADINGS.iter().find(|title| rest.starts_with(**title))?;
    rest[title.len()..]
        .starts_with(' ')
        .then(|| &rest[..title.len()])
}

/// Titles of headings in many descriptions.
const HEADINGS: [&str; 1] = ["IAM Permissions"];

/// Returns the content of the code that begins at `start` with three backticks and a blank or a language, and the
/// position of its end. Backticks that touch the code on both sides are inline code.
fn fence(text: &str, start: usize, end: usize) -> Option<(&str, usize)> {
    let inside = text[start..end].strip_prefix("```")?;
    let length = inside.find("```")?;
    let (content, after) = (&inside[..length], &inside[length + 3..]);
    if !after.is_empty() && !after.starts_with(' ') {
        return None;
    }
    let content = match content.split_once(' ')? {
        ("", content) => content,
        (language, content) if LANGUAGES.contains(&language) => content,
        _ => return None,
    };
    let content = content.trim();
    (!content.is_empty()).then_some((content, start + 3 + length + 3))
}

/// The languages that can follow the backticks that open a code block.
const LANGUAGES: [&str; 22] = [
    "bash",
    "cel",
    "console",
    "css",
    "go",
    "graphql",
    "html",
    "http",
    "java",
    "javascript",
    "js",
    "json",
    "none",
    "proto",
    "protobuf",
    "python",
    "sh",
    "shell",
    "sql",
    "text",
    "xml",
    "yaml",
];

/// Writes blocks as Markdown, each line after `indent` blanks.
fn write(blocks: &[Block<'_>], indent: usize, out: &mut String) {
    let margin = " ".repeat(indent);
    for (at, block) in blocks.iter().enumerate() {
        // The first block of an item follows the marker.
        if at > 0 {
            // A list may directly follow the paragraph that introduces it.
            let tight = matches!(
                (&blocks[at - 1], block),
                (Block::Paragraph(_), Block::List { .. })
            );
            out.push_str(if tight { "\n" } else { "\n\n" });
            out.push_str(&margin);
        }
        match block {
            Block::Paragraph(text) => out.push_str(text),
            Block::Heading(text) => {
                out.push_str("# ");
                out.push_str(text);
            }
            Block::Code(text) => {
                out.push_str("```text\n");
                for line in wrap::words(text, wrap::WIDTH.saturating_sub(indent)) {
                    out.push_str(&margin);
                    out.push_str(&line);
                    out.push('\n');
                }
                out.push_str(&margin);
                out.push_str("```");
            }
            Block::List { numbered, items } => {
                for (number, item) in items.iter().enumerate() {
                    if number > 0 {
                        out.push('\n');
                        out.push_str(&margin);
                    }
                    let marker = if *numbered {
                        format!("{}. ", number + 1)
                    } else {
                        "* ".to_owned()
                    };
                    out.push_str(&marker);
                    write(item, indent + marker.len(), out);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::restore;

    fn check(text: &str, expected: &str) {
        assert_eq!(restore(text, true), expected, "{text:?}");
    }

    #[test]
    fn a_long_description_begins_with_its_summary() {
        let rest = "It goes on and on. ".repeat(22);
        let rest = rest.trim_end();
        check(
            &format!("Gets a thing. {rest}"),
            &format!("Gets a thing.\n\n{rest}"),
        );
        check("Gets a thing. It is short.", "Gets a thing. It is short.");
        assert_eq!(
            restore(&format!("Gets a thing. {rest}"), false),
            format!("Gets a thing. {rest}")
        );
        check(
            &format!("Gets a thing.\n* item\n{rest}"),
            &format!("Gets a thing.\n* item\n{rest}"),
        );
    }

    #[test]
    fn notes_are_paragraphs_of_long_descriptions() {
        let rest = "word ".repeat(40);
        check(
            &format!("Gets {rest}end. Note: That is it."),
            &format!("Gets {rest}end.\n\nNote: That is it."),
        );
        check("Gets it. Note: Slowly.", "Gets it. Note: Slowly.");
    }

    #[test]
    fn code_between_three_backticks_is_a_block() {
        check(
            "In the format: ``` projects/{project} ``` More.",
            "In the format:\n\n```text\nprojects/{project}\n```\n\nMore.",
        );
        check("Run: ```shell curl x ```", "Run:\n\n```text\ncurl x\n```");
        check("As ```\"{x}\"``` is", "As ```\"{x}\"``` is");
        check("As ``` x ```, it", "As ``` x ```, it");
    }

    #[test]
    fn known_headings_are_headings() {
        check(
            "Gets it. # IAM Permissions Requires `x`.",
            "Gets it.\n\n# IAM Permissions\n\nRequires `x`.",
        );
        check("Is the # of things", "Is the # of things");
    }

    #[test]
    fn blocks_stand_in_items() {
        check(
            "Of: 1. Fields: - `a` - `b` 2. Code: ``` x ```",
            "Of:\n1. Fields:\n   * `a`\n   * `b`\n2. Code:\n\n   ```text\n   x\n   ```",
        );
    }

    #[test]
    fn lines_and_doubtful_code_stay() {
        check("One of:\n - a\n - b", "One of:\n - a\n - b");
        check("Of: * `a * b` * c` * d", "Of: * `a * b` * c` * d");
        check("Of: * `` is a * `` is b", "Of: * `` is a * `` is b");
    }
}
