//! Parameters: arguments, setters, and the modules with their allowed values.

use std::iter;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Cx, Items, deprecation, docs, ident, modules, schema, ty};
use crate::ir::{Location, Owner, Param, TypeDef, TypeRef};

/// Parameters that a call decides by itself. `alt` says in which form the answer comes, and that
/// follows from the type that the call returns.
pub(crate) const DECIDED: [&str; 1] = ["alt"];

/// The file with the API-wide parameters: their allowed values, and one trait with their setters.
pub(super) fn emit_api_wide(cx: Cx<'_>) -> Items<'_> {
    let docs = cx
        .docs()
        .paragraph(&format!(
            "The parameters that every method of the {} takes.",
            super::client::title(cx)
        ))
        .inner_tokens();
    let from = ["params".to_owned()];
    let client = ident(&cx.names.client);
    let parameters = cx.api.parameters.iter().zip(&cx.names.parameters);
    let setters = parameters
        .filter(|(param, _)| !is_decided(param))
        .map(|(param, name)| {
            let Setter {
                docs,
                signature,
                set,
            } = setter(cx, param, name, &from);
            quote! {
                #docs
                #[must_use]
                #signature {
                    self.map_request(|request| request #set)
                }
            }
        });
    let head = quote! {
        #docs
        use gapi_runtime::Call;

        /// Setters of the API-wide parameters, on every call of this API.
        pub trait StandardParameters: Call {
            #(#setters)*
        }

        impl<C: Call<Service = super::#client>> StandardParameters for C {}
    };
    Box::new(iter::once(head).chain(modules::items(cx, &from)))
}

/// Whether a call decides by itself what it says of this parameter.
pub(crate) fn is_decided(param: &Param) -> bool {
    DECIDED.contains(&param.wire.as_str())
}

/// Whether a type is the allowed values of such a parameter.
pub(crate) fn is_decided_type(definition: &TypeDef) -> bool {
    matches!(&definition.owner, Owner::ApiParameter(wire) if DECIDED.contains(&wire.as_str()))
}

/// The setters of a call's optional parameters.
pub(super) fn setters<'a>(
    cx: Cx<'a>,
    parameters: impl Iterator<Item = (&'a Param, &'a String)> + 'a,
    from: &'a [String],
) -> impl Iterator<Item = TokenStream> + 'a {
    parameters
        .filter(|(param, _)| !param.required)
        .map(move |(param, name)| {
            // Generic setters are compiled only where they are called; let the others be, too.
            let inline = (!ty::is_generic(param)).then(|| quote! { #[inline] });
            let Setter {
                docs,
                signature,
                set,
            } = setter(cx, param, name, from);
            quote! {
                #docs
                #inline
                pub #signature {
                    Self(self.0 #set)
                }
            }
        })
}

/// The parts of a setter.
struct Setter {
    docs: TokenStream,
    /// `fn page_size(self, page_size: i32) -> Self`
    signature: TokenStream,
    /// `.query("pageSize", page_size)`
    set: TokenStream,
}

fn setter(cx: Cx<'_>, param: &Param, name: &str, from: &[String]) -> Setter {
    let docs = param_docs(cx, param).tokens();
    let deprecated = deprecation::attribute(param.deprecated, param.docs.as_deref());
    Setter {
        docs: quote! { #docs #deprecated },
        signature: signature(cx, param, name, from),
        set: set(cx, param, &ident(name), from),
    }
}

/// A setter up to its body, without its visibility: those of a trait have none.
pub(crate) fn signature(cx: Cx<'_>, param: &Param, name: &str, from: &[String]) -> TokenStream {
    let name = ident(name);
    let ty::Argument { ty, .. } = ty::argument(cx, param, &name, from);
    quote! { fn #name(self, #name: #ty) -> Self }
}

/// Hands the argument `name` to the request: `.path("name", name)`.
pub(super) fn set(cx: Cx<'_>, param: &Param, name: &Ident, from: &[String]) -> TokenStream {
    let wire = &param.wire;
    let ty::Argument { becomes, value, .. } = ty::argument(cx, param, name, from);
    if param.location == Location::Path && param.ty == TypeRef::String {
        return quote! { .path(#wire, #name) };
    }
    let function = match (param.location, param.repeated) {
        (Location::Path, _) => quote! { path_value },
        (Location::Query, false) => quote! { query },
        (Location::Query, true) => quote! { query_all },
    };
    quote! { .#function #becomes (#wire, #value) }
}

fn param_docs<'a>(cx: Cx<'a>, param: &Param) -> docs::Docs<'a> {
    let fallback = format!("The parameter {}.", docs::code(&param.wire));
    let docs = cx.docs().description(param.docs.as_deref(), &fallback);
    match &param.default {
        Some(default) => docs.paragraph(&schema::default_docs(default)),
        None => docs,
    }
}

/// `pub mod params { pub mod list { … } }`: the types that the methods of a module are written with.
pub(super) fn emit_resource_module(cx: Cx<'_>, module: &[String]) -> Option<TokenStream> {
    let params: Vec<String> = module
        .iter()
        .cloned()
        .chain(["params".to_owned()])
        .collect();
    let mut items = modules::items(cx, &params).peekable();
    items.peek().is_some().then(|| {
        quote! {
            /// Types of the parameters, by method.
            pub mod params { #(#items)* }
        }
    })
}
