//! Modules of parameters: the API-wide setters, and the types inside methods.

use std::iter;

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    cx::{Cx, Fragments},
    modules,
    setter::{self, Setter},
};
use crate::items::{PARAMS, Path, Place, STANDARD_PARAMETERS, ident};

/// Returns the file with the API-wide parameters: their allowed values, and one trait with their setters.
pub(super) fn emit_api_wide(cx: Cx<'_>) -> Fragments<'_> {
    let docs = cx
        .docs()
        .paragraph(&format!(
            "The parameters that every method of the {} takes.",
            cx.title()
        ))
        .inner_tokens();
    let place = Place::Module(&*PARAMS);
    let (client, name) = (
        cx.items.client.path.tokens(place),
        ident(STANDARD_PARAMETERS),
    );
    let parameters = cx.api.parameters.iter().zip(&cx.items.setters);
    let setters = parameters.filter_map(|(param, item)| Some((param, item.as_ref()?)));
    let setters = setters.map(|(param, item)| {
        let Setter {
            docs,
            signature,
            set,
        } = setter::emit(cx, param, item, place);
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
        ///
        /// The trait [`Call`] has the setters of all APIs: headers, etags, and parameters that the document does not have.
        pub trait #name: Call {
            #(#setters)*
        }

        impl<C: Call<Service = #client>> #name for C {}
    };
    Box::new(iter::once(head).chain(modules::items(cx, &*PARAMS)))
}

/// Returns the sentence that names the API-wide parameters, for the documentation of a call in the module.
pub(super) fn link(place: Place<'_>) -> String {
    let path = Path {
        module: &[],
        name: STANDARD_PARAMETERS,
    };
    let path = path.text(place);
    let target = if path == STANDARD_PARAMETERS {
        // rustdoc warns of a target that says no more than the text.
        String::new()
    } else {
        format!("[{path}]")
    };
    format!(" All calls take [`{STANDARD_PARAMETERS}`]{target}.")
}

/// Emits `pub mod params { pub mod list { … } }` with the types inside the methods of a module.
pub(super) fn emit_resource_module(cx: Cx<'_>, module: &[String]) -> Option<TokenStream> {
    let params: Vec<String> = module.iter().chain(&*PARAMS).cloned().collect();
    let mut items = modules::items(cx, &params).peekable();
    items.peek().is_some().then(|| {
        quote! {
            /// Types of the parameters, by method.
            pub mod params { #(#items)* }
        }
    })
}
