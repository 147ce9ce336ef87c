//! The documentation of types.

use proc_macro2::TokenStream;

use super::{cx::Cx, deprecation, docs};
use crate::ir::{Owner, TypeId};

/// Returns `#[deprecated]` for a schema that the document marks as deprecated.
pub(super) fn deprecated(cx: Cx<'_>, id: TypeId) -> Option<TokenStream> {
    deprecation::attribute(cx.items[id].deprecated, cx.api[id].docs.as_deref())
}

/// Returns the docs of a type. A schema has an attribute if it is deprecated, and an inline type has a line.
pub(super) fn of(cx: Cx<'_>, id: TypeId) -> TokenStream {
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
        Owner::Response(_) => "The body of the response.".to_owned(),
    };
    let mut docs = cx.docs().summarized(definition.docs.as_deref(), &fallback);
    if definition.deprecated && !cx.items[id].deprecated {
        docs = docs.paragraph("**Deprecated.**");
    }
    docs.tokens()
}
