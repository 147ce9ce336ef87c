//! Compares the items that `inspect` reports with those of the generated source.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use gapi_generator::{Analysis, inspect};
use serde_json::Value;

use crate::rust::{
    expand::Macros,
    public::{self, line},
};

/// The differences between two readings of an API.
#[derive(Debug)]
pub struct Compared {
    /// The number of items in the source.
    pub items: usize,
    /// Items that only the source has.
    pub missing: Vec<String>,
    /// Items that only `inspect` reports.
    pub extra: Vec<String>,
}

/// Compares the source of an API with the report of `inspect`.
#[must_use]
pub fn compare(
    analysis: &Analysis,
    files: &BTreeMap<PathBuf, String>,
    macros: &Macros,
) -> Compared {
    let source = public::items(files, &analysis.names.module, macros);
    let reported = reported(analysis);
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect();
    Compared {
        items: source.len(),
        missing: only(&source, &reported),
        extra: only(&reported, &source),
    }
}

fn reported(analysis: &Analysis) -> BTreeSet<String> {
    let items = inspect::items(analysis);
    let items = items.as_array().expect("a list");
    let lines: BTreeSet<String> = items
        .iter()
        .map(|item| {
            let text = |name: &str| item[name].as_str().unwrap_or_default();
            let rust = match text("signature") {
                "" => text("type"),
                signature => signature,
            };
            let deprecated = item["deprecated"] == Value::Bool(true);
            line(text("kind"), text("path"), rust, deprecated)
        })
        .collect();
    assert_eq!(lines.len(), items.len(), "an item is reported once");
    lines
}
