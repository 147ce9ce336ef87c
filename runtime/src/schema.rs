//! Structs of a document: how they are read and written without losing what they do not know.

mod decode;
mod unknown_fields;

pub use decode::{decode_boxed, decode_schema};
pub use unknown_fields::{UnknownFields, UnknownFieldsIter};

use crate::wire::{Encoded, FieldNames, Note, Object, Others, Verbatim, WireFormat, restore};
use serde::ser::SerializeMap;
use serde::{Deserializer, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// A struct generated from a schema of the document; implemented by [`schema!`](crate::schema!).
///
/// Fields are visited in the order of [`FIELDS`](Self::FIELDS), one call for each, and identified by that position. So the code
/// expanded for each type stays small, and generic code is compiled only for types that are read or written.
///
/// ```
/// use gapi_runtime::{Schema, UnknownFields};
///
/// /// Removes the members that the struct has no fields for. Returns whether there were any.
/// fn remove_unknown<T: Schema>(value: &mut T) -> bool {
///     let is_newer = !value.unknown_fields().is_empty();
///     *value.unknown_fields_mut() = UnknownFields::new();
///     is_newer
/// }
/// ```
pub trait Schema: Default + fmt::Debug {
    /// The names of the fields, in order.
    #[doc(hidden)]
    const FIELDS: FieldNames;

    /// Offers each field to a decoder, which fills the one that it is looking for. Returns the place of the members that the
    /// struct has no field for.
    #[doc(hidden)]
    fn decode_field<D: DecodeField>(&mut self, decoder: &mut D) -> &mut UnknownFields;

    /// Hands each field to an encoder. Returns the members that the struct has no field for.
    #[doc(hidden)]
    fn encode_fields<E: EncodeFields>(&self, encoder: &mut E) -> &UnknownFields;

    /// Members that the struct has no field for, and explicit nulls.
    fn unknown_fields(&self) -> &UnknownFields {
        self.encode_fields(&mut Nothing)
    }

    /// The same, to be changed.
    fn unknown_fields_mut(&mut self) -> &mut UnknownFields {
        self.decode_field(&mut Nothing)
    }

    #[doc(hidden)]
    fn __set_null<T>(&mut self, name: &str, field: impl FnOnce(&mut Self) -> &mut Option<T>) {
        *field(self) = None;
        if let Some(wire_name) = Self::FIELDS.wire_name(name) {
            self.unknown_fields_mut().insert(wire_name, Value::Null);
        }
    }

    #[doc(hidden)]
    fn __set_null_entry<T: Entries>(
        &mut self,
        name: &str,
        key: impl AsRef<str>,
        field: impl FnOnce(&mut Self) -> &mut Option<T>,
    ) {
        let key = key.as_ref();
        let others = field(self).get_or_insert_default().set_null(key);
        if let (Some(others), Some(wire_name)) = (others, Self::FIELDS.wire_name(name)) {
            let others = Others::of(others.iter(), true);
            self.unknown_fields_mut().note_null(wire_name, key, others);
        }
    }
}

/// A map of a field, for [`set_null!`](crate::set_null!).
#[doc(hidden)]
pub trait Entries: Default {
    /// Sets the entry of a key to null if the map can hold one. Otherwise removes it and returns the keys of the others.
    fn set_null(&mut self, key: &str) -> Option<Vec<String>>;
}

impl<T> Entries for BTreeMap<String, T> {
    fn set_null(&mut self, key: &str) -> Option<Vec<String>> {
        self.remove(key);
        Some(self.keys().cloned().collect())
    }
}

impl Entries for Object {
    fn set_null(&mut self, key: &str) -> Option<Vec<String>> {
        self.insert(key.to_owned(), Value::Null);
        None
    }
}

/// A function that fills the field that it looks for; see [`Schema::decode_field`].
pub trait DecodeField {
    /// Offers the next field.
    fn field<T: WireFormat>(&mut self, field: &mut Option<T>);
}

/// A function that writes the fields that are set; see [`Schema::encode_fields`].
pub trait EncodeFields {
    /// Hands over the next field.
    fn field<T: WireFormat>(&mut self, field: &Option<T>);
}

/// Visits fields for the sake of what comes after them.
struct Nothing;

impl DecodeField for Nothing {
    fn field<T: WireFormat>(&mut self, _: &mut Option<T>) {}
}

impl EncodeFields for Nothing {
    fn field<T: WireFormat>(&mut self, _: &Option<T>) {}
}

/// Shows the fields that are set: most schemas have many more.
#[doc(hidden)]
pub fn debug_schema<T: Schema>(schema: &T, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let names = T::FIELDS.rust.split_ascii_whitespace();
    let mut shown = FieldDebugger {
        names,
        shown: f.debug_struct(name),
    };
    let unknown_fields = schema.encode_fields(&mut shown);
    if !unknown_fields.is_empty() {
        shown.shown.field("unknown_fields", unknown_fields);
    }
    shown.shown.finish()
}

struct FieldDebugger<'a, 'f> {
    names: std::str::SplitAsciiWhitespace<'static>,
    shown: fmt::DebugStruct<'a, 'f>,
}

impl EncodeFields for FieldDebugger<'_, '_> {
    fn field<T: WireFormat>(&mut self, field: &Option<T>) {
        if let (Some(name), Some(value)) = (self.names.next(), field) {
            self.shown.field(name, value);
        }
    }
}

/// Writes a schema as a JSON object.
#[doc(hidden)]
pub fn encode_schema<T: Schema, S: Serializer>(
    schema: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let unknown_fields = schema.unknown_fields();
    let mut encoder = FieldEncoder {
        map: serializer.serialize_map(None)?,
        wire_names: T::FIELDS.wire.iter(),
        // Only needed to find the unknown fields that a known one replaces, and those with notes.
        written: (!unknown_fields.is_blank()).then(|| (Vec::new(), unknown_fields)),
        outcome: Ok(()),
    };
    schema.encode_fields(&mut encoder);
    let FieldEncoder {
        mut map,
        written,
        outcome,
        ..
    } = encoder;
    outcome?;
    let written = written.map_or_else(Vec::new, |(written, _)| written);
    for (name, value) in unknown_fields {
        if written.contains(&name.as_str()) {
            continue;
        }
        match unknown_fields.text(name) {
            Some(text) => map.serialize_entry(name, &Verbatim(text))?,
            None => map.serialize_entry(name, value)?,
        }
    }
    map.end()
}

struct FieldEncoder<'a, M: SerializeMap> {
    map: M,
    wire_names: std::slice::Iter<'static, &'static str>,
    written: Option<(Vec<&'static str>, &'a UnknownFields)>,
    // Kept here rather than returned by each call, which keeps the expansion of `schema!` to one call for a field.
    outcome: Result<(), M::Error>,
}

impl<M: SerializeMap> EncodeFields for FieldEncoder<'_, M> {
    fn field<T: WireFormat>(&mut self, field: &Option<T>) {
        let (Some(wire_name), Some(value), Ok(())) = (self.wire_names.next(), field, &self.outcome)
        else {
            return;
        };
        if let Some((written, unknown_fields)) = &mut self.written {
            written.push(wire_name);
            let notes = unknown_fields.notes(wire_name);
            if !notes.is_empty() {
                self.outcome = restored(value, notes).and_then(|json| {
                    let json = Verbatim(&json);
                    self.map.serialize_entry(wire_name, &json)
                });
                return;
            }
        }
        self.outcome = self.map.serialize_entry(wire_name, &Encoded(value));
    }
}

/// The JSON of a field, in which noted values are as they came.
fn restored<T: WireFormat, E: serde::ser::Error>(value: &T, notes: &[Note]) -> Result<String, E> {
    let json = serde_json::to_string(&Encoded(value));
    json.and_then(|json| restore(&json, notes))
        .map_err(E::custom)
}

impl<T: Schema> WireFormat for T {
    const MESSAGE: Option<FieldNames> = Some(T::FIELDS);

    fn of_null() -> Option<Self> {
        Some(Self::default())
    }

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode_schema(deserializer)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode_schema(self, serializer)
    }
}

/// Makes a struct a [`Schema`](crate::Schema): lists its fields with their JSON names.
///
/// `Name as "id"` states the schema's id where the struct could not take it for its name; the `@type` of a message is compared
/// with it.
///
/// Every field is an `Option` of a [`WireFormat`](crate::WireFormat) type; one more, `unknown_fields`, is an
/// [`UnknownFields`](crate::UnknownFields). Implements `Schema` and with it `WireFormat`, serde's `Serialize` and `Deserialize`,
/// `Clone`, `Default`, `PartialEq`, and a `Debug` that shows the fields that are set.
///
/// ```
/// pub struct Size {
///     pub bytes: Option<i64>,
///     pub r#type: Option<String>,
///     pub unknown_fields: gapi_runtime::UnknownFields,
/// }
/// gapi_runtime::schema!(Size { bytes: "bytes", r#type: "type" });
///
/// let size: Size = serde_json::from_str(r#"{"bytes": "9007199254740993", "unit": "B"}"#)?;
/// assert_eq!(size.bytes, Some(9_007_199_254_740_993));
/// assert_eq!(serde_json::to_string(&size)?, r#"{"bytes":"9007199254740993","unit":"B"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! schema {
    ($name:ident $(as $id:literal)? { $($field:ident: $wire:literal),* $(,)? }) => {
        // A deprecated member concerns users, not the code that reads and writes it.
        #[allow(deprecated, reason = "the warning is for users")]
        impl $crate::Schema for $name {
            const FIELDS: $crate::codegen::FieldNames = $crate::codegen::FieldNames {
                name: $crate::schema!(@id $name $($id)?),
                rust: ::core::stringify!($($field)*),
                wire: &[$($wire),*],
            };
            fn decode_field<D: $crate::codegen::DecodeField>(&mut self, __decoder: &mut D) -> &mut $crate::UnknownFields {
                $(D::field(__decoder, &mut self.$field);)*
                &mut self.unknown_fields
            }
            fn encode_fields<E: $crate::codegen::EncodeFields>(&self, __encoder: &mut E) -> &$crate::UnknownFields {
                $(E::field(__encoder, &self.$field);)*
                &self.unknown_fields
            }
        }
        #[allow(deprecated, reason = "the warning is for users")]
        impl ::core::clone::Clone for $name {
            #[inline]
            fn clone(&self) -> Self {
                Self {
                    unknown_fields: ::core::clone::Clone::clone(&self.unknown_fields),
                    $($field: ::core::clone::Clone::clone(&self.$field),)*
                }
            }
        }
        #[allow(deprecated, reason = "the warning is for users")]
        impl ::core::cmp::PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.unknown_fields == other.unknown_fields $(&& self.$field == other.$field)*
            }
        }
        impl ::core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::codegen::debug_schema(self, ::core::stringify!($name), f)
            }
        }
        #[allow(deprecated, reason = "the warning is for users")]
        impl ::core::default::Default for $name {
            #[inline]
            fn default() -> Self {
                // First what could panic, so that the compiler has nothing to drop then.
                Self {
                    unknown_fields: $crate::UnknownFields::new(),
                    $($field: None,)*
                }
            }
        }
        impl<'de> $crate::codegen::Deserialize<'de> for $name {
            fn deserialize<D: $crate::codegen::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                $crate::codegen::decode_schema(deserializer)
            }
        }
        impl $crate::codegen::Serialize for $name {
            fn serialize<S: $crate::codegen::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::codegen::encode_schema(self, serializer)
            }
        }
    };
    (@id $name:ident) => {
        ::core::stringify!($name)
    };
    (@id $name:ident $id:literal) => {
        $id
    };
}

/// Makes `Box<Name>` a [`WireFormat`](crate::WireFormat) type, for a schema that contains itself.
#[doc(hidden)]
#[macro_export]
macro_rules! boxed {
    ($name:ident) => {
        impl $crate::WireFormat for ::std::boxed::Box<$name> {
            fn decode<'de, D: $crate::codegen::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::codegen::decode_boxed(deserializer)
            }
            #[inline]
            fn of_null() -> ::core::option::Option<Self> {
                ::core::option::Option::Some(::core::default::Default::default())
            }
            fn encode<S: $crate::codegen::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::codegen::encode_schema(&**self, serializer)
            }
        }
    };
}

/// Clears a field in a request: sends an explicit JSON null instead of leaving the field out.
///
/// `set_null!(instance.labels)` sets the field to `None` and notes the null, under the field's JSON name, in
/// `unknown_fields`. A later `instance.labels = Some(…)` wins over it. Works on nested fields and through references.
///
/// `set_null!(instance.labels["key"])` does the same for an entry of a map: it removes the entry and sends a null. The map stays,
/// or becomes an empty one. A later `labels.insert("key", …)` wins over it, and so does a later `instance.labels = Some(…)`: the
/// null is sent only while the map has all the entries that it had besides the null. A map without other entries cannot be distinguished
/// from the next one, so set nulls after such a map is complete. `instance.unknown_fields.remove("labels")` forgets its nulls.
///
/// ```
/// # use std::collections::BTreeMap;
/// # pub struct Instance {
/// #     pub display_name: Option<String>,
/// #     pub labels: Option<BTreeMap<String, String>>,
/// #     pub unknown_fields: gapi_runtime::UnknownFields,
/// # }
/// # gapi_runtime::schema!(Instance { display_name: "displayName", labels: "labels" });
/// let mut instance = Instance::default();
/// gapi_runtime::set_null!(instance.display_name);
/// gapi_runtime::set_null!(instance.labels["team"]);
/// assert_eq!(serde_json::to_string(&instance)?, r#"{"labels":{"team":null},"displayName":null}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! set_null {
    (@split [$($schema:tt)+] . $field:ident [$key:expr]) => {{
        use $crate::Schema as _;
        $($schema)+.__set_null_entry(::core::stringify!($field), $key, |schema| &mut schema.$field)
    }};
    (@split [$($schema:tt)+] . $field:ident) => {{
        use $crate::Schema as _;
        $($schema)+.__set_null(::core::stringify!($field), |schema| &mut schema.$field)
    }};
    (@split [$($schema:tt)*] $next:tt $($rest:tt)+) => {
        $crate::set_null!(@split [$($schema)* $next] $($rest)+)
    };
    ($($field:tt)+) => {
        $crate::set_null!(@split [] $($field)+)
    };
}
