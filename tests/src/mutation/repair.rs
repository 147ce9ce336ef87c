//! Repairs that make a changed document generate again. A document that is rejected early tests little.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::tree;
use crate::random::Random;

/// Repairs references to missing schemas, variables without a parameter and duplicate ids.
pub(super) fn repair(document: &mut Value, random: &mut Random) {
    let known: Vec<String> = document
        .get("schemas")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::keys)
        .cloned()
        .collect();
    references(document, |name| {
        let gone = !known.iter().any(|known| known == name);
        gone.then(|| {
            random
                .pick(&known)
                .map_or(Value::Null, |name| name.as_str().into())
        })
    });
    let mut ids = BTreeSet::new();
    tree::members(document, &mut |name, methods| {
        let methods = methods.as_object_mut().filter(|_| name == "methods");
        for (name, method) in methods.into_iter().flatten() {
            let Some(method) = method.as_object_mut() else {
                continue;
            };
            parameters(method);
            let id = method.get("id").and_then(Value::as_str).unwrap_or(name);
            let mut unique = id.to_owned();
            while !ids.insert(unique.clone()) {
                unique.push('x');
            }
            method.insert("id".to_owned(), unique.into());
        }
    });
}

/// Replaces each reference for which `other` returns a name. Removes it if `other` returns null.
pub(super) fn references(value: &mut Value, mut other: impl FnMut(&str) -> Option<Value>) {
    visit(value, &mut other);
}

fn visit(value: &mut Value, other: &mut dyn FnMut(&str) -> Option<Value>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(name)) = members.get("$ref")
                && let Some(name) = other(name)
            {
                if name.is_null() {
                    members.remove("$ref");
                    members.insert("type".to_owned(), "any".into());
                } else {
                    members.insert("$ref".to_owned(), name);
                }
            }
            members.values_mut().for_each(|member| visit(member, other));
        }
        Value::Array(elements) => elements
            .iter_mut()
            .for_each(|element| visit(element, other)),
        _ => {}
    }
}

/// Adds a parameter for each variable of the path, and removes path parameters without a variable.
fn parameters(method: &mut Map<String, Value>) {
    let path = method
        .get("path")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let names = path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'));
    let names: Vec<String> = names
        .map(|(name, _)| name.trim_start_matches('+').to_owned())
        .collect();
    let entry = method.entry("parameters").or_insert_with(|| json!({}));
    let Some(parameters) = entry.as_object_mut() else {
        return;
    };
    for name in &names {
        let parameter = || json!({"type": "string", "location": "path", "required": true});
        parameters.entry(name).or_insert_with(parameter);
    }
    for (name, parameter) in parameters {
        if !names.contains(name) && parameter["location"] == "path" {
            parameter["location"] = "query".into();
        }
    }
}
