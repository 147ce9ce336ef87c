//! The hidden texts of a session, in any encoding.

use super::hide::HIDDEN;
use crate::encode;
use crate::secrets::Hidden;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use std::collections::BTreeSet;

/// The length, in bytes, from which a text is hidden at other places than its own. Shorter ones are parts of anything.
const SHORTEST: usize = 6;

/// The hidden texts.
#[derive(Default)]
pub(super) struct Secrets {
    /// Each text in its encodings, the longest first.
    forms: Vec<String>,
    /// Credentials in any encoding.
    credentials: Hidden,
}

impl Secrets {
    pub(super) fn new(credentials: &[String], others: &[String]) -> Self {
        let all = credentials.iter().chain(others);
        let long = all.filter(|text| text.len() >= SHORTEST);
        let forms: BTreeSet<String> = long.flat_map(|text| forms(text)).collect();
        let mut forms: Vec<String> = forms.into_iter().collect();
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        let credentials: Vec<&str> = credentials.iter().map(String::as_str).collect();
        Self {
            forms,
            credentials: Hidden::of(&credentials),
        }
    }

    /// Returns a text without hidden ones in their usual encodings.
    pub(super) fn hide_usual(&self, text: &str, marker: &str) -> String {
        let mut text = text.to_owned();
        for form in &self.forms {
            if text.contains(form.as_str()) {
                text = text.replace(form.as_str(), marker);
            }
        }
        text
    }

    /// Returns a text without hidden ones.
    ///
    /// `marker` replaces them. A credential in an encoding that is not one of the usual ones replaces all between two quotation
    /// marks or line breaks, or the whole text.
    pub(super) fn hide_in(&self, text: &str, marker: &str) -> String {
        let text = self.hide_usual(text, marker);
        if !self.credentials.is_in(&text) {
            return text;
        }
        let units = text.split_inclusive(['"', '\n']).map(|unit| {
            let body = unit.trim_end_matches(['"', '\n']);
            if self.credentials.is_in(body) {
                [marker, &unit[body.len()..]].concat()
            } else {
                unit.to_owned()
            }
        });
        let text: String = units.collect();
        if self.credentials.is_in(&text) {
            marker.to_owned()
        } else {
            text
        }
    }

    /// Returns a body without hidden texts. JSON remains JSON: a number is replaced by 0, and only if the whole number is hidden.
    pub(super) fn hide_in_body(&self, body: &str) -> String {
        let hidden = self.hide_in(body, HIDDEN);
        if hidden == body || !is_json(body) {
            return hidden;
        }
        let mut json = String::with_capacity(body.len());
        let mut rest = body;
        while let Some((before, after)) = rest.split_once('"') {
            self.hide_numbers(before, &mut json);
            let end = string_end(after);
            let (string, after) = after.split_at(end);
            let string = string.strip_suffix('"').unwrap_or(string);
            json.push('"');
            json.push_str(&self.hide_in(string, HIDDEN));
            json.push('"');
            rest = after;
        }
        self.hide_numbers(rest, &mut json);
        if self.credentials.is_in(&json) {
            hidden
        } else {
            json
        }
    }

    /// Writes the part of JSON between two strings.
    fn hide_numbers(&self, part: &str, json: &mut String) {
        let is_end = |c: char| c.is_whitespace() || ",:[]{}".contains(c);
        for unit in part.split_inclusive(is_end) {
            let word = unit.trim_end_matches(is_end);
            let is_hidden = self.forms.iter().any(|form| form == word);
            json.push_str(if is_hidden { "0" } else { word });
            json.push_str(&unit[word.len()..]);
        }
    }

    /// Returns `true` if a text or bytes hold a hidden text.
    pub(super) fn are_in(&self, bytes: &[u8]) -> bool {
        let text = String::from_utf8_lossy(bytes);
        self.hide_in(&text, HIDDEN) != text
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Returns the end of a string of JSON, after its first quotation mark.
fn string_end(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    });
    end.map_or(text.len(), |end| end + 1)
}

/// Returns a text in its usual encodings.
fn forms(text: &str) -> Vec<String> {
    let mut forms = vec![text.to_owned()];
    let mut form = String::new();
    encode::form(text, &mut form);
    let percent = [encode::simple(text), encode::reserved(text), form];
    forms.extend(percent.iter().map(|text| lower_triplets(text)));
    forms.extend(percent);
    let json = serde_json::to_string(text).unwrap_or_default();
    let json = json.trim_matches('"');
    forms.push(json.to_owned());
    forms.push(json.replace('/', r"\/"));
    let hex: Vec<String> = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let hex = hex.concat();
    forms.push(hex.to_ascii_uppercase());
    forms.push(hex);
    for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
        // The text may begin at any of three positions, and only whole groups of letters are its own.
        for before in 0..3 {
            let bytes = [&vec![0; before][..], text.as_bytes()].concat();
            let encoded = engine.encode(&bytes);
            let whole = bytes.len() / 3 * 4;
            let start = if before > 0 { 4 } else { 0 };
            forms.extend(encoded.get(start..whole).map(str::to_owned));
        }
    }
    forms.retain(|form| form.len() >= SHORTEST);
    forms
}

/// Returns a text whose percent-encoded triplets have small letters.
fn lower_triplets(text: &str) -> String {
    let mut parts = text.split('%');
    let mut lower = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        lower.push('%');
        let (triplet, rest) = part.split_at(part.len().min(2));
        lower.push_str(&triplet.to_ascii_lowercase());
        lower.push_str(rest);
    }
    lower
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    const SECRET: &str = "ya29.a0/Token+of=the~caller";

    #[test]
    fn a_hidden_text_is_found_in_every_encoding() {
        let hex: Vec<_> = SECRET.bytes().map(|byte| format!("{byte:02X}")).collect();
        let hex = hex.concat();
        for secrets in [
            Secrets::new(&[SECRET.to_owned()], &[]),
            Secrets::new(&[], &[SECRET.to_owned()]),
        ] {
            for text in [
                SECRET.to_owned(),
                encode::simple(SECRET),
                lower_triplets(&encode::simple(SECRET)),
                SECRET.replace('/', r"\/"),
                hex.clone(),
                hex.to_lowercase(),
            ] {
                let around = format!(r#"{{"message":"the token {text} is not valid"}}"#);
                let expected = r#"{"message":"the token [hidden] is not valid"}"#;
                assert_eq!(secrets.hide_in(&around, HIDDEN), expected, "{text}");
            }
            for before in ["", "a", "ab", "abc"] {
                for after in ["", "z", "zz"] {
                    let encoded = STANDARD.encode(format!("{before}{SECRET}{after}"));
                    let found = secrets.hide_in(&format!("x \"{encoded}\""), HIDDEN);
                    assert!(found.contains(HIDDEN), "{found}");
                    let rest = found.replace(HIDDEN, "");
                    assert!(rest.len() < 18, "{rest}");
                }
            }
        }
    }

    #[test]
    fn a_credential_is_found_in_several_encodings() {
        let secrets = Secrets::new(&[SECRET.to_owned()], &[]);
        for text in [
            STANDARD.encode(STANDARD.encode(SECRET)),
            encode::simple(&STANDARD.encode(SECRET)),
            encode::simple(&encode::simple(SECRET)),
            SECRET.to_uppercase(),
        ] {
            let found = secrets.hide_in(&format!("a: 1\nb: {text}\nc: 2"), HIDDEN);
            assert_eq!(found, format!("a: 1\n{HIDDEN}\nc: 2"), "{text}");
        }
        // Lines with less than a part of it.
        let lines: Vec<&str> = (0..SECRET.len())
            .step_by(6)
            .map(|at| &SECRET[at..SECRET.len().min(at + 6)])
            .collect();
        assert_eq!(secrets.hide_in(&lines.join("\n"), HIDDEN), HIDDEN);
    }

    #[test]
    fn json_remains_json() {
        let secrets = Secrets::new(&[SECRET.to_owned()], &["1000000".to_owned()]);
        for (body, expected) in [
            (
                r#"{"a":1000000,"b":[10000001,"1000000"],"c":"x 1000000"}"#,
                r#"{"a":0,"b":[10000001,"[hidden]"],"c":"x [hidden]"}"#,
            ),
            (
                r#"{"1000000": -1000000, "\"": "ya29.a0/Token+of=the~caller"}"#,
                r#"{"[hidden]": -1000000, "\"": "[hidden]"}"#,
            ),
            ("1000000 is no JSON", "[hidden] is no JSON"),
        ] {
            assert_eq!(secrets.hide_in_body(body), expected, "{body}");
        }
    }

    #[test]
    fn short_and_other_texts_stay() {
        let secrets = Secrets::new(&["abc".to_owned()], &["projects/p".to_owned()]);
        let text = "abc projects/other";
        assert_eq!(secrets.hide_in(text, HIDDEN), text);
        assert!(secrets.are_in(b"\xff projects/p"));
        assert!(!secrets.are_in(b"\xff projects/q"));
    }
}
