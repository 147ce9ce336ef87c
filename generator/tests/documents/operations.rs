//! Methods that start operations have the types of the table `generator/src/facts/operation_results.txt`.
//!
//! Tests the nine documents. To test every document of a directory:
//!
//! ```sh
//! STABILITY_OF=target/corpus/documents cargo test -p gapi-generator --test documents operations:: -- --nocapture
//! ```

#![allow(clippy::expect_used, reason = "tests")]

use std::collections::{BTreeMap, HashMap};

use gapi_generator::{
    Analysis, Options, Source, analyze_any_revision,
    facts::{OperationResult, OperationStyle},
    ir::{MethodId, TypeRef},
};
use gapi_tests::workspace;
use serde_json::{Value, json};

use super::streaming::documents;

/// A row: its source, and the names of response and metadata.
struct Row {
    source: String,
    response: String,
    metadata: String,
}

/// Returns the rows by host and place.
fn table() -> HashMap<(String, String), Row> {
    let path = workspace::root().join("generator/src/facts/operation_results.txt");
    let (mut host, mut source) = (String::new(), String::new());
    let mut rows = HashMap::new();
    for line in workspace::read(&path).lines() {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["@", name] => name.clone_into(&mut host),
            [">", ..] => line[2..].clone_into(&mut source),
            [verb, path, response, metadata, _] if verb != "#" => {
                let [response, metadata] = [response, metadata].map(str::to_owned);
                let row = Row {
                    source: source.clone(),
                    response,
                    metadata,
                };
                let known = rows.insert((host.clone(), format!("{verb} {path}")), row);
                assert!(known.is_none(), "{line}");
            }
            _ => assert!(line.is_empty() || line.starts_with('#'), "{line}"),
        }
    }
    rows
}

fn folded(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.collect::<String>().to_ascii_lowercase()
}

/// Checks the types of a method. Returns the kind of its result.
fn check(analysis: &Analysis, id: MethodId, result: &OperationResult, row: &Row) -> &'static str {
    let name = &analysis.api[id].id;
    // A schema has the end of the message's name.
    let is_end = |schema: gapi_generator::ir::TypeId, message: &str| {
        let owner = format!("{:?}", analysis.api[schema].owner);
        let last = message.rsplit('.').next().unwrap_or_default();
        assert!(
            folded(&owner).ends_with(&folded(last)),
            "{name}: {owner} {message}"
        );
    };
    if let Some(schema) = result.response {
        is_end(schema, &row.response);
    }
    if let Some(schema) = result.metadata {
        is_end(schema, &row.metadata);
    }
    let is_annotated = row.source.contains(".proto ");
    match (result.response, result.response_is_json) {
        (Some(_), false) => "struct",
        (None, true) => {
            assert!(is_annotated, "{name}");
            "JSON"
        }
        // Rules find some metadata without a response.
        _ => {
            assert_eq!(
                (is_annotated, row.response.as_str()),
                (false, "-"),
                "{name}"
            );
            "metadata only"
        }
    }
}

#[test]
fn each_annotated_operation_is_typed() {
    let table = table();
    let mut counts: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    for source in documents() {
        let analysis = analyze_any_revision(&source, &Options::default()).expect("a client");
        let api = &analysis.api;
        let host = api.root_url.split('/').nth(2).expect("a host");
        for id in api.method_ids() {
            let Some(row) = table.get(&(host.to_owned(), api[id].place.clone())) else {
                continue;
            };
            let Some(TypeRef::Named(response)) = api[id].response else {
                continue;
            };
            if analysis.facts.operations.get(&response) != Some(&OperationStyle::Aip151) {
                continue;
            }
            let kind = if let Some(result) = analysis.facts.operation_results.get(&id) {
                check(&analysis, id, result, row)
            } else {
                let methods = analysis.facts.operation_methods.get(&response);
                assert!(methods.is_none(), "{}: no poller", api[id].id);
                "no method to poll with"
            };
            *counts
                .entry((row.source.contains(".proto "), kind))
                .or_default() += 1;
        }
    }
    for ((is_annotated, kind), count) in &counts {
        let source = if *is_annotated {
            "annotated"
        } else {
            "by rules"
        };
        println!("{source}, {kind}: {count}");
    }
    assert!(counts[&(true, "struct")] >= 31, "{counts:?}");
    assert!(counts[&(false, "struct")] >= 50, "{counts:?}");
    assert!(!counts.contains_key(&(true, "metadata only")), "{counts:?}");
}

/// Returns a document whose only method starts an operation of spanner.
fn document(host: &str, schemas: &Value) -> Source {
    let parameter = json!({"type": "string", "location": "path", "required": true});
    let mut all = json!({
        "Operation": {"id": "Operation", "type": "object", "properties": {
            "name": {"type": "string"},
            "done": {"type": "boolean"},
            "error": {"type": "object", "additionalProperties": {"type": "any"}},
            "response": {"type": "object", "additionalProperties": {"type": "any"}},
        }},
    });
    let schemas = schemas.as_object().expect("an object").clone();
    all.as_object_mut().expect("an object").extend(schemas);
    let document = json!({
        "kind": "discovery#restDescription",
        "id": "things:v1",
        "name": "things",
        "version": "v1",
        "revision": "1",
        "title": "Things",
        "rootUrl": format!("https://{host}/"),
        "servicePath": "",
        "batchPath": "batch",
        "schemas": all,
        "resources": {
            "operations": {"methods": {"get": {
                "id": "things.operations.get",
                "httpMethod": "GET",
                "path": "v1/{+name}",
                "flatPath": "v1/projects/{projectsId}/operations/{operationsId}",
                "parameters": {"name": parameter},
                "response": {"$ref": "Operation"},
            }}},
            "instances": {"methods": {"create": {
                "id": "things.instances.create",
                "httpMethod": "POST",
                "path": "v1/{+parent}/instances",
                "flatPath": "v1/projects/{projectsId}/instances",
                "parameters": {"parent": parameter},
                "response": {"$ref": "Operation"},
            }}},
        },
    });
    Source {
        name: "things.v1.json".into(),
        text: document.to_string(),
    }
}

#[test]
fn types_are_found_by_host_and_path_and_by_any_tail_of_a_name() {
    let schema = |id: &str| json!({id: {"id": id, "type": "object", "properties": {}}});
    for (host, schemas, response, is_json) in [
        (
            "spanner.googleapis.com",
            schema("Instance"),
            Some("Instance"),
            false,
        ),
        (
            "spanner.googleapis.com",
            schema("GoogleSpannerAdminInstanceV1Instance"),
            Some("GoogleSpannerAdminInstanceV1Instance"),
            false,
        ),
        (
            "spanner.googleapis.com",
            schema("AdminInstance_Instance"),
            Some("AdminInstance_Instance"),
            false,
        ),
        ("spanner.googleapis.com", schema("Instances"), None, true),
        ("other.googleapis.com", schema("Instance"), None, false),
    ] {
        let source = document(host, &schemas);
        let analysis = analyze_any_revision(&source, &Options::default()).expect("a client");
        let results = &analysis.facts.operation_results;
        let result = results
            .iter()
            .find(|(id, _)| analysis.api[**id].name == "create");
        let (_, result) = result.expect("a result");
        let found = result
            .response
            .map(|id| format!("{:?}", analysis.api[id].owner));
        let expected = response.map(|id| format!("Schema(\"{id}\")"));
        assert_eq!(
            (found, result.response_is_json),
            (expected, is_json),
            "{schemas}"
        );
    }
}
