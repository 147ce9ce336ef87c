//! The `operations` resources of the five services, whose calls are part of the tests.

use std::{collections::BTreeMap, path::PathBuf};

use gapi_generator::{Analysis, Options, analyze, ir::MethodId};

use super::driver;
use crate::workspace;

/// Returns whether a resource has operations: `operations`, `instanceConfigOperations`.
#[must_use]
pub fn is_operations(resource: &[String]) -> bool {
    resource
        .last()
        .is_some_and(|name| name.to_lowercase().ends_with("operations"))
}

/// Returns the files under `parity/calls`: the calls of each document, and the table of all.
#[must_use]
pub fn calls() -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    let mut modules = Vec::new();
    for source in workspace::documents() {
        let analysis: Analysis =
            analyze(&source, &Options::default()).expect("the document generates");
        let chosen = |id: &MethodId| is_operations(&analysis.api[*id].resource);
        let ids: Vec<_> = analysis.api.method_ids().filter(chosen).collect();
        let module = analysis.names.module.clone();
        files.insert(
            format!("{module}.rs").into(),
            driver::calls(&analysis, &ids, "gapi"),
        );
        modules.push(module);
    }
    files.insert("mod.rs".into(), driver::all(&modules));
    files
}
