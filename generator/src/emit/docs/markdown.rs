//! Sanitizes descriptions. It checks the Markdown with the same parser that rustdoc uses.

use std::ops::Range;

use pulldown_cmark::{
    BrokenLink, CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeWithOffset,
};

use crate::text::visible;

mod accident;
mod code;
mod edit;
mod links;

use edit::{Edit, escape};

/// The maximum length of a description. The longest published description has a third of this length.
const LONGEST: usize = 32 * 1024;

/// The number of rounds after which the text is used as preformatted text.
const ROUNDS: usize = 8;

/// Returns the description as harmless Markdown. Relative links are resolved against `base`, a URL.
pub(super) fn sanitize(text: &str, base: Option<&str>) -> String {
    let mut text = plain_lines(text);
    if is_plain(&text) {
        return text;
    }
    // Each edit can reveal more Markdown, for example inside an HTML block.
    for _ in 0..ROUNDS {
        let edits = edits(&text, base);
        if edits.is_empty() {
            return text;
        }
        text = apply(&text, edits);
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{text}\n{fence}")
}

/// Returns whether the text clearly needs no edits. In such a text each line begins with a letter or is a list
/// item, no prose follows an item directly, and nothing is a link, a tag or a URL. Most descriptions are like
/// that.
fn is_plain(text: &str) -> bool {
    if text
        .bytes()
        .any(|byte| matches!(byte, b'[' | b']' | b'<' | b'>'))
        || text.contains("://")
        || accident::is_possible(text)
    {
        return false;
    }
    let begins_prose = |line: &str| line.starts_with(|c: char| c.is_ascii_alphabetic());
    let mut in_list = false;
    text.lines().all(|line| {
        let item = line.strip_prefix("* ");
        let after_item = std::mem::replace(&mut in_list, item.is_some());
        line.is_empty() || item.map_or(!after_item && begins_prose(line), begins_item)
    })
}

/// Returns whether the text of an item is prose. It may begin with inline code.
fn begins_item(text: &str) -> bool {
    let code = text.strip_prefix('`').unwrap_or(text);
    code.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Lines without control and bidirectional characters, tabs, and blanks at their ends.
fn plain_lines(text: &str) -> String {
    let text = &text[..text.floor_char_boundary(LONGEST)];
    // Most texts need no change and no second copy.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.trim_end().to_owned();
    }
    let text = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\t', "    ");
    let lines: Vec<String> = text
        .lines()
        .map(|line| visible(line).trim_end().to_owned())
        .collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        // Overlapping edits wait for the next round.
        if edit.range.start < at {
            continue;
        }
        out.push_str(&text[at..edit.range.start]);
        out.push_str(&edit.with);
        at = edit.range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// Marks links whose definition is missing.
const MISSING: &str = "gapi:missing";

/// Returns the edits that the text needs before rustdoc reads it.
fn edits(text: &str, base: Option<&str>) -> Vec<Edit> {
    // The options of rustdoc without smart punctuation, which changes no structure.
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let missing = |_: BrokenLink<'_>| Some((CowStr::from(MISSING), CowStr::from("")));
    let parser = Parser::new_with_broken_link_callback(text, options, Some(missing));
    let mut edits = links::definitions(&parser);
    let events: Vec<_> = TextMergeWithOffset::new(parser.into_offset_iter()).collect();

    // Literal characters first, because they can belong to a URL.
    edits.extend(accident::edits(text, &events));
    if !edits.is_empty() {
        return edits;
    }
    let mut edits = Vec::new();
    let mut depth = 0_usize;
    let mut containers = 0_usize;
    let mut code = false;
    for (index, (event, range)) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                code = true;
                let content = events[index + 1..]
                    .iter()
                    .map_while(|(event, _)| match event {
                        Event::Text(text) => Some(text.as_ref()),
                        _ => None,
                    })
                    .collect::<String>();
                code::block(text, range, kind, &content, &mut edits);
            }
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Start(Tag::Item) => {
                containers += 1;
                let content = events
                    .get(index + 1)
                    .filter(|(event, _)| begins_prose(event));
                edits.extend(
                    content.and_then(|(_, content)| marker(text, range.start..content.start)),
                );
            }
            // A quote in a list is really an operator or an arrow.
            Event::Start(Tag::BlockQuote(_)) if containers > 0 => {
                containers += 1;
                edits.extend(escape(text, &(range.start..range.start + 1), |c| c == '>'));
            }
            Event::Start(Tag::BlockQuote(_)) => containers += 1,
            Event::End(TagEnd::Item | TagEnd::BlockQuote(_)) => {
                containers = containers.saturating_sub(1);
            }
            // Lazy continuation lines of a list item or a quote are joined with it.
            Event::SoftBreak if containers > 0 => {
                let next = events
                    .get(index + 1)
                    .map_or(range.end, |(_, next)| next.start.max(range.end));
                edits.push(Edit {
                    range: range.start..next,
                    with: " ".to_owned(),
                });
            }
            Event::Start(
                Tag::Link {
                    link_type,
                    dest_url,
                    ..
                }
                | Tag::Image {
                    link_type,
                    dest_url,
                    ..
                },
            ) => {
                depth += 1;
                let inside = links::inner(&events[index + 1..]);
                links::link(text, range, inside, *link_type, dest_url, base, &mut edits);
            }
            Event::End(TagEnd::Link | TagEnd::Image) => depth = depth.saturating_sub(1),
            Event::Text(_) if !code => links::prose(text, range, depth > 0, &mut edits),
            Event::Html(_) | Event::InlineHtml(_) => {
                edits.extend(escape(text, range, |c| c == '<'));
            }
            Event::FootnoteReference(_) | Event::Start(Tag::FootnoteDefinition(_)) => {
                edits.extend(escape(text, &(range.start..range.start + 1), |c| c == '['));
            }
            _ => {}
        }
    }
    edits
}

/// Returns whether a list item begins with text and not with a block.
fn begins_prose(event: &Event<'_>) -> bool {
    !matches!(
        event,
        Event::Start(Tag::CodeBlock(_) | Tag::List(_)) | Event::End(_) | Event::Html(_)
    )
}

/// Replaces the space between the marker of a list item and its text (often a line break) by one blank, so that all
/// following lines have the same indentation.
fn marker(text: &str, range: Range<usize>) -> Option<Edit> {
    let lead = text.get(range.clone())?.trim_start_matches(' ');
    let range = range.end - lead.len()..range.end;
    let marker = lead.trim_end();
    let tidy = format!("{marker} ");
    (lead != tidy && !marker.contains(char::is_whitespace)).then_some(Edit { range, with: tidy })
}

#[cfg(test)]
mod tests {
    use super::sanitize;

    fn check(text: &str, expected: &str) {
        assert_eq!(
            sanitize(text, Some("https://cloud.google.com/spanner/")),
            expected,
            "{text:?}"
        );
    }

    #[test]
    fn code_is_tagged_as_text() {
        check("```\nlet x;\n```", "```text\nlet x;\n```");
        check("```rust\nlet x;\n```\nend", "```text\nlet x;\n```\nend");
        check("```text\nfine\n```", "```text\nfine\n```");
        check("~~~\na\n~~~", "```text\na\n```");
        check(
            "Unclosed:\n```sql\nSELECT 1",
            "Unclosed:\n```text\nSELECT 1\n```",
        );
    }

    #[test]
    fn indented_code_becomes_a_tagged_block() {
        check(
            "For instance:\n\n    service Foo {\n      rpc Bar();\n    }\n\nEnd.",
            "For instance:\n\n```text\nservice Foo {\n  rpc Bar();\n}\n```\n\nEnd.",
        );
        check(
            "* item\n\n      code\n\n  more",
            "* item\n\n  ```text\n  code\n  ```\n\n  more",
        );
    }

    #[test]
    fn continuation_lines_join_their_item() {
        check("* item\n    goes on", "* item goes on");
        check("* item\ngoes on\n* next", "* item goes on\n* next");
        check("> quote\ngoes on", "> quote goes on");
        check("- >ARP goes\n  on\n- b", "- \\>ARP goes on\n- b");
        check("- \n  text\n  more\n-   next", "- text more\n- next");
        check("a:\n\n   -\n     text\n   -  b", "a:\n\n   - text\n   - b");
    }

    #[test]
    fn brackets_are_no_links() {
        check("a [x] b", "a \\[x\\] b");
        check("a[] and \\[y\\]", "a\\[\\] and \\[y\\]");
        check("`[x]` stays", "`[x]` stays");
        check(
            "the [Instance.name][google.spanner.v1.Instance.name] field",
            "the `Instance.name` field",
        );
        check("[`Foo`][a.b]", "`Foo`");
        check("[^/]+", "\\[^/\\]+");
    }

    #[test]
    fn links_are_absolute_or_gone() {
        check("[a](https://x.example/y)", "[a](https://x.example/y)");
        check("[a](/iam/docs)", "[a](https://cloud.google.com/iam/docs)");
        check("[a](Foo::bar)", "a");
        check("[a](#anchor)", "a");
        check(
            "see https://x.example/a_b_c.",
            "see <https://x.example/a_b_c>.",
        );
        check("see (https://x.example)", "see (<https://x.example>)");
        check("https://{x}.example/", "`https://{x}.example/`");
        check("<https://x.example>", "<https://x.example>");
        check("<a@x.example>", "<a@x.example>");
        check("<javascript:alert(1)>", "\\<javascript:alert(1)>");
        check("<data:text/html,x>", "\\<data:text/html,x>");
    }

    #[test]
    fn the_emitters_own_links_cannot_be_redefined() {
        check(
            "a\n\n[`A::b`]: https://x.example",
            "a\n\n\\[`A::b`\\]: <https://x.example>",
        );
        check(
            "a\n\n[a::B]: https://x.example",
            "a\n\n\\[a::B\\]: <https://x.example>",
        );
        check(
            "[a]\n\n[a]: https://x.example",
            "[a]\n\n[a]: https://x.example",
        );
    }

    #[test]
    fn html_is_text() {
        check("a <b>bold</b> word", "a \\<b>bold\\</b> word");
        check("Vec<String> and <project>", "Vec\\<String> and \\<project>");
        check("<script>alert(1)</script>", "\\<script>alert(1)\\</script>");
        check("1 < 2", "1 < 2");
    }

    #[test]
    fn what_needs_nothing_stays() {
        for text in [
            "Prose, `code` and *emphasis*: a * b.",
            "Prose.\n\n* `a` is\n* b\n\nProse.",
            "Größe",
        ] {
            check(text, text);
        }
        check("Lines\n* item\nlazy", "Lines\n* item lazy");
    }

    #[test]
    fn invisible_characters_are_dropped() {
        check("a\u{202e}b\u{0}c\r\nd\te  ", "abc\nd    e");
        check("a\u{61c}b\u{200b}c\u{2065}d", "abcd");
    }

    #[test]
    fn any_text_ends_up_without_runnable_code() {
        for text in [
            "```\n````\n```\n    x",
            "-     code",
            "1.\n\n        x",
            "> ```\n> y",
            "* a\n   ```rust\n   b",
        ] {
            let harmless = sanitize(text, None);
            let parser = pulldown_cmark::Parser::new(&harmless);
            for event in parser {
                if let pulldown_cmark::Event::Start(pulldown_cmark::Tag::CodeBlock(kind)) = event {
                    assert_eq!(
                        kind,
                        pulldown_cmark::CodeBlockKind::Fenced("text".into()),
                        "{harmless}"
                    );
                }
            }
        }
    }
}
