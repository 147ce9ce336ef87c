//! The API's own file: the service, the client, and the modules below it.

use std::iter;

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    cx::{Cx, Fragments},
    deprecation, docs, example, lints, method, overview, resource,
};
use crate::items::{Place, ident};

/// Emits the file of an API.
pub(super) fn emit(cx: Cx<'_>, allow_lints: bool) -> Fragments<'_> {
    let api = cx.api;
    let docs = module_docs(cx);
    let lints = allow_lints.then(lints::allow);
    let allow = deprecation::allow_in_methods(cx, &cx.root.methods, &[]);
    let item = &cx.items.client;
    let client = ident(item.path.name);
    let client_docs = cx
        .docs()
        .paragraph(&format!(
            "A client of the {}, version {}.",
            cx.title(),
            docs::inline(&api.version)
        ))
        .paragraph("Clones share their connections, so cloning is cheap.")
        .tokens();
    let functions = resource::functions(cx, cx.root, item.path.module);
    let calls = cx
        .root
        .methods
        .iter()
        .map(move |id| method::emit_call(cx, *id, item.path.name));
    let children = resource::child_modules(cx, cx.root);
    let info = emit_info(cx);
    let scopes = emit_scopes(cx);
    let place = Place::Module(item.path.module);
    let (builder, batch) = (item.builder.tokens(place), item.batch.tokens(place));
    let request = (!cx.root.methods.is_empty()).then(|| quote! { use gapi_runtime::Request; });
    let head = quote! {
        #docs
        #lints
        #allow
        #request
        pub mod params;
        pub mod schemas;
        #children
        pub use params::StandardParameters;

        #client_docs
        #[derive(Clone, Debug)]
        pub struct #client(gapi_runtime::Client);
        gapi_runtime::service!(#client { #info });
        impl #client {
            /// Begins to configure a client.
            #[inline]
            #builder {
                gapi_runtime::ClientBuilder::new()
            }
            /// Begins a batch: many calls in one request.
            #[inline]
            #batch {
                gapi_runtime::Batch::new(&self.0)
            }
            #functions
        }
    };
    Box::new(iter::once(head).chain(calls).chain(scopes))
}

fn module_docs(cx: Cx<'_>) -> TokenStream {
    let api = cx.api;
    let mut docs = cx.docs().paragraph(&format!(
        "{}, version {}.",
        cx.title(),
        docs::inline(&api.version)
    ));
    if let Some(example) = example::block(cx) {
        docs = docs.block(example);
    }
    docs = docs.summarized(api.docs.as_deref(), "");
    let revision = docs::inline(api.revision.as_str());
    let revision = match revision.as_str() {
        "" => String::new(),
        revision => format!("revision {revision} of "),
    };
    let link = api.documentation_link.as_deref().and_then(docs::web);
    let reference = link.map_or_else(String::new, |link| format!(" Reference: <{link}>"));
    docs = docs.paragraph(&format!(
        "Generated from {revision}{}.{reference}",
        docs::code(&api.id)
    ));
    if let Some(list) = overview::methods(cx) {
        docs = docs.block(list);
    }
    docs.inner_tokens()
}

/// Emits the rows of `service!`. Rows with the default are omitted.
fn emit_info(cx: Cx<'_>) -> TokenStream {
    let api = cx.api;
    let (id, name, version) = (&api.id, &api.name, &api.version);
    let revision = api.revision.as_str();
    let (title, root_url, batch_path) = (&api.title, &api.root_url, &api.batch_path);
    let mtls_root_url = api.mtls_root_url.iter();
    let service_path = Some(&api.service_path).filter(|path| !path.is_empty());
    let service_path = service_path.into_iter();
    let scopes = api.scopes.iter().map(|scope| &scope.url);
    let data_wrapper = api.data_wrapper.then(|| quote! { data_wrapper: true, });
    let encoded_slashes = cx.facts.encoded_slashes;
    let encoded_slashes = encoded_slashes.then(|| quote! { encoded_slashes: true, });
    quote! {
        id: #id,
        name: #name,
        version: #version,
        revision: #revision,
        title: #title,
        root_url: #root_url,
        #(mtls_root_url: #mtls_root_url,)*
        #(service_path: #service_path,)*
        batch_path: #batch_path,
        #(scope: #scopes,)*
        #data_wrapper
        #encoded_slashes
    }
}

/// Returns the OAuth 2.0 scopes as constants.
fn emit_scopes(cx: Cx<'_>) -> Option<TokenStream> {
    let scopes = cx
        .api
        .scopes
        .iter()
        .zip(&cx.items.scopes)
        .map(|(scope, item)| {
            let docs = cx
                .docs()
                .description(Some(&scope.docs), &docs::code(&scope.url))
                .tokens();
            let (name, url) = (ident(item.name), &scope.url);
            quote! { #docs pub const #name: &str = #url; }
        });
    (!cx.api.scopes.is_empty()).then(|| {
        quote! {
            /// OAuth 2.0 scopes.
            pub mod scopes { #(#scopes)* }
        }
    })
}
