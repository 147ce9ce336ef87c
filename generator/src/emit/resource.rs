//! A resource: one file with its handle, its calls, and the modules of its children.

use std::iter;

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    cx::{Cx, Fragments},
    deprecation, docs, method, modules, params,
};
use crate::{
    ir::Resource,
    items::{Place, ident},
};

/// Returns the file of a resource.
pub(super) fn emit<'a>(cx: Cx<'a>, resource: &'a Resource) -> Fragments<'a> {
    let path = cx.items.handles[&resource.path[..]].path;
    let mut docs = cx
        .docs()
        .paragraph(&format!("The resource {}.", path_docs(resource)));
    if resource.deprecated {
        docs = docs.paragraph("**Deprecated.**");
    }
    let docs = docs.inner_tokens();
    let allow = deprecation::allow_in_methods(cx, &resource.methods, path.module);
    let imports = imports(resource, path.module.len());
    let handle_docs = docs::line(&format!("Makes calls on {}.", path_docs(resource)));
    let handle = ident(path.name);
    // The client of a resource without methods would never be read.
    let client = if resource.has_no_methods() {
        quote! { () }
    } else {
        quote! { Client }
    };
    let functions = functions(cx, resource, path.module);
    let leads_on = !resource.methods.is_empty() || !resource.children.is_empty();
    let functions = leads_on.then(|| quote! { impl #handle { #functions } });
    let calls = resource
        .methods
        .iter()
        .map(move |id| method::emit_call(cx, *id, path.name));
    let children = child_modules(cx, resource);
    let params = params::emit_resource_module(cx, path.module);
    let head = quote! {
        #docs
        #allow
        #imports
        #children
        #handle_docs
        #[derive(Clone, Debug)]
        pub struct #handle(pub(super) #client);
        #functions
    };
    Box::new(iter::once(head).chain(calls).chain(params))
}

/// Returns the imports. A resource without methods only leads to its children.
fn imports(resource: &Resource, depth: usize) -> TokenStream {
    if resource.has_no_methods() {
        return TokenStream::new();
    }
    if resource.methods.is_empty() {
        return quote! { use gapi_runtime::Client; };
    }
    let up = (0..depth).map(|_| quote! { super });
    quote! {
        use #(#up)::* as api;
        use gapi_runtime::{Client, Request};
    }
}

/// Returns the functions of a handle or of the client: to the children, then the methods.
pub(super) fn functions(cx: Cx<'_>, resource: &Resource, module: &[String]) -> TokenStream {
    let children = resource.children.iter().map(|child| {
        let item = &cx.items.handles[&child.path[..]];
        let docs = docs::line(&format!("The resource {}.", path_docs(child)));
        let deprecated = deprecation::attribute(item.accessor.deprecated, None);
        let client = if child.has_no_methods() {
            quote! { () }
        } else {
            quote! { self.0.clone() }
        };
        let place = Place::Module(module);
        let (signature, handle) = (item.accessor.tokens(place), item.path.tokens(place));
        quote! {
            #docs
            #deprecated
            #[inline]
            #[must_use]
            #signature {
                #handle(#client)
            }
        }
    });
    let methods = resource
        .methods
        .iter()
        .map(|id| method::emit_function(cx, *id));
    quote! { #(#children)* #(#methods)* }
}

/// Emits `pub mod` for each child.
pub(super) fn child_modules(cx: Cx<'_>, resource: &Resource) -> TokenStream {
    let modules = resource.children.iter().filter_map(|child| {
        let (module, around) = cx.names.resources[&child.path].module.split_last()?;
        let inception = modules::inception(around.last().map(String::as_str), module);
        let module = ident(module);
        Some(quote! { #inception pub mod #module; })
    });
    quote! { #(#modules)* }
}

/// Returns the path as code: `projects.instances`.
fn path_docs(resource: &Resource) -> String {
    docs::code(&resource.path.join("."))
}
