//! JSON values as text, for those that a type cannot hold exactly.

use super::any::AnyVisitor;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::fmt;

/// The name by which `serde_json` recognizes a request for the text of a value. It is that of its `RawValue`, which takes no
/// other deserializer. A deserializer that does not know it hands over the value.
const RAW: &str = "$serde_json::private::RawValue";

/// A value as its text, or, from a deserializer without text, as a value.
pub(crate) enum Source<'de> {
    Text(Cow<'de, str>),
    Value(Value),
}

impl<'de> Deserialize<'de> for Source<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(RAW, SourceVisitor)
    }
}

impl Source<'_> {
    /// The JSON text of the value.
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text.into_owned(),
            Self::Value(value) => value.to_string(),
        }
    }
}

struct SourceVisitor;

/// The visits of a deserializer that hands over the value at once.
macro_rules! visit_values {
    ($($visit:ident: $type:ty),*) => {$(
        fn $visit<E: Error>(self, value: $type) -> Result<Source<'de>, E> {
            AnyVisitor.$visit(value).map(Source::Value)
        }
    )*};
}

impl<'de> Visitor<'de> for SourceVisitor {
    type Value = Source<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    visit_values!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_unit<E: Error>(self) -> Result<Source<'de>, E> {
        Ok(Source::Value(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Source<'de>, A::Error> {
        AnyVisitor.visit_seq(elements).map(Source::Value)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Source<'de>, A::Error> {
        match members.next_key_seed(NameSeed)? {
            Some(Name::Raw) => members.next_value_seed(TextSeed).map(Source::Text),
            first => {
                let first = first.map(Name::into_string);
                AnyVisitor::map(first, members).map(Source::Value)
            }
        }
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Source<'de>, D::Error> {
        deserializer.deserialize_any(AnyVisitor).map(Source::Value)
    }
}

/// The first name of a map. That of a text is not copied.
enum Name {
    Raw,
    Other(String),
}

impl Name {
    fn into_string(self) -> String {
        match self {
            Self::Raw => RAW.to_owned(),
            Self::Other(name) => name,
        }
    }
}

struct NameSeed;

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameSeed {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Name, E> {
        Ok(if name == RAW {
            Name::Raw
        } else {
            Name::Other(name.to_owned())
        })
    }
}

struct TextSeed;

impl<'de> DeserializeSeed<'de> for TextSeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for TextSeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text))
    }
}

/// A JSON text that every reader accepts.
pub(crate) struct Readable<'a> {
    /// Integers beyond 64 bits and numbers beyond a double are strings. A surrogate without its other half is U+FFFD.
    pub(crate) text: Cow<'a, str>,
    /// `true` if a [`Value`] of this text is written as the text was, apart from white space and escapes.
    pub(crate) is_exact: bool,
}

/// Makes valid JSON readable.
pub(crate) fn readable(json: &str) -> Readable<'_> {
    let mut out = Writer {
        json,
        copied: 0,
        text: String::new(),
        is_exact: true,
    };
    let bytes = json.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'"' => out.string(at + 1),
            b'-' | b'0'..=b'9' => out.number(at),
            _ => at + 1,
        };
    }
    out.finish()
}

struct Writer<'a> {
    json: &'a str,
    /// The end of the text that was copied.
    copied: usize,
    text: String,
    is_exact: bool,
}

impl<'a> Writer<'a> {
    fn replace(&mut self, start: usize, end: usize, with: &str) {
        self.text += self.json.get(self.copied..start).unwrap_or_default();
        self.text += with;
        self.copied = end;
        self.is_exact = false;
    }

    fn finish(mut self) -> Readable<'a> {
        let text = if self.copied == 0 {
            Cow::Borrowed(self.json)
        } else {
            self.text += self.json.get(self.copied..).unwrap_or_default();
            Cow::Owned(self.text)
        };
        Readable {
            text,
            is_exact: self.is_exact,
        }
    }

    /// Reads from after the opening quotation mark to after the closing one.
    fn string(&mut self, mut at: usize) -> usize {
        let bytes = self.json.as_bytes();
        while let Some(byte) = bytes.get(at) {
            at += match (byte, bytes.get(at + 1)) {
                (b'"', _) => return at + 1,
                (b'\\', Some(b'u')) => match (escape(bytes, at), escape(bytes, at + 6)) {
                    (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
                    (Some(0xd800..0xe000), _) => {
                        self.replace(at, at + 6, "\\ufffd");
                        6
                    }
                    _ => 6,
                },
                (b'\\', _) => 2,
                _ => 1,
            };
        }
        at
    }

    fn number(&mut self, start: usize) -> usize {
        let rest = self.json.get(start..).unwrap_or_default();
        let length = rest
            .bytes()
            .take_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
            .count();
        let token = rest.get(..length).unwrap_or_default();
        let end = start + length;
        match serde_json::from_str::<Number>(token) {
            // An integer of 19 digits or fewer is the most frequent case.
            Ok(number) if number.is_f64() => {
                let is_integer = !token.contains(['.', 'e', 'E']);
                let is_same = number.to_string() == token;
                if is_integer && !is_same && token != "-0" {
                    self.replace(start, end, &format!("\"{token}\""));
                }
                self.is_exact &= is_same;
            }
            Ok(_) => {}
            Err(_) => self.replace(start, end, &format!("\"{token}\"")),
        }
        end
    }
}

/// Returns JSON in which a surrogate without its other half is U+FFFD in the names of members. Returns `None` if there is none.
///
/// Everything else, and every position, stays the same.
pub(super) fn readable_names(json: &str) -> Option<String> {
    if !json.contains("\\u") {
        return None;
    }
    let mut text = json.as_bytes().to_vec();
    let (mut at, mut is_changed) = (0, false);
    while let Some(byte) = text.get(at) {
        at += 1;
        if *byte != b'"' {
            continue;
        }
        let start = at;
        while let Some(byte) = text.get(at).filter(|byte| **byte != b'"') {
            at += if *byte == b'\\' { 2 } else { 1 };
        }
        let after = text.get(at + 1..).unwrap_or_default();
        if after.trim_ascii_start().starts_with(b":")
            && let Some(name) = text.get_mut(start..at)
        {
            is_changed |= replace_halves(name);
        }
        at += 1;
    }
    is_changed.then(|| String::from_utf8(text).ok()).flatten()
}

/// Replaces surrogates without their other halves in a string by U+FFFD. Returns `true` if there are any.
fn replace_halves(string: &mut [u8]) -> bool {
    let (mut at, mut is_changed) = (0, false);
    while let Some(byte) = string.get(at) {
        at += match (byte, escape(string, at), escape(string, at + 6)) {
            (_, Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (_, Some(0xd800..0xe000), _) => {
                if let Some(half) = string.get_mut(at..at + 6) {
                    half.copy_from_slice(b"\\ufffd");
                }
                is_changed = true;
                6
            }
            (_, Some(_), _) => 6,
            (b'\\', None, _) => 2,
            _ => 1,
        };
    }
    is_changed
}

/// The code unit of an escape: `\u` and four hexadecimal digits.
fn escape(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

/// Reads the text of a JSON string. A surrogate without its other half becomes U+FFFD.
pub(crate) fn unquoted(json: &str) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(Cow::Borrowed(inner));
    }
    serde_json::from_str(&readable(json).text)
        .ok()
        .map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_surrogates_become_readable() {
        for (json, text, is_exact) in [
            (r#"{"a":[1,-2,0.5,1e300,true,null,"1e999"]}"#, None, false),
            (
                r#"{"a":[1,-2,0.5,18446744073709551615,"\ud83d\ude01\\ud800"]}"#,
                None,
                true,
            ),
            ("-9223372036854775808", None, true),
            (
                "-9223372036854775809",
                Some(r#""-9223372036854775809""#),
                false,
            ),
            ("[1e999, -1E+400]", Some(r#"["1e999", "-1E+400"]"#), false),
            ("1.50", None, false),
            ("-0", None, false),
            ("-0.0", None, true),
            (r#""\ud800x\udc00""#, Some(r#""\ufffdx\ufffd""#), false),
            (r#""\ude01\ud83d""#, Some(r#""\ufffd\ufffd""#), false),
            (
                r#""\ud83d\ud83d\ude01""#,
                Some(r#""\ufffd\ud83d\ude01""#),
                false,
            ),
        ] {
            let readable = readable(json);
            assert_eq!(readable.text, text.unwrap_or(json));
            assert_eq!(readable.is_exact, is_exact, "{json}");
        }
    }
}
