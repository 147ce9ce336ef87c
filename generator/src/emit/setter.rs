//! Setters of parameters.

use proc_macro2::TokenStream;
use quote::quote;

use super::{cx::Cx, deprecation, docs};
use crate::{
    ir::{Location, Param, TypeRef},
    items::{Function, Parameter, Place, Type, ident},
};

/// The parts of a setter.
pub(super) struct Setter {
    pub(super) docs: TokenStream,
    /// `pub fn page_size(self, page_size: i32) -> Self`
    pub(super) signature: TokenStream,
    /// `.query("pageSize", page_size)`
    pub(super) set: TokenStream,
}

/// Returns the setter of a parameter.
pub(super) fn emit(cx: Cx<'_>, param: &Param, item: &Function<'_>, place: Place<'_>) -> Setter {
    let docs = param_docs(cx, param);
    let deprecated = deprecation::attribute(item.deprecated, param.docs.as_deref());
    Setter {
        docs: quote! { #docs #deprecated },
        signature: item.tokens(place),
        set: item
            .parameters
            .iter()
            .map(|argument| set(param, argument, place))
            .collect(),
    }
}

/// Returns the setters of a call's optional parameters.
pub(super) fn emit_all<'a>(
    cx: Cx<'a>,
    parameters: &'a [Param],
    setters: &'a [Option<Function<'a>>],
    place: Place<'a>,
) -> impl Iterator<Item = TokenStream> + 'a {
    let setters = parameters.iter().zip(setters);
    let setters = setters.filter_map(|(param, item)| Some((param, item.as_ref()?)));
    setters.map(move |(param, item)| {
        // Generic setters are compiled only where they are called. `#[inline]` does the same for the others.
        let is_generic = item
            .parameters
            .iter()
            .any(|argument| argument.ty.is_generic());
        let inline = (!is_generic).then(|| quote! { #[inline] });
        let Setter {
            docs,
            signature,
            set,
        } = emit(cx, param, item, place);
        quote! {
            #docs
            #inline
            #signature {
                Self(self.0 #set)
            }
        }
    })
}

/// Passes an argument to the request: `.path("name", name)`.
pub(super) fn set(param: &Param, argument: &Parameter<'_>, place: Place<'_>) -> TokenStream {
    let (wire, name) = (&param.wire, ident(argument.name));
    if param.location == Location::Path && param.ty == TypeRef::String && !param.repeated {
        return quote! { .path(#wire, #name) };
    }
    // The type that the runtime converts the argument to.
    let one = match &argument.ty {
        Type::Into(one) => Some(one),
        Type::IntoIterator(item) => match &**item {
            Type::Into(one) => Some(one),
            _ => None,
        },
        _ => None,
    };
    if let Some(one) = one {
        let one = one.tokens(place);
        return match (param.location, param.repeated) {
            (Location::Path, false) => quote! { .path_value::<#one>(#wire, #name.into()) },
            (Location::Path, true) => {
                quote! { .path_all::<#one>(#wire, #name.into_iter().map(Into::into)) }
            }
            (Location::Query, false) if param.ty == TypeRef::String => {
                quote! { .query_text(#wire, #name) }
            }
            (Location::Query, false) => quote! { .query_as::<#one>(#wire, #name) },
            (Location::Query, true) => quote! { .query_all_as::<#one>(#wire, #name) },
        };
    }
    match (param.location, param.repeated) {
        (Location::Path, false) => quote! { .path_value(#wire, #name) },
        (Location::Path, true) => quote! { .path_all(#wire, #name) },
        (Location::Query, false) => quote! { .query(#wire, #name) },
        (Location::Query, true) => quote! { .query_all(#wire, #name) },
    }
}

fn param_docs(cx: Cx<'_>, param: &Param) -> TokenStream {
    let fallback = format!("The parameter {}.", docs::code(&param.wire));
    let docs = cx.docs().description(param.docs.as_deref(), &fallback);
    docs.default(param.default.as_deref()).tokens()
}
