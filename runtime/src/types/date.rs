//! `date`, `full-date`

#[cfg(any(test, feature = "chrono", feature = "jiff", feature = "time"))]
use super::{ConversionError, calendar::parse_date};

super::text_type! {
    /// A day of the calendar, `2026-11-22`: format `date`.
    ///
    /// Converts from and to the types of `chrono`, `jiff` and `time` with the feature of that name. All accept the years 0000 to
    /// 9999 (RFC 3339). A day beyond these years is written as the nearest day in them.
    ///
    /// ```
    /// use gapi_runtime::Date;
    ///
    /// let day = Date::from("2026-11-22");
    /// assert_eq!(day.as_str(), "2026-11-22");
    /// assert_eq!(day.into_string(), "2026-11-22");
    /// ```
    Date, "a date"
}

#[cfg(any(test, feature = "chrono", feature = "jiff", feature = "time"))]
impl Date {
    fn from_parts(year: i32, month: u8, day: u8) -> Self {
        Self(match year {
            ..0 => "0000-01-01".to_owned(),
            0..=9999 => format!("{year:04}-{month:02}-{day:02}"),
            _ => "9999-12-31".to_owned(),
        })
    }

    /// Year, month and day of a date that exists.
    fn parts(&self) -> Result<(i16, u8, u8), ConversionError> {
        parse_date(&self.0).ok_or(Self::INVALID)
    }
}

#[cfg(feature = "chrono")]
mod chrono_conversions {
    use super::{ConversionError, Date};
    use chrono::{Datelike, NaiveDate};

    impl From<NaiveDate> for Date {
        fn from(date: NaiveDate) -> Self {
            // Months and days are below 32.
            let small = |number: u32| u8::try_from(number).unwrap_or_default();
            Self::from_parts(date.year(), small(date.month()), small(date.day()))
        }
    }

    impl TryFrom<&Date> for NaiveDate {
        type Error = ConversionError;

        fn try_from(date: &Date) -> Result<Self, ConversionError> {
            let (year, month, day) = date.parts()?;
            Self::from_ymd_opt(year.into(), month.into(), day.into()).ok_or(Date::INVALID)
        }
    }
}

#[cfg(feature = "jiff")]
mod jiff_conversions {
    use super::{ConversionError, Date};

    impl From<jiff::civil::Date> for Date {
        fn from(date: jiff::civil::Date) -> Self {
            Self::from_parts(
                date.year().into(),
                date.month().unsigned_abs(),
                date.day().unsigned_abs(),
            )
        }
    }

    impl TryFrom<&Date> for jiff::civil::Date {
        type Error = ConversionError;

        fn try_from(date: &Date) -> Result<Self, ConversionError> {
            let (year, month, day) = date.parts()?;
            let small = |number: u8| i8::try_from(number).map_err(|_| Date::INVALID);
            Self::new(year, small(month)?, small(day)?).map_err(|_| Date::INVALID)
        }
    }
}

#[cfg(feature = "time")]
mod time_conversions {
    use super::{ConversionError, Date};

    impl From<time::Date> for Date {
        fn from(date: time::Date) -> Self {
            Self::from_parts(date.year(), date.month().into(), date.day())
        }
    }

    impl TryFrom<&Date> for time::Date {
        type Error = ConversionError;

        fn try_from(date: &Date) -> Result<Self, ConversionError> {
            let (year, month, day) = date.parts()?;
            let month = time::Month::try_from(month).map_err(|_| Date::INVALID)?;
            Self::from_calendar_date(year.into(), month, day).map_err(|_| Date::INVALID)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_back() {
        assert_eq!(Date::from("2026-11-22").parts(), Ok((2026, 11, 22)));
        assert_eq!(Date::from_parts(976, 1, 2).as_str(), "0976-01-02");
        for text in [
            "",
            "2026-11-2",
            "2026-11-022",
            "2026/11/22",
            "-026-11-22",
            "2026-+1-22",
            "20261122",
        ] {
            assert_eq!(Date::from(text).parts(), Err(Date::INVALID), "{text}");
        }
    }

    /// Checks the conversions of one library, including texts that are not dates.
    #[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
    fn check<T>()
    where
        T: for<'a> TryFrom<&'a Date, Error = ConversionError> + Into<Date>,
    {
        for text in ["2026-11-22", "2024-02-29", "0976-01-02"] {
            let date: Date = T::try_from(&Date::from(text)).unwrap().into();
            assert_eq!(date.as_str(), text);
        }
        for text in ["2026-02-29", "2026-13-01", "today"] {
            assert_eq!(
                T::try_from(&Date::from(text)).map(|_| ()),
                Err(Date::INVALID),
                "{text}"
            );
        }
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn chrono() {
        check::<chrono::NaiveDate>();
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn jiff() {
        check::<jiff::civil::Date>();
    }

    #[cfg(feature = "time")]
    #[test]
    fn time() {
        check::<time::Date>();
    }
}
