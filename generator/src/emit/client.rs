//! The API's own file: the service, the client, and the modules below it.

use std::iter;

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    cx::{Cx, Pieces},
    deprecation, docs, example, lints, method, resource,
};
use crate::items::{Place, ident};

/// Emits the file of an API.
pub(super) fn emit(cx: Cx<'_>, allow_lints: bool) -> Pieces<'_> {
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
        .paragraph("Cheap to clone; clones share their connections.")
        .tokens();
    let functions = resource::functions(cx, cx.root, item.path.module);
    let calls = cx
        .root
        .methods
        .iter()
        .map(move |id| method::emit_call(cx, *id, item.path.name));
    let children = resource::child_modules(cx, cx.root);
    let info = emit_info(cx);
    let takes_encoded_slashes = cx
        .facts
        .encoded_slashes
        .then(|| quote! { const TAKES_ENCODED_SLASHES: bool = true; });
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
        impl #client {
            /// Begins to configure a client.
            #builder {
                gapi_runtime::ClientBuilder::new()
            }
            /// Begins a batch: many calls in one request.
            #batch {
                gapi_runtime::Batch::new(&self.0)
            }
            #functions
        }
        impl gapi_runtime::Service for #client {
            const INFO: &'static gapi_runtime::ServiceInfo = &gapi_runtime::ServiceInfo { #info };
            #takes_encoded_slashes
            fn from_client(client: gapi_runtime::Client) -> Self {
                Self(client)
            }
            fn client(&self) -> &gapi_runtime::Client {
                &self.0
            }
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
    if let Some(link) = api.documentation_link.as_deref().and_then(docs::web) {
        docs = docs.paragraph(&format!("Reference: <{link}>"));
    }
    docs.paragraph(&format!(
        "Generated from revision {} of {}.",
        docs::inline(api.revision.as_str()),
        docs::code(&api.id)
    ))
    .inner_tokens()
}

fn emit_info(cx: Cx<'_>) -> TokenStream {
    let api = cx.api;
    let (id, name, version) = (&api.id, &api.name, &api.version);
    let revision = api.revision.as_str();
    let (title, root_url) = (&api.title, &api.root_url);
    let mtls_root_url = option(api.mtls_root_url.as_ref());
    let (service_path, batch_path) = (&api.service_path, &api.batch_path);
    let scopes = api.scopes.iter().map(|scope| &scope.url);
    let data_wrapper = api.data_wrapper;
    quote! {
        id: #id,
        name: #name,
        version: #version,
        revision: #revision,
        title: #title,
        root_url: #root_url,
        mtls_root_url: #mtls_root_url,
        service_path: #service_path,
        batch_path: #batch_path,
        scopes: &[#(#scopes),*],
        data_wrapper: #data_wrapper,
    }
}

fn option(text: Option<&String>) -> TokenStream {
    text.map_or_else(|| quote! { None }, |text| quote! { Some(#text) })
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
