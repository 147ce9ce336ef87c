//! Checks every token of a file: none is code from the document.

use std::collections::HashSet;

use proc_macro2::{Delimiter, Group, Ident, Literal, TokenStream, TokenTree};
use syn::{ImplItem, Item, Lit, TraitItem};

use super::{Finding, Property, docs, text, vocabulary};

/// Checks a file. `words` are the names that were made for the document.
pub(super) fn check(path: &str, code: &str, words: &HashSet<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut broken = |property, detail: String| findings.push(Finding::new(property, path, detail));
    if let Some(hidden) = text::hidden(code) {
        broken(
            Property::NothingInvisible,
            format!("the character {hidden:?}"),
        );
    }
    for comment in comments(code) {
        broken(Property::NoForeignCode, format!("a comment: {comment}"));
    }
    let tokens = match code.parse::<TokenStream>() {
        Ok(tokens) => tokens,
        Err(error) => {
            broken(Property::Parses, format!("no tokens: {error}"));
            return findings;
        }
    };
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => {
            for item in unknown_items(&file.items) {
                broken(Property::NoForeignCode, format!("an item: {item}"));
            }
        }
        Err(error) => broken(Property::Parses, error.to_string()),
    }
    let mut walk = Walk {
        words,
        foreign: Vec::new(),
        docs: Docs::default(),
    };
    walk.tokens(tokens);
    walk.end_docs();
    findings.extend(
        walk.foreign
            .into_iter()
            .map(|(property, detail)| Finding::new(property, path, text::shortened(&detail))),
    );
    findings
}

/// Returns comments that are not documentation, except for the banner. No string spans several lines, so a line that
/// begins like a comment is one.
fn comments(code: &str) -> impl Iterator<Item = &str> {
    let banner = |line: &str| {
        let rest = line.strip_prefix(gapi_generator::write::BANNER);
        let rest = rest.and_then(|rest| rest.strip_suffix(". Do not edit."));
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | ',' | '-');
        rest.is_some_and(|rest| rest.chars().all(plain))
    };
    let lines = code.lines().enumerate();
    lines
        .filter(move |(number, line)| !(*number == 0 && banner(line)))
        .map(|(_, line)| line.trim_start())
        .filter(|line| {
            let comment = line.starts_with("//") || line.starts_with("/*");
            let documents = line.starts_with("//!") || line.starts_with("///");
            comment && (!documents || line.starts_with("////"))
        })
}

/// Returns items that the emitter never writes, level by level.
fn unknown_items(items: &[Item]) -> Vec<String> {
    let mut unknown = Vec::new();
    for item in items {
        match item {
            Item::Const(_)
            | Item::Enum(_)
            | Item::Macro(_)
            | Item::Struct(_)
            | Item::Type(_)
            | Item::Use(_) => {}
            Item::Mod(module) => {
                let items = module.content.as_ref().map(|(_, items)| items.as_slice());
                unknown.extend(unknown_items(items.unwrap_or_default()));
            }
            Item::Impl(block) => {
                let known = |item: &ImplItem| matches!(item, ImplItem::Const(_) | ImplItem::Fn(_));
                if block.unsafety.is_some() || !block.items.iter().all(known) {
                    unknown.push("an impl with something else than functions".to_owned());
                }
            }
            Item::Trait(block) => {
                let known = |item: &TraitItem| matches!(item, TraitItem::Fn(_));
                if block.ident != "StandardParameters" || !block.items.iter().all(known) {
                    unknown.push(format!("the trait {}", block.ident));
                }
            }
            _ => unknown.push("of a kind that is never emitted".to_owned()),
        }
    }
    unknown
}

/// The traversal of the tokens.
struct Walk<'a> {
    words: &'a HashSet<&'a str>,
    foreign: Vec<(Property, String)>,
    docs: Docs,
}

/// The doc comments of one item, while they are collected.
#[derive(Default)]
struct Docs {
    inner: bool,
    lines: Vec<String>,
}

impl Walk<'_> {
    fn tokens(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        let mut last: Option<Ident> = None;
        while let Some(token) = tokens.next() {
            let mut word = None;
            match token {
                TokenTree::Punct(mark) if mark.as_char() == '#' => {
                    let is_bang = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == '!');
                    let inner = tokens.next_if(is_bang).is_some();
                    match tokens.next() {
                        Some(TokenTree::Group(group))
                            if group.delimiter() == Delimiter::Bracket =>
                        {
                            self.attribute(inner, &group);
                        }
                        other => self.foreign(
                            "an attribute",
                            &other.map_or_else(String::new, |t| t.to_string()),
                        ),
                    }
                    continue;
                }
                TokenTree::Punct(mark) => self.mark(mark.as_char(), last.as_ref()),
                TokenTree::Ident(ident) => {
                    self.word(&ident);
                    word = Some(ident);
                }
                TokenTree::Literal(literal) => self.literal(&literal, last.as_ref()),
                TokenTree::Group(group) => {
                    self.end_docs();
                    self.tokens(group.stream());
                }
            }
            self.end_docs();
            last = word;
        }
    }

    fn foreign(&mut self, what: &str, found: &str) {
        self.foreign
            .push((Property::NoForeignCode, format!("{what}: `{found}`")));
    }

    fn mark(&mut self, mark: char, before: Option<&Ident>) {
        if !vocabulary::MARKS.contains(mark) {
            self.foreign("a mark", &mark.to_string());
        }
        if mark == '!'
            && !before.is_some_and(|name| vocabulary::MACROS.iter().any(|known| name == known))
        {
            self.foreign(
                "a macro",
                &before.map_or_else(String::new, ToString::to_string),
            );
        }
    }

    fn word(&mut self, ident: &Ident) {
        let word = ident.to_string();
        if !vocabulary::is_own(&word) && !self.words.contains(word.as_str()) {
            self.foreign("a word", &word);
        }
    }

    /// Checks strings, the index of a tuple field, and the maximum size of media.
    fn literal(&mut self, literal: &Literal, before: Option<&Ident>) {
        let shown = literal.to_string();
        let is_number = shown.bytes().all(|b| b.is_ascii_digit() || b == b'_');
        let is_size = is_number && before.is_some_and(|word| word == "max");
        if shown != "0" && !is_size && !shown.starts_with('"') {
            self.foreign("a literal", &shown);
        }
    }

    fn attribute(&mut self, inner: bool, group: &Group) {
        let mut tokens = group.stream().into_iter();
        let parts = (tokens.next(), tokens.next(), tokens.next(), tokens.next());
        if let (
            Some(TokenTree::Ident(name)),
            Some(TokenTree::Punct(_)),
            Some(TokenTree::Literal(value)),
            None,
        ) = &parts
            && let Lit::Str(line) = Lit::new(value.clone())
        {
            match name.to_string().as_str() {
                "doc" => return self.docs_line(inner, line.value()),
                "deprecated" if !inner => return self.note(&line.value()),
                _ => {}
            }
        }
        let shown = group.stream().to_string();
        let own = if inner {
            vocabulary::INNER_ATTRIBUTES.contains(&shown.as_str())
        } else {
            vocabulary::is_attribute(&shown)
        };
        if !own {
            self.foreign("an attribute", &shown);
        }
    }

    fn docs_line(&mut self, inner: bool, line: String) {
        if inner != self.docs.inner {
            self.end_docs();
        }
        self.docs.inner = inner;
        self.docs.lines.push(line);
    }

    /// Checks the note of a deprecation, which the compiler prints: one line of plain text.
    fn note(&mut self, line: &str) {
        if line.contains(char::is_control) || line.len() > vocabulary::LONGEST_NOTE {
            self.foreign("a note", line);
        }
    }

    fn end_docs(&mut self) {
        if self.docs.lines.is_empty() {
            return;
        }
        let lines = std::mem::take(&mut self.docs.lines);
        for detail in docs::check(&lines, self.words) {
            self.foreign
                .push((Property::DocumentationRunsNothing, detail));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str) -> Vec<Property> {
        let banner = "// @generated by gapi-generator from a-v1, revision 1. Do not edit.\n\n";
        let words = HashSet::from(["Thing", "thing"]);
        let findings = check("a.rs", &format!("{banner}{code}"), &words);
        findings.iter().map(|finding| finding.property).collect()
    }

    #[test]
    fn what_the_emitter_writes_passes() {
        let code = "//! Things, see [`Thing::thing`].\n\nuse gapi_runtime::Client;\n\n/// A thing.\n///\n/// ```text\n/// abort();\n/// ```\npub struct Thing {\n    pub thing: Option<String>,\n}\ngapi_runtime::schema!(Thing { thing: \"*/ abort(); \\\"\" });\n";
        assert_eq!(found(code), []);
    }

    #[test]
    fn whatever_else_there_is_is_found() {
        for code in [
            "pub fn stolen() {}",
            "fn thing() { std::process::abort() }",
            "unsafe impl Clone for Thing {}",
            "extern \"C\" fn thing() {}",
            "include!(\"thing\");",
            "std::schema!(thing { abort!() });",
            "#[path = \"/etc/passwd\"] pub mod thing;",
            "#![feature(thing)]",
            "#[cfg(any())] pub mod thing;",
            "pub const Thing: &str = r\"x\";",
            "pub const Thing: u64 = 1;",
            "gapi_runtime::call!(Thing { max \"x\" 1 });",
            "static thing: u64 = 0;",
            "pub trait Thing {}",
            "/* comment */ pub mod thing;",
            "// comment\npub mod thing;",
            "//// comment\npub mod thing;",
            "pub mod thing { ",
            "pub const Thing: &str = \"\u{202e}\";",
            "/// \u{1b}[31m\npub mod thing;",
        ] {
            assert_ne!(found(code), [], "{code}");
        }
    }

    #[test]
    fn documentation_that_does_more_than_to_be_read_is_found() {
        for line in [
            "```\n/// abort();\n/// ```",
            "```rust\n/// abort();\n/// ```",
            "x\n///\n///     abort();",
            "* ```text\n///   a\n///   ```\n/// ```\n/// abort();",
            "<script>alert(1)</script>",
            "a <b>c</b>",
            "[a](javascript:alert(1))",
            "<javascript:alert(1)>",
            "[`std::process::abort`]",
        ] {
            let code = format!("/// {line}\npub mod thing;\n");
            assert!(
                found(&code).contains(&Property::DocumentationRunsNothing),
                "{code}"
            );
        }
    }
}
