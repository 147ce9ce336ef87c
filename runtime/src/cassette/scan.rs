//! JSON members by name, in any text: JSON, truncated JSON, several JSON messages, and other text around them.
//!
//! Everything but the hidden values keeps its text, so that no number changes.

use super::hide::{HIDDEN, Names, is_credential};

/// The number of levels of JSON within strings of JSON.
const DEPTH: u32 = 4;

/// A text without hidden values, and these.
#[derive(Default)]
pub(super) struct Scanned {
    pub(super) text: String,
    /// The values of credentials.
    pub(super) credentials: Vec<String>,
    /// The values of other hidden members.
    pub(super) others: Vec<String>,
}

/// Hides the values of members in a text.
pub(super) fn hide(text: &str, names: &Names) -> Scanned {
    hide_within(text, names, DEPTH)
}

fn hide_within(text: &str, names: &Names, depth: u32) -> Scanned {
    let mut scanner = Scanner {
        text,
        names,
        depth,
        // Quotation marks of other text are not always in pairs. There every one of them may begin a name.
        is_json: serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok(),
        found: Scanned::default(),
    };
    scanner.run();
    scanner.found
}

struct Scanner<'a> {
    text: &'a str,
    names: &'a Names,
    depth: u32,
    is_json: bool,
    found: Scanned,
}

impl<'a> Scanner<'a> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(quote) = self.find_quote(at) {
            self.copy(at, quote);
            let end = string_end(self.text, quote);
            let token = self.slice(quote, end);
            let value = self.value_after(end);
            let name = content(token);
            at = match value {
                Some(value) if self.names.hides_field(&name) => {
                    self.copy(quote, value);
                    self.hide_value(value, is_credential(&name))
                }
                None if self.is_json => {
                    self.string(token);
                    end
                }
                _ if self.is_json => {
                    self.copy(quote, end);
                    end
                }
                _ => {
                    self.copy(quote, quote + 1);
                    quote + 1
                }
            };
        }
        self.copy(at, self.text.len());
    }

    fn find_quote(&self, at: usize) -> Option<usize> {
        let found = self.text.get(at..)?.find('"')?;
        Some(at + found)
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn copy(&mut self, start: usize, end: usize) {
        let text = self.slice(start, end);
        self.found.text.push_str(text);
    }

    /// Returns the position of the value if a name ends here.
    fn value_after(&self, end: usize) -> Option<usize> {
        let rest = self.text.get(end..)?;
        let after = rest.trim_start().strip_prefix(':')?.trim_start();
        Some(self.text.len() - after.len())
    }

    /// Writes a string that is not a name. JSON within it is scanned, too.
    fn string(&mut self, token: &str) {
        let content = content(token);
        let is_nested = content.trim_start().starts_with(['{', '[']) && self.depth > 0;
        if is_nested {
            let inner = hide_within(&content, self.names, self.depth - 1);
            if inner.text != content {
                let token = serde_json::to_string(&inner.text);
                self.found.text.push_str(&token.unwrap_or_default());
                self.found.credentials.extend(inner.credentials);
                self.found.others.extend(inner.others);
                return;
            }
        }
        self.found.text.push_str(token);
    }

    /// Hides the value at a position, and returns its end.
    fn hide_value(&mut self, start: usize, is_credential: bool) -> usize {
        let mut depth = 0_usize;
        let mut at = start;
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            let Some(first) = rest.chars().next() else {
                return at;
            };
            match first {
                '"' => {
                    let end = string_end(self.text, at);
                    if depth > 0 && self.value_after(end).is_some() {
                        self.copy(at, end);
                    } else {
                        let token = self.slice(at, end);
                        self.keep(content(token), is_credential);
                        let is_whole = token.len() > 1 && token.ends_with('"');
                        let close = if is_whole { "\"" } else { "" };
                        let hidden = format!("\"{HIDDEN}{close}");
                        self.found.text.push_str(&hidden);
                    }
                    at = end;
                }
                '{' | '[' => {
                    depth += 1;
                    self.copy(at, at + 1);
                    at += 1;
                }
                '}' | ']' => {
                    if depth == 0 {
                        return at;
                    }
                    depth -= 1;
                    self.copy(at, at + 1);
                    at += 1;
                }
                first if first.is_ascii_alphanumeric() || first == '-' => {
                    let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | '}' | ']' | '"');
                    let end = rest.find(is_end).map_or(self.text.len(), |end| at + end);
                    let word = self.slice(at, end);
                    let replacement = match word {
                        "null" => "null",
                        "true" | "false" => "false",
                        _ => {
                            self.keep(word.to_owned(), is_credential);
                            "0"
                        }
                    };
                    self.found.text.push_str(replacement);
                    at = end;
                }
                other => {
                    let end = at + other.len_utf8();
                    self.copy(at, end);
                    at = end;
                    if depth == 0 {
                        return at;
                    }
                    continue;
                }
            }
            if depth == 0 {
                return at;
            }
        }
    }

    fn keep(&mut self, value: String, is_credential: bool) {
        if is_credential {
            self.found.credentials.push(value);
        } else {
            self.found.others.push(value);
        }
    }
}

/// Returns the end of the string that begins at a quotation mark.
fn string_end(text: &str, start: usize) -> usize {
    let mut is_escaped = false;
    let bytes = text.as_bytes().iter().enumerate().skip(start + 1);
    for (at, byte) in bytes {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Returns the text of a string. Of a truncated string it is the existing part.
fn content(token: &str) -> String {
    serde_json::from_str(token).unwrap_or_else(|_| {
        let token = token.strip_prefix('"').unwrap_or(token);
        token.strip_suffix('"').unwrap_or(token).to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(fields: &[&str]) -> Names {
        Names {
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            ..Names::default()
        }
    }

    #[test]
    fn hidden_members_are_found_in_any_text() {
        for (text, expected) in [
            (
                r#"{"accessToken":"abc","n":1e999}"#,
                r#"{"accessToken":"[hidden]","n":1e999}"#,
            ),
            (
                r#"{ "access_token" : "a\"bc" }"#,
                r#"{ "access_token" : "[hidden]" }"#,
            ),
            (
                r#"{"note": 7, "x": [{"NOTE": "b"}]}"#,
                r#"{"note": 0, "x": [{"NOTE": "[hidden]"}]}"#,
            ),
            (
                r#"{"note":{"a":[1,"x",true,null],"b":"y"},"c":2}"#,
                r#"{"note":{"a":[0,"[hidden]",false,null],"b":"[hidden]"},"c":2}"#,
            ),
            (r#"{"note":null,"c":"note"}"#, r#"{"note":null,"c":"note"}"#),
            // A truncated body.
            (r#"[{"password":"abc"#, r#"[{"password":"[hidden]"#),
            (r#"[{"password":"#, r#"[{"password":"#),
            (r#"[{"note":{"a":"b"#, r#"[{"note":{"a":"[hidden]"#),
            // Lines, events, parts.
            (
                "data: {\"token\": \"a\"}\n\ndata: {\"token\": \"b\"}",
                "data: {\"token\": \"[hidden]\"}\n\ndata: {\"token\": \"[hidden]\"}",
            ),
            (
                r#"5" disk {"token":"a"} "#,
                r#"5" disk {"token":"[hidden]"} "#,
            ),
            // JSON within JSON.
            (
                r#"{"log":"{\"token\":\"abc\"}"}"#,
                r#"{"log":"{\"token\":\"[hidden]\"}"}"#,
            ),
            ("token: abc", "token: abc"),
            ("\"", "\""),
            ("", ""),
        ] {
            assert_eq!(hide(text, &names(&["note"])).text, expected, "{text}");
        }
    }

    #[test]
    fn the_values_are_kept() {
        let text = r#"{"password": "p\u0061ss", "note": ["n", 12345678], "x": "y"}"#;
        let found = hide(text, &names(&["note"]));
        assert_eq!(found.credentials, ["pass"]);
        assert_eq!(found.others, ["n", "12345678"]);
    }
}
