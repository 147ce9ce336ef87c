//! Times as text (RFC 3339), the same for all libraries: ProtoJSON allows the years 0001 to 9999, in UTC.

#![cfg_attr(
    not(any(feature = "chrono", feature = "jiff", feature = "time")),
    allow(dead_code, reason = "only the conversions for libraries use all of it")
)]

/// A point in time: the seconds since 1970, the nanoseconds after them, and the offset from UTC that the text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) seconds: i64,
    pub(super) nanos: u32,
    pub(super) offset: i32,
}

/// 0001-01-01T00:00:00Z
const FIRST: i64 = -62_135_596_800;
/// 9999-12-31T23:59:59Z
const LAST: i64 = 253_402_300_799;
const SECONDS_PER_DAY: i64 = 86_400;
const NANOS_PER_SECOND: u32 = 1_000_000_000;

impl Moment {
    /// Reads a text of the form `2026-11-22T08:30:00.5+01:00`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_at_checked(10)?;
        let (year, month, day) = parse_date(date)?;
        let (clock, rest) = time.strip_prefix('T')?.split_at_checked(8)?;
        let [hour, minute, second] = numbers(clock, ':')?;
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let zone = rest.find(['Z', '+', '-'])?;
        let (fraction, zone) = rest.split_at_checked(zone)?;
        let nanos = match fraction.strip_prefix('.') {
            Some(digits) => parse_fraction(digits)?,
            None if fraction.is_empty() => 0,
            None => return None,
        };
        let offset = match zone.split_at_checked(1)? {
            ("Z", "") => 0,
            (sign, zone) if zone.len() == 5 => {
                let [hours, minutes] = numbers(zone, ':')?;
                if hours > 23 || minutes > 59 {
                    return None;
                }
                let size = i32::from(hours) * 3600 + i32::from(minutes) * 60;
                if sign == "-" { -size } else { size }
            }
            _ => return None,
        };
        let time = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        let local = days(year.into(), month.into(), day.into()) * SECONDS_PER_DAY + time;
        let seconds = local - i64::from(offset);
        let moment = Self {
            seconds,
            nanos,
            offset,
        };
        (FIRST..=LAST).contains(&seconds).then_some(moment)
    }

    /// Writes a time in UTC. Earlier times than the year 1 and later ones than 9999 become the nearest time in these years.
    pub(super) fn text(seconds: i64, nanos: u32) -> String {
        let (seconds, nanos) = match (seconds, nanos) {
            (..FIRST, _) => (FIRST, 0),
            (FIRST..=LAST, nanos) => (seconds, nanos.min(NANOS_PER_SECOND - 1)),
            _ => (LAST, NANOS_PER_SECOND - 1),
        };
        let (year, month, day) = date(seconds.div_euclid(SECONDS_PER_DAY));
        let second = seconds.rem_euclid(SECONDS_PER_DAY);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        if nanos > 0 {
            text += format!(".{nanos:09}").trim_end_matches('0');
        }
        text + "Z"
    }
}

/// Reads a date of the form `2026-11-22`, which must exist.
pub(super) fn parse_date(text: &str) -> Option<(i16, u8, u8)> {
    let (year, rest) = text.split_at_checked(4)?;
    let [year_high, year_low] = [year.get(..2)?, year.get(2..)?].map(two_digits);
    let year = i16::from(year_high?) * 100 + i16::from(year_low?);
    let [month, day] = numbers(rest.strip_prefix('-')?, '-')?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u8::from(is_leap),
        1..=12 => 31,
        _ => return None,
    };
    (1..=last).contains(&day).then_some((year, month, day))
}

/// Reads numbers of two digits with a separator between them.
fn numbers<const N: usize>(text: &str, separator: char) -> Option<[u8; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split(separator);
    for number in &mut numbers {
        *number = two_digits(parts.next()?)?;
    }
    parts.next().is_none().then_some(numbers)
}

fn two_digits(text: &str) -> Option<u8> {
    let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// Reads up to nine digits of a fraction as billionths.
pub(super) fn parse_fraction(digits: &str) -> Option<u32> {
    let is_fraction = (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    format!("{digits:0<9}").parse().ok().filter(|_| is_fraction)
}

/// The days from 1970-01-01 to a date of the Gregorian calendar. Years begin in March here, so that the leap day is the last
/// one.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year
        - 719_468
}

/// The date of a day, counted from 1970-01-01.
fn date(days: i64) -> (i64, i64, i64) {
    const DAYS_PER_ERA: i64 = 146_097;
    let day = days + 719_468;
    let era = day.div_euclid(DAYS_PER_ERA);
    let day = day.rem_euclid(DAYS_PER_ERA);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (year * 365 + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_has_a_date_and_back() {
        let mut before = (0, 12, 31);
        for day in FIRST / SECONDS_PER_DAY..=LAST / SECONDS_PER_DAY {
            let (year, month, number) = date(day);
            assert_eq!(days(year, month, number), day);
            assert!((year, month, number) > before);
            let text = format!("{year:04}-{month:02}-{number:02}");
            assert!(parse_date(&text).is_some(), "{text}");
            before = (year, month, number);
        }
        assert_eq!(before, (9999, 12, 31));
    }
}
