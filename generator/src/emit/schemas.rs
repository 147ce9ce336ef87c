//! The file with every schema of the document.

use std::iter;

use quote::quote;

use super::{
    cx::{Cx, Fragments},
    deprecation, modules, overview,
};

/// Returns the file of the schemas.
pub(super) fn emit(cx: Cx<'_>) -> Fragments<'_> {
    let mut docs = cx
        .docs()
        .paragraph(&format!("The schemas of the {}.", cx.title()))
        .paragraph(
            "Every member is optional, so end a literal with `..Default::default()`: later \
             revisions of the document add members.",
        );
    if let Some(types) = overview::types(cx) {
        docs = docs.paragraph(&types);
    }
    let docs = docs.inner_tokens();
    let allow = deprecation::allow_in_schemas(cx);
    let head = quote! { #docs #allow };
    Box::new(iter::once(head).chain(modules::items(cx, &["schemas".to_owned()])))
}
