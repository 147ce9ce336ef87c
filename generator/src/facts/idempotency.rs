//! Calls that a server executes at most once: by a request id or by a precondition.
//!
//! Documents state this only in descriptions. Rules read them, and tables hold the exceptions and the published rules of a
//! service. `cargo run -p gapi-tools --bin request-ids` prints the classification of any documents.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::ir::{Api, Field, Location, Method, MethodId, Shape, TypeRef, Verb};

mod preconditions;
mod request_ids;

pub use request_ids::{RequestId, RequestIdReason, RequestIdUse};

/// The facts about repeated requests of a method.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Idempotency {
    /// The request id, if the method has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// The places of values that let the server execute a request at most once, if the caller sets one of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Place>,
    /// The idempotency of a call without such values, where it is not that of the verb.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotent: Option<bool>,
}

/// The place of a value in a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The query parameter of this wire name.
    Query(String),
    /// The member of the request body at this path of wire names.
    Body(String),
}

/// Determines the facts of the methods that have any.
pub(super) fn of(api: &Api) -> BTreeMap<MethodId, Idempotency> {
    let ids = api.method_ids();
    // Reading twice does no harm.
    let writing = ids.filter(|&id| api[id].verb != Verb::Get);
    let facts = writing.map(|id| (id, of_method(api, &api[id])));
    facts
        .filter(|(_, fact)| *fact != Idempotency::default())
        .collect()
}

fn of_method(api: &Api, method: &Method) -> Idempotency {
    let request_id = request_ids::of(api, method);
    let mut fact = preconditions::of(api, method);
    if let Some(id) = &request_id
        && id.usage == RequestIdUse::Condition
    {
        fact.conditions.insert(0, id.place.clone());
    }
    Idempotency { request_id, ..fact }
}

/// Returns the type and the description of a query parameter or of a member of the body.
fn described<'a>(api: &'a Api, method: &'a Method, wire: &str) -> Option<Described<'a>> {
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

fn of_field<'a>(field: &'a Field, path: &str) -> Described<'a> {
    let text = words(field.docs.as_deref());
    Described {
        place: Place::Body(path.to_owned()),
        ty: &field.ty,
        is_required: text.starts_with("required"),
        is_deprecated: field.deprecated,
        text,
    }
}

/// A value, and what the document says of it.
struct Described<'a> {
    place: Place,
    ty: &'a TypeRef,
    is_required: bool,
    is_deprecated: bool,
    /// In lower case, without marks of Markdown, with single blanks.
    text: String,
}

impl Described<'_> {
    fn has(&self, part: &str) -> bool {
        self.text.contains(part)
    }

    fn has_any(&self, parts: &[&str]) -> bool {
        parts.iter().any(|part| self.has(part))
    }
}

fn words(text: Option<&str>) -> String {
    let text = text.unwrap_or_default().to_lowercase();
    let text = text.replace(['`', '*'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn member<'a>(api: &'a Api, ty: &TypeRef, wire: &str) -> Option<&'a Field> {
    let TypeRef::Named(id) = ty else {
        return None;
    };
    let Shape::Struct(fields) = &api[*id].shape else {
        return None;
    };
    fields.iter().find(|field| field.wire == wire)
}
