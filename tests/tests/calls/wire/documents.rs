//! The `operations` resources in the documents, which the tests must cover.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

/// Query parameters, API-wide ones included, by method id.
pub(super) type Methods = BTreeMap<String, BTreeSet<String>>;

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../discovery")
}

/// Returns the API versions with a document, for instance `spanner.v1`.
pub(super) fn versions() -> BTreeSet<String> {
    fs::read_dir(directory())
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_suffix(".json").map(str::to_owned)
        })
        .collect()
}

/// Returns the methods of every resource of this API version whose own name is `operations`.
pub(super) fn operations_methods(version: &str) -> Methods {
    let text = fs::read(directory().join(format!("{version}.json"))).unwrap();
    let document: Value = serde_json::from_slice(&text).unwrap();
    let mut methods = Methods::new();
    collect(&document, &names(&document["parameters"]), &mut methods);
    methods
}

fn collect(parent: &Value, global: &BTreeSet<String>, methods: &mut Methods) {
    let resources = parent["resources"].as_object();
    for (name, resource) in resources.into_iter().flatten() {
        let of_interest = resource["methods"]
            .as_object()
            .filter(|_| name == "operations");
        for method in of_interest.into_iter().flat_map(|methods| methods.values()) {
            let id = method["id"].as_str().unwrap().to_owned();
            let own = names(&method["parameters"]);
            methods.insert(id, own.union(global).cloned().collect());
        }
        collect(resource, global, methods);
    }
}

/// Returns the names of the parameters that are sent in the query.
fn names(parameters: &Value) -> BTreeSet<String> {
    let parameters = parameters.as_object();
    parameters
        .into_iter()
        .flatten()
        .filter(|(_, parameter)| parameter["location"] == "query")
        .map(|(name, _)| name.clone())
        .collect()
}
