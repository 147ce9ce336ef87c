//! Allowed values → open enums: a value that the document does not list is kept.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Cx, deprecation, docs, ident, schema};
use crate::ir::{TypeId, Variant};

/// An enum and its table of wire values.
pub(super) fn emit(cx: Cx<'_>, id: TypeId, variants: &[Variant]) -> TokenStream {
    let name = ident(&cx.names[id].ident);
    let docs = schema::type_docs(cx, id);
    let members = &cx.names[id].members;
    let values = variants.iter().zip(members).map(|(variant, member)| {
        let fallback = format!("The value {}.", docs::code(&variant.wire));
        let mut docs = cx.docs().description(variant.docs.as_deref(), &fallback);
        if !variant.aliases.is_empty() {
            let aliases: Vec<String> = variant
                .aliases
                .iter()
                .map(|alias| docs::code(alias))
                .collect();
            docs = docs.paragraph(&format!("Legacy spellings: {}.", aliases.join(", ")));
        }
        let docs = docs.tokens();
        let deprecated = deprecation::attribute(variant.deprecated, variant.docs.as_deref());
        let member = ident(member);
        quote! { #docs #deprecated #member, }
    });
    let rows = variants.iter().zip(members).map(|(variant, member)| {
        let (member, wire) = (ident(member), &variant.wire);
        quote! { #member: #wire, }
    });
    let deprecated = schema::deprecated(cx, id);
    quote! {
        #docs
        #deprecated
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#values)*
            /// A value that this version of the crate does not know: kept, and sent back unchanged.
            UnknownValue(String),
        }
        gapi_runtime::open_enum!(#name { #(#rows)* });
    }
}
