//! `google-datetime`, `date-time`

#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
use super::ConversionError;

super::text_type! {
    /// A point in time as RFC 3339 text with up to nine fractional digits, `2026-11-22T08:30:00.5Z`: formats
    /// `google-datetime` and `date-time`.
    ///
    /// Converts from and to the types of `chrono`, `jiff` and `time` with the feature of that name.
    DateTime, "an RFC 3339 date and time"
}

#[cfg(feature = "chrono")]
mod chrono_conversions {
    use super::{ConversionError, DateTime};
    use chrono::{FixedOffset, SecondsFormat, Utc};

    impl From<chrono::DateTime<Utc>> for DateTime {
        fn from(time: chrono::DateTime<Utc>) -> Self {
            Self(time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
        }
    }

    impl TryFrom<&DateTime> for chrono::DateTime<FixedOffset> {
        type Error = ConversionError;

        fn try_from(time: &DateTime) -> Result<Self, ConversionError> {
            Self::parse_from_rfc3339(time.as_str()).map_err(|_| DateTime::INVALID)
        }
    }

    impl TryFrom<&DateTime> for chrono::DateTime<Utc> {
        type Error = ConversionError;

        fn try_from(time: &DateTime) -> Result<Self, ConversionError> {
            chrono::DateTime::<FixedOffset>::try_from(time).map(Into::into)
        }
    }
}

#[cfg(feature = "jiff")]
mod jiff_conversions {
    use super::{ConversionError, DateTime};
    use jiff::Timestamp;

    impl From<Timestamp> for DateTime {
        fn from(time: Timestamp) -> Self {
            Self(time.to_string())
        }
    }

    impl TryFrom<&DateTime> for Timestamp {
        type Error = ConversionError;

        fn try_from(time: &DateTime) -> Result<Self, ConversionError> {
            time.as_str().parse().map_err(|_| DateTime::INVALID)
        }
    }
}

#[cfg(feature = "time")]
mod time_conversions {
    use super::{ConversionError, DateTime};
    use time::format_description::well_known::Rfc3339;
    use time::{OffsetDateTime, UtcOffset};

    impl From<OffsetDateTime> for DateTime {
        fn from(time: OffsetDateTime) -> Self {
            let time = time.to_offset(UtcOffset::UTC);
            let (year, month, day) = (time.year(), u8::from(time.month()), time.day());
            let (hour, minute, second) = time.to_hms();
            let mut text =
                format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
            if time.nanosecond() > 0 {
                text += format!(".{:09}", time.nanosecond()).trim_end_matches('0');
            }
            Self(text + "Z")
        }
    }

    impl TryFrom<&DateTime> for OffsetDateTime {
        type Error = ConversionError;

        fn try_from(time: &DateTime) -> Result<Self, ConversionError> {
            Self::parse(time.as_str(), &Rfc3339).map_err(|_| DateTime::INVALID)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_kept() {
        let text = "2026-11-22T09:30:00.500000+01:00";
        assert_eq!(DateTime::from(text).to_string(), text);
    }

    /// Checks the conversions of one library, in UTC, including texts that are not times.
    #[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
    fn check<T>(half_second: &str)
    where
        T: for<'a> TryFrom<&'a DateTime, Error = ConversionError> + Into<DateTime>,
    {
        for (text, expected) in [
            ("2026-11-22T08:30:00Z", "2026-11-22T08:30:00Z"),
            ("2026-11-22T09:30:00.5+01:00", half_second),
            (
                "1969-12-31T23:59:59.123456789Z",
                "1969-12-31T23:59:59.123456789Z",
            ),
        ] {
            let time: DateTime = T::try_from(&DateTime::from(text)).unwrap().into();
            assert_eq!(time.as_str(), expected);
        }
        for text in [
            "",
            "2026-11-22",
            "2026-11-22T08:30:00",
            "2026-13-22T08:30:00Z",
            "now",
        ] {
            assert_eq!(
                T::try_from(&DateTime::from(text)).map(|_| ()),
                Err(DateTime::INVALID),
                "{text}"
            );
        }
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn chrono() {
        check::<chrono::DateTime<chrono::Utc>>("2026-11-22T08:30:00.500Z");
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn jiff() {
        check::<jiff::Timestamp>("2026-11-22T08:30:00.5Z");
    }

    #[cfg(feature = "time")]
    #[test]
    fn time() {
        check::<time::OffsetDateTime>("2026-11-22T08:30:00.5Z");
    }
}
