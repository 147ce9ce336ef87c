//! Schemas → structs, enums and aliases.

use std::iter;

use proc_macro2::TokenStream;
use quote::quote;

use super::{Cx, Items, deprecation, docs, enums, ident, modules, operation, ty};
use crate::ir::{Field, Owner, Shape, TypeId, TypeRef};

/// The file with every schema of the document.
pub(super) fn emit_all(cx: Cx<'_>) -> Items<'_> {
    let docs = cx
        .docs()
        .paragraph(&format!("The schemas of the {}.", super::client::title(cx)))
        .paragraph(
            "Every member is optional, so end a literal with `..Default::default()`: later \
             revisions of the document add members.",
        )
        .inner_tokens();
    let allow = deprecation::allow_in_schemas(cx);
    let head = quote! { #docs #allow };
    Box::new(iter::once(head).chain(modules::items(cx, &["schemas".to_owned()])))
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
    let deprecated = deprecated(cx, id);
    let id_text = far_id(cx, id).map(|wire| quote! { as #wire });
    let operation = operation::emit(cx, id);
    let derives = derives(cx, id);
    quote! {
        #docs
        #deprecated
        #derives
        pub struct #name {
            #(#members)*
            /// Members that this version of the crate does not know, and explicit nulls.
            pub unknown_fields: gapi_runtime::UnknownFields,
        }
        gapi_runtime::schema!(#name #id_text { #(#rows)* });
        #boxed
        #operation
    }
}

/// `#[derive(Clone)]`, and what the user wants besides.
fn derives(cx: Cx<'_>, id: TypeId) -> TokenStream {
    let Some(more) = cx.derives.get(&id) else {
        return quote! { #[derive(Clone)] };
    };
    // That these are paths was found out when they were read.
    let more = more
        .iter()
        .filter_map(|path| path.parse::<TokenStream>().ok());
    quote! {
        // `schema!` implements `PartialEq`, field by field as a derive does.
        #[allow(clippy::derived_hash_with_manual_eq)]
        #[derive(Clone, #(#more),*)]
    }
}

/// The id of a schema that its Rust name does not tell: messages say their type by something like it.
fn far_id(cx: Cx<'_>, id: TypeId) -> Option<&String> {
    // As the runtime compares them.
    let folded = |name: &str| {
        let plain = name.chars().filter(char::is_ascii_alphanumeric);
        plain.collect::<String>().to_ascii_lowercase()
    };
    match &cx.api[id].owner {
        Owner::Schema(wire) if folded(wire) != folded(&cx.names[id].ident) => Some(wire),
        _ => None,
    }
}

fn emit_field(cx: Cx<'_>, id: TypeId, index: usize, field: &Field) -> TokenStream {
    let name = ident(&cx.names[id].members[index]);
    let mut docs = cx.docs().description(
        field.docs.as_deref(),
        &format!("The member {}.", docs::code(&field.wire)),
    );
    if field.read_only && !says_read_only(field.docs.as_deref()) {
        docs = docs.paragraph("Output only.");
    }
    if let Some(default) = &field.default {
        docs = docs.paragraph(&default_docs(default));
    }
    let docs = docs.tokens();
    let deprecated = deprecation::attribute(field.deprecated, field.docs.as_deref());
    let ty = field_type(cx, id, index, field);
    quote! {
        #docs
        #deprecated
        pub #name: #ty,
    }
}

/// The type of a field.
pub(crate) fn field_type(cx: Cx<'_>, id: TypeId, index: usize, field: &Field) -> TokenStream {
    let ty = ty::owned(cx, &field.ty, &cx.names[id].module);
    if cx.facts.boxed.contains(&(id, index)) {
        quote! { Option<Box<#ty>> }
    } else {
        quote! { Option<#ty> }
    }
}

/// Whether a description says itself that only the server sets the field.
fn says_read_only(description: Option<&str>) -> bool {
    let text = description.unwrap_or_default().to_lowercase();
    ["output only", "output-only", "read only", "read-only"]
        .into_iter()
        .any(|words| text.contains(words))
}

fn emit_alias(cx: Cx<'_>, id: TypeId, target: &TypeRef) -> TokenStream {
    let name = ident(&cx.names[id].ident);
    let docs = type_docs(cx, id);
    let target = ty::owned(cx, target, &cx.names[id].module);
    let deprecated = deprecated(cx, id);
    quote! {
        #docs
        #deprecated
        pub type #name = #target;
    }
}

/// `#[deprecated]` for a schema that the document calls so.
pub(super) fn deprecated(cx: Cx<'_>, id: TypeId) -> Option<TokenStream> {
    let definition = &cx.api[id];
    deprecation::attribute(deprecation::is_marked(cx, id), definition.docs.as_deref())
}

/// The docs of a type. The attribute says that a schema is deprecated; for an inline type it is a line.
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
    let mut docs = cx.docs().summarized(definition.docs.as_deref(), &fallback);
    if definition.deprecated && !deprecation::is_marked(cx, id) {
        docs = docs.paragraph("**Deprecated.**");
    }
    docs.tokens()
}

/// What the server assumes where nothing is said.
pub(super) fn default_docs(default: &str) -> String {
    format!("Default: {}.", docs::code(default))
}
