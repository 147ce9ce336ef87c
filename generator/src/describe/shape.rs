//! The shapes of types in JSON.
//!
//! A schema is expanded only once. So a body is at most as large as the document, however often its schemas refer to
//! each other.

use std::collections::BTreeSet;

use super::{AllowedValue, Member, Object, Shape, Unexpanded};
use crate::{
    ir::{self, Api, Field, Owner, TypeId, TypeRef, Variant},
    text::{lines, one_line},
};

/// The maximum nesting depth of types. The checked-in documents reach 17.
const DEEPEST: usize = 40;

/// Returns the shape of a body of this type.
pub(super) fn of(api: &Api, ty: &TypeRef) -> Shape {
    let mut expansion = Expansion {
        api,
        around: Vec::new(),
        shown: BTreeSet::new(),
    };
    expansion.shape(ty)
}

/// A body under construction.
struct Expansion<'a> {
    api: &'a Api,
    /// The types that contain the current place.
    around: Vec<TypeId>,
    /// The objects that have been expanded.
    shown: BTreeSet<TypeId>,
}

impl Expansion<'_> {
    fn shape(&mut self, ty: &TypeRef) -> Shape {
        match ty {
            TypeRef::List(item) => Shape::List(Box::new(self.shape(item))),
            TypeRef::Map(value) => Shape::Map(Box::new(self.shape(value))),
            TypeRef::Named(id) => self.named(*id),
            _ => Shape::Plain(plain(ty).to_owned()),
        }
    }

    fn named(&mut self, id: TypeId) -> Shape {
        let api = self.api;
        if let ir::Shape::Enum(variants) = &api[id].shape {
            return Shape::Enum(allowed(variants));
        }
        let why = if self.around.contains(&id) {
            Some(Unexpanded::Recursive)
        } else if self.shown.contains(&id) {
            Some(Unexpanded::Above)
        } else if self.around.len() >= DEEPEST {
            Some(Unexpanded::Deep)
        } else {
            None
        };
        if let Some(why) = why {
            return Shape::Named(name(api, id), why);
        }
        self.around.push(id);
        let shape = match &api[id].shape {
            ir::Shape::Alias(target) => self.shape(target),
            ir::Shape::Struct(fields) => self.object(id, fields),
            ir::Shape::Enum(variants) => Shape::Enum(allowed(variants)),
        };
        self.around.pop();
        shape
    }

    fn object(&mut self, id: TypeId, fields: &[Field]) -> Shape {
        // An empty object is always expanded, because there is nothing to look up.
        if !fields.is_empty() {
            self.shown.insert(id);
        }
        let definition = &self.api[id];
        let members = fields.iter().map(|field| Member {
            name: one_line(&field.wire),
            docs: field.docs.as_deref().map(lines),
            read_only: field.read_only,
            deprecated: field.deprecated,
            default: field.default.as_deref().map(one_line),
            shape: self.shape(&field.ty),
        });
        let members = members.collect();
        Shape::Object(Object {
            schema: match &definition.owner {
                Owner::Schema(wire) => Some(one_line(wire)),
                _ => None,
            },
            docs: definition.docs.as_deref().map(lines),
            deprecated: definition.deprecated,
            members,
        })
    }
}

/// Returns the name of a type that is not expanded. Only schemas can be mentioned twice. Another type is written
/// in place, so it is here only if it is nested too deeply.
fn name(api: &Api, id: TypeId) -> String {
    match &api[id].owner {
        Owner::Schema(wire) => one_line(wire),
        _ => "object".to_owned(),
    }
}

/// Returns the type of a parameter in the document's words.
pub(super) fn ty(api: &Api, ty: &TypeRef) -> String {
    match ty {
        TypeRef::List(_) => "array".to_owned(),
        TypeRef::Map(_) => "object".to_owned(),
        TypeRef::Named(id) => match api[*id].shape {
            ir::Shape::Enum(_) => "string".to_owned(),
            _ => name(api, *id),
        },
        _ => plain(ty).to_owned(),
    }
}

/// Returns the allowed values of a type; none if it has no such values.
pub(super) fn values(api: &Api, ty: &TypeRef) -> Vec<AllowedValue> {
    match ty {
        TypeRef::Named(id) => match &api[*id].shape {
            ir::Shape::Enum(variants) => allowed(variants),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Returns `type (format)` in the words of the document.
fn plain(ty: &TypeRef) -> &'static str {
    match ty {
        TypeRef::Bool => "boolean",
        TypeRef::I32 => "integer (int32)",
        TypeRef::U32 => "integer (uint32)",
        TypeRef::I64 => "string (int64)",
        TypeRef::U64 => "string (uint64)",
        TypeRef::F64 => "number",
        TypeRef::String => "string",
        TypeRef::Base64 => "string (byte)",
        TypeRef::Date => "string (date)",
        TypeRef::DateTime => "string (date-time)",
        TypeRef::Duration => "string (google-duration)",
        TypeRef::FieldMask => "string (google-fieldmask)",
        TypeRef::Any => "any",
        TypeRef::List(_) => "array",
        TypeRef::Map(_) | TypeRef::Named(_) => "object",
    }
}

fn allowed(variants: &[Variant]) -> Vec<AllowedValue> {
    let allowed = |variant: &Variant| AllowedValue {
        value: one_line(&variant.wire),
        docs: variant.docs.as_deref().map(lines),
        deprecated: variant.deprecated,
    };
    variants.iter().map(allowed).collect()
}
