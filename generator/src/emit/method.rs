//! A method: the function of the handle that begins a call, and the call itself.

use proc_macro2::TokenStream;
use quote::quote;

use super::{cx::Cx, deprecation, docs, media, modules, operation, params, setter};
use crate::{
    facts::{Idempotency, PageToken, Paging, Place as ValuePlace, RequestId, RequestIdUse},
    ir::{Location, MethodId},
    items::{Pages, Place, ident, without_raw},
};

/// Returns the function of the handle.
pub(super) fn emit_function(cx: Cx<'_>, id: MethodId) -> TokenStream {
    let (method, item) = (&cx.api[id], &cx.items[id]);
    let (function, place) = (&item.function, Place::Module(item.path.module));
    let docs = function_docs(cx, id);
    let deprecated = deprecation::attribute(function.deprecated, method.docs.as_deref());
    let call = ident(item.path.name);
    let required = method.parameters.iter().filter(|param| param.required);
    let set = required
        .zip(&function.parameters)
        .map(|(param, argument)| setter::set(param, argument, place));
    let raw = cx.facts.takes_any_body(method);
    let set_body = method.request.as_ref().map(|_| {
        let function = if raw {
            quote! { raw_body }
        } else {
            quote! { body }
        };
        quote! { .#function(body) }
    });
    // Inlined, so that the body's serializer is compiled only where the method is called.
    let inline = (method.request.is_some() && !raw).then(|| quote! { #[inline] });
    // The document requires all of them.
    let many = function.parameters.len() >= 7;
    let many = many
        .then(|| quote! { #[allow(clippy::too_many_arguments, reason = "the API requires them")] });
    let signature = function.tokens(place);
    quote! {
        #docs
        #deprecated
        #many
        #inline
        #signature {
            #call(Request::of::<#call>(&self.0) #(#set)* #set_body)
        }
    }
}

/// Returns the description of a method whose document has none.
fn fallback(cx: Cx<'_>, id: MethodId) -> String {
    format!("Calls {}.", docs::code(&cx.api[id].id))
}

/// Returns the documentation of the function: a short description, and the arguments. The call has the whole description.
fn function_docs(cx: Cx<'_>, id: MethodId) -> TokenStream {
    let (method, name) = (&cx.api[id], &cx.names[id]);
    let rest = format!("More in {}.", modules::link(cx.items[id].path.name));
    let mut docs = cx
        .docs()
        .brief(method.docs.as_deref(), &fallback(cx, id), &rest);
    for (param, argument) in method.parameters.iter().zip(&name.parameters) {
        if param.required {
            let said = param.docs.as_deref().unwrap_or_default();
            let deprecated = param.deprecated && !said.to_lowercase().contains("deprecat");
            let lead = format!(
                "`{}` (required{})",
                without_raw(argument),
                if deprecated { ", deprecated" } else { "" }
            );
            docs = docs.item(
                &lead,
                "Required.",
                param.docs.as_deref().unwrap_or_default(),
            );
        }
    }
    // The signature shows the type of any other body.
    if cx.facts.takes_any_body(method) {
        docs = docs.item("`body`", "", "the request body, of any media type.");
    }
    docs.tokens()
}

/// Returns the call: its facts, and the setters of its optional parameters.
pub(super) fn emit_call(cx: Cx<'_>, id: MethodId, handle: &str) -> TokenStream {
    let (method, item) = (&cx.api[id], &cx.items[id]);
    let place = Place::Module(item.path.module);
    let call = ident(item.path.name);
    let docs = call_docs(cx, id, handle);
    let facts = emit_facts(cx, id);
    let setters: Vec<TokenStream> =
        setter::emit_all(cx, &method.parameters, &item.setters, place).collect();
    let setters = (!setters.is_empty()).then(|| quote! { impl #call { #(#setters)* } });
    quote! {
        #docs
        #[must_use = "a call does nothing until it is sent"]
        pub struct #call(Request);
        #setters
        gapi_runtime::call!(#call { #facts });
    }
}

/// Returns the documentation of the call: the description of the method, then the facts.
fn call_docs(cx: Cx<'_>, id: MethodId, handle: &str) -> TokenStream {
    let method = &cx.api[id];
    let description = cx
        .docs()
        .summarized(method.docs.as_deref(), &fallback(cx, id));
    let function = without_raw(cx.items[id].function.name);
    let mut docs = format!(
        "A call of [`{handle}::{function}`]: `{} {}`.",
        method.verb.http(),
        method.path.text
    );
    if !method.scopes.is_empty() {
        docs.push_str(&scopes_docs(cx, id));
    }
    if let Some(upload) = &method.upload {
        docs = format!("{docs} Media: {}.", media::described(upload, docs::code));
    }
    if method.streaming {
        docs.push_str(" Streaming: `stream()` returns the response as it arrives.");
    }
    docs.extend(operation::call_docs(cx, id));
    let fact = cx.facts.idempotency.get(&id);
    if fact
        .and_then(|fact| fact.request_id.as_ref())
        .is_some_and(is_filled)
    {
        docs.push_str(" The client sets its request id, so that it can be retried.");
    }
    if cx.items.setters.iter().any(Option::is_some) {
        docs.push_str(&params::link(Place::Module(cx.items[id].path.module)));
    }
    description.paragraph(&docs).tokens()
}

/// Returns the scopes by the names of their constants, the default one first. Each one is sufficient.
fn scopes_docs(cx: Cx<'_>, id: MethodId) -> String {
    let place = Place::Module(cx.items[id].path.module);
    let scopes = cx.facts.scopes_of(id).iter();
    let shown = scopes.map(|url| match cx.constant(url) {
        Some(constant) => format!("[`{}`][{}]", constant.name, constant.text(place)),
        None => docs::code(url),
    });
    format!(" Scopes: {}.", shown.collect::<Vec<_>>().join(" or "))
}

/// Emits the list of scopes behind the service: the constants in the API's module `scopes`, then the URLs of scopes that the
/// document does not define.
fn emit_scopes(cx: Cx<'_>, id: MethodId) -> Option<TokenStream> {
    let scopes = cx.facts.scopes_of(id);
    let constants = scopes.iter().filter_map(|url| cx.constant(url));
    let constants = constants.map(|constant| ident(constant.name));
    let mut others = scopes.iter().filter(|url| cx.constant(url).is_none());
    let others = others.next().map(|first| quote! { ; #first #(, #others)* });
    (!scopes.is_empty()).then(|| quote! { [#(#constants),* #others] })
}

/// Emits the table that `call!` takes, with the facts that the runtime needs.
fn emit_facts(cx: Cx<'_>, id: MethodId) -> TokenStream {
    let (method, item) = (&cx.api[id], &cx.items[id]);
    let place = Place::Module(item.path.module);
    let service = cx.items.client.path.tokens(place);
    let scopes = emit_scopes(cx, id);
    let (id_text, path) = (&method.id, &method.path.text);
    let verb = ident(method.verb.name());
    let variables = method
        .parameters
        .iter()
        .filter(|param| param.location == Location::Path);
    let variables = variables.map(|param| {
        let name = &param.wire;
        let pattern = param.pattern.as_ref().map(|pattern| quote! { : #pattern });
        quote! { #name #pattern, }
    });
    let api_version = method
        .api_version
        .as_ref()
        .map(|version| quote! { api_version: #version, });
    let idempotency = cx.facts.idempotency.get(&id).map(emit_idempotency);
    let upload = method.upload.as_ref().zip(item.upload);
    let upload = upload.map(|(upload, protocol)| media::row(upload, protocol));
    let download = item.download.then(|| quote! { download: Bytes, });
    let response = item.response.tokens(place);
    let response = match &method.response {
        // Without a documented response the call does not request JSON.
        None => quote! { Bytes #response },
        Some(body) if cx.facts.is_http_body(body) => quote! { HttpBody #response },
        Some(_) => quote! { Json #response },
    };
    let stream = item.stream.as_ref().map(|message| {
        let message = message.tokens(place);
        quote! { stream: #message, }
    });
    let paging = cx.facts.paging.get(&id).zip(item.pages.as_ref());
    let paging = paging.map(|(paging, pages)| emit_paging(paging, pages, place));
    let operation = item.operation.as_ref();
    let operation = operation.map(|operation| operation::facts(operation, place));
    quote! {
        id: #id_text,
        service: #service #scopes,
        request: #verb #path,
        #(path #variables)*
        #api_version
        #idempotency
        #upload
        response: #response,
        #stream
        #download
        #paging
        #operation
    }
}

/// Emits the rows that say which calls can be sent twice.
fn emit_idempotency(fact: &Idempotency) -> TokenStream {
    let row = |place: &ValuePlace| match place {
        ValuePlace::Query(wire) => quote! { Query #wire },
        ValuePlace::Body(path) => quote! { Body #path },
    };
    let filled = fact.request_id.as_ref().filter(|id| is_filled(id));
    let request_id = filled.map(|id| {
        let place = row(&id.place);
        quote! { request_id: #place, }
    });
    let conditions = fact.conditions.iter().map(row);
    let idempotent = fact
        .idempotent
        .map(|idempotent| quote! { idempotent: #idempotent, });
    quote! {
        #request_id
        #(condition: #conditions,)*
        #idempotent
    }
}

fn is_filled(id: &RequestId) -> bool {
    id.usage == RequestIdUse::Fill
}

/// Emits the place of the token in the request and in the response. Also emits the field with the items, if one
/// field clearly holds them.
fn emit_paging(paging: &Paging, pages: &Pages<'_>, place: Place<'_>) -> TokenStream {
    let token = match &paging.token {
        PageToken::Query(wire) => quote! { Query #wire },
        PageToken::Body(wire) => quote! { Body #wire },
    };
    let next = ident(pages.next);
    let no_masks = &paging.no_masks;
    let no_masks = (!no_masks.is_empty()).then(|| quote! { but #(#no_masks)* });
    let items = pages.items.as_ref().map(|(field, ty)| {
        let (field, ty) = (ident(field), ty.tokens(place));
        quote! { items: #field as #ty, }
    });
    quote! {
        pages: #token = #next #no_masks,
        #items
    }
}
