//! Types as Rust writes them; the only place that knows.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Cx, ident};
use crate::ir::{Param, TypeId, TypeRef};

/// The type in a field, an answer or a body.
pub(crate) fn owned(cx: Cx<'_>, ty: &TypeRef, from: &[String]) -> TokenStream {
    match ty {
        TypeRef::Bool => quote! { bool },
        TypeRef::I32 => quote! { i32 },
        TypeRef::U32 => quote! { u32 },
        TypeRef::I64 => quote! { i64 },
        TypeRef::U64 => quote! { u64 },
        TypeRef::F64 => quote! { f64 },
        TypeRef::String => quote! { String },
        TypeRef::Base64 => quote! { gapi_runtime::Base64 },
        TypeRef::Date => quote! { gapi_runtime::Date },
        TypeRef::DateTime => quote! { gapi_runtime::DateTime },
        TypeRef::Duration => quote! { gapi_runtime::Duration },
        TypeRef::FieldMask => quote! { gapi_runtime::FieldMask },
        TypeRef::Any => quote! { gapi_runtime::Value },
        TypeRef::List(item) => {
            let item = owned(cx, item, from);
            quote! { Vec<#item> }
        }
        TypeRef::Map(value) if **value == TypeRef::Any => quote! { gapi_runtime::Object },
        TypeRef::Map(value) => {
            let value = owned(cx, value, from);
            quote! { std::collections::BTreeMap<String, #value> }
        }
        TypeRef::Named(id) => path(cx, *id, from),
    }
}

/// The path of a type as the module `from` (relative to the API's module) writes it.
pub(super) fn path(cx: Cx<'_>, id: TypeId, from: &[String]) -> TokenStream {
    let name = &cx.names[id];
    let common = name
        .module
        .iter()
        .zip(from)
        .take_while(|(a, b)| a == b)
        .count();
    let down = name.module[common..].iter().map(|module| ident(module));
    let own = ident(&name.ident);
    if common == from.len() {
        return quote! { #(#down::)* #own };
    }
    // The modules of resources import the API's module; the others count their way up.
    let in_resource = !matches!(from[0].as_str(), "schemas" | "params")
        && !from.iter().any(|module| module == "params");
    if in_resource {
        let modules = name.module.iter().map(|module| ident(module));
        return quote! { api::#(#modules::)* #own };
    }
    let up = from[common..].iter().map(|_| quote! { super });
    quote! { #(#up::)* #(#down::)* #own }
}

/// How an argument or setter takes a value and hands it to the request.
pub(super) struct Argument {
    /// The argument's type.
    pub(super) ty: TokenStream,
    /// The type that the value becomes, where the argument takes whatever converts to it.
    pub(super) becomes: Option<TokenStream>,
    /// The expression that is handed on.
    pub(super) value: TokenStream,
}

/// How a parameter is taken by an argument called `name`.
pub(super) fn argument(cx: Cx<'_>, param: &Param, name: &Ident, from: &[String]) -> Argument {
    let one = owned(cx, &param.ty, from);
    let converts = converts(&param.ty);
    let becomes = converts.then(|| quote! { ::<#one> });
    let (ty, value) = match (param.repeated, converts) {
        (false, false) => (one, quote! { #name }),
        (false, true) => (quote! { impl Into<#one> }, quote! { #name.into() }),
        (true, false) => (quote! { impl IntoIterator<Item = #one> }, quote! { #name }),
        (true, true) => (
            quote! { impl IntoIterator<Item = impl Into<#one>> },
            quote! { #name.into_iter().map(Into::into) },
        ),
    };
    Argument { ty, becomes, value }
}

/// Whether an argument takes whatever converts to the type.
fn converts(ty: &TypeRef) -> bool {
    matches!(
        ty,
        TypeRef::String
            | TypeRef::Base64
            | TypeRef::Date
            | TypeRef::DateTime
            | TypeRef::Duration
            | TypeRef::FieldMask
    )
}

/// Whether the argument makes its function generic.
pub(super) fn is_generic(param: &Param) -> bool {
    param.repeated || converts(&param.ty)
}

/// Whether an answer of this type is `google.api.HttpBody`: bytes of any media type.
pub(crate) fn is_http_body(cx: Cx<'_>, ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::Named(id) if cx.facts.http_bodies.contains(id))
}
