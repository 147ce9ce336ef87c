//! The text of parameters: scalars, and percent encoding in paths and queries.
//!
//! Byte for byte what Google's Python client writes, with two exceptions in a reserved expansion. RFC 6570 is followed for each
//! `%` (uritemplate decides for the value as a whole). `?` and `#` are encoded, because they would end the path.

use crate::open_enum::OpenEnum;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode_byte, utf8_percent_encode};
use serde_json::Value;

/// Everything but the unreserved characters of RFC 3986.
const SIMPLE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Everything but the unreserved and the reserved characters of RFC 3986, except `?` and `#`. google/api/http.proto asks clients
/// to encode all reserved characters but `/`. The others mean the same to a server in either form.
const RESERVED: &AsciiSet = &SIMPLE
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b'/')
    .remove(b':')
    .remove(b';')
    .remove(b'=')
    .remove(b'@')
    .remove(b'[')
    .remove(b']');

/// The expansion of `{name}`.
pub(crate) fn simple(value: &str) -> String {
    utf8_percent_encode(value, SIMPLE).to_string()
}

/// The expansion of `{+name}`: percent-encoded triplets stay, and so do reserved characters other than `?` and `#`.
pub(crate) fn reserved(value: &str) -> String {
    let mut expanded = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(percent) = rest.find('%') {
        let (before, from_percent) = rest.split_at(percent);
        expanded.extend(utf8_percent_encode(before, RESERVED));
        let triplet = from_percent
            .get(..3)
            .filter(|triplet| triplet.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit()));
        let kept = triplet.unwrap_or("%");
        expanded.push_str(triplet.unwrap_or(percent_encode_byte(b'%')));
        rest = &from_percent[kept.len()..];
    }
    expanded.extend(utf8_percent_encode(rest, RESERVED));
    expanded
}

/// `application/x-www-form-urlencoded`, appended to a query.
pub(crate) fn form(value: &str, query: &mut String) {
    for (position, word) in value.split(' ').enumerate() {
        if position > 0 {
            query.push('+');
        }
        query.extend(utf8_percent_encode(word, SIMPLE));
    }
}

/// A float as Python's `str` writes it: the shortest digits that read back, always with a point or an exponent.
fn float(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..16).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
        }
        _ => format!("{value:?}"),
    }
}

/// A type that path and query parameters can have.
///
/// ```
/// use gapi_runtime::QueryValue;
///
/// assert_eq!(true.into_query(), "true");
/// assert_eq!(1.5.into_query(), "1.5");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a parameter",
    note = "to send several values, call `query` once for each of them"
)]
pub trait QueryValue: Sized {
    /// The text of the value, before percent encoding.
    fn into_query(self) -> String;
}

macro_rules! by_display {
    ($($type:ty),*) => {$(
        impl QueryValue for $type {
            fn into_query(self) -> String {
                self.to_string()
            }
        }
    )*};
}

by_display!(bool, i32, u32, i64, u64);

impl QueryValue for f64 {
    fn into_query(self) -> String {
        float(self)
    }
}

impl QueryValue for &str {
    fn into_query(self) -> String {
        self.to_owned()
    }
}

impl QueryValue for String {
    fn into_query(self) -> String {
        self
    }
}

/// A string as it is, anything else as JSON.
impl QueryValue for Value {
    fn into_query(self) -> String {
        match self {
            Self::String(text) => text,
            other => other.to_string(),
        }
    }
}

impl<T: OpenEnum> QueryValue for T {
    fn into_query(self) -> String {
        self.as_text().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_expansion() {
        for (value, expected) in [
            ("AZaz09-._~", "AZaz09-._~"),
            ("a/b c'%", "a%2Fb%20c%27%25"),
            ("é", "%C3%A9"),
            ("%2F", "%252F"),
            ("\t\r\n\0\u{7f}\u{85}", "%09%0D%0A%00%7F%C2%85"),
            (
                "!$&()*+,;=:?#[]@",
                "%21%24%26%28%29%2A%2B%2C%3B%3D%3A%3F%23%5B%5D%40",
            ),
        ] {
            assert_eq!(simple(value), expected);
        }
    }

    #[test]
    fn reserved_expansion() {
        for (value, expected) in [
            ("!$&'()*+,;=:/[]@", "!$&'()*+,;=:/[]@"),
            ("a?b#c", "a%3Fb%23c"),
            ("\t\r\n\0\u{7f}\u{85}", "%09%0D%0A%00%7F%C2%85"),
            ("a \"<>\\^`{|}", "a%20%22%3C%3E%5C%5E%60%7B%7C%7D"),
            ("a%2Fb c é", "a%2Fb%20c%20%C3%A9"),
            ("100%", "100%25"),
            ("%4", "%254"),
            ("%zz", "%25zz"),
            ("%%41", "%25%41"),
            ("%é%2f", "%25%C3%A9%2f"),
            ("", ""),
        ] {
            assert_eq!(reserved(value), expected);
        }
    }

    #[test]
    fn form_encoding() {
        for (value, expected) in [
            ("a b  c", "a+b++c"),
            ("items(id)", "items%28id%29"),
            ("$.xgafv", "%24.xgafv"),
            ("*+%&=", "%2A%2B%25%26%3D"),
            ("a~-_.é", "a~-_.%C3%A9"),
            ("", ""),
        ] {
            let mut query = String::new();
            form(value, &mut query);
            assert_eq!(query, expected);
        }
    }

    #[test]
    fn floats_as_python_writes_them() {
        for (value, expected) in [
            (2.0, "2.0"),
            (0.1, "0.1"),
            (-0.0, "-0.0"),
            (1e22, "1e+22"),
            (1.5e300, "1.5e+300"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (9_007_199_254_740_993.0, "9007199254740992.0"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (0.0001, "0.0001"),
            (1e-5, "1e-05"),
            (-1.25e-7, "-1.25e-07"),
            (5e-324, "5e-324"),
            (f64::NAN, "nan"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(value.into_query(), expected);
        }
    }

    #[test]
    fn scalars() {
        assert_eq!(true.into_query(), "true");
        assert_eq!(i64::MIN.into_query(), "-9223372036854775808");
        assert_eq!(u64::MAX.into_query(), "18446744073709551615");
        assert_eq!("a b".into_query(), "a b");
        assert_eq!(Value::from("x").into_query(), "x");
        assert_eq!(serde_json::json!({"a": 1}).into_query(), r#"{"a":1}"#);
    }
}
