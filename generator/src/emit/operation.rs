//! Long-running operations: what a schema and a call say of them.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Cx, ident, method, ty};
use crate::{
    facts::{OperationMethods, OperationResult, OperationStyle},
    ir::{Location, MethodId, TypeId, TypeRef},
};

/// The table of a schema that is an operation.
pub(super) fn emit(cx: Cx<'_>, id: TypeId) -> Option<TokenStream> {
    let style = ident(match cx.facts.operations.get(&id)? {
        OperationStyle::Aip151 => "Aip151",
        OperationStyle::Compute => "Compute",
    });
    let name = ident(&cx.names[id].ident);
    let groups = cx.facts.operation_methods.get(&id).into_iter().flatten();
    let rows = groups.flat_map(|group| {
        let OperationMethods { get, cancel, wait } = *group;
        let rows = [("get", Some(get)), ("cancel", cancel), ("wait", wait)];
        rows.into_iter()
            .filter_map(|(row, method)| Some((row, method?)))
    });
    let rows = rows.map(|(row, method)| emit_method(cx, row, method));
    Some(quote! { gapi_runtime::operation!(#name { style: #style, #(#rows)* }); })
}

/// All that a call of the method needs: it may be in a resource that is not generated.
fn emit_method(cx: Cx<'_>, row: &str, id: MethodId) -> TokenStream {
    let method = &cx.api[id];
    let (row, verb) = (ident(row), ident(method::verb_name(method.verb)));
    let (id, path) = (&method.id, &method.path.text);
    let variables = method
        .parameters
        .iter()
        .filter(|param| param.location == Location::Path)
        .map(|param| {
            let name = &param.wire;
            let pattern = param.pattern.as_ref().map(|pattern| quote! { = #pattern });
            quote! { #name #pattern }
        });
    let version = method.api_version.as_ref();
    let version = version.map(|version| quote! { in #version });
    quote! { #row: #id #verb #path #(#variables)* #version, }
}

/// The rows of a call that answers with an operation that can be polled.
pub(super) fn facts(cx: Cx<'_>, id: MethodId) -> Option<TokenStream> {
    let result = cx.facts.operation_results.get(&id)?;
    let from = &cx.names[id].module;
    let (outcome, given) = match result.response {
        Some(response) => (quote! { Response }, response),
        None => (quote! { Operation }, result.operation),
    };
    let given = ty::owned(cx, &TypeRef::Named(given), from);
    let metadata = metadata(cx, result).map(|metadata| {
        let metadata = ty::owned(cx, &TypeRef::Named(metadata), from);
        quote! { metadata: #metadata, }
    });
    Some(quote! { operation: #outcome #given, #metadata })
}

/// What the updates of an operation hold.
fn metadata(cx: Cx<'_>, result: &OperationResult) -> Option<TypeId> {
    match cx.facts.operations.get(&result.operation)? {
        OperationStyle::Aip151 => result.metadata,
        // It says of itself how far it is.
        OperationStyle::Compute => Some(result.operation),
    }
}

/// The function that `call!` adds.
pub(super) fn poller(cx: Cx<'_>, id: MethodId) -> Option<TokenStream> {
    let result = cx.facts.operation_results.get(&id)?;
    let from = &cx.names[id].module;
    let given = result.response.unwrap_or(result.operation);
    let given = ty::owned(cx, &TypeRef::Named(given), from);
    let metadata = metadata(cx, result).map(|metadata| {
        let metadata = ty::owned(cx, &TypeRef::Named(metadata), from);
        quote! { , #metadata }
    });
    Some(quote! { pub fn poller(self) -> gapi_runtime::Poller<#given #metadata> })
}

/// Why a call that answers with an operation cannot wait for it.
pub(super) fn call_docs(cx: Cx<'_>, id: MethodId) -> Option<&'static str> {
    let Some(TypeRef::Named(response)) = cx.api[id].response else {
        return None;
    };
    if !cx.facts.operations.contains_key(&response) {
        return None;
    }
    Some(if cx.facts.operation_results.contains_key(&id) {
        " Long-running: `poller()` waits for the result."
    } else {
        " Long-running; the API has no method to poll the operation with."
    })
}
