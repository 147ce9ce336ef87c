//! What stands around the APIs of a crate: its `lib.rs` and the features of its `Cargo.toml`.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    docs::{self, Docs},
    ident,
};

/// What the crate has to know of one API.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) module: String,
    pub(crate) feature: String,
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) revision: String,
}

/// `lib.rs`: one module an API, each behind its feature.
pub(crate) fn lib(entries: &[Entry]) -> TokenStream {
    let mut docs = Docs::new(None)
        .paragraph(
            "Typed, documented async clients of Google APIs, generated from Discovery documents.",
        )
        .paragraph("Each version of an API is a module behind a cargo feature of the same name:");
    for Entry {
        module,
        feature,
        title,
        version,
        ..
    } in entries
    {
        let (title, version) = (docs::inline(title), docs::inline(version));
        docs = docs.item(
            &format!("`{feature}`: `{module}`, the {title} {version}"),
            "",
            "",
        );
    }
    let docs = docs
        .paragraph(
            "A call begins at a resource, takes its required parameters as arguments and the others \
             by setters, and ends with `send`, `pages` or `items`. [`gapi_runtime`] has what all \
             calls share: clients, errors, pages, the types of JSON.",
        )
        .inner_tokens();
    let modules = entries.iter().map(|entry| {
        let (module, feature) = (ident(&entry.module), &entry.feature);
        quote! {
            #[cfg(feature = #feature)]
            #[rustfmt::skip]
            pub mod #module;
        }
    });
    quote! {
        #docs
        pub use gapi_runtime;
        pub use gapi_runtime::set_null;
        #(#modules)*
    }
}

/// The line after which a manifest belongs to the generator. It stands within the table of the features, so that others than
/// the generated ones can come before it.
const MARKER: &str =
    "# Generated features: one for each API version. Everything above is written by hand.";

/// The name of the crate that a manifest is of, as Rust writes it.
pub(crate) fn crate_name(manifest: &str) -> Option<String> {
    let package = manifest.split("[package]").nth(1)?;
    let table = package.lines().take_while(|line| !line.starts_with('['));
    let name = table
        .filter_map(|line| line.strip_prefix("name"))
        .find_map(|rest| rest.trim_start().strip_prefix('='))?;
    let name = name.trim().trim_matches('"').replace('-', "_");
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(plain)).then_some(name)
}

/// The manifest with its generated tail brought up to date.
///
/// # Errors
/// A sentence when the manifest has no marker, or has it outside of the features.
pub(crate) fn manifest(current: &str, entries: &[Entry]) -> Result<String, String> {
    let Some(at) = current.find(MARKER) else {
        return Err(format!(
            "has no line `{MARKER}`, after which the features could be written"
        ));
    };
    let head = &current[..at];
    let table = head.lines().rfind(|line| line.starts_with('['));
    if table != Some("[features]") {
        return Err(format!("has the line `{MARKER}` outside of `[features]`"));
    }
    let lines = |form: fn(&str) -> String| -> String {
        entries
            .iter()
            .map(|entry| form(&entry.feature))
            .collect::<Vec<_>>()
            .concat()
    };
    let all = lines(|feature| {
        format!(
            "    \"{feature}\",
"
        )
    });
    let each = lines(|feature| {
        format!(
            "{feature} = []
"
        )
    });
    Ok(format!(
        "{head}{MARKER}
all = [
{all}]
{each}"
    ))
}
