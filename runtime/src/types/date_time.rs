//! `google-datetime`, `date-time`

#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
use super::ConversionError;
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
use super::calendar::Moment;

super::text_type! {
    /// A point in time as RFC 3339 text with up to nine fractional digits, `2026-11-22T08:30:00.5Z`: formats
    /// `google-datetime` and `date-time`.
    ///
    /// Converts from and to the types of `chrono`, `jiff` and `time` with the feature of that name. All three accept the same
    /// texts: those of RFC 3339 with `T`, `Z` in upper case and seconds below 60, from the year 1 to the year 9999 in UTC, which
    /// are the limits of ProtoJSON. `jiff::Timestamp` ends 26 hours earlier. A text is written in UTC. A time beyond these years
    /// is written as the nearest time in them.
    ///
    /// ```
    /// use gapi_runtime::DateTime;
    ///
    /// let time = DateTime::from("2026-11-22T08:30:00Z");
    /// assert_eq!(time.as_str(), "2026-11-22T08:30:00Z");
    /// assert_eq!(time.into_string(), "2026-11-22T08:30:00Z");
    /// ```
    ///
    /// With the feature `jiff`, and in the same way with `chrono` and `time`:
    ///
    /// ```
    /// # #[cfg(feature = "jiff")]
    /// # fn main() -> Result<(), gapi_runtime::ConversionError> {
    /// use gapi_runtime::DateTime;
    ///
    /// let time = jiff::Timestamp::try_from(&DateTime::from("2026-11-22T08:30:00Z"))?;
    /// assert_eq!(DateTime::from(time).as_str(), "2026-11-22T08:30:00Z");
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "jiff"))]
    /// # fn main() {}
    /// ```
    DateTime, "an RFC 3339 date and time", "google.protobuf.Timestamp"
}

#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
impl DateTime {
    fn moment(&self) -> Result<Moment, ConversionError> {
        Moment::parse(&self.0).ok_or(Self::INVALID)
    }
}

#[cfg(feature = "chrono")]
mod chrono_conversions {
    use super::{ConversionError, DateTime, Moment};
    use chrono::{FixedOffset, Utc};

    impl From<chrono::DateTime<Utc>> for DateTime {
        fn from(time: chrono::DateTime<Utc>) -> Self {
            // In a leap second there are more than a billion. It is written as the end of the second before it.
            Self(Moment::text(
                time.timestamp(),
                time.timestamp_subsec_nanos(),
            ))
        }
    }

    impl TryFrom<&DateTime> for chrono::DateTime<FixedOffset> {
        type Error = ConversionError;

        fn try_from(time: &DateTime) -> Result<Self, ConversionError> {
            let offset = FixedOffset::east_opt(time.moment()?.offset).ok_or(DateTime::INVALID)?;
            chrono::DateTime::<Utc>::try_from(time).map(|time| time.with_timezone(&offset))
        }
    }

    impl TryFrom<&DateTime> for chrono::DateTime<Utc> {
        type Error = ConversionError;

        fn try_from(time: &DateTime) -> Result<Self, ConversionError> {
            let Moment { seconds, nanos, .. } = time.moment()?;
            Self::from_timestamp(seconds, nanos).ok_or(DateTime::INVALID)
        }
    }
}

#[cfg(feature = "jiff")]
mod jiff_conversions {
    use super::{ConversionError, DateTime, Moment};
    use jiff::Timestamp;

    impl From<Timestamp> for DateTime {
        fn from(time: Timestamp) -> Self {
            let nanos = time.as_nanosecond();
            let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).unwrap_or(i64::MAX);
            let nanos = u32::try_from(nanos.rem_euclid(1_000_000_000)).unwrap_or_default();
            Self(Moment::text(seconds, nanos))
        }
    }

    impl TryFrom<&DateTime> for Timestamp {
        type Error = ConversionError;

        fn try_from(time: &DateTime) -> Result<Self, ConversionError> {
            let Moment { seconds, nanos, .. } = time.moment()?;
            let nanos = i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
            Self::from_nanosecond(nanos).map_err(|_| DateTime::INVALID)
        }
    }
}

#[cfg(feature = "time")]
mod time_conversions {
    use super::{ConversionError, DateTime, Moment};
    use time::{OffsetDateTime, UtcOffset};

    impl From<OffsetDateTime> for DateTime {
        fn from(time: OffsetDateTime) -> Self {
            Self(Moment::text(time.unix_timestamp(), time.nanosecond()))
        }
    }

    impl TryFrom<&DateTime> for OffsetDateTime {
        type Error = ConversionError;

        fn try_from(time: &DateTime) -> Result<Self, ConversionError> {
            let Moment {
                seconds,
                nanos,
                offset,
            } = time.moment()?;
            let nanos = i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
            let time = Self::from_unix_timestamp_nanos(nanos).map_err(|_| DateTime::INVALID)?;
            let offset = UtcOffset::from_whole_seconds(offset).map_err(|_| DateTime::INVALID)?;
            time.checked_to_offset(offset).ok_or(DateTime::INVALID)
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
    fn check<T>()
    where
        T: for<'a> TryFrom<&'a DateTime, Error = ConversionError> + Into<DateTime>,
    {
        for (text, expected) in [
            ("2026-11-22T08:30:00Z", "2026-11-22T08:30:00Z"),
            ("2026-11-22T09:30:00.5+01:00", "2026-11-22T08:30:00.5Z"),
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
        check::<chrono::DateTime<chrono::Utc>>();
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn jiff() {
        check::<jiff::Timestamp>();
    }

    #[cfg(feature = "time")]
    #[test]
    fn time() {
        check::<time::OffsetDateTime>();
    }
}
