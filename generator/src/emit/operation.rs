//! Long-running operations: the tables of schemas and the rows of calls.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::cx::Cx;
use crate::{
    facts::{DefaultScope, OperationMethods, OperationStyle},
    ir::{Location, MethodId, TypeId, TypeRef},
    items::{Operation, Place, ident},
};

/// Returns the table of a schema that is an operation.
pub(super) fn emit(cx: Cx<'_>, id: TypeId, name: &Ident, style: OperationStyle) -> TokenStream {
    let style = ident(match style {
        OperationStyle::Aip151 => "Aip151",
        OperationStyle::Compute => "Compute",
    });
    let groups = cx.facts.operation_methods.get(&id).into_iter().flatten();
    let rows = groups.flat_map(|group| {
        let OperationMethods { get, cancel, wait } = *group;
        let rows = [("get", Some(get)), ("cancel", cancel), ("wait", wait)];
        rows.into_iter()
            .filter_map(|(row, method)| Some((row, method?)))
    });
    let place = Place::Module(cx.items[id].path.module);
    let rows = rows.map(|(row, method)| emit_method(cx, row, method, place));
    quote! { gapi_runtime::operation!(#name { style: #style, #(#rows)* }); }
}

/// Returns all facts that a call of the method needs, because its resource may not be generated.
fn emit_method(cx: Cx<'_>, row: &str, id: MethodId, place: Place<'_>) -> TokenStream {
    let method = &cx.api[id];
    let scopes = emit_scopes(cx, id, place);
    let (row, verb) = (ident(row), ident(method.verb.name()));
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
    quote! { #row: #id #verb #path #(#variables)* #version #scopes, }
}

/// Emits the scopes of a method. Without them a client requests `cloud-platform`, which most operations accept.
fn emit_scopes(cx: Cx<'_>, id: MethodId, place: Place<'_>) -> Option<TokenStream> {
    let scopes = cx.facts.scopes.get(&id)?;
    if scopes.default == DefaultScope::CloudPlatform {
        return None;
    }
    let constants = scopes.urls.iter();
    let constants = constants.filter_map(|url| cx.constant(url));
    let mut constants = constants.map(|path| path.tokens(place)).peekable();
    constants.peek()?;
    Some(quote! { [#(#constants),*] })
}

/// Returns the rows of a call whose response is an operation that can be polled.
pub(super) fn facts(operation: &Operation<'_>, place: Place<'_>) -> TokenStream {
    let (outcome, result) = (ident(operation.outcome), operation.result.tokens(place));
    let metadata = operation.metadata.as_ref().map(|metadata| {
        let metadata = metadata.tokens(place);
        quote! { metadata: #metadata, }
    });
    quote! { operation: #outcome #result, #metadata }
}

/// Returns the note on a call whose response is an operation: whether the call can wait for the result.
pub(super) fn call_docs(cx: Cx<'_>, id: MethodId) -> Option<&'static str> {
    let Some(TypeRef::Named(response)) = cx.api[id].response else {
        return None;
    };
    if !cx.facts.operations.contains_key(&response) {
        return None;
    }
    Some(if cx.items[id].operation.is_some() {
        " Long-running: `poller()` waits for the result."
    } else {
        " Long-running. The API has no method to poll the operation."
    })
}
