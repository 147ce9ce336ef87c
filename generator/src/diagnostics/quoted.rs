//! Words of a document inside a Markdown sentence.

use crate::text::{folded, is_hidden};

/// Returns words of a document for a sentence in Markdown: unchanged if they are plain words, or else as inline code.
///
/// Plain words have no meaning in Markdown or HTML. They also have no form that GitHub turns into a link or a mention, such as
/// `@name`, `GH-1` or an address. An empty text becomes `(empty)`.
///
/// ```
/// use gapi_generator::diagnostics::quoted;
///
/// assert_eq!(quoted("Cloud Pub/Sub API, v1.1"), "Cloud Pub/Sub API, v1.1");
/// assert_eq!(quoted("ask @octocat"), "`ask @octocat`");
/// assert_eq!(quoted("![x](https://example.com)"), "`![x](https://example.com)`");
/// ```
#[must_use]
pub fn quoted(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let words = folded(&visible);
    if words.is_empty() {
        "(empty)".to_owned()
    } else if is_plain(&words) {
        words
    } else {
        let code = folded(&words.replace('`', " "));
        if code.is_empty() {
            "(empty)".to_owned()
        } else {
            format!("`{code}`")
        }
    }
}

/// Line breaks and tabs separate words, so they stay.
fn is_invisible(c: char) -> bool {
    is_hidden(c) && !matches!(c, '\n' | '\r' | '\t')
}

fn is_plain(words: &str) -> bool {
    let begins = words.starts_with(char::is_alphanumeric);
    let is_numbered = words.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = is_numbered.len() < words.len() && is_numbered.starts_with(['.', ')']);
    begins && !is_numbered && words.split(' ').all(is_plain_word)
}

fn is_plain_word(word: &str) -> bool {
    let mut before = None;
    let mut rest = word.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied();
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let fits = match c {
            // A version, or the end of a sentence. Not an address.
            '.' => after.is_none() || is_digit(before) && is_digit(after),
            ':' => after.is_none(),
            '/' => after != Some('/'),
            // `GH-1` and its like are links to issues.
            '-' => !is_digit(after) || is_date(word),
            ',' | '(' | ')' | '\'' | '&' | '+' => true,
            c => c.is_alphanumeric(),
        };
        if !fits {
            return false;
        }
        before = Some(c);
    }
    !is_commit(word)
}

fn is_date(word: &str) -> bool {
    let word = word.trim_matches(|c: char| "(),.".contains(c));
    word.chars().all(|c| c.is_ascii_digit() || c == '-')
}

/// Returns whether a word looks like the id of a commit, which GitHub turns into a link. Digits alone are a revision.
fn is_commit(word: &str) -> bool {
    let letters = word.trim_matches(|c: char| !c.is_alphanumeric());
    let is_hex = letters.chars().all(|c| c.is_ascii_hexdigit());
    letters.len() >= 7 && is_hex && letters.contains(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn plain_words_stay() {
        for text in [
            "Cloud Spanner API",
            "Identity and Access Management (IAM) API",
            "Cloud Pub/Sub API",
            "Campaign Manager 360 API, v3.4",
            "Dun & Bradstreet's: Ordnung für Größe.",
            "20261006",
            "2026-10-06",
            "v1beta1",
            "read-only",
        ] {
            assert_eq!(quoted(text), text);
        }
        assert_eq!(quoted("  a\n\tb "), "a b");
        assert_eq!(quoted(" \u{202e}\u{7} "), "(empty)");
    }

    #[test]
    fn everything_else_is_code() {
        for text in [
            "@octocat",
            "a@example.com",
            "#12",
            "GH-12",
            "octocat/hello#1",
            "https://example.com",
            "www.example.com",
            "example.com",
            "![x](https://example.com/x.png)",
            "[x]: y",
            "<img src=x>",
            "a <b>b</b>",
            "&lt;",
            "*a*",
            "_a_",
            "a | b",
            "~~a~~",
            ":tada:",
            "$a$",
            "# a",
            "> a",
            "- a",
            "1. a",
            "1) a",
            "deadbeef1",
            "(0123abc)",
        ] {
            assert_eq!(quoted(text), format!("`{text}`"));
        }
        assert_eq!(quoted("`a` ``` <b>"), "`a <b>`");
        assert_eq!(quoted("```"), "(empty)");
        assert_eq!(quoted("*a\n# b\u{200e}"), "`*a # b`");
    }
}
