//! Open enums for allowed values. They preserve values that the document does not list.

use proc_macro2::TokenStream;
use quote::quote;

use super::{cx::Cx, deprecation, docs, type_docs};
use crate::{
    ir::{self, TypeId},
    items::{Definition, Place, Variant, ident, unknown_value},
};

/// Returns an enum and its table of wire values.
pub(super) fn emit(
    cx: Cx<'_>,
    id: TypeId,
    definition: &Definition<'_>,
    items: &[Variant<'_>],
    variants: &[ir::Variant],
) -> TokenStream {
    let name = ident(definition.path.name);
    let docs = type_docs::of(cx, id);
    let place = Place::Module(definition.path.module);
    let values = variants.iter().zip(items).map(|(variant, item)| {
        let docs = variant_docs(cx, variant);
        let deprecated = deprecation::attribute(item.deprecated, variant.docs.as_deref());
        let item = emit_variant(item, place);
        quote! { #docs #deprecated #item }
    });
    let rows = variants.iter().zip(items).map(|(variant, item)| {
        let (member, wire) = (ident(item.name), &variant.wire);
        quote! { #member: #wire, }
    });
    let unknown_value = emit_variant(&unknown_value(), place);
    let deprecated = type_docs::deprecated(cx, id);
    quote! {
        #docs
        #deprecated
        #[non_exhaustive]
        pub enum #name {
            #(#values)*
            /// A value that this version of the crate does not know: kept, and sent back unchanged.
            #unknown_value
        }
        gapi_runtime::open_enum!(#name { #(#rows)* });
    }
}

fn emit_variant(item: &Variant<'_>, place: Place<'_>) -> TokenStream {
    let name = ident(item.name);
    let holds = item.holds.as_ref().map(|ty| {
        let ty = ty.tokens(place);
        quote! { (#ty) }
    });
    quote! { #name #holds, }
}

fn variant_docs(cx: Cx<'_>, variant: &ir::Variant) -> TokenStream {
    let fallback = format!("The value {}.", docs::code(&variant.wire));
    let mut docs = cx.docs().description(variant.docs.as_deref(), &fallback);
    if !variant.aliases.is_empty() {
        let aliases = variant.aliases.iter();
        let aliases: Vec<String> = aliases.map(|alias| docs::code(alias)).collect();
        docs = docs.paragraph(&format!("Legacy spellings: {}.", aliases.join(", ")));
    }
    docs.tokens()
}
