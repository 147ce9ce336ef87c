//! `google-duration`

use super::ConversionError;
use super::calendar::parse_fraction;

super::text_type! {
    /// A span of time in seconds with up to nine fractional digits, `1.5s`: format `google-duration`. May be negative.
    ///
    /// Converts from and to [`std::time::Duration`], and to the types of `chrono`, `jiff` and `time` with the feature of that
    /// name. ProtoJSON has durations of up to 315,576,000,000 seconds, which are 10,000 years. A longer text is an error, and a
    /// longer duration is written as the longest one.
    ///
    /// ```
    /// use gapi_runtime::Duration;
    ///
    /// let delay = Duration::from(std::time::Duration::from_millis(1500));
    /// assert_eq!(delay.as_str(), "1.5s");
    /// assert_eq!(delay.seconds_and_nanos()?, (1, 500_000_000));
    /// assert_eq!(std::time::Duration::try_from(&delay)?.as_millis(), 1500);
    /// assert_eq!(delay.into_string(), "1.5s");
    /// # Ok::<(), gapi_runtime::ConversionError>(())
    /// ```
    Duration, "a duration in seconds", "google.protobuf.Duration"
}

/// The whole seconds of the longest duration, and its nanoseconds.
const MOST: i64 = 315_576_000_000;
const LEAST: i64 = -MOST;
const NANOS: i32 = 999_999_999;

impl Duration {
    /// Seconds and nanoseconds, which have the same sign.
    fn from_parts(seconds: i64, nanos: i32) -> Self {
        let (seconds, nanos) = match seconds {
            ..LEAST => (LEAST, -NANOS),
            LEAST..=MOST => (seconds, nanos),
            _ => (MOST, NANOS),
        };
        let sign = if seconds < 0 || nanos < 0 { "-" } else { "" };
        let mut text = format!("{sign}{}", seconds.unsigned_abs());
        if nanos != 0 {
            text += format!(".{:09}", nanos.unsigned_abs()).trim_end_matches('0');
        }
        Self(text + "s")
    }

    /// Returns the whole seconds and the nanoseconds beyond them. Both have the sign of the duration; nanoseconds are below 10⁹ in
    /// size.
    ///
    /// # Errors
    /// When the text is not a decimal number of seconds followed by `s`, or is longer than the longest duration.
    pub fn seconds_and_nanos(&self) -> Result<(i64, i32), ConversionError> {
        self.parts().ok_or(Self::INVALID)
    }

    fn parts(&self) -> Option<(i64, i32)> {
        let number = self.0.strip_suffix('s')?;
        let (is_negative, number) = number
            .strip_prefix('-')
            .map_or((false, number), |number| (true, number));
        let (whole, fraction) = match number.split_once('.') {
            Some((whole, fraction)) => (whole, parse_fraction(fraction)?),
            None => (number, 0),
        };
        let is_number = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
        let seconds: i64 = whole.parse().ok().filter(|_| is_number)?;
        let nanos = i32::try_from(fraction).ok()?;
        if seconds > MOST {
            return None;
        }
        Some(if is_negative {
            (-seconds, -nanos)
        } else {
            (seconds, nanos)
        })
    }
}

impl From<std::time::Duration> for Duration {
    fn from(duration: std::time::Duration) -> Self {
        let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        Self::from_parts(seconds, duration.subsec_nanos().try_into().unwrap_or(NANOS))
    }
}

/// Fails for negative durations.
impl TryFrom<&Duration> for std::time::Duration {
    type Error = ConversionError;

    fn try_from(duration: &Duration) -> Result<Self, ConversionError> {
        let (seconds, nanos) = duration.seconds_and_nanos()?;
        match (seconds.try_into(), nanos.try_into()) {
            (Ok(seconds), Ok(nanos)) => Ok(Self::new(seconds, nanos)),
            _ => Err(Duration::INVALID),
        }
    }
}

#[cfg(feature = "chrono")]
mod chrono_conversions {
    use super::{ConversionError, Duration};
    use chrono::TimeDelta;

    impl From<TimeDelta> for Duration {
        fn from(duration: TimeDelta) -> Self {
            Self::from_parts(duration.num_seconds(), duration.subsec_nanos())
        }
    }

    impl TryFrom<&Duration> for TimeDelta {
        type Error = ConversionError;

        fn try_from(duration: &Duration) -> Result<Self, ConversionError> {
            let (seconds, nanos) = duration.seconds_and_nanos()?;
            let whole = Self::try_seconds(seconds).ok_or(Duration::INVALID)?;
            whole
                .checked_add(&Self::nanoseconds(nanos.into()))
                .ok_or(Duration::INVALID)
        }
    }
}

#[cfg(feature = "jiff")]
mod jiff_conversions {
    use super::{ConversionError, Duration};
    use jiff::SignedDuration;

    impl From<SignedDuration> for Duration {
        fn from(duration: SignedDuration) -> Self {
            Self::from_parts(duration.as_secs(), duration.subsec_nanos())
        }
    }

    impl TryFrom<&Duration> for SignedDuration {
        type Error = ConversionError;

        fn try_from(duration: &Duration) -> Result<Self, ConversionError> {
            let (seconds, nanos) = duration.seconds_and_nanos()?;
            Ok(Self::new(seconds, nanos))
        }
    }
}

#[cfg(feature = "time")]
mod time_conversions {
    use super::{ConversionError, Duration};

    impl From<time::Duration> for Duration {
        fn from(duration: time::Duration) -> Self {
            Self::from_parts(duration.whole_seconds(), duration.subsec_nanoseconds())
        }
    }

    impl TryFrom<&Duration> for time::Duration {
        type Error = ConversionError;

        fn try_from(duration: &Duration) -> Result<Self, ConversionError> {
            let (seconds, nanos) = duration.seconds_and_nanos()?;
            Ok(Self::new(seconds, nanos))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_nanos() {
        for (text, expected) in [
            ("1.5s", (1, 500_000_000)),
            ("0s", (0, 0)),
            ("-0.25s", (0, -250_000_000)),
            ("-3.000000001s", (-3, -1)),
            ("315576000000s", (315_576_000_000, 0)),
            ("1.500s", (1, 500_000_000)),
        ] {
            assert_eq!(
                Duration::from(text).seconds_and_nanos(),
                Ok(expected),
                "{text}"
            );
        }
        for text in [
            "",
            "s",
            "1",
            "1.s",
            ".5s",
            "+1s",
            "--1s",
            "1.0000000001s",
            "1e3s",
            "1 s",
            "99999999999999999999s",
            "315576000001s",
            "-315576000001s",
            "9223372036854775807s",
        ] {
            assert_eq!(
                Duration::from(text).seconds_and_nanos(),
                Err(Duration::INVALID),
                "{text}"
            );
        }
    }

    #[test]
    fn standard_library() {
        use std::time::Duration as Std;
        for (std, text) in [
            (Std::ZERO, "0s"),
            (Std::from_millis(1500), "1.5s"),
            (Std::new(0, 1), "0.000000001s"),
        ] {
            assert_eq!(Duration::from(std).as_str(), text);
            assert_eq!(Std::try_from(&Duration::from(text)), Ok(std));
        }
        assert_eq!(Duration::from(Std::MAX).as_str(), "315576000000.999999999s");
        assert_eq!(
            Std::try_from(&Duration::from("-1s")),
            Err(Duration::INVALID)
        );
        assert_eq!(
            Std::try_from(&Duration::from("-0.5s")),
            Err(Duration::INVALID)
        );
    }

    /// Checks the conversions of one library.
    #[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
    fn check<T>()
    where
        T: for<'a> TryFrom<&'a Duration, Error = ConversionError> + Into<Duration>,
    {
        for text in ["0s", "1.5s", "-0.25s", "-3.000000001s"] {
            let duration: Duration = T::try_from(&Duration::from(text)).unwrap().into();
            assert_eq!(duration.as_str(), text);
        }
        assert_eq!(
            T::try_from(&Duration::from("soon")).map(|_| ()),
            Err(Duration::INVALID)
        );
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn chrono() {
        check::<chrono::TimeDelta>();
        assert_eq!(
            chrono::TimeDelta::try_from(&Duration::from("9223372036854775807s")),
            Err(Duration::INVALID)
        );
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn jiff() {
        check::<jiff::SignedDuration>();
    }

    #[cfg(feature = "time")]
    #[test]
    fn time() {
        check::<time::Duration>();
    }
}
