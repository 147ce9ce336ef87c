//! Documentation as rustdoc reads it: no code that runs, no HTML, and only links to the web.

use std::{cell::RefCell, collections::HashSet};

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};

use proc_macro2::{TokenStream, TokenTree};

use super::{text, vocabulary};

/// Returns the problems in the doc comments of one item.
pub(super) fn check(lines: &[String], words: &HashSet<&str>) -> Vec<String> {
    let mut wrong = Vec::new();
    if let Some(line) = lines
        .iter()
        .find(|line| !line.is_empty() && !line.starts_with(' '))
    {
        wrong.push(format!("a line without its blank: {line}"));
    }
    let markdown = unindented(lines);
    // The options of rustdoc.
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    let items = RefCell::new(Vec::new());
    let missing = |link: BrokenLink<'_>| {
        items.borrow_mut().push(link.reference.to_string());
        Some((CowStr::from(ITEM), CowStr::from("")))
    };
    let mut example: Option<String> = None;
    for event in Parser::new_with_broken_link_callback(&markdown, options, Some(missing)) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) if is_example(&kind) => {
                example = Some(String::new());
            }
            Event::Text(text) if example.is_some() => {
                example.get_or_insert_default().push_str(&text);
            }
            Event::End(TagEnd::CodeBlock) => {
                let code = example.take().unwrap_or_default();
                wrong.extend(foreign_in_example(&code, words));
            }
            Event::Start(Tag::CodeBlock(kind)) if !is_text(&kind) => {
                wrong.push(format!("a block of code that rustdoc would run: {kind:?}"));
            }
            Event::Html(html) | Event::InlineHtml(html) => wrong.push(format!("HTML: {html}")),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. })
                if !leads_to_the_web(&dest_url) =>
            {
                wrong.push(format!("a link to `{dest_url}`"));
            }
            _ => {}
        }
    }
    for item in items.into_inner() {
        if !is_item(&item, words) {
            wrong.push(format!("a link to the item `{}`", text::shortened(&item)));
        }
    }
    wrong
}

/// A placeholder for the address of an item of the code.
const ITEM: &str = "https://item.invalid";

/// Removes the common indentation, as rustdoc does.
fn unindented(lines: &[String]) -> String {
    let indent = |line: &String| line.len() - line.trim_start_matches(' ').len();
    let texts = lines.iter().filter(|line| !line.trim().is_empty());
    let common = texts.map(indent).min().unwrap_or(0);
    let cut = |line: &String| line.get(common..).unwrap_or_default().to_owned();
    lines.iter().map(cut).collect::<Vec<_>>().join("\n")
}

/// Returns whether a code block is text. Rustdoc treats all words that it does not know as languages; we write `text`.
fn is_text(kind: &CodeBlockKind<'_>) -> bool {
    match kind {
        CodeBlockKind::Indented => false,
        CodeBlockKind::Fenced(info) => info.split([',', ' ', '\t']).next() == Some("text"),
    }
}

/// Returns whether a code block is the example that the emitter writes. Rustdoc shows or compiles it, and never runs
/// it.
fn is_example(kind: &CodeBlockKind<'_>) -> bool {
    matches!(kind, CodeBlockKind::Fenced(info) if matches!(&**info, "no_run" | "ignore"))
}

/// Returns words of an example that are neither a name, nor the emitter's own, nor a harmless literal.
fn foreign_in_example(code: &str, words: &HashSet<&str>) -> Vec<String> {
    let shown = code
        .lines()
        .map(|line| line.strip_prefix("# ").unwrap_or(line));
    match shown.collect::<Vec<_>>().join("\n").parse() {
        Ok(tokens) => foreign_tokens(tokens, words),
        Err(_) => vec![format!(
            "an example that is not Rust: {}",
            text::shortened(code)
        )],
    }
}

fn foreign_tokens(tokens: TokenStream, words: &HashSet<&str>) -> Vec<String> {
    let foreign = |token| match token {
        TokenTree::Group(group) => foreign_tokens(group.stream(), words),
        TokenTree::Ident(word) => {
            let word = word.to_string();
            let known = words.contains(word.as_str()) || vocabulary::is_of_example(&word);
            let found = (!known).then(|| format!("the word `{word}` in an example"));
            found.into_iter().collect()
        }
        TokenTree::Literal(literal) => {
            let literal = literal.to_string();
            let plain = |c: char| c.is_ascii_alphanumeric() || "/_-:~.\"".contains(c);
            let known = literal.chars().all(plain) || vocabulary::FORMATS.contains(&&*literal);
            let found = (!known).then(|| format!("the literal {literal} in an example"));
            found.into_iter().collect()
        }
        TokenTree::Punct(_) => Vec::new(),
    };
    tokens.into_iter().flat_map(foreign).collect()
}

fn leads_to_the_web(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    let scheme = ["https://", "http://", "mailto:"];
    // The parser marks mail addresses, and rustdoc puts `mailto:` before them.
    let mail = !lower.contains(':') && lower.contains('@');
    mail || scheme.iter().any(|scheme| lower.starts_with(scheme))
}

/// Returns whether the emitter added a link: the path of an item of the code.
fn is_item(reference: &str, words: &HashSet<&str>) -> bool {
    let path = reference.trim_matches('`');
    path.split("::").all(|word| {
        let raw = format!("r#{word}");
        words.contains(word) || words.contains(raw.as_str()) || vocabulary::is_own(word)
    })
}
