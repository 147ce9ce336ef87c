//! JSON members by name, in any text: JSON, truncated JSON, several JSON messages, and other text around them.
//!
//! Everything but the hidden values keeps its text, so that no number changes.

mod nested;

use super::hide::{HIDDEN_BYTES, Names, is_credential, is_reference, replacement};
use super::urls;
use crate::types::Base64;

/// The number of levels of text within strings of JSON.
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
    let mut found = scanner.found;
    let (text, values) = urls::hide(&found.text, names);
    found.text = text;
    found.credentials.extend(values);
    found
}

/// Hides values in a text that may be encoded: by percent or in base64. Returns `None` if there are none.
fn hide_nested(text: &str, names: &Names, depth: u32) -> Option<Scanned> {
    let depth = depth.checked_sub(1)?;
    let mut all = Scanned::default();
    let hidden = nested::hide(text, |text| {
        let scanned = hide_within(text, names, depth);
        all.credentials.extend(scanned.credentials);
        all.others.extend(scanned.others);
        (scanned.text != text).then_some(scanned.text)
    });
    all.text = hidden?;
    Some(all)
}

/// Hides values in the value of a parameter, which may be JSON in any encoding. Returns `None` if there are none.
pub(super) fn hide_value(text: &str, names: &Names) -> Option<Scanned> {
    hide_nested(text, names, DEPTH)
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
                    self.hide_value(value, &name)
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

    /// Writes a string that is not a name. Text within it is scanned, too.
    fn string(&mut self, token: &str) {
        let Some(inner) = hide_nested(&content(token), self.names, self.depth) else {
            self.found.text.push_str(token);
            return;
        };
        let token = serde_json::to_string(&inner.text);
        self.found.text.push_str(&token.unwrap_or_default());
        self.found.credentials.extend(inner.credentials);
        self.found.others.extend(inner.others);
    }

    /// Hides the value at a position, and returns its end.
    fn hide_value(&mut self, start: usize, name: &str) -> usize {
        // Of an object that is a credential, only its own credentials are texts that are hidden in any encoding.
        let mut member = name.to_owned();
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
                        member = content(self.slice(at, end));
                        self.copy(at, end);
                    } else {
                        self.hide_string(self.slice(at, end), &member);
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
                            self.keep(word.to_owned(), is_credential(&member));
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

    fn hide_string(&mut self, token: &str, name: &str) {
        let is_credential = is_credential(name);
        let value = content(token);
        if is_credential && is_reference(&value) && !self.names.chooses_field(name) {
            self.found.text.push_str(token);
            return;
        }
        let is_whole = token.len() > 1 && token.ends_with('"');
        let replacement = replacement(name, &value);
        self.found.text.push('"');
        self.found.text.push_str(replacement);
        if is_whole {
            self.found.text.push('"');
        }
        if replacement == HIDDEN_BYTES {
            let bytes = Base64::from(&*value).decode().unwrap_or_default();
            self.keep(String::from_utf8(bytes).unwrap_or_default(), is_credential);
        }
        self.keep(value, is_credential);
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
            (
                r#"{"log":"failed: {\"token\":\"abc\"}"}"#,
                r#"{"log":"failed: {\"token\":\"[hidden]\"}"}"#,
            ),
            (
                r#"{"log":"%7B%22token%22%3A%22abc%22%7D"}"#,
                r#"{"log":"%7B%22token%22%3A%22%5Bhidden%5D%22%7D"}"#,
            ),
            // `{"token":"abc"}` and `{"token":"[hidden]"}`.
            (
                r#"{"log":"eyJ0b2tlbiI6ImFiYyJ9"}"#,
                r#"{"log":"eyJ0b2tlbiI6IltoaWRkZW5dIn0="}"#,
            ),
            (
                r#"{"body":"a=1\nclient_secret=abc&b=2"}"#,
                r#"{"body":"a=1\nclient_secret=%5Bhidden%5D&b=2"}"#,
            ),
            // Other forms of values, which can still be decoded.
            (
                r#"{"note":"-12","x":{"privateKeyData":"YWJj"}}"#,
                r#"{"note":"0","x":{"privateKeyData":"W2hpZGRlbl0="}}"#,
            ),
            (
                r#"{"adminPassword":"12","nextPageToken":"a","secret":"projects/p/secrets/s"}"#,
                r#"{"adminPassword":"[hidden]","nextPageToken":"a","secret":"projects/p/secrets/s"}"#,
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
