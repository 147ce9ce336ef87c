//! The original documents of mutations: the fixtures, and parts of the published documents that are small enough to be
//! fast.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::{fixture, workspace};

/// The longest fixture. Larger ones would take most of the time.
const LONGEST: usize = 4_000;

/// The number of methods in a part of a document.
const METHODS: usize = 2;

/// The number of schemas in a part. References to others become any JSON.
const SCHEMAS: usize = 8;

/// Returns all seeds, first those that generate.
#[must_use]
pub fn all() -> Vec<Value> {
    let fixtures = [fixture::good(), fixture::bad()].concat().into_iter();
    let small = fixtures.filter(|fixture| fixture.source.text.len() < LONGEST);
    let parsed = small.filter_map(|fixture| serde_json::from_str(&fixture.source.text).ok());
    let documents = workspace::documents().into_iter();
    let documents = documents.filter_map(|source| serde_json::from_str(&source.text).ok());
    documents
        .flat_map(|document: Value| parts(&document))
        .chain(parsed)
        .collect()
}

/// Returns small documents with a few methods each, cut out of a large one.
fn parts(document: &Value) -> Vec<Value> {
    let mut methods = Vec::new();
    collect(document, &mut Vec::new(), &mut methods);
    // Takes methods from the whole document.
    let step = methods.len().div_ceil(METHODS * 6).max(1);
    methods
        .chunks(METHODS)
        .step_by(step)
        .map(|methods| part(document, methods))
        .collect()
}

/// A method: the names of its resources, its own name, and its definition.
type Method<'d> = (Vec<String>, String, &'d Value);

fn collect<'d>(resource: &'d Value, path: &mut Vec<String>, found: &mut Vec<Method<'d>>) {
    let members = |name: &str| {
        resource
            .get(name)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
    };
    for (name, method) in members("methods") {
        found.push((path.clone(), name.clone(), method));
    }
    for (name, child) in members("resources") {
        path.push(name.clone());
        collect(child, path, found);
        path.pop();
    }
}

fn part(document: &Value, methods: &[Method<'_>]) -> Value {
    let mut part = document.clone();
    let mut root = json!({});
    for (path, name, method) in methods {
        let mut place = &mut root;
        for step in path {
            place = &mut place["resources"][step];
        }
        place["methods"][name] = (*method).clone();
    }
    part["resources"] = root["resources"].take();
    part["schemas"] = Value::Object(schemas(document, methods));
    forget_missing(&mut part);
    if let Some(parameters) = part["parameters"].as_object_mut() {
        parameters.retain(|name, _| ["$.xgafv", "alt", "fields"].contains(&name.as_str()));
    }
    for unused in ["icons", "protocol", "ownerDomain", "ownerName", "endpoints"] {
        if let Some(members) = part.as_object_mut() {
            members.remove(unused);
        }
    }
    part
}

/// Returns the schemas that the methods refer to, nearest first.
fn schemas(document: &Value, methods: &[Method<'_>]) -> Map<String, Value> {
    let mut waiting: Vec<String> = Vec::new();
    for (_, _, method) in methods {
        references(method, &mut waiting);
    }
    let mut kept = Map::new();
    let mut at = 0;
    while let Some(name) = waiting.get(at).cloned()
        && kept.len() < SCHEMAS
    {
        at += 1;
        if let Some(schema) = document["schemas"].get(&name)
            && !kept.contains_key(&name)
        {
            references(schema, &mut waiting);
            kept.insert(name, small(schema));
        }
    }
    kept
}

/// Returns a schema with only its first members. More members would test nothing else.
fn small(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        let kept: BTreeSet<String> = properties.keys().take(5).cloned().collect();
        properties.retain(|name, _| kept.contains(name));
    }
    schema
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(target) if name == "$ref" => found.push(target.clone()),
                    other => references(other, found),
                }
            }
        }
        Value::Array(elements) => elements
            .iter()
            .for_each(|element| references(element, found)),
        _ => {}
    }
}

fn forget_missing(part: &mut Value) {
    let known: BTreeSet<String> = part["schemas"]
        .as_object()
        .into_iter()
        .flat_map(Map::keys)
        .cloned()
        .collect();
    super::repair::references(part, |name| (!known.contains(name)).then_some(Value::Null));
}
