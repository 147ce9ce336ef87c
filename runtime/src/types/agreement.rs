//! The libraries of times agree with each other, and no conversion panics.

use super::{Date, DateTime, Duration};
use std::panic::catch_unwind;

/// Returns the text after a conversion to a library and back.
fn through<T, L>(text: &str) -> Option<String>
where
    T: for<'a> From<&'a str> + From<L> + AsRef<str>,
    L: for<'a> TryFrom<&'a T>,
{
    let there_and_back = || {
        let library = L::try_from(&T::from(text)).ok()?;
        Some(T::from(library).as_ref().to_owned())
    };
    catch_unwind(there_and_back).unwrap_or_else(|_| panic!("{text} panics"))
}

/// The text in UTC, if the libraries accept it.
fn time(text: &str) -> Option<String> {
    let chrono = through::<DateTime, chrono::DateTime<chrono::Utc>>(text);
    let time = through::<DateTime, time::OffsetDateTime>(text);
    let jiff = through::<DateTime, jiff::Timestamp>(text);
    assert_eq!(chrono, time, "{text}");
    let is_beyond_jiff = time
        .as_deref()
        .is_some_and(|time| time > "9999-12-30T22:00:00");
    if !is_beyond_jiff {
        assert_eq!(time, jiff, "{text}");
    }
    assert_eq!(
        time.is_some(),
        chrono::DateTime::<chrono::FixedOffset>::try_from(&DateTime::from(text)).is_ok(),
        "{text}"
    );
    time
}

fn date(text: &str) -> Option<String> {
    let chrono = through::<Date, chrono::NaiveDate>(text);
    assert_eq!(chrono, through::<Date, time::Date>(text), "{text}");
    assert_eq!(chrono, through::<Date, jiff::civil::Date>(text), "{text}");
    chrono
}

fn duration(text: &str) -> Option<String> {
    let chrono = through::<Duration, chrono::TimeDelta>(text);
    assert_eq!(chrono, through::<Duration, time::Duration>(text), "{text}");
    assert_eq!(
        chrono,
        through::<Duration, jiff::SignedDuration>(text),
        "{text}"
    );
    chrono
}

#[test]
fn case_r21_limits_of_times() {
    for (text, utc) in [
        ("9999-12-31T23:59:59-00:01", None),
        ("9999-12-31T23:59:59Z", Some("9999-12-31T23:59:59Z")),
        (
            "9999-12-31T23:59:59.999999999+00:00",
            Some("9999-12-31T23:59:59.999999999Z"),
        ),
        ("9999-12-31T23:59:59+23:59", Some("9999-12-31T00:00:59Z")),
        ("0001-01-01T00:00:00+00:01", None),
        ("0001-01-01T00:00:00Z", Some("0001-01-01T00:00:00Z")),
        ("0000-12-31T23:59:59-00:01", Some("0001-01-01T00:00:59Z")),
        ("0000-12-31T23:59:59Z", None),
        ("2026-11-22t08:30:00Z", None),
        ("2026-11-22T08:30:00z", None),
        ("2026-11-22 08:30:00Z", None),
        ("2016-12-31T23:59:60Z", None),
        ("2026-11-22T24:00:00Z", None),
        ("2026-11-22T08:30:00.Z", None),
        ("2026-11-22T08:30:00,5Z", None),
        ("2026-11-22T08:30:00.1234567891Z", None),
        ("2026-11-22T08:30Z", None),
        ("2026-11-22T08:30:00+0100", None),
        ("2026-11-22T08:30:00+01", None),
        ("2026-11-22T08:30:00+24:00", None),
        ("2026-11-22T08:30:00-00:00", Some("2026-11-22T08:30:00Z")),
        ("2026-11-22T08:30:00Z ", None),
        ("+2026-11-22T08:30:00Z", None),
        ("-001-11-22T08:30:00Z", None),
        ("12026-11-22T08:30:00Z", None),
        ("2026-11-22T08:30:00Z[UTC]", None),
        ("２026-11-22T08:30:00Z", None),
    ] {
        assert_eq!(time(text).as_deref(), utc, "{text}");
    }
}

#[test]
fn case_r21_times_of_libraries_have_a_valid_text() {
    let offset = time::UtcOffset::from_hms(0, -1, 0).unwrap();
    let late = time::PrimitiveDateTime::MAX.assume_offset(offset);
    let early = time::PrimitiveDateTime::MIN.assume_offset(time::UtcOffset::UTC);
    let last = "9999-12-31T23:59:59.999999999Z";
    let first = "0001-01-01T00:00:00Z";
    for (text, expected) in [
        (DateTime::from(late), last),
        (DateTime::from(early), first),
        (DateTime::from(jiff::Timestamp::MIN), first),
        (
            DateTime::from(jiff::Timestamp::MAX),
            "9999-12-30T22:00:00.999999999Z",
        ),
        (
            DateTime::from(chrono::DateTime::<chrono::Utc>::MAX_UTC),
            last,
        ),
        (
            DateTime::from(chrono::DateTime::<chrono::Utc>::MIN_UTC),
            first,
        ),
    ] {
        assert_eq!(text.as_str(), expected);
    }
    for (text, expected) in [
        (Date::from(chrono::NaiveDate::MAX), "9999-12-31"),
        (Date::from(chrono::NaiveDate::MIN), "0000-01-01"),
        (Date::from(time::Date::MIN), "0000-01-01"),
        (Date::from(jiff::civil::Date::MIN), "0000-01-01"),
        (Date::from(jiff::civil::Date::MAX), "9999-12-31"),
    ] {
        assert_eq!(text.as_str(), expected);
    }
    let longest = "315576000000.999999999s";
    for (text, is_negative) in [
        (Duration::from(chrono::TimeDelta::MAX), false),
        (Duration::from(chrono::TimeDelta::MIN), true),
        (Duration::from(time::Duration::MAX), false),
        (Duration::from(time::Duration::MIN), true),
        (Duration::from(jiff::SignedDuration::MAX), false),
        (Duration::from(jiff::SignedDuration::MIN), true),
        (Duration::from(std::time::Duration::MAX), false),
    ] {
        let sign = if is_negative { "-" } else { "" };
        assert_eq!(text.as_str(), format!("{sign}{longest}"));
    }
}

/// Returns a valid text with a few characters changed.
fn spoilt(random: &mut fastrand::Rng, valid: &str) -> String {
    let mut text: Vec<char> = valid.chars().collect();
    for _ in 0..random.usize(..3) {
        let at = random.usize(..text.len());
        let with = *random.choice("0123456789+-.:TZtz s".as_bytes()).unwrap();
        match random.u8(..3) {
            0 => text[at] = with.into(),
            1 => text.insert(at, with.into()),
            _ if text.len() > 1 => drop(text.remove(at)),
            _ => {}
        }
    }
    text.into_iter().collect()
}

#[test]
fn case_r21_random_texts() {
    let random = &mut fastrand::Rng::with_seed(21);
    let mut accepted = 0;
    for _ in 0..100_000 {
        let day = format!(
            "{:04}-{:02}-{:02}",
            random.u16(..10_000),
            random.u8(..14),
            random.u8(..33)
        );
        let fraction = match random.u8(..3) {
            0 => String::new(),
            _ => format!(".{:0>1$}", random.u32(..1000), random.usize(1..11)),
        };
        let zone = match random.u8(..3) {
            0 => "Z".to_owned(),
            1 => format!("+{:02}:{:02}", random.u8(..26), random.u8(..61)),
            _ => format!("-{:02}:{:02}", random.u8(..26), random.u8(..61)),
        };
        let clock = format!(
            "{:02}:{:02}:{:02}",
            random.u8(..25),
            random.u8(..61),
            random.u8(..62)
        );
        let text = spoilt(random, &format!("{day}T{clock}{fraction}{zone}"));
        if let Some(utc) = time(&text) {
            assert_eq!(time(&utc).as_ref(), Some(&utc), "{text}");
            accepted += 1;
        }
        let text = spoilt(random, &day);
        if let Some(same) = date(&text) {
            assert_eq!(same, text);
        }
        let seconds = random.i64(..) >> random.u8(..64);
        let text = spoilt(random, &format!("{seconds}{fraction}s"));
        if let Some(same) = duration(&text) {
            assert_eq!(duration(&same), Some(same.clone()), "{text}");
        }
    }
    assert!(accepted > 10_000, "{accepted}");
}
