//! Types: structs, enums, aliases, and references to them.

use serde::Serialize;

use super::id::{MethodId, TypeId};
use crate::diagnostics::Pointer;

/// A type with a name.
#[derive(Clone, Debug, Serialize)]
pub struct TypeDef {
    /// The owner of the type. The name follows from it.
    pub owner: Owner,
    /// Its place in the document.
    pub origin: Pointer,
    /// The description.
    pub docs: Option<String>,
    /// `true` if the document marks it as deprecated.
    pub deprecated: bool,
    /// The shape of the type.
    pub shape: Shape,
}

/// The owner of a type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The top-level schema with this id.
    Schema(String),
    /// A type inside a property (or its elements) of another type. `property` is `None` for the elements of a top-level
    /// array or map.
    Inline {
        /// The type that has the property.
        parent: TypeId,
        /// The property's wire name.
        property: Option<String>,
    },
    /// The allowed values of a method's parameter.
    Parameter {
        /// The method.
        method: MethodId,
        /// The parameter's wire name.
        parameter: String,
    },
    /// The allowed values of an API-wide parameter with this wire name.
    ApiParameter(String),
    /// The type inside a method's request.
    Request(MethodId),
    /// The type inside a method's response.
    Response(MethodId),
}

/// The shape of a type.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// An object with named members.
    Struct(Vec<Field>),
    /// A string with documented values. Always open, because a server may send other values.
    Enum(Vec<Variant>),
    /// A top-level schema that is an array, a map or a scalar.
    Alias(TypeRef),
}

/// A member of an object.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// The name in JSON.
    pub wire: String,
    /// Its place in the document.
    pub origin: Pointer,
    /// The description.
    pub docs: Option<String>,
    /// The type.
    pub ty: TypeRef,
    /// `true` if only the server sets it.
    pub read_only: bool,
    /// `true` if the document marks it as deprecated.
    pub deprecated: bool,
    /// The value that the server assumes, as text.
    pub default: Option<String>,
}

/// An allowed value.
#[derive(Clone, Debug, Serialize)]
pub struct Variant {
    /// The value in JSON and in queries.
    pub wire: String,
    /// Its place in the document.
    pub origin: Pointer,
    /// The description.
    pub docs: Option<String>,
    /// Other spellings that the document lists for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// `true` if the document marks it as deprecated.
    pub deprecated: bool,
}

/// The type of a field, parameter or body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeRef {
    /// `boolean`.
    Bool,
    /// `integer` of format `int32`.
    I32,
    /// `integer` of format `uint32`.
    U32,
    /// `string` of format `int64`: a 64-bit integer, which is a string in JSON.
    I64,
    /// `string` of format `uint64`.
    U64,
    /// `number`: both `float` and `double`, so that no digit is lost.
    F64,
    /// `string`.
    String,
    /// `string` of format `byte`.
    Base64,
    /// `string` of format `date`.
    Date,
    /// `string` of format `date-time` or `google-datetime`.
    DateTime,
    /// `string` of format `google-duration`.
    Duration,
    /// `string` of format `google-fieldmask`.
    FieldMask,
    /// `any`, and every unknown type.
    Any,
    /// `array`.
    List(Box<TypeRef>),
    /// `object` with `additionalProperties`.
    Map(Box<TypeRef>),
    /// A type with a name.
    Named(TypeId),
}

impl TypeRef {
    /// Returns the named type, or the named type of its elements.
    #[must_use]
    pub fn named(&self) -> Option<TypeId> {
        match self {
            Self::List(inner) | Self::Map(inner) => inner.named(),
            Self::Named(id) => Some(*id),
            _ => None,
        }
    }
}
