//! The parts of a crate around its APIs: `lib.rs` and the features in `Cargo.toml`.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, Docs};
use crate::items::ident;

mod block;

use block::{Block, NONE, by_hand};
pub(crate) use block::{MARKER, Misplaced};

/// The data of one API for the crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) module: String,
    pub(crate) feature: String,
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) revision: String,
}

/// The arrangement of APIs in a crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Each API is a module behind its own feature.
    Features,
    /// There is one API, and the crate is this API.
    Alone,
}

/// The documentation of a crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrontPage {
    /// The crate's README.
    Readme,
    /// A list of the APIs.
    List,
}

/// Emits `lib.rs`.
pub(crate) fn lib(entries: &[Entry], layout: Layout, front_page: FrontPage) -> TokenStream {
    let docs = match front_page {
        // Its examples may need a feature, or what a program around them has.
        FrontPage::Readme => quote! {
            #![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
        },
        FrontPage::List => match layout {
            Layout::Features => list(entries),
            Layout::Alone => entries.iter().map(description).collect(),
        },
    };
    let modules = match layout {
        Layout::Features => with_features(entries),
        Layout::Alone => entries.iter().map(alone).collect(),
    };
    // On docs.rs the page of an item says which feature it needs.
    let attribute = (layout == Layout::Features).then(|| {
        quote! { #![cfg_attr(docsrs, feature(doc_cfg))] }
    });
    quote! {
        #docs
        #attribute
        pub use gapi_runtime;
        pub use gapi_runtime::set_null;
        #modules
    }
}

/// Emits the documentation of the crate of a single API.
fn description(entry: &Entry) -> TokenStream {
    let (title, version) = (docs::inline(&entry.title), docs::inline(&entry.version));
    Docs::new(None)
        .paragraph(&format!(
            "Typed, documented async client of the {title} {version}, generated from its Discovery document."
        ))
        .paragraph(CALLS)
        .inner_tokens()
}

/// Emits the single API of a crate. The items of its module are in the root.
fn alone(entry: &Entry) -> TokenStream {
    let module = ident(&entry.module);
    quote! {
        #[rustfmt::skip]
        mod #module;
        #[doc(inline)]
        pub use #module::*;
    }
}

/// The documentation that all APIs share.
const CALLS: &str = "A call begins at a resource, takes its required parameters as arguments and the others by \
     setters, and ends with `send`, `pages` or `items`. [`gapi_runtime`] has what all calls share: clients, \
     errors, pages, the types of JSON.";

/// Emits the documentation of a crate of several APIs.
fn list(entries: &[Entry]) -> TokenStream {
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
    docs.paragraph(CALLS).inner_tokens()
}

/// Emits one module for each API, each behind its feature.
fn with_features(entries: &[Entry]) -> TokenStream {
    let modules = entries.iter().map(|entry| {
        let (module, feature) = (ident(&entry.module), &entry.feature);
        quote! {
            #[cfg(feature = #feature)]
            #[rustfmt::skip]
            pub mod #module;
        }
    });
    modules.collect()
}

/// Returns `true` if a manifest has generated features of APIs.
pub(crate) fn has_features(manifest: &str) -> bool {
    Block::of(manifest).is_ok_and(|block| block.has_features)
}

/// Returns the manifest with an updated generated part. `is_earlier` returns whether an earlier run generated a feature that is not
/// in `entries`.
///
/// # Errors
/// Returns an error if the manifest has no marker, if the marker is outside of the features, or if there is other text among the
/// generated features.
pub(crate) fn manifest(
    current: &str,
    entries: &[Entry],
    layout: Layout,
    is_earlier: impl Fn(&str) -> bool,
) -> Result<String, Misplaced> {
    let block = Block::of(current)?;
    let is_now = |feature: &str| entries.iter().any(|entry| entry.feature == feature);
    let mut known = block.features.iter();
    if let Some(feature) = known.find(|it| !is_now(it) && !is_earlier(it)) {
        return Err(by_hand(&format!("{feature} = []")));
    }
    let features = match layout {
        Layout::Features if block.is_in_features => features(entries),
        Layout::Features => {
            return Err(Misplaced {
                message: "has the line for the generated features outside of `[features]`"
                    .to_owned(),
                help: format!("move this line to the end of `[features]`: {MARKER}"),
            });
        }
        Layout::Alone => format!("{NONE}\n"),
    };
    let Block { head, tail, .. } = block;
    Ok(format!("{head}{MARKER}\n{features}{tail}"))
}

fn features(entries: &[Entry]) -> String {
    let lines = |form: fn(&str) -> String| -> String {
        let lines = entries.iter().map(|entry| form(&entry.feature));
        lines.collect::<Vec<_>>().concat()
    };
    let all = lines(|feature| format!("    \"{feature}\",\n"));
    let each = lines(|feature| format!("{feature} = []\n"));
    format!("all = [\n{all}]\n{each}")
}
