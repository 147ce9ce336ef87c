//! Facts about an API as a whole: recursion, pages, operations, raw bodies, encoded slashes, idempotency,
//! scopes.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use gapi_generator::facts::*;
//! use gapi_generator::ir::MethodId;
//!
//! # let api = library()?.api;
//! // `api` is that of an `Analysis`, which has its `facts` as well.
//! let facts: Facts = of(&api);
//! let of_method = |id: &MethodId| api[*id].id.as_str();
//! for (id, Paging { token, .. }) in &facts.paging {
//!     if let PageToken::Query(name) | PageToken::Body(name) = token {
//!         println!("{} has pages, by {name}", of_method(id));
//!     }
//! }
//! for (id, OperationResult { response, .. }) in &facts.operation_results {
//!     println!("{} is an operation, with a known result: {}", of_method(id), response.is_some());
//! }
//! for (id, style) in &facts.operations {
//!     let methods: &[OperationMethods] = &facts.operation_methods[id];
//!     println!("style {}, {} methods", *style == OperationStyle::Aip151, methods.len());
//! }
//! for (id, Idempotency { request_id, .. }) in &facts.idempotency {
//!     if let Some(RequestId { place: Place::Query(name), usage: RequestIdUse::Fill, reason }) = request_id {
//!         let reason: &RequestIdReason = reason;
//!         println!("the client sets {name} of {}: {}", of_method(id), reason.as_str());
//!     }
//! }
//! for (id, Scopes { default, .. }) in &facts.scopes {
//!     let default: DefaultScope = *default;
//!     println!("{}: {:?} is {}", of_method(id), facts.scopes_of(*id).first(), default.as_str());
//! }
//! assert!(!api.methods.iter().any(|method| facts.takes_any_body(method)));
//! assert!(!api.methods.iter().flat_map(|it| &it.response).any(|it| facts.is_http_body(it)));
//! assert_eq!(reason_for_pages_only("library.books.list"), None);
//! # Ok(())
//! # }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::ir::{Api, Location, Method, MethodId, Param, Shape, TypeDef, TypeId, TypeRef, Verb};

mod encoded_slashes;
mod idempotency;
mod items;
mod operations;
mod recursion;
mod scopes;

pub use idempotency::{Idempotency, Place, RequestId, RequestIdReason, RequestIdUse};
pub use items::reason_for_pages_only;
pub use operations::{OperationMethods, OperationResult, OperationStyle};
pub use scopes::{DefaultScope, DependentMethods, FirstScope, PartialScope, ScopeTable, Scopes};

/// The facts of an API.
#[derive(Clone, Debug, Serialize)]
pub struct Facts {
    /// Fields (type, index of the field) that need a `Box`, because their type contains itself.
    pub boxed: BTreeSet<(TypeId, usize)>,
    /// The structs inside such a `Box`.
    pub held_in_boxes: BTreeSet<TypeId>,
    /// The methods whose response comes in pages.
    pub paging: BTreeMap<MethodId, Paging>,
    /// Types that represent a body of any media type (`google.api.HttpBody`).
    pub http_bodies: BTreeSet<TypeId>,
    /// Types that are long-running operations.
    pub operations: BTreeMap<TypeId, OperationStyle>,
    /// The methods that read the operations of each such type; none if the API has none.
    pub operation_methods: BTreeMap<TypeId, Vec<OperationMethods>>,
    /// The methods that respond with an operation that can be polled.
    pub operation_results: BTreeMap<MethodId, OperationResult>,
    /// `true` if the API requires encoded slashes (`%2F`) in resource names.
    pub encoded_slashes: bool,
    /// The methods with a request id, with preconditions, or with another idempotency than that of their verb.
    pub idempotency: BTreeMap<MethodId, Idempotency>,
    /// The scopes of the methods that have any, the default one first.
    pub scopes: BTreeMap<MethodId, Scopes>,
}

impl Facts {
    /// Returns whether a body of this type is `google.api.HttpBody`: bytes of any media type.
    #[must_use]
    pub fn is_http_body(&self, ty: &TypeRef) -> bool {
        matches!(ty, TypeRef::Named(id) if self.http_bodies.contains(id))
    }

    /// Returns the scopes of a method, the default one first.
    #[must_use]
    pub fn scopes_of(&self, id: MethodId) -> &[String] {
        self.scopes.get(&id).map_or(&[], |scopes| &scopes.urls)
    }

    /// Returns whether a method takes a body of any media type.
    #[must_use]
    pub fn takes_any_body(&self, method: &Method) -> bool {
        let request = method.request.as_ref();
        request.is_some_and(|request| self.is_http_body(request))
    }
}

/// The paging of a method (AIP-158).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Paging {
    /// The place of the token in the next request.
    pub token: PageToken,
    /// Index of the response's field with the next token.
    pub next_token: usize,
    /// Index of the response's field with the items, if it is clear which one that is.
    pub items: Option<usize>,
    /// Query parameters of the method that have the name of a response mask, but another meaning.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub no_masks: Vec<String>,
}

/// The place of a page token in a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PageToken {
    /// Into the query parameter of this wire name.
    Query(String),
    /// Into the member of the request body of this wire name.
    Body(String),
}

/// Determines the facts of an API.
#[must_use]
pub fn of(api: &Api) -> Facts {
    let http_bodies = api
        .type_ids()
        .filter(|&id| is_http_body(&api[id]))
        .collect::<BTreeSet<_>>();
    let operations = api
        .type_ids()
        .filter_map(|id| Some((id, operations::style(&api[id])?)))
        .collect::<BTreeMap<_, _>>();
    let paging = api
        .method_ids()
        .filter_map(|id| Some((id, paging(api, &api[id])?)))
        .collect::<BTreeMap<_, _>>();
    let operation_methods = operations::methods(api, &operations);
    let boxed = recursion::boxed_fields(api);
    Facts {
        held_in_boxes: recursion::held_in_boxes(api, &boxed),
        boxed,
        paging,
        http_bodies,
        operation_results: operations::results(api, &operations, &operation_methods),
        operation_methods,
        operations,
        encoded_slashes: encoded_slashes::are_asked_for(api),
        idempotency: idempotency::of(api),
        scopes: scopes::of(api),
    }
}

/// Returns whether a type has the shape of `google.api.HttpBody`. Its name differs between documents.
fn is_http_body(definition: &TypeDef) -> bool {
    let Shape::Struct(fields) = &definition.shape else {
        return false;
    };
    let names: Vec<&str> = fields.iter().map(|field| field.wire.as_str()).collect();
    names == ["contentType", "data", "extensions"] && fields[1].ty == TypeRef::Base64
}

/// The two names of a page token in requests, the usual one first.
const TOKEN_NAMES: [&str; 2] = ["pageToken", "nextPageToken"];
/// The two names of the next page token in responses.
const NEXT_TOKEN_NAMES: [&str; 2] = ["nextPageToken", "pageToken"];

fn paging(api: &Api, method: &Method) -> Option<Paging> {
    // PATCH, PUT and DELETE write, so reading a second "page" would write again.
    if !matches!(method.verb, Verb::Get | Verb::Post) || method.streaming {
        return None;
    }
    let response = struct_fields(api, method.response.as_ref()?)?;
    let next_token = NEXT_TOKEN_NAMES.into_iter().find_map(|name| {
        response
            .iter()
            .position(|field| field.wire == name && is_token(&field.ty))
    })?;
    let in_query = TOKEN_NAMES.into_iter().find(|name| {
        method
            .parameters
            .iter()
            .any(|param| param.wire == *name && !param.repeated)
    });
    let token = if let Some(name) = in_query {
        PageToken::Query(name.to_owned())
    } else {
        let request = struct_fields(api, method.request.as_ref()?)?;
        let mut names = TOKEN_NAMES.into_iter();
        PageToken::Body(
            names
                .find(|name| request.iter().any(|field| field.wire == *name))?
                .to_owned(),
        )
    };
    Some(Paging {
        token,
        next_token,
        items: items::of(api, method, response),
        no_masks: no_masks(api, method),
    })
}

/// The names of the parameters that choose the members of a response.
const MASK_NAMES: [&str; 2] = ["fields", "$fields"];

/// Returns the parameters of the method that have such a name but another meaning: they are not strings, or their
/// description differs from that of the API-wide parameter.
fn no_masks(api: &Api, method: &Method) -> Vec<String> {
    let is_mask = |own: &Param| {
        let is_text = matches!(own.ty, TypeRef::String | TypeRef::FieldMask) && !own.repeated;
        let mut api_wide = api.parameters.iter();
        let api_wide = api_wide.find(|param| param.wire == own.wire);
        let is_described_alike =
            own.docs.is_none() || api_wide.is_none_or(|param| param.docs == own.docs);
        is_text && is_described_alike
    };
    let own = method.parameters.iter().filter(|param| {
        param.location == Location::Query && MASK_NAMES.contains(&param.wire.as_str())
    });
    let others = own.filter(|param| !is_mask(param));
    others.map(|param| param.wire.clone()).collect()
}

fn is_token(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::String | TypeRef::Base64)
}

/// Returns the fields of a struct or of the struct behind an alias.
fn struct_fields<'a>(api: &'a Api, ty: &TypeRef) -> Option<&'a [crate::ir::Field]> {
    match ty {
        TypeRef::Named(id) => match &api[*id].shape {
            Shape::Struct(fields) => Some(fields),
            _ => None,
        },
        _ => None,
    }
}
