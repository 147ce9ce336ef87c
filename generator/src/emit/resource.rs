//! A resource: one file with its handle, its calls, and the modules of its children.

use std::iter;

use proc_macro2::TokenStream;
use quote::quote;

use super::{Cx, Items, deprecation, docs, ident, method, modules, params};
use crate::ir::Resource;

/// The file of a resource.
pub(super) fn emit<'a>(cx: Cx<'a>, resource: &'a Resource) -> Items<'a> {
    let name = &cx.names.resources[&resource.path];
    let mut docs = cx
        .docs()
        .paragraph(&format!("The resource {}.", path_docs(resource)));
    if resource.deprecated {
        docs = docs.paragraph("**Deprecated.**");
    }
    let docs = docs.inner_tokens();
    let allow = deprecation::allow_in_methods(cx, &resource.methods, &name.module);
    let imports = imports(resource, name.module.len());
    let handle_docs = docs::line(&format!("Makes calls on {}.", path_docs(resource)));
    let handle = ident(&name.handle);
    // Nothing would ever read the client of a resource that has nothing to call.
    let client = if is_empty(resource) {
        quote! { () }
    } else {
        quote! { Client }
    };
    let functions = functions(cx, resource);
    let leads_on = !resource.methods.is_empty() || !resource.children.is_empty();
    let functions = leads_on.then(|| quote! { impl #handle { #functions } });
    let calls = resource
        .methods
        .iter()
        .map(move |id| method::emit_call(cx, *id, &name.handle));
    let children = child_modules(cx, resource);
    let params = params::emit_resource_module(cx, &name.module);
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

/// A resource without methods only leads on to its children.
fn imports(resource: &Resource, depth: usize) -> TokenStream {
    if is_empty(resource) {
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

/// The functions of a handle: to the children, then the methods.
pub(super) fn functions(cx: Cx<'_>, resource: &Resource) -> TokenStream {
    let children = resource.children.iter().map(|child| {
        let name = &cx.names.resources[&child.path];
        let docs = docs::line(&format!("The resource {}.", path_docs(child)));
        let deprecated = deprecation::attribute(child.deprecated, None);
        let client = if is_empty(child) {
            quote! { () }
        } else {
            quote! { self.0.clone() }
        };
        let (accessor, handle) = (ident(&name.accessor), ident(&name.handle));
        let module = name.module.last().map(|module| ident(module));
        quote! {
            #docs
            #deprecated
            #[must_use]
            pub fn #accessor(&self) -> #module::#handle {
                #module::#handle(#client)
            }
        }
    });
    let methods = resource
        .methods
        .iter()
        .map(|id| method::emit_function(cx, *id));
    quote! { #(#children)* #(#methods)* }
}

/// `pub mod` for each child.
pub(super) fn child_modules(cx: Cx<'_>, resource: &Resource) -> TokenStream {
    let modules = resource.children.iter().filter_map(|child| {
        let (module, around) = cx.names.resources[&child.path].module.split_last()?;
        let inception = modules::inception(around.last().map(String::as_str), module);
        let module = ident(module);
        Some(quote! { #inception pub mod #module; })
    });
    quote! { #(#modules)* }
}

/// Some resources have no methods, nor has anything below them.
fn is_empty(resource: &Resource) -> bool {
    resource.methods.is_empty() && resource.children.iter().all(is_empty)
}

/// `projects.instances` as code.
fn path_docs(resource: &Resource) -> String {
    docs::code(&resource.path.join("."))
}
