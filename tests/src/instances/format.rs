//! Strings with a format. They are preserved exactly.

use serde_json::Value;

use super::{
    Builder,
    class::{Class, Kind},
};

const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

impl Builder<'_> {
    /// Writes a `byte`: in either alphabet, with or without padding, and with unused bits at the end.
    pub(super) fn bytes(&mut self) -> Value {
        self.counts.kind(Kind::Bytes);
        let (is_url_safe, is_padded) = (self.random.one_in(2), self.random.one_in(2));
        let own: &[u8] = if is_url_safe { b"-_" } else { b"+/" };
        let alphabet = [ALPHANUMERIC, own, own, own].concat();
        let length = [0, 2, 3, 4, 6, 11, 40][self.random.below(7)];
        let mut text = String::new();
        for _ in 0..length {
            let character = self.random.pick(&alphabet).copied().unwrap_or(b'A');
            text.push(character.into());
        }
        let has_own = text.contains(['+', '/', '-', '_']);
        let needs_padding = length % 4 != 0;
        if is_padded {
            text += &"=".repeat((4 - length % 4) % 4);
        }
        if has_own && needs_padding {
            self.counts.class(match (is_url_safe, is_padded) {
                (false, true) => Class::StandardPadded,
                (false, false) => Class::StandardUnpadded,
                (true, true) => Class::UrlSafePadded,
                (true, false) => Class::UrlSafeUnpadded,
            });
        }
        self.string(&text)
    }

    /// Writes a `date`.
    pub(super) fn date(&mut self) -> Value {
        self.counts.kind(Kind::Date);
        self.counts.class(Class::Day);
        let text = self.day();
        self.string(&text)
    }

    fn day(&mut self) -> String {
        let year = [1, 976, 1969, 1970, 2026, 9999][self.random.below(6)];
        let (month, day) = (self.random.below(12) + 1, self.random.below(28) + 1);
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// Writes a `google-datetime` or `date-time`.
    pub(super) fn time(&mut self) -> Value {
        self.counts.kind(Kind::Time);
        let (hour, minute) = (self.random.below(24), self.random.below(60));
        // 60 is a leap second.
        let second = self.random.below(61);
        let (fraction, digits) = self.fraction();
        let zone = self
            .random
            .word(&["Z", "Z", "Z", "+00:00", "-00:00", "+05:45", "-08:00", "z"]);
        match zone {
            "Z" if digits == 9 => self.counts.class(Class::NanosecondsUtc),
            "z" => {}
            _ if digits == 9 => self.counts.class(Class::NanosecondsOffset),
            _ => {}
        }
        let day = self.day();
        self.string(&format!(
            "{day}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}"
        ))
    }

    /// Writes a `google-duration`.
    pub(super) fn duration(&mut self) -> Value {
        self.counts.kind(Kind::Duration);
        let sign = if self.random.one_in(4) { "-" } else { "" };
        let seconds = [0, 1, 3600, 315_576_000_000_u64][self.random.below(4)];
        let (fraction, digits) = self.fraction();
        if !sign.is_empty() {
            self.counts.class(Class::NegativeDuration);
        }
        if digits == 9 {
            self.counts.class(Class::NanosecondDuration);
        }
        self.string(&format!("{sign}{seconds}{fraction}s"))
    }

    /// Returns a fraction of a second with zero, one, three, six or nine digits, and their number.
    fn fraction(&mut self) -> (String, usize) {
        let digits = [0, 0, 1, 3, 6, 9, 9][self.random.below(7)];
        let nanos = self.random.below(1_000_000_000);
        let text = format!(".{nanos:09}");
        let end = if digits == 0 { 0 } else { digits + 1 };
        (text[..end].to_owned(), digits)
    }

    /// Writes a `google-fieldmask`.
    pub(super) fn field_mask(&mut self) -> Value {
        self.counts.kind(Kind::FieldMask);
        let paths = [
            "",
            "*",
            "displayName",
            "a.b.c,d",
            "labels.`a.b`",
            "display_name, config.node_count",
        ];
        let text = self.random.word(&paths);
        if text.contains('.') {
            self.counts.class(Class::NestedMask);
        }
        self.string(text)
    }
}
