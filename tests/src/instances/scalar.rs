//! Values without parts. Each function writes a value and returns the one that must be written back.
//!
//! They are the same, with these exceptions:
//!
//! * an integer or a float as a string, or a number of the other sort: `"1.5"`, `3.0` for 3, `3` for a float
//! * a 64-bit integer as a number, where a string is written
//! * a boolean as a string
//!
//! The texts of bytes, times, durations and masks are preserved.

use serde_json::{Number, Value};

use super::{
    Builder,
    class::{Class, Kind},
};

impl Builder<'_> {
    /// Writes a boolean.
    pub(super) fn boolean(&mut self) -> Value {
        self.counts.kind(Kind::Bool);
        let value = self.random.one_in(2);
        if self.random.one_in(8) {
            self.counts.class(Class::BoolAsText);
            self.quote(&value.to_string());
        } else {
            self.text += &value.to_string();
        }
        value.into()
    }

    /// Writes an `int32`.
    pub(super) fn int32(&mut self) -> Value {
        self.counts.kind(Kind::Int32);
        let extremes = [i32::MIN, i32::MAX, -1, 0].map(i64::from);
        let value = self.integer(&extremes, Class::ExtremeInt32, 10_000);
        self.small(value, Class::RespelledInt32)
    }

    /// Writes a `uint32`.
    pub(super) fn uint32(&mut self) -> Value {
        self.counts.kind(Kind::Uint32);
        let extremes = [u32::MAX, 1 << 31, 1, 0].map(i64::from);
        let value = self.integer(&extremes, Class::ExtremeUint32, 10_000);
        self.small(value, Class::RespelledUint32)
    }

    fn integer(&mut self, extremes: &[i64], class: Class, bound: usize) -> i64 {
        if let (true, Some(extreme)) = (self.random.one_in(4), self.random.pick(extremes)) {
            self.counts.class(class);
            return *extreme;
        }
        i64::try_from(self.random.below(bound)).unwrap_or_default()
    }

    fn small(&mut self, value: i64, respelled: Class) -> Value {
        let spelling = self.random.below(16);
        if spelling < 3 {
            self.counts.class(respelled);
        }
        let digits = value.to_string();
        match spelling {
            0 => self.quote(&digits),
            1 => self.text.extend([&digits, ".0"]),
            2 => self.text.extend([&digits, "e0"]),
            _ => self.text += &digits,
        }
        value.into()
    }

    /// Writes an `int64`.
    pub(super) fn int64(&mut self) -> Value {
        self.counts.kind(Kind::Int64);
        // The values around 2^53 are the first that a float cannot represent.
        let extremes = [i64::MIN, i64::MAX, (1 << 53) + 1, -(1 << 53) - 1, -1, 0];
        let value = self.integer(&extremes, Class::ExtremeInt64, 1 << 31);
        self.large(value.to_string(), Class::Int64AsNumber)
    }

    /// Writes a `uint64`.
    pub(super) fn uint64(&mut self) -> Value {
        self.counts.kind(Kind::Uint64);
        let extremes = [u64::MAX, 1 << 63, (1 << 53) + 1, 0];
        let value =
            if let (true, Some(extreme)) = (self.random.one_in(4), self.random.pick(&extremes)) {
                self.counts.class(Class::ExtremeUint64);
                *extreme
            } else {
                self.random.bits() >> 32
            };
        self.large(value.to_string(), Class::Uint64AsNumber)
    }

    fn large(&mut self, digits: String, as_number: Class) -> Value {
        if self.random.one_in(8) {
            self.counts.class(as_number);
            self.text += &digits;
        } else {
            self.quote(&digits);
        }
        digits.into()
    }

    /// Writes a `float` or a `double`.
    pub(super) fn float(&mut self, is_single: bool) -> Value {
        self.counts.kind(Kind::Float);
        let (class, spelled, value): (_, String, f64) = match self.random.below(24) {
            0 | 1 => return self.no_number(Class::NotANumber, "NaN"),
            2 => return self.no_number(Class::Infinity, "Infinity"),
            3 => return self.no_number(Class::NegativeInfinity, "-Infinity"),
            4 => (Some(Class::NegativeZero), "-0.0".to_owned(), -0.0),
            5..8 => {
                let extreme = self.extreme(is_single);
                (Some(Class::ExtremeFloat), format!("{extreme:e}"), extreme)
            }
            8 => (Some(Class::RespelledFloat), "\"1.5\"".to_owned(), 1.5),
            9 => (Some(Class::RespelledFloat), "3".to_owned(), 3.0),
            10 => (Some(Class::RespelledFloat), "\"-2E+2\"".to_owned(), -200.0),
            11..15 => (None, "0.1".to_owned(), 0.1),
            _ if is_single => {
                // The shortest decimal of a 32-bit float is read as 64 bits and must be the shortest again.
                let bits = u32::try_from(self.random.bits() >> 32).unwrap_or_default();
                let single = Some(f32::from_bits(bits)).filter(|single| single.is_finite());
                let spelled = format!("{:e}", single.unwrap_or(0.5));
                let value = spelled.parse().unwrap_or_default();
                (None, spelled, value)
            }
            _ => {
                let double = Some(f64::from_bits(self.random.bits())).filter(|it| it.is_finite());
                let value = double.unwrap_or(0.25);
                (None, format!("{value:e}"), value)
            }
        };
        if let Some(class) = class {
            self.counts.class(class);
        }
        self.text += &spelled;
        Number::from_f64(value).map_or(Value::Null, Value::Number)
    }

    fn no_number(&mut self, class: Class, name: &str) -> Value {
        self.counts.class(class);
        self.has_nan |= class == Class::NotANumber;
        self.quote(name);
        name.into()
    }

    fn extreme(&mut self, is_single: bool) -> f64 {
        let single = [f32::MAX, f32::MIN, f32::MIN_POSITIVE, f32::from_bits(1)];
        let double = [f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, 0.1 + 0.2];
        if is_single {
            self.random.pick(&single).copied().map_or(0.0, f64::from)
        } else {
            self.random.pick(&double).copied().unwrap_or_default()
        }
    }

    /// Writes one of the allowed values, or one that the document does not know.
    pub(super) fn enumeration(&mut self, values: &[Value]) -> Value {
        self.counts.kind(Kind::Enum);
        let known = self.random.pick(values).and_then(Value::as_str);
        let known = known.unwrap_or_default().to_owned();
        let value = match self.random.below(8) {
            0 => "A_VALUE_OF_TOMORROW".to_owned(),
            1 => known.to_lowercase(),
            2 => format!("{known} "),
            3 => self
                .random
                .word(&["", "0", "UNKNOWN_VALUE", "UnknownValue"])
                .to_owned(),
            _ => known,
        };
        self.counts
            .class(if values.iter().any(|known| *known == value) {
                Class::KnownValue
            } else {
                Class::UnknownValue
            });
        self.string(&value)
    }

    /// Writes a string without a format.
    pub(super) fn words(&mut self) -> Value {
        self.counts.kind(Kind::Text);
        let text = self.awkward_text();
        if text.is_empty() {
            self.counts.class(Class::EmptyText);
        }
        if !text.is_ascii() {
            self.counts.class(Class::ForeignText);
        }
        if text.contains(['"', '\\']) || text.contains(char::is_control) {
            self.counts.class(Class::EscapedText);
        }
        self.string(&text)
    }

    /// Returns a text of one to three parts, or an empty one.
    pub(super) fn awkward_text(&mut self) -> String {
        let parts = [
            "a",
            "projects/p",
            " ",
            "\"",
            "\\",
            "/",
            "\n",
            "\u{0}",
            "\u{7f}",
            "ä",
            "漢",
            "🦀",
            "e\u{301}",
            "\u{2028}",
            "\u{feff}",
            "null",
            "NaN",
            "{}",
            "$",
            "%2F",
            "0",
            "true",
        ];
        (0..self.random.below(4))
            .map(|_| self.random.word(&parts))
            .collect()
    }

    /// Writes a string that needs no escapes.
    fn quote(&mut self, text: &str) {
        self.text.extend(["\"", text, "\""]);
    }

    /// Writes a string, sometimes with escapes that it does not need.
    pub(super) fn string(&mut self, value: &str) -> Value {
        if self.random.one_in(8) {
            let units = value.encode_utf16();
            self.text.push('"');
            self.text.extend(units.map(|unit| format!("\\u{unit:04x}")));
            self.text.push('"');
        } else {
            self.text += &Value::from(value).to_string();
        }
        value.into()
    }
}
