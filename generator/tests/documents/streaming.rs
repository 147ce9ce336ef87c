//! The generator finds the same streaming methods as `tools/measure/streaming.py`.
//!
//! Tests the nine documents. To test every document of a directory:
//!
//! ```sh
//! STABILITY_OF=target/corpus/documents cargo test -p gapi-generator --test documents streaming::
//! ```

#![allow(clippy::expect_used, reason = "tests")]

use std::{collections::BTreeSet, path::Path};

use gapi_generator::{Options, Source, analyze_any_revision, inspect};
use gapi_tests::workspace;
use serde_json::{Value, json};

/// Returns the table.
fn table() -> Value {
    let path = workspace::root().join("generator/src/facts/streaming.json");
    serde_json::from_str(&workspace::read(&path)).expect("JSON")
}

/// Returns the checked-in documents, or those of the directory `STABILITY_OF`.
pub(crate) fn documents() -> Vec<Source> {
    let Some(directory) = std::env::var("STABILITY_OF").ok() else {
        return workspace::documents();
    };
    let paths = workspace::entries(&workspace::root().join(Path::new(&directory)));
    let sources = paths.iter().map(|path| Source {
        name: workspace::name(path),
        text: workspace::read(path),
    });
    sources
        .filter(|source| source.text.contains("discovery#restDescription"))
        .collect()
}

/// Returns the methods of a document that stream, and the id of the document.
fn streaming(source: &Source) -> (String, BTreeSet<String>) {
    let analysis = analyze_any_revision(source, &Options::default());
    let analysis = analysis.expect("a client");
    let model = inspect::to_json(&analysis)["ir"].take();
    let methods = model["methods"].as_array().expect("methods");
    let methods = methods
        .iter()
        .filter(|method| method["streaming"] == true)
        .map(|method| method["id"].as_str().expect("an id").to_owned())
        .collect();
    (model["id"].as_str().expect("an id").to_owned(), methods)
}

#[test]
fn case_r2_the_generator_agrees_with_the_table() {
    let known = table()["methods"].take();
    let mut count = 0;
    for source in documents() {
        let (id, found) = streaming(&source);
        let known = known[&id]
            .as_object()
            .into_iter()
            .flat_map(|rows| rows.keys());
        let known: BTreeSet<String> = known.cloned().collect();
        assert_eq!(found, known, "{id}");
        count += found.len();
    }
    assert!(count >= 4, "{count} methods");
}

/// Returns the document of an API with one method.
fn document(host: &str, service_path: &str, method: &Value) -> Source {
    let document = json!({
        "kind": "discovery#restDescription",
        "id": "streams:v1",
        "name": "streams",
        "version": "v1",
        "revision": "1",
        "title": "Streams",
        "rootUrl": format!("https://{host}/"),
        "servicePath": service_path,
        "batchPath": "batch",
        "schemas": {"Message": {"id": "Message", "type": "object", "properties": {}}},
        "resources": {"things": {"methods": {"call": method}}},
    });
    Source {
        name: "streams.v1.json".into(),
        text: document.to_string(),
    }
}

#[test]
fn case_r2_rpcs_are_found_by_host_verb_and_path() {
    let method = |verb: &str, path: &str| {
        json!({
            "id": "streams.things.call",
            "httpMethod": verb,
            "path": path,
            "flatPath": path,
            "response": {"$ref": "Message"},
            "parameters": {
                "a": {"type": "string", "location": "path", "required": true},
                "b": {"type": "string", "location": "path", "required": true},
            },
        })
    };
    for (host, service_path, verb, path, expected) in [
        (
            "bigtable.googleapis.com",
            "",
            "POST",
            "v2/projects/{a}/instances/{b}/tables/{c}:readRows",
            true,
        ),
        (
            "bigtable.googleapis.com",
            "v2/",
            "POST",
            "projects/{a}/instances/{b}/tables/{c}:readRows",
            true,
        ),
        (
            "bigtable.googleapis.com",
            "",
            "POST",
            "v3/projects/{a}/instances/{b}/tables/{c}:readRows",
            true,
        ),
        (
            "bigtable.googleapis.com",
            "",
            "GET",
            "v2/projects/{a}/instances/{b}/tables/{c}:readRows",
            false,
        ),
        (
            "bigtable.googleapis.com",
            "v2/",
            "POST",
            "projects/{a}/instances/i/tables/{b}:readRows",
            false,
        ),
        (
            "other.googleapis.com",
            "",
            "POST",
            "v2/projects/{a}/instances/{b}/tables/{c}:readRows",
            false,
        ),
    ] {
        let mut method = method(verb, path);
        method["parameters"]["c"] = method["parameters"]["b"].clone();
        if !path.contains("{c}") {
            method["parameters"]
                .as_object_mut()
                .expect("parameters")
                .remove("c");
        }
        let (_, found) = streaming(&document(host, service_path, &method));
        assert_eq!(
            !found.is_empty(),
            expected,
            "{host} {verb} {service_path}{path}"
        );
    }
}
