//! Converts descriptions to readable doc comments that rustdoc accepts without a warning.
//!
//! A description is Markdown of unknown quality, written for other tools. It must not become a doctest, HTML, or a link
//! into the crate.

use std::borrow::Cow;

use proc_macro2::TokenStream;
use quote::quote;

use crate::text;

mod markdown;
mod restore;
mod words;
pub(crate) mod wrap;

/// Doc comments under construction: paragraphs that are separated by blank lines.
#[derive(Clone, Debug)]
pub(super) struct Docs<'a> {
    /// The base of relative links in descriptions.
    base: Option<&'a str>,
    lines: Vec<String>,
    /// `true` if the last addition was an item.
    in_items: bool,
}

impl<'a> Docs<'a> {
    pub(super) fn new(base: Option<&'a str>) -> Self {
        Self {
            base,
            lines: Vec::new(),
            in_items: false,
        }
    }

    /// Adds a description as its own paragraphs, or `fallback` where the document has none.
    pub(super) fn description(self, text: Option<&str>, fallback: &str) -> Self {
        self.described(text, fallback, false)
    }

    /// Adds a description of an item that rustdoc lists by its first paragraph.
    pub(super) fn summarized(self, text: Option<&str>, fallback: &str) -> Self {
        self.described(text, fallback, true)
    }

    /// Adds the first sentence of a long description, and then `rest`. Adds a short description as it is.
    pub(super) fn brief(self, text: Option<&str>, fallback: &str, rest: &str) -> Self {
        let first = text.and_then(restore::first_sentence);
        let first = first.map(|first| markdown::sanitize(&first, self.base));
        match first.filter(|first| !first.contains('\n')) {
            Some(first) => self.paragraph(&format!("{first} {rest}")),
            None => self.described(text, fallback, true),
        }
    }

    fn described(mut self, text: Option<&str>, fallback: &str, summarized: bool) -> Self {
        let restored = text.map(|text| restore::restore(text, summarized));
        let described = restored.map(|text| markdown::sanitize(&text, self.base));
        match described.filter(|text| !text.is_empty()) {
            Some(text) => self.push(wrap::wrap(&text, wrap::WIDTH)),
            None => self.push(wrap::wrap(fallback, wrap::WIDTH)),
        }
        self
    }

    /// Adds a paragraph of trusted Markdown.
    pub(super) fn paragraph(mut self, text: &str) -> Self {
        self.push(wrap::wrap(text, wrap::WIDTH));
        self
    }

    /// Adds the value that the server assumes by default, if the document states one.
    pub(super) fn default(self, default: Option<&str>) -> Self {
        match default {
            Some(default) => self.paragraph(&format!("Default: {}.", code(default))),
            None => self,
        }
    }

    /// Adds trusted lines as they are.
    pub(super) fn block(mut self, lines: Vec<String>) -> Self {
        self.push(lines);
        self
    }

    /// Adds the list item `* lead: description` as part of one list. `said` is a mark that the lead makes redundant.
    pub(super) fn item(mut self, lead: &str, said: &str, text: &str) -> Self {
        let text = restore::restore(restore::without(text, said), false);
        let text = markdown::sanitize(&text, self.base);
        // A text that begins with a block is placed below the lead.
        let own_block =
            text.starts_with("```") || text.lines().next().is_some_and(wrap::is_in_list);
        let colon = if text.is_empty() { "" } else { ":" };
        let mut item = format!("* {lead}{colon}");
        for (number, line) in text.lines().enumerate() {
            let joined = number == 0 && !own_block;
            item.push_str(match (joined, line.is_empty()) {
                (true, _) => " ",
                (false, true) => "\n",
                (false, false) => "\n  ",
            });
            item.push_str(line);
        }
        if !self.in_items {
            // Without a paragraph between them, two lists would be one. Text below a heading belongs to it.
            if self.lines.iter().any(|line| line.starts_with("# ")) {
                self.push(vec!["# Arguments".to_owned()]);
            } else if self.lines.last().is_some_and(|line| wrap::is_in_list(line)) {
                self.push(vec!["The arguments:".to_owned()]);
            }
            self.blank();
        }
        // After its lead the text is in another context, in which other text begins or ends a block. So it is sanitized
        // again.
        let item = markdown::sanitize(item.trim_end(), self.base);
        self.lines.extend(wrap::wrap(&item, wrap::WIDTH));
        self.in_items = true;
        self
    }

    fn push(&mut self, lines: Vec<String>) {
        self.in_items = false;
        self.blank();
        self.lines.extend(lines);
    }

    fn blank(&mut self) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
    }

    /// Returns the `#[doc]` attributes, one a line, so that they print as `///`.
    pub(super) fn tokens(&self) -> TokenStream {
        let lines = self.spaced();
        quote! { #(#[doc = #lines])* }
    }

    /// Returns the attributes of a file's module: `//!`.
    pub(super) fn inner_tokens(&self) -> TokenStream {
        let lines = self.spaced();
        quote! { #(#![doc = #lines])* }
    }

    fn spaced(&self) -> impl Iterator<Item = String> + '_ {
        self.lines.iter().map(|line| {
            if line.is_empty() {
                String::new()
            } else {
                format!(" {line}")
            }
        })
    }
}

/// Returns a description with its original lists, code and notes. See [`restore`].
pub(crate) fn restored(text: &str) -> Cow<'_, str> {
    restore::restore(text, false)
}

/// Returns harmless Markdown, with relative links resolved against `base`.
pub(crate) fn harmless(text: &str, base: Option<&str>) -> String {
    markdown::sanitize(text, base)
}

/// Returns the URL if it is a web page without characters that Markdown interprets.
pub(crate) fn web(url: &str) -> Option<&str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#@!$&'*+,;=%".contains(&b);
    (url.starts_with("https://") && url.bytes().all(plain)).then_some(url)
}

/// Returns a few words of a document, to use inside a sentence.
pub(crate) fn inline(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // The beginning of a block has no effect inside a sentence.
    let word = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    // Half a code span or half a tag could be completed by the rest of the sentence.
    let word = word.replace('`', "&#96;").replace('<', "&lt;");
    markdown::sanitize(&word, None)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Returns a name or value of a document as inline code on one line.
pub(crate) fn code(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c == '`' || c.is_control() { ' ' } else { c })
        .collect();
    let plain = text::visible(plain.trim());
    if plain.is_empty() {
        "(empty)".to_owned()
    } else {
        format!("`{plain}`")
    }
}

/// Returns the text without invisible characters.
pub(super) fn visible(text: &str) -> String {
    text::visible(text)
}

/// Returns a single line of trusted documentation.
pub(super) fn line(text: &str) -> TokenStream {
    let text = format!(" {text}");
    quote! { #[doc = #text] }
}
