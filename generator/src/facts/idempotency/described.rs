//! Values of requests, and their descriptions.

use serde::Serialize;

use crate::ir::{Api, Field, Location, Method, Shape, TypeRef};

/// The place of a value in a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The query parameter of this wire name.
    Query(String),
    /// The member of the request body at this path of wire names.
    Body(String),
}

/// Returns the type and the description of a query parameter or of a member of the body.
pub(super) fn described<'a>(api: &'a Api, method: &'a Method, wire: &str) -> Option<Described<'a>> {
    let mut parameters = method.parameters.iter();
    let in_query = parameters.find(|param| param.wire == wire && param.location == Location::Query);
    if let Some(param) = in_query {
        return Some(Described {
            place: Place::Query(wire.to_owned()),
            ty: &param.ty,
            is_required: param.required,
            is_deprecated: param.deprecated,
            text: words(param.docs.as_deref()),
        });
    }
    let field = member(api, method.request.as_ref()?, wire)?;
    Some(of_field(field, wire))
}

pub(super) fn of_field<'a>(field: &'a Field, path: &str) -> Described<'a> {
    let text = words(field.docs.as_deref());
    Described {
        place: Place::Body(path.to_owned()),
        ty: &field.ty,
        is_required: text.starts_with("required"),
        is_deprecated: field.deprecated,
        text,
    }
}

/// A value and its description.
pub(super) struct Described<'a> {
    pub(super) place: Place,
    pub(super) ty: &'a TypeRef,
    pub(super) is_required: bool,
    pub(super) is_deprecated: bool,
    /// In lower case, without marks of Markdown, with single blanks.
    pub(super) text: String,
}

impl Described<'_> {
    pub(super) fn has(&self, part: &str) -> bool {
        self.text.contains(part)
    }

    pub(super) fn has_any(&self, parts: &[&str]) -> bool {
        parts.iter().any(|part| self.has(part))
    }
}

pub(super) fn words(text: Option<&str>) -> String {
    let text = text.unwrap_or_default().to_lowercase();
    let text = text.replace(['`', '*'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn member<'a>(api: &'a Api, ty: &TypeRef, wire: &str) -> Option<&'a Field> {
    let TypeRef::Named(id) = ty else {
        return None;
    };
    let Shape::Struct(fields) = &api[*id].shape else {
        return None;
    };
    fields.iter().find(|field| field.wire == wire)
}
