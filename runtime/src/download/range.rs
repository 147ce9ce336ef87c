//! Headers with numbers and ranges of bytes (RFC 9110, sections 8.6 and 14.4).

use crate::headers::digits;
use http::header::{CONTENT_RANGE, HeaderMap, HeaderName};

/// The value of `content-range`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ContentRange {
    /// `bytes 0-9/100`: the first position, the position after the last, and the total.
    Part(u64, u64, Option<u64>),
    /// `bytes */100`.
    Nothing(u64),
}

/// Returns the only value of a header.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, String> {
    let mut values = headers.get_all(name).iter();
    let Some(first) = values.next() else {
        return Ok(None);
    };
    let text = first
        .to_str()
        .ok()
        .filter(|_| values.all(|value| value == first));
    text.map(|text| Some(text.trim()))
        .ok_or_else(|| format!("its {name} cannot be read"))
}

pub(super) fn number(headers: &HeaderMap, name: &HeaderName) -> Result<Option<u64>, String> {
    let Some(text) = only(headers, name)? else {
        return Ok(None);
    };
    let number = digits(text).ok_or_else(|| format!("its {name} cannot be read"))?;
    Ok(Some(number))
}

pub(super) fn content_range(headers: &HeaderMap) -> Result<Option<ContentRange>, String> {
    let Some(text) = only(headers, &CONTENT_RANGE)? else {
        return Ok(None);
    };
    let range = parse(text).ok_or_else(|| format!("its {CONTENT_RANGE} cannot be read"))?;
    Ok(Some(range))
}

/// Parses `bytes 0-9/100`, `bytes 0-9/*` or `bytes */100` (RFC 9110, section 14.4). Units are case-insensitive.
fn parse(text: &str) -> Option<ContentRange> {
    let (unit, range) = text.split_once([' ', '\t'])?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (range, total) = range.split_once('/')?;
    let (range, total) = (range.trim(), total.trim());
    if (range, total) == ("0--1", "0") {
        // Some servers write this for empty media, storage-testbench among them.
        return Some(ContentRange::Part(0, 0, Some(0)));
    }
    if range == "*" {
        return digits(total).map(ContentRange::Nothing);
    }
    let total = match total {
        "*" => None,
        total => Some(digits(total)?),
    };
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (digits(first.trim())?, digits(last.trim())?);
    let end = last.checked_add(1).filter(|end| *end > first)?;
    let is_within = total.is_none_or(|total| end <= total);
    is_within.then_some(ContentRange::Part(first, end, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_r23_units_of_ranges_are_case_insensitive() {
        let ten = Some(ContentRange::Part(0, 10, Some(10)));
        for (text, expected) in [
            ("bytes 0-9/10", ten),
            ("Bytes 0-9/10", ten),
            ("BYTES\t 0 - 9 / 10", ten),
            ("bytes 0-9/*", Some(ContentRange::Part(0, 10, None))),
            ("bYTES */0", Some(ContentRange::Nothing(0))),
            ("bytes 0--1/0", Some(ContentRange::Part(0, 0, Some(0)))),
            ("bytes 0--1/9", None),
            ("items 0-9/10", None),
            ("bytes 0-9", None),
            ("bytes */*", None),
            ("bytes 0-9/9", None),
            ("bytes 4-3/10", None),
            ("bytes -9/10", None),
            ("bytes +0-9/10", None),
            ("bytes 0-/10", None),
            ("bytes 0-9/+10", None),
            ("bytes 0-18446744073709551615/*", None),
            ("bytes=0-9/10", None),
            ("0-9/10", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
