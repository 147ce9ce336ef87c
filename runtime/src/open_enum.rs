//! Enums of a document: open, because servers learn new values before their clients do.

use crate::wire::{FromText, decode_text};
use serde::{Deserializer, Serializer};
use std::borrow::Cow;
use std::fmt;

/// An enum generated from the allowed values of a document; implemented by [`open_enum!`](crate::open_enum!).
///
/// A value that the document does not know is kept and sent back unchanged. That applies to numbers, too, and for all other JSON:
/// it becomes an unknown value with the JSON text, and the struct around it writes it as it came.
///
/// ```
/// # #[non_exhaustive]
/// # pub enum State { Ready, UnknownValue(String) }
/// # gapi_runtime::open_enum!(State { Ready: "READY" });
/// use gapi_runtime::OpenEnum;
///
/// /// Returns the text of a value of any enum.
/// fn text<T: OpenEnum>(value: &T) -> String {
///     value.as_text().to_owned()
/// }
///
/// // `State` is an enum of a generated client.
/// assert_eq!(text(&State::Ready), "READY");
/// assert_eq!(text(&State::from_text("NEW".into())), "NEW");
/// ```
pub trait OpenEnum: Sized {
    /// Returns the value as it is in JSON.
    fn as_text(&self) -> &str;

    /// The variant of a value on the wire.
    fn from_text(text: Cow<'_, str>) -> Self;
}

/// Reads an enum from a JSON string. Another value, such as the number of an enum value, becomes its JSON text.
#[doc(hidden)]
pub fn decode_enum<'de, T: OpenEnum, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    decode_text(deserializer).map(|EnumText(value)| value)
}

/// Writes an enum as a JSON string.
#[doc(hidden)]
pub fn encode_enum<T: OpenEnum, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(value.as_text())
}

/// Shows the variant of an unknown value as a derive would.
#[doc(hidden)]
pub fn debug_unknown_value(value: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_tuple("UnknownValue").field(&value).finish()
}

struct EnumText<T>(T);

impl<T: OpenEnum> FromText for EnumText<T> {
    const EXPECTED: &'static str = "the name of an enum value";
    const TAKES_ALL: bool = true;

    fn from_text(text: Cow<'_, str>) -> Self {
        Self(T::from_text(text))
    }
}

/// Makes an enum an [`OpenEnum`](crate::OpenEnum): lists its variants with their values on the wire.
///
/// The enum has one more variant, `UnknownValue(String)`. Implements `OpenEnum`, an inherent `as_str`, `Clone`, `Debug`, `PartialEq`, `Eq`
/// and `Hash` by the value on the wire, `Display`, `From<&str>`, `From<String>`, [`WireFormat`](crate::WireFormat), and serde's `Serialize` and `Deserialize`;
/// [`QueryValue`](crate::QueryValue) follows.
///
/// ```
/// #[non_exhaustive]
/// pub enum State {
///     Ready,
///     UnknownValue(String),
/// }
/// gapi_runtime::open_enum!(State { Ready: "READY" });
///
/// assert_eq!(State::from("READY"), State::Ready);
/// assert_eq!(State::from("NEW").as_str(), "NEW");
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! open_enum {
    ($name:ident { $($variant:ident: $wire:literal),* $(,)? }) => {
        impl $name {
            /// Returns the value as it is in JSON.
            #[inline]
            #[must_use]
            pub fn as_str(&self) -> &str {
                $crate::OpenEnum::as_text(self)
            }
        }
        #[allow(deprecated, reason = "the warning is for users")]
        impl $crate::OpenEnum for $name {
            #[inline]
            fn as_text(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::UnknownValue(value) => value,
                }
            }
            #[inline]
            fn from_text(text: ::std::borrow::Cow<'_, str>) -> Self {
                match &*text {
                    $($wire => Self::$variant,)*
                    _ => Self::UnknownValue(text.into_owned()),
                }
            }
        }
        #[allow(deprecated, reason = "the warning is for users")]
        impl ::core::clone::Clone for $name {
            #[inline]
            fn clone(&self) -> Self {
                match self {
                    $(Self::$variant => Self::$variant,)*
                    Self::UnknownValue(value) => Self::UnknownValue(::core::clone::Clone::clone(value)),
                }
            }
        }
        #[allow(deprecated, reason = "the warning is for users")]
        impl ::core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(match self {
                    $(Self::$variant => ::core::stringify!($variant),)*
                    Self::UnknownValue(value) => return $crate::codegen::debug_unknown_value(value, f),
                })
            }
        }
        // By the text on the wire, so that it does not matter how a value came about.
        impl ::core::cmp::PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::OpenEnum::as_text(self) == $crate::OpenEnum::as_text(other)
            }
        }
        impl ::core::cmp::Eq for $name {}
        impl ::core::hash::Hash for $name {
            #[inline]
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                ::core::hash::Hash::hash($crate::OpenEnum::as_text(self), state);
            }
        }
        impl ::core::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad($crate::OpenEnum::as_text(self))
            }
        }
        impl ::core::convert::From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                $crate::OpenEnum::from_text(::std::borrow::Cow::Borrowed(text))
            }
        }
        impl ::core::convert::From<::std::string::String> for $name {
            #[inline]
            fn from(text: ::std::string::String) -> Self {
                $crate::OpenEnum::from_text(::std::borrow::Cow::Owned(text))
            }
        }
        impl $crate::WireFormat for $name {
            fn decode<'de, D: $crate::codegen::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                $crate::codegen::decode_enum(deserializer)
            }
            fn encode<S: $crate::codegen::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::codegen::encode_enum(self, serializer)
            }
            #[inline]
            fn of_null() -> ::core::option::Option<Self> {
                ::core::option::Option::Some($crate::OpenEnum::from_text(::std::borrow::Cow::Borrowed("")))
            }
        }
        impl<'de> $crate::codegen::Deserialize<'de> for $name {
            fn deserialize<D: $crate::codegen::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                $crate::codegen::decode_enum(deserializer)
            }
        }
        impl $crate::codegen::Serialize for $name {
            fn serialize<S: $crate::codegen::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::codegen::encode_enum(self, serializer)
            }
        }
    };
}
