//! Booleans, integers and floats. A number that the type cannot hold exactly is an error.

use super::WireFormat;
use super::any::NUMBER;
use super::reading::{self, Mode};
use super::text::{Source, unquoted};
use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serializer};
use serde_json::Value;
use std::fmt;

struct BoolVisitor;

impl Visitor<'_> for BoolVisitor {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a boolean")
    }

    fn visit_bool<E>(self, value: bool) -> Result<bool, E> {
        Ok(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<bool, E> {
        match value {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(E::invalid_value(Unexpected::Other("string"), &self)),
        }
    }
}

impl WireFormat for bool {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BoolVisitor)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(*self)
    }

    fn of_null() -> Option<Self> {
        Some(false)
    }
}

/// A reason not to read an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NotInteger {
    /// The text is not a number, or the number has a fraction.
    Form,
    /// The number is larger than any integer type.
    Range,
}

/// The digits of the largest integer of 128 bits, and one less.
const MOST_DIGITS: usize = 38;

/// Reads a number of JSON as an integer. It may have a fraction of zeros or an exponent.
fn integer(text: &str) -> Result<i128, NotInteger> {
    let (is_negative, number) = match text.strip_prefix('-') {
        Some(number) => (true, number),
        None => (false, text),
    };
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (number, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let are_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let has_leading_zero = whole.len() > 1 && whole.starts_with('0');
    let sign_free = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
    if !are_digits(whole)
        || has_leading_zero
        || !fraction.is_none_or(are_digits)
        || !sign_free.is_none_or(are_digits)
    {
        return Err(NotInteger::Form);
    }
    let fraction = fraction.unwrap_or_default().trim_end_matches('0');
    let digits = [whole, fraction].concat();
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Ok(0);
    }
    let is_tiny = exponent.is_some_and(|text| text.starts_with('-'));
    let out_of_range = if is_tiny {
        NotInteger::Form
    } else {
        NotInteger::Range
    };
    let exponent = exponent.map_or(Ok(0), str::parse::<i64>);
    let exponent = exponent.map_err(|_| out_of_range)?;
    let point = i64::try_from(fraction.len()).map_err(|_| NotInteger::Form)?;
    let shift = exponent.checked_sub(point).ok_or(out_of_range)?;
    let digits = if let Ok(zeros) = usize::try_from(shift) {
        if significant.len().saturating_add(zeros) > MOST_DIGITS {
            return Err(NotInteger::Range);
        }
        significant.to_owned() + &"0".repeat(zeros)
    } else {
        let dropped = usize::try_from(shift.unsigned_abs()).map_err(|_| NotInteger::Form)?;
        let kept = significant.len().checked_sub(dropped);
        let (kept, dropped) = kept
            .and_then(|kept| significant.split_at_checked(kept))
            .ok_or(NotInteger::Form)?;
        if dropped.bytes().any(|byte| byte != b'0') || kept.is_empty() {
            return Err(NotInteger::Form);
        }
        if kept.len() > MOST_DIGITS {
            return Err(NotInteger::Range);
        }
        kept.to_owned()
    };
    let value: i128 = digits.parse().map_err(|_| NotInteger::Range)?;
    Ok(if is_negative { -value } else { value })
}

/// Returns the number in the JSON text of a number, or of a string that holds one.
fn number_in(json: &str) -> Option<std::borrow::Cow<'_, str>> {
    match json.bytes().next()? {
        b'"' => unquoted(json),
        b'-' | b'0'..=b'9' => Some(json.into()),
        _ => None,
    }
}

const AN_INTEGER: &str = "an integer, or a string that holds one";

fn decode_integer<'de, T: TryFrom<i128>, D: Deserializer<'de>>(
    deserializer: D,
    range: &'static str,
) -> Result<T, D::Error> {
    let form = |found| D::Error::invalid_type(Unexpected::Other(found), &AN_INTEGER);
    let read = |number: &str| {
        // Most integers are short.
        let small = number.parse::<i64>().ok().filter(|_| is_plain(number));
        match small.map_or_else(|| integer(number), |small| Ok(small.into())) {
            Ok(value) => T::try_from(value).map_err(|_| NotInteger::Range),
            Err(error) => Err(error),
        }
    };
    let value = match Source::deserialize(deserializer)? {
        Source::Text(json) => match number_in(&json) {
            Some(number) => read(&number),
            None => return Err(form("value")),
        },
        Source::Value(Value::String(number)) => read(&number),
        Source::Value(Value::Number(number)) => {
            let is_rounded = number.is_f64()
                && number
                    .as_f64()
                    .is_some_and(|value| value.abs() >= TWO_POW_53);
            if is_rounded {
                Err(NotInteger::Range)
            } else {
                read(&number.to_string())
            }
        }
        Source::Value(_) => return Err(form("value")),
    };
    value.map_err(|error| match error {
        NotInteger::Form => form("another number or string"),
        NotInteger::Range => D::Error::invalid_value(Unexpected::Other("number"), &range),
    })
}

/// From this size on a double can replace an integer that it is not equal to.
const TWO_POW_53: f64 = 9_007_199_254_740_992.0;

/// Returns `false` for a form that JSON does not have, such as `+1` or `007`.
fn is_plain(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    digits.starts_with(|first: char| matches!(first, '1'..='9')) || digits == "0"
}

macro_rules! integer {
    ($($type:ident, $range:literal, $value:ident, $serializer:ident => $encode:expr;)*) => {$(
        impl WireFormat for $type {
            fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode_integer(deserializer, $range)
            }

            fn encode<S: Serializer>(&self, $serializer: S) -> Result<S::Ok, S::Error> {
                let $value = self;
                $encode
            }

            fn of_null() -> Option<Self> {
                Some(0)
            }
        }
    )*};
}

integer! {
    i32, "an integer of 32 bits", value, serializer => serializer.serialize_i32(*value);
    u32, "an unsigned integer of 32 bits", value, serializer => serializer.serialize_u32(*value);
    // Strings, because JavaScript has no integers above 2^53.
    i64, "an integer of 64 bits", value, serializer => serializer.collect_str(value);
    u64, "an unsigned integer of 64 bits", value, serializer => serializer.collect_str(value);
}

struct FloatVisitor;

impl<'de> Visitor<'de> for FloatVisitor {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or a string that holds one")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<f64, E> {
        match i32::try_from(value) {
            Ok(small) => Ok(small.into()),
            Err(_) => nearest(value.into()),
        }
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<f64, E> {
        match u32::try_from(value) {
            Ok(small) => Ok(small.into()),
            Err(_) => nearest(value.into()),
        }
    }

    fn visit_f64<E>(self, value: f64) -> Result<f64, E> {
        Ok(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<f64, E> {
        match value {
            "NaN" => Ok(f64::NAN),
            "Infinity" => Ok(f64::INFINITY),
            "-Infinity" => Ok(f64::NEG_INFINITY),
            number => finite(number, &self),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<f64, A::Error> {
        match members.next_entry::<String, String>() {
            Ok(Some((name, number))) if name == NUMBER => finite(&number, &self),
            _ => Err(A::Error::invalid_type(Unexpected::Map, &self)),
        }
    }
}

/// Returns the double nearest to an integer of 64 bits. If it is another number, a note keeps the digits.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "the conversion back shows the loss; an integer of 64 bits is within the range of both"
)]
fn nearest<E: Error>(integer: i128) -> Result<f64, E> {
    let double = integer as f64;
    if double as i128 != integer {
        reading::note(&integer.to_string())?;
    }
    Ok(double)
}

/// Reads a number of JSON. Rust reads more forms, such as `inf` and `1.`.
fn finite<E: Error>(number: &str, expected: &FloatVisitor) -> Result<f64, E> {
    let of_64_bits = i128::from(i64::MIN)..=i128::from(u64::MAX);
    // A zero can have a sign.
    let integer = number
        .parse()
        .ok()
        .filter(|integer| *integer != 0 && of_64_bits.contains(integer) && is_plain(number));
    if let Some(integer) = integer {
        return nearest(integer);
    }
    let digits = number.strip_prefix('-').unwrap_or(number);
    let is_number = digits.starts_with(|first: char| first.is_ascii_digit())
        && serde_json::value::RawValue::from_string(number.to_owned()).is_ok();
    let value = number.parse::<f64>().ok().filter(|_| is_number);
    let value = value.ok_or_else(|| E::invalid_value(Unexpected::Other("string"), expected))?;
    if value.is_finite() {
        Ok(value)
    } else {
        let range = "a number within the range of a double";
        Err(E::invalid_value(Unexpected::Other("number"), &range))
    }
}

impl WireFormat for f64 {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if reading::mode() != Mode::Exact {
            return deserializer.deserialize_any(FloatVisitor);
        }
        // The same from the text, because a number beyond a double is not a syntax error.
        let visitor = FloatVisitor;
        match Source::deserialize(deserializer)? {
            Source::Text(json) if json.starts_with('"') => {
                visitor.visit_str(&unquoted(&json).unwrap_or_default())
            }
            Source::Text(json) => finite(&json, &visitor),
            Source::Value(value) => value
                .deserialize_any(visitor)
                .map_err(|_| D::Error::invalid_type(Unexpected::Other("value"), &FloatVisitor)),
        }
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_finite() {
            serializer.serialize_f64(*self)
        } else if self.is_nan() {
            serializer.serialize_str("NaN")
        } else if *self > 0.0 {
            serializer.serialize_str("Infinity")
        } else {
            serializer.serialize_str("-Infinity")
        }
    }

    fn of_null() -> Option<Self> {
        Some(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::value::{Error, MapDeserializer};

    #[test]
    fn integers_of_every_form() {
        for (text, expected) in [
            ("0", Ok(0)),
            ("-0", Ok(0)),
            ("0.000", Ok(0)),
            ("0e999999999999999999999", Ok(0)),
            ("-9223372036854775809", Ok(-9_223_372_036_854_775_809)),
            ("9007199254740993.0", Ok(9_007_199_254_740_993)),
            ("1e3", Ok(1000)),
            ("1.5E+1", Ok(15)),
            ("1500e-2", Ok(15)),
            ("0.0015e4", Ok(15)),
            ("1.5", Err(NotInteger::Form)),
            ("15e-1", Err(NotInteger::Form)),
            ("1e-999999999999999999999", Err(NotInteger::Form)),
            ("1e999999999999999999999", Err(NotInteger::Range)),
            ("1e99", Err(NotInteger::Range)),
            ("", Err(NotInteger::Form)),
            ("-", Err(NotInteger::Form)),
            ("+1", Err(NotInteger::Form)),
            ("01", Err(NotInteger::Form)),
            ("1.", Err(NotInteger::Form)),
            (".5", Err(NotInteger::Form)),
            ("1e", Err(NotInteger::Form)),
            (" 1", Err(NotInteger::Form)),
            ("1_0", Err(NotInteger::Form)),
            ("0x1", Err(NotInteger::Form)),
        ] {
            assert_eq!(integer(text), expected, "{text}");
        }
    }

    fn decode<T: WireFormat>(name: &str, number: &str) -> Result<T, Error> {
        T::decode(MapDeserializer::new([(name, number)].into_iter()))
    }

    #[test]
    fn numbers_of_arbitrary_precision_are_read() {
        assert_eq!(decode(NUMBER, "0.1"), Ok(0.1));
        assert_eq!(decode(NUMBER, "-2E+2"), Ok(-200.0));
        assert!(decode::<f64>("0.1", "0.1").is_err());
        // Without that feature a `Number` has no more than 64 bits.
        assert_eq!(decode(NUMBER, "3.0"), Ok(3_i32));
        assert_eq!(decode(NUMBER, "1e3"), Ok(1000_u64));
        assert!(decode::<i64>(NUMBER, "1.5").is_err());
        assert!(decode::<i32>("3", "3").is_err());
    }
}
