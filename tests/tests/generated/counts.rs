//! Completeness of the generated crate. Methods, schemas, properties and allowed values are counted in the JSON of each
//! document, without the generator, and looked up in the generated source.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use gapi_tests::{
    rust::{self, Api},
    workspace,
};
use serde_json::Value;

/// Returns each document with the source that was generated from it.
fn all() -> Vec<(String, Value, Api)> {
    let documents: Vec<_> = workspace::documents()
        .into_iter()
        .map(|source| {
            let document: Value = serde_json::from_str(&source.text).expect("JSON");
            let text = |name: &str| document[name].as_str().expect("a string").to_owned();
            let module = format!("{}_{}", text("name"), text("version"));
            let api = rust::api(&workspace::root().join("generated/src"), &module);
            (source.name, document, api)
        })
        .collect();
    assert_eq!(documents.len(), 9);
    documents
}

fn members<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value
        .get(name)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// Collects every method below a resource (or the document).
fn methods<'v>(resource: &'v Value, found: &mut Vec<&'v Value>) {
    found.extend(members(resource, "methods").map(|(_, method)| method));
    for (_, child) in members(resource, "resources") {
        methods(child, found);
    }
}

#[test]
fn every_method_has_a_call_with_its_id_verb_and_path() {
    for (name, document, api) in all() {
        let mut found = Vec::new();
        methods(&document, &mut found);
        let wanted = found.iter().map(|method| {
            let text = |name: &str| method[name].as_str().expect("a string").to_owned();
            (text("id"), text("httpMethod"), text("path"))
        });
        let wanted: BTreeSet<_> = wanted.collect();
        assert_eq!(wanted.len(), found.len(), "{name}: an id is there twice");
        assert!(!wanted.is_empty(), "{name} has no methods");

        let calls: Vec<&Vec<String>> = api
            .0
            .values()
            .flat_map(|module| module.calls.values())
            .collect();
        let generated: BTreeSet<_> = calls.iter().map(|rows| facts(rows)).collect();
        assert_eq!(generated, wanted, "{name}");
        assert_eq!(calls.len(), found.len(), "{name}");
    }
}

/// Returns the id, the verb and the path of a call.
fn facts(rows: &[String]) -> (String, String, String) {
    let row = |name: &str| {
        let row = rows
            .iter()
            .find_map(|row| row.strip_prefix(name)?.strip_prefix(": "));
        row.unwrap_or_else(|| panic!("no `{name}` in {rows:?}"))
    };
    let text = |literal: &str| {
        syn::parse_str::<syn::LitStr>(literal)
            .expect("a string")
            .value()
    };
    let (verb, path) = row("request").split_once(' ').expect("verb and path");
    (text(row("id")), verb.to_uppercase(), text(path))
}

#[test]
fn every_schema_has_a_type_with_its_properties() {
    for (name, document, api) in all() {
        let module = api.module("schemas");
        let types: BTreeSet<&String> = module
            .structs
            .keys()
            .chain(module.enums.keys())
            .chain(module.aliases.keys())
            .collect();
        let schemas: Vec<_> = members(&document, "schemas").collect();
        assert_eq!(types.len(), schemas.len(), "{name}");
        let mut found = BTreeSet::new();
        for (id, schema) in schemas {
            let ident = type_of(id, &types);
            found.insert(ident);
            let wanted: BTreeSet<&String> = members(schema, "properties")
                .map(|(name, _)| name)
                .collect();
            if let Some(table) = module.tables.get(ident) {
                assert_eq!(
                    table.values().collect::<BTreeSet<_>>(),
                    wanted,
                    "{name}: {id}"
                );
            } else {
                assert!(wanted.is_empty(), "{name}: {id} has no table");
            }
        }
        assert_eq!(found, types, "{name}");
    }
}

/// Returns the type of a schema. Its name differs from the id only in case and punctuation, or ends with `Schema`.
fn type_of<'t>(id: &str, types: &BTreeSet<&'t String>) -> &'t String {
    let fold = |text: &str| text.replace('_', "").to_lowercase();
    let is = |name: &String| fold(name) == fold(id) || fold(name) == fold(id) + "schema";
    let found: Vec<&&String> = types.iter().filter(|name| is(name)).collect();
    match found[..] {
        [only] => only,
        _ => panic!("{id} is {found:?}"),
    }
}

#[test]
fn every_list_of_allowed_values_has_an_enum_with_them() {
    for (name, document, api) in all() {
        let mut wanted = BTreeMap::new();
        enums(&document["schemas"], &mut wanted);
        enums(&document["resources"], &mut wanted);
        for (parameter, description) in members(&document, "parameters") {
            // The method decides the format of the response, so `alt` has no setter.
            if parameter != "alt" {
                enums(description, &mut wanted);
            }
        }
        let mut generated: BTreeMap<BTreeSet<String>, usize> = BTreeMap::new();
        for module in api.0.values() {
            for enumeration in module.enums.keys() {
                let values = module.tables[enumeration].values().cloned().collect();
                *generated.entry(values).or_default() += 1;
            }
        }
        assert!(!wanted.is_empty(), "{name}");
        assert_eq!(generated, wanted, "{name}");
    }
}

/// Counts the occurrences of every `enum` below a value.
fn enums(value: &Value, found: &mut BTreeMap<BTreeSet<String>, usize>) {
    if let Some(values) = value.get("enum").and_then(Value::as_array) {
        let values = values
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        *found.entry(values).or_default() += 1;
    }
    match value {
        Value::Object(members) => members.values().for_each(|member| enums(member, found)),
        Value::Array(elements) => elements.iter().for_each(|element| enums(element, found)),
        _ => {}
    }
}
