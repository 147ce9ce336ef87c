//! The JSON form of the types that fields can have.
//!
//! It is not always the form that serde uses: 64-bit integers are JSON strings, and a float may be `"NaN"`. Reading is
//! more tolerant than writing, because servers are less strict than documents.

mod any;
mod collections;
mod field_names;
mod json;
mod member;
mod notes;
mod number;
mod reading;
mod string;
mod text;

pub use field_names::FieldNames;

pub(crate) use any::Exact;
pub(crate) use collections::{Nullable, decode_element};
pub(crate) use json::{Budget, DEFAULT_LIMIT, JsonError, RAISE_LIMIT, read_element, read_json};
pub(crate) use member::{Without, member};
pub(crate) use notes::{Note, Others, Step, Verbatim, restore};
pub(crate) use reading::{
    allocate, allocate_entry, enter_field, failed_at, heap, leave_field, pending, take_notes,
};
pub(crate) use string::{FromText, decode_text};

use reading::Mode;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::fmt;

/// A JSON object whose members the document does not describe.
///
/// ```
/// use gapi_runtime::{Object, Value};
///
/// let labels = Object::from_iter([("team".to_owned(), Value::from("blue"))]);
/// assert_eq!(labels["team"], "blue");
/// ```
pub type Object = serde_json::Map<String, Value>;

/// A type with a JSON form in Google's APIs.
///
/// Implemented for the scalars, for lists and maps of such types, and by [`schema!`](crate::schema!) and
/// [`open_enum!`](crate::open_enum!).
///
/// ```
/// use gapi_runtime::{WireFormat, serde_json};
///
/// /// Returns the JSON that a field of this type has. It may differ from that of serde.
/// fn json<T: WireFormat>(value: &T) -> serde_json::Result<String> {
///     let mut text = Vec::new();
///     value.encode(&mut serde_json::Serializer::new(&mut text))?;
///     Ok(String::from_utf8_lossy(&text).into_owned())
/// }
///
/// assert_eq!(json(&9_007_199_254_740_993_i64)?, r#""9007199254740993""#);
/// let number = i64::decode(&mut serde_json::Deserializer::from_str("\"3\""))?;
/// assert_eq!(number, 3);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait WireFormat: fmt::Debug + Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// When the input is not JSON, or not of this type.
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Writes the value.
    ///
    /// # Errors
    /// The errors of the serializer.
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// Returns an empty list and the fields of its elements. `None` if the type is not a list.
    #[doc(hidden)]
    #[must_use]
    fn empty_list() -> Option<(Self, Option<FieldNames>)> {
        None
    }

    /// Reads an element and appends it to a list.
    ///
    /// # Errors
    /// The errors of [`decode`](Self::decode) for the element.
    #[doc(hidden)]
    fn append<'de, D: Deserializer<'de>>(&mut self, _: D) -> Result<(), D::Error> {
        Ok(())
    }

    /// The element of a list that represents a null. Without one, a null is an error.
    #[doc(hidden)]
    #[must_use]
    fn of_null() -> Option<Self> {
        None
    }

    /// `true` if the type has a value that is written as null.
    #[doc(hidden)]
    const HOLDS_NULL: bool = false;

    /// The JSON that a response without a body counts as.
    #[doc(hidden)]
    const EMPTY_BODY: &'static str = "{}";

    /// The name and the fields of a message. `None` for any other type.
    #[doc(hidden)]
    const MESSAGE: Option<FieldNames> = None;

    /// The full name of the protobuf message that the type represents, if it represents one only.
    #[doc(hidden)]
    const WELL_KNOWN: Option<&'static str> = None;
}

/// Reads a [`WireFormat`] type where serde asks for a `Deserialize` one.
pub(crate) struct Decoded<T>(pub(crate) T);

impl<'de, T: WireFormat> Deserialize<'de> for Decoded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::decode(deserializer).map(Self)
    }
}

/// Writes a [`WireFormat`] type where serde asks for a `Serialize` one.
pub(crate) struct Encoded<'a, T>(pub(crate) &'a T);

impl<T: WireFormat> Serialize for Encoded<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.encode(serializer)
    }
}

/// The JSON text of a value.
pub(crate) fn to_json<T: WireFormat>(value: &T) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&Encoded(value))
}

/// Ends the first reading of a response at a value whose text matters. The second one reads it from there.
///
/// # Errors
/// An error in the mode [`Fast`](Mode::Fast).
fn needs_text<E: serde::de::Error>() -> Result<(), E> {
    match reading::mode() {
        Mode::Fast => Err(E::custom("the text of a value is needed")),
        Mode::Direct | Mode::Exact => Ok(()),
    }
}
