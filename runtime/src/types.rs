//! Strings with a documented form: bytes, times, durations, field masks.
//!
//! Each keeps the text that it came with, so that what was read is written back unchanged, and is converted on demand.

#[cfg(all(test, feature = "chrono", feature = "jiff", feature = "time"))]
mod agreement;
mod base64;
mod calendar;
mod date;
mod date_time;
mod duration;
mod field_mask;

pub use base64::Base64;
pub use date::Date;
pub use date_time::DateTime;
pub use duration::Duration;
pub use field_mask::FieldMask;

use std::fmt;
#[cfg(feature = "auth")]
use std::time::{SystemTime, UNIX_EPOCH};

/// Returns a time as RFC 3339 text, in UTC and in whole seconds.
#[cfg(feature = "auth")]
pub(crate) fn utc_text(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    calendar::Moment::text(i64::try_from(since.as_secs()).unwrap_or(i64::MAX), 0)
}

/// Returns the seconds from 1970 to the time of an RFC 3339 text.
#[cfg(feature = "auth")]
pub(crate) fn unix_seconds(text: &str) -> Option<i64> {
    calendar::Moment::parse(text).map(|moment| moment.seconds)
}

/// The text of a value does not have the form that its type has, or represents a value that the other type cannot hold.
///
/// ```
/// use gapi_runtime::{Base64, ConversionError};
///
/// fn text(field: &Base64) -> Result<String, ConversionError> {
///     Ok(String::from_utf8_lossy(&field.decode()?).into_owned())
/// }
///
/// assert_eq!(text(&Base64::from("aGk=")), Ok("hi".to_owned()));
/// assert!(text(&Base64::from("?")).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConversionError(&'static str);

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not {}, or out of range", self.0)
    }
}

impl std::error::Error for ConversionError {}

/// Everything about a type that holds a text and nothing else.
macro_rules! text_type {
    ($(#[$docs:meta])* $name:ident, $form:literal $(, $message:literal)?) => {
        $(#[$docs])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// The error for an invalid text.
            #[allow(dead_code, reason = "not every type can fail to convert")]
            const INVALID: $crate::ConversionError = $crate::types::ConversionError($form);

            /// Returns the text, as it is in JSON.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Converts the value into its text.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl $crate::wire::FromText for $name {
            const EXPECTED: &'static str = "a string";

            fn from_text(text: std::borrow::Cow<'_, str>) -> Self {
                Self(text.into_owned())
            }
        }

        impl $crate::WireFormat for $name {
            $(const WELL_KNOWN: Option<&'static str> = Some($message);)?

            fn decode<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::decode_text(deserializer)
            }

            fn of_null() -> Option<Self> {
                Some(Self(String::new()))
            }

            fn encode<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::WireFormat::decode(deserializer)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::WireFormat::encode(self, serializer)
            }
        }

        impl $crate::QueryValue for $name {
            fn into_query(self) -> String {
                self.0
            }
        }
    };
}

use text_type;
