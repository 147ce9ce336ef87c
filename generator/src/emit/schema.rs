//! Emits the types of the document as structs, enums and aliases.

use proc_macro2::TokenStream;
use quote::quote;

use super::{cx::Cx, deprecation, docs, enums, operation, type_docs};
use crate::{
    ir::{self, Owner, TypeId},
    items::{Definition, Field, Place, Shape, Struct, Type, ident},
};

/// Emits one type.
pub(super) fn emit(cx: Cx<'_>, id: TypeId) -> TokenStream {
    let definition = &cx.items[id];
    match (&definition.shape, &cx.api[id].shape) {
        (Shape::Struct(item), ir::Shape::Struct(fields)) => {
            emit_struct(cx, id, definition, item, fields)
        }
        (Shape::Enum(items), ir::Shape::Enum(variants)) => {
            enums::emit(cx, id, definition, items, variants)
        }
        (Shape::Alias(target), _) => emit_alias(cx, id, definition, target),
        // An item has the shape of its type.
        (Shape::Struct(_) | Shape::Enum(_), _) => TokenStream::new(),
    }
}

fn emit_struct(
    cx: Cx<'_>,
    id: TypeId,
    definition: &Definition<'_>,
    item: &Struct<'_>,
    fields: &[ir::Field],
) -> TokenStream {
    let name = ident(definition.path.name);
    let docs = type_docs::of(cx, id);
    let place = Place::Module(definition.path.module);
    let members = fields.iter().zip(&item.fields).map(|(field, item)| {
        let docs = field_docs(cx, field);
        let deprecated = deprecation::attribute(item.deprecated, field.docs.as_deref());
        let item = emit_field(item, place);
        quote! { #docs #deprecated #item }
    });
    let unknown_fields = emit_field(&Struct::unknown_fields(), place);
    let rows = fields.iter().zip(&item.fields).map(|(field, item)| {
        let (member, wire) = (ident(item.name), &field.wire);
        quote! { #member: #wire, }
    });
    let boxed = item.boxed.then(|| quote! { gapi_runtime::boxed!(#name); });
    let deprecated = type_docs::deprecated(cx, id);
    let id_text = far_id(cx, id).map(|wire| quote! { as #wire });
    let operation = item
        .operation
        .map(|style| operation::emit(cx, id, &name, style));
    let derives = derives(item);
    quote! {
        #docs
        #deprecated
        #derives
        pub struct #name {
            #(#members)*
            /// Members that this version of the crate does not know, and explicit nulls.
            #unknown_fields
        }
        gapi_runtime::schema!(#name #id_text { #(#rows)* });
        #boxed
        #operation
    }
}

/// Returns the additional derives. `schema!` implements all other traits.
fn derives(item: &Struct<'_>) -> Option<TokenStream> {
    // Derives were checked before.
    let paths = item.derives.iter();
    let more = paths.filter_map(|path| path.parse::<TokenStream>().ok());
    (!item.derives.is_empty()).then(|| {
        quote! {
            // `schema!` implements `PartialEq`, field by field as a derive does.
            #[allow(clippy::derived_hash_with_manual_eq, reason = "both compare all fields")]
            #[derive(#(#more),*)]
        }
    })
}

/// Returns the id of a schema if its Rust name differs. Messages name their type by a similar id.
fn far_id(cx: Cx<'_>, id: TypeId) -> Option<&String> {
    // The runtime compares them in this way.
    let folded = |name: &str| {
        let plain = name.chars().filter(char::is_ascii_alphanumeric);
        plain.collect::<String>().to_ascii_lowercase()
    };
    match &cx.api[id].owner {
        Owner::Schema(wire) if folded(wire) != folded(cx.items[id].path.name) => Some(wire),
        _ => None,
    }
}

fn emit_field(item: &Field<'_>, place: Place<'_>) -> TokenStream {
    let (name, ty) = (ident(item.name), item.ty.tokens(place));
    quote! { pub #name: #ty, }
}

fn field_docs(cx: Cx<'_>, field: &ir::Field) -> TokenStream {
    let mut docs = cx.docs().description(
        field.docs.as_deref(),
        &format!("The member {}.", docs::code(&field.wire)),
    );
    if field.read_only && !says_read_only(field.docs.as_deref()) {
        docs = docs.paragraph("Output only.");
    }
    docs.default(field.default.as_deref()).tokens()
}

/// Returns whether a description already states that only the server sets the field.
fn says_read_only(description: Option<&str>) -> bool {
    let text = description.unwrap_or_default().to_lowercase();
    ["output only", "output-only", "read only", "read-only"]
        .into_iter()
        .any(|words| text.contains(words))
}

fn emit_alias(
    cx: Cx<'_>,
    id: TypeId,
    definition: &Definition<'_>,
    target: &Type<'_>,
) -> TokenStream {
    let name = ident(definition.path.name);
    let docs = type_docs::of(cx, id);
    let target = target.tokens(Place::Module(definition.path.module));
    let deprecated = type_docs::deprecated(cx, id);
    quote! {
        #docs
        #deprecated
        pub type #name = #target;
    }
}
