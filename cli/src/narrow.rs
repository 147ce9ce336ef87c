//! Options for one document, with several outputs.

use std::collections::BTreeSet;

use gapi_generator::{Options, Selector, Source};
use serde::Deserialize;

use crate::arguments::Generating;

/// Documents that options of the command line name.
pub(crate) struct Named<'a> {
    given: BTreeSet<&'a str>,
    /// The documents of all outputs.
    known: BTreeSet<String>,
}

/// The members of a document that form its id.
#[derive(Deserialize)]
struct Head {
    id: Option<String>,
    name: Option<String>,
    version: Option<String>,
}

impl Head {
    fn into_id(self) -> Option<String> {
        let named = || Some(format!("{}:{}", self.name?, self.version?));
        self.id.or_else(named)
    }
}

/// Returns the ids of documents. A document without one is an error later.
pub(crate) fn ids(sources: &[Source]) -> BTreeSet<String> {
    let heads = sources
        .iter()
        .filter_map(|source| serde_json::from_str::<Head>(&source.text).ok());
    heads.filter_map(Head::into_id).collect()
}

/// Returns the name and the version of a document. A document without them is an error later.
pub(crate) fn name_and_version(source: &Source) -> Option<(String, String)> {
    let text = source.text.trim_start_matches('\u{feff}');
    let head = serde_json::from_str::<Head>(text).ok()?;
    Some((head.name?, head.version?))
}

/// Returns the documents that an output's options name.
pub(crate) fn documents(options: &Options) -> impl Iterator<Item = &str> {
    let renames = options.renames.iter().map(|it| it.document.as_str());
    let resources = options.resources.iter().filter_map(document);
    let derives = options.derives.iter().map(|it| &it.structs);
    renames.chain(resources).chain(derives.filter_map(document))
}

fn document(selector: &Selector) -> Option<&str> {
    selector.document.as_deref()
}

impl<'a> Named<'a> {
    /// Returns the documents that the options name, and those of all outputs.
    pub(crate) fn new(
        generating: &'a Generating,
        selectors: &'a [Selector],
        known: BTreeSet<String>,
    ) -> Self {
        let renames = generating.reading.rename.iter();
        let derives = generating.derive.iter().map(|it| &it.structs);
        let given = selectors.iter().chain(derives).filter_map(document);
        Self {
            given: given
                .chain(renames.map(|it| it.document.as_str()))
                .collect(),
            known,
        }
    }

    /// Removes the options that are for documents of other outputs. Options of the project file are checked only if `of_project`,
    /// because with documents on the command line they may be for other documents. `of_file` is the selection without the command
    /// line.
    pub(crate) fn narrow(
        &self,
        options: &mut Options,
        ids: &BTreeSet<String>,
        of_project: bool,
        of_file: &[Selector],
    ) {
        let applies = |document: &str| {
            ids.contains(document)
                || if self.given.contains(document) {
                    // Kept, and reported as an error later, because no output has this document.
                    !self.known.contains(document)
                } else {
                    of_project
                }
        };
        let selects = |selector: &Selector| document(selector).is_none_or(applies);
        options.renames.retain(|it| applies(&it.document));
        options.derives.retain(|it| selects(&it.structs));
        let before = options.resources.len();
        options.resources.retain(selects);
        if options.resources.is_empty() && before > 0 {
            options.resources = of_file.iter().filter(|it| selects(it)).cloned().collect();
        }
    }
}
