//! Types in Rust. Only this module chooses them.

use crate::{
    facts::Facts,
    ir::{TypeId, TypeRef},
    names::Names,
};

/// The path of an item of Rust, its standard library or the runtime.
pub(crate) type Known = &'static [&'static str];

pub(crate) const BYTES: Known = &["gapi_runtime", "bytes", "Bytes"];
pub(crate) const OPTION: Known = &["Option"];
pub(crate) const SELF: Known = &["Self"];

/// A type of a signature, a field or an alias.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type<'a> {
    /// A type that is not generated, with its type arguments: `Vec<i32>`.
    Known(Known, Vec<Type<'a>>),
    /// A generated type.
    Own(Path<'a>),
    /// `&T`
    Reference(Box<Type<'a>>),
    /// `impl Into<T>`
    Into(Box<Type<'a>>),
    /// `impl IntoIterator<Item = T>`
    IntoIterator(Box<Type<'a>>),
}

/// The path of a generated item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Path<'a> {
    /// The modules from the API's module down.
    pub(crate) module: &'a [String],
    /// The item's own name.
    pub(crate) name: &'a str,
}

impl<'a> Type<'a> {
    /// Creates a type without arguments.
    pub(crate) fn plain(path: Known) -> Self {
        Self::Known(path, Vec::new())
    }

    /// Creates a type with one argument.
    pub(crate) fn of(path: Known, argument: Self) -> Self {
        Self::Known(path, vec![argument])
    }

    /// Returns whether a function with such an argument is generic.
    pub(crate) fn is_generic(&self) -> bool {
        matches!(self, Self::Into(_) | Self::IntoIterator(_))
    }

    /// Returns the path of a type of the document.
    pub(crate) fn own(names: &'a Names, id: TypeId) -> Self {
        let name = &names[id];
        Self::Own(Path {
            module: &name.module,
            name: &name.ident,
        })
    }

    /// Returns the type of a field, a response or a body.
    pub(crate) fn owned(names: &'a Names, ty: &TypeRef) -> Self {
        Self::plain(match ty {
            TypeRef::Bool => &["bool"],
            TypeRef::I32 => &["i32"],
            TypeRef::U32 => &["u32"],
            TypeRef::I64 => &["i64"],
            TypeRef::U64 => &["u64"],
            TypeRef::F64 => &["f64"],
            TypeRef::String => STRING,
            TypeRef::Base64 => &["gapi_runtime", "Base64"],
            TypeRef::Date => &["gapi_runtime", "Date"],
            TypeRef::DateTime => &["gapi_runtime", "DateTime"],
            TypeRef::Duration => &["gapi_runtime", "Duration"],
            TypeRef::FieldMask => &["gapi_runtime", "FieldMask"],
            TypeRef::Any => &["gapi_runtime", "Value"],
            TypeRef::Map(value) if **value == TypeRef::Any => &["gapi_runtime", "Object"],
            TypeRef::List(item) => return Self::of(VEC, Self::owned(names, item)),
            TypeRef::Map(value) => {
                let arguments = vec![Self::plain(STRING), Self::owned(names, value)];
                return Self::Known(&["std", "collections", "BTreeMap"], arguments);
            }
            TypeRef::Named(id) => return Self::own(names, *id),
        })
    }

    /// Returns the type of an argument for a parameter. For text, and types that are written as text, this is any type that
    /// converts to it.
    pub(crate) fn argument(names: &'a Names, ty: &TypeRef, repeated: bool) -> Self {
        let one = Self::owned(names, ty);
        let one = match ty {
            TypeRef::String
            | TypeRef::Base64
            | TypeRef::Date
            | TypeRef::DateTime
            | TypeRef::Duration
            | TypeRef::FieldMask => Self::Into(Box::new(one)),
            _ => one,
        };
        if repeated {
            Self::IntoIterator(Box::new(one))
        } else {
            one
        }
    }

    /// Returns the type of a request body: a body of any media type has no schema.
    pub(crate) fn request(names: &'a Names, facts: &Facts, ty: &TypeRef) -> Self {
        if facts.is_http_body(ty) {
            Self::plain(&["gapi_runtime", "RawBody"])
        } else {
            Self::owned(names, ty)
        }
    }

    /// Returns the type of a response body.
    pub(crate) fn response(
        names: &'a Names,
        facts: &Facts,
        ty: Option<&TypeRef>,
        streaming: bool,
    ) -> Self {
        match ty {
            Some(ty) if !facts.is_http_body(ty) => match Self::owned(names, ty) {
                one if streaming => Self::of(VEC, one),
                one => one,
            },
            _ => Self::plain(BYTES),
        }
    }
}

const STRING: Known = &["String"];
const VEC: Known = &["Vec"];
