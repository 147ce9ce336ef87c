//! Schemas → structs, enums and aliases.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Cx, deprecated, docs, enums, ident, modules, ty};
use crate::ir::{Field, Owner, Shape, TypeId, TypeRef};

/// The file with every schema of the document.
pub(super) fn emit_all(cx: Cx<'_>) -> TokenStream {
    let docs = cx
        .docs()
        .paragraph(&format!("The schemas of the {}.", super::client::title(cx)))
        .paragraph(
            "Every member is optional, so end a literal with `..Default::default()`: later \
             revisions of the document add members.",
        )
        .inner_tokens();
    let items = modules::items(cx, &["schemas".to_owned()]);
    quote! { #docs #items }
}

/// One type.
pub(super) fn emit(cx: Cx<'_>, id: TypeId) -> TokenStream {
    match &cx.api[id].shape {
        Shape::Struct(fields) => emit_struct(cx, id, fields),
        Shape::Enum(variants) => enums::emit(cx, id, variants),
        Shape::Alias(target) => emit_alias(cx, id, target),
    }
}

fn emit_struct(cx: Cx<'_>, id: TypeId, fields: &[Field]) -> TokenStream {
    let name = ident(&cx.names[id].ident);
    let docs = type_docs(cx, id);
    let members = fields
        .iter()
        .enumerate()
        .map(|(index, field)| emit_field(cx, id, index, field));
    let rows = fields
        .iter()
        .zip(&cx.names[id].members)
        .map(|(field, member)| {
            let (member, wire) = (ident(member), &field.wire);
            quote! { #member: #wire, }
        });
    let boxed = cx.facts.held_in_boxes.contains(&id);
    let boxed = boxed.then(|| quote! { gapi_runtime::boxed!(#name); });
    quote! {
        #docs
        #[derive(Clone)]
        pub struct #name {
            #(#members)*
            /// Members that this version of the crate does not know, and explicit nulls.
            pub unknown_fields: gapi_runtime::UnknownFields,
        }
        gapi_runtime::schema!(#name { #(#rows)* });
        #boxed
    }
}

fn emit_field(cx: Cx<'_>, id: TypeId, index: usize, field: &Field) -> TokenStream {
    let from = &cx.names[id].module;
    let name = ident(&cx.names[id].members[index]);
    let mut docs = cx.docs().description(
        field.docs.as_deref(),
        &format!("The member {}.", docs::code(&field.wire)),
    );
    if let Some(default) = &field.default {
        docs = docs.paragraph(&default_docs(default));
    }
    let docs = docs.tokens();
    let deprecated = deprecated(field.deprecated);
    let mut ty = ty::owned(cx, &field.ty, from);
    if cx.facts.boxed.contains(&(id, index)) {
        ty = quote! { Box<#ty> };
    }
    quote! {
        #docs
        #deprecated
        pub #name: Option<#ty>,
    }
}

fn emit_alias(cx: Cx<'_>, id: TypeId, target: &TypeRef) -> TokenStream {
    let name = ident(&cx.names[id].ident);
    let docs = type_docs(cx, id);
    let target = ty::owned(cx, target, &cx.names[id].module);
    quote! {
        #docs
        pub type #name = #target;
    }
}

/// The docs of a type, with a word on deprecation: the attribute itself would warn wherever another
/// schema mentions the type.
pub(super) fn type_docs(cx: Cx<'_>, id: TypeId) -> TokenStream {
    let definition = &cx.api[id];
    let fallback = match &definition.owner {
        Owner::Schema(wire) => format!("The schema {}.", docs::code(wire)),
        Owner::Inline {
            property: Some(property),
            ..
        } => format!("The type of {}.", docs::code(property)),
        Owner::Parameter { parameter, .. } | Owner::ApiParameter(parameter) => {
            format!("The allowed values of {}.", docs::code(parameter))
        }
        Owner::Inline { property: None, .. } => "The type of an element.".to_owned(),
        Owner::Request(_) => "The body of the request.".to_owned(),
        Owner::Response(_) => "The body of the answer.".to_owned(),
    };
    let mut docs = cx.docs().description(definition.docs.as_deref(), &fallback);
    if definition.deprecated {
        docs = docs.paragraph("**Deprecated.**");
    }
    docs.tokens()
}

/// What the server assumes where nothing is said.
pub(super) fn default_docs(default: &str) -> String {
    format!("Default: {}.", docs::code(default))
}
