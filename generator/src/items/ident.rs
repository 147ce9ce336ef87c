//! Identifiers as tokens.

use proc_macro2::{Ident, Span};

/// Returns the identifier of a name that [`names`](crate::names) made, which may be a raw one.
pub(crate) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// Returns the name without the mark of a raw identifier: the name of a module's file has none.
pub(crate) fn without_raw(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}
