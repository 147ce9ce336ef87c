//! A method: the function of the handle that begins a call, and the call itself.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Cx, deprecation, docs, ident, operation, params, ty};
use crate::{
    facts::{PageToken, Paging},
    ir::{Field, Location, Method, MethodId, Param, Shape, TypeRef, Upload, Verb},
};

/// The function of the handle.
pub(super) fn emit_function(cx: Cx<'_>, id: MethodId) -> TokenStream {
    let (method, name) = (&cx.api[id], &cx.names[id]);
    let from = &name.module;
    let docs = function_docs(cx, id);
    let deprecated = deprecation::attribute(method.deprecated, method.docs.as_deref());
    let call = ident(&name.call);
    let set = required(cx, id).map(|(param, name)| params::set(cx, param, &ident(name), from));
    let raw = takes_any_body(cx, method);
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
    // The document requires them all.
    let many = required(cx, id).count() + usize::from(method.request.is_some()) >= 7;
    let many = many.then(|| quote! { #[allow(clippy::too_many_arguments)] });
    let signature = signature(cx, id);
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

/// The function up to its body.
pub(crate) fn signature(cx: Cx<'_>, id: MethodId) -> TokenStream {
    let (method, name) = (&cx.api[id], &cx.names[id]);
    let from = &name.module;
    let (function, call) = (ident(&name.function), ident(&name.call));
    let arguments = required(cx, id).map(|(param, argument)| {
        let argument = ident(argument);
        let ty::Argument { ty, .. } = ty::argument(cx, param, &argument, from);
        quote! { #argument: #ty }
    });
    let body = method.request.as_ref().map(|request| {
        let ty = if takes_any_body(cx, method) {
            quote! { gapi_runtime::RawBody }
        } else {
            ty::owned(cx, request, from)
        };
        // Optional on the wire: a method that needs none of its members is called with `None`.
        quote! { , body: impl Into<Option<#ty>> }
    });
    quote! { pub fn #function(&self #(, #arguments)* #body) -> #call }
}

/// The parameters that are arguments, and what they are called.
fn required(cx: Cx<'_>, id: MethodId) -> impl Iterator<Item = (&Param, &String)> {
    let parameters = cx.api[id].parameters.iter().zip(&cx.names[id].parameters);
    parameters.filter(|(param, _)| param.required)
}

/// Whether the body is one of any media type.
pub(crate) fn takes_any_body(cx: Cx<'_>, method: &Method) -> bool {
    let request = method.request.as_ref();
    request.is_some_and(|request| ty::is_http_body(cx, request))
}

fn function_docs(cx: Cx<'_>, id: MethodId) -> TokenStream {
    let (method, name) = (&cx.api[id], &cx.names[id]);
    let fallback = format!("Calls {}.", docs::code(&method.id));
    let mut docs = cx.docs().summarized(method.docs.as_deref(), &fallback);
    for (param, argument) in method.parameters.iter().zip(&name.parameters) {
        if param.required {
            let said = param.docs.as_deref().unwrap_or_default();
            let deprecated = param.deprecated && !said.to_lowercase().contains("deprecat");
            let lead = format!(
                "`{}` (required{})",
                super::file_stem(argument),
                if deprecated { ", deprecated" } else { "" }
            );
            docs = docs.item(
                &lead,
                "Required.",
                param.docs.as_deref().unwrap_or_default(),
            );
        }
    }
    // Of any other body the signature says what it is.
    if takes_any_body(cx, method) {
        docs = docs.item("`body`", "", "the request body, of any media type.");
    }
    docs.tokens()
}

/// The call: its facts, and the setters of its optional parameters.
pub(super) fn emit_call(cx: Cx<'_>, id: MethodId, handle: &str) -> TokenStream {
    let (method, name) = (&cx.api[id], &cx.names[id]);
    let call = ident(&name.call);
    let function = super::file_stem(&name.function);
    let mut docs = format!(
        "A call of [`{handle}::{function}`]: `{} {}`.",
        verb(method.verb),
        method.path.text
    );
    if !method.scopes.is_empty() {
        docs.push_str(&scopes_docs(cx, method));
    }
    if let Some(upload) = &method.upload {
        docs = format!("{docs} Media: {}.", media(upload, docs::code));
    }
    docs.extend(operation::call_docs(cx, id));
    let docs = cx.docs().paragraph(&docs).tokens();
    let facts = emit_facts(cx, id);
    let parameters = method.parameters.iter().zip(&name.parameters);
    let setters: Vec<TokenStream> = params::setters(cx, parameters, &name.module).collect();
    let setters = (!setters.is_empty()).then(|| quote! { impl #call { #(#setters)* } });
    quote! {
        #docs
        #[derive(Clone, Debug)]
        #[must_use = "a call does nothing until it is sent"]
        pub struct #call(Request);
        gapi_runtime::call!(#call { #facts });
        #setters
    }
}

/// The scopes by the names of their constants; each one of them is enough.
fn scopes_docs(cx: Cx<'_>, method: &Method) -> String {
    let constants = cx.api.scopes.iter().zip(&cx.names.scopes);
    let known = |url: &String| constants.clone().find(|(scope, _)| scope.url == *url);
    let shown = method.scopes.iter().map(|url| match known(url) {
        Some((_, constant)) => format!("`{constant}`"),
        None => docs::code(url),
    });
    format!(" Scopes: {}.", shown.collect::<Vec<_>>().join(" or "))
}

/// What media the call takes, its types as `shown`.
pub(crate) fn media(upload: &Upload, shown: impl Fn(&str) -> String) -> String {
    let any = |range: &String| range == "*/*";
    let types = if upload.accept.is_empty() || upload.accept.iter().any(any) {
        "any type".to_owned()
    } else {
        let types: Vec<String> = upload.accept.iter().map(|range| shown(range)).collect();
        types.join(" or ")
    };
    let max = upload.max_size.map_or_else(String::new, |bytes| {
        format!(", at most {} bytes", grouped(bytes, ","))
    });
    types + &max
}

/// What the runtime needs to know, as the table that `call!` takes.
fn emit_facts(cx: Cx<'_>, id: MethodId) -> TokenStream {
    let (method, name) = (&cx.api[id], &cx.names[id]);
    let client = ident(&cx.names.client);
    let service = if name.module.is_empty() {
        quote! { #client }
    } else {
        quote! { api::#client }
    };
    let (id_text, path) = (&method.id, &method.path.text);
    let verb = ident(verb_name(method.verb));
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
    let upload = method.upload.as_ref().map(emit_upload);
    let download = method.download.then(|| quote! { download: Bytes, });
    let response = response(cx, method, &name.module);
    let response = match &method.response {
        // An answer that the document does not describe is not asked for as JSON either.
        None => quote! { Bytes #response },
        Some(body) if ty::is_http_body(cx, body) => quote! { HttpBody #response },
        Some(_) => quote! { Json #response },
    };
    let paging = cx
        .facts
        .paging
        .get(&id)
        .map(|paging| emit_paging(cx, id, paging));
    let operation = operation::facts(cx, id);
    quote! {
        id: #id_text,
        service: #service,
        request: #verb #path,
        #(path #variables)*
        #api_version
        #upload
        response: #response,
        #download
        #paging
        #operation
    }
}

/// How media goes with the call, of which types and of how many bytes.
fn emit_upload(upload: &Upload) -> TokenStream {
    let protocol = ident(if upload.resumable {
        "Resumable"
    } else {
        "Simple"
    });
    let accept = &upload.accept;
    let max = upload.max_size.map(|bytes| {
        let digits = grouped(bytes, "_").parse();
        let bytes = digits.unwrap_or_else(|_| Literal::u64_unsuffixed(bytes));
        quote! { max #bytes }
    });
    quote! { upload: #protocol #(#accept)* #max, }
}

/// A number with something between its groups of three digits.
fn grouped(number: u64, between: &str) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push_str(between);
        }
        text.push(digit);
    }
    text
}

/// What `send` gives.
pub(crate) fn response(cx: Cx<'_>, method: &Method, from: &[String]) -> TokenStream {
    match &method.response {
        None => quote! { gapi_runtime::bytes::Bytes },
        Some(response) if ty::is_http_body(cx, response) => quote! { gapi_runtime::bytes::Bytes },
        Some(response) => {
            let response = ty::owned(cx, response, from);
            if method.streaming {
                quote! { Vec<#response> }
            } else {
                response
            }
        }
    }
}

/// Where the token goes, where the next one comes from and, where one field clearly holds them, the
/// items.
fn emit_paging(cx: Cx<'_>, id: MethodId, paging: &Paging) -> TokenStream {
    let (method, name) = (&cx.api[id], &cx.names[id]);
    let Some((fields, members)) = response_fields(cx, method) else {
        return TokenStream::new();
    };
    let token = match &paging.token {
        PageToken::Query(wire) => quote! { Query #wire },
        PageToken::Body(wire) => quote! { Body #wire },
    };
    let next = ident(&members[paging.next_token]);
    let no_masks = &paging.no_masks;
    let no_masks = (!no_masks.is_empty()).then(|| quote! { but #(#no_masks)* });
    let items = paging.items.map(|index| {
        let ty = ty::owned(cx, &fields[index].ty, &name.module);
        let field = ident(&members[index]);
        quote! { items: #field as #ty, }
    });
    quote! {
        pages: #token = #next #no_masks,
        #items
    }
}

/// What `call!` adds to the call, by name: how its answer is had, how media goes with it, and where the answer comes
/// in pages, all of them. Their text is that of the macro.
pub(crate) fn sending(cx: Cx<'_>, id: MethodId) -> Vec<(&'static str, TokenStream)> {
    let response = response(cx, &cx.api[id], &cx.names[id].module);
    let send = quote! { pub fn send(self) -> gapi_runtime::Sending<#response> };
    let mut functions = vec![("send", send)];
    if cx.api[id].upload.is_some() {
        let upload = quote! { gapi_runtime::Upload<Self> };
        let upload = quote! { pub fn upload(self, media: gapi_runtime::Media) -> #upload };
        functions.push(("upload", upload));
    }
    if cx.api[id].download {
        let download = quote! { pub fn download(self) -> gapi_runtime::Download };
        functions.push(("download", download));
    }
    if let Some(paging) = cx.facts.paging.get(&id) {
        let pages = quote! { pub fn pages(self) -> gapi_runtime::Pages<Self> };
        let next = quote! { pub fn next_page(&self, page: &#response) -> Option<Self> };
        functions.extend([("pages", pages), ("next_page", next)]);
        if paging.items.is_some() {
            let items = quote! { pub fn items(self) -> gapi_runtime::Items<Self> };
            functions.push(("items", items));
        }
    }
    functions.extend(operation::poller(cx, id).map(|poller| ("poller", poller)));
    functions
}

fn response_fields<'a>(cx: Cx<'a>, method: &Method) -> Option<(&'a [Field], &'a [String])> {
    let Some(TypeRef::Named(id)) = method.response else {
        return None;
    };
    match &cx.api[id].shape {
        Shape::Struct(fields) => Some((fields, &cx.names[id].members)),
        _ => None,
    }
}

/// The verb as the runtime calls it.
pub(super) fn verb_name(verb: Verb) -> &'static str {
    match verb {
        Verb::Get => "Get",
        Verb::Post => "Post",
        Verb::Put => "Put",
        Verb::Patch => "Patch",
        Verb::Delete => "Delete",
    }
}

/// The verb as HTTP writes it.
pub(crate) fn verb(verb: Verb) -> &'static str {
    match verb {
        Verb::Get => "GET",
        Verb::Post => "POST",
        Verb::Put => "PUT",
        Verb::Patch => "PATCH",
        Verb::Delete => "DELETE",
    }
}
