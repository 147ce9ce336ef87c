//! Changed documents: in another order, smaller, or larger by one item.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use gapi_tests::random::Random;

/// Writes the document with the members of every object in another order.
pub(crate) fn shuffled(value: &Value, random: &mut Random, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            random.shuffle(&mut members);
            for (index, (name, member)) in members.into_iter().enumerate() {
                out.push(if index == 0 { '{' } else { ',' });
                out.push_str(&json!(name).to_string());
                out.push(':');
                shuffled(member, random, out);
            }
            out.push_str(if value == &json!({}) { "{}" } else { "}" });
        }
        Value::Array(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                shuffled(element, random, out);
            }
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    }
}

/// Returns the document without some of its resources, methods, parameters, schemas, properties, values and scopes.
pub(crate) fn smaller(document: &Value, random: &mut Random) -> Value {
    let mut document = document.clone();
    let percent = [3, 20, 60][random.below(3)];
    thin_resource(&mut document, percent, random);
    if let Some(parameters) = object(&mut document, "parameters") {
        parameters.retain(|_, _| !random.percent(percent));
        parameters
            .values_mut()
            .for_each(|schema| thin_schema(schema, percent, random));
    }
    if let Some(schemas) = object(&mut document, "schemas") {
        schemas
            .values_mut()
            .for_each(|schema| thin_schema(schema, percent, random));
    }
    let mut used = BTreeSet::new();
    references(&document, &mut used);
    if let Some(schemas) = object(&mut document, "schemas") {
        schemas.retain(|name, _| used.contains(name) || !random.percent(percent));
    }
    if let Some(scopes) = document.pointer_mut("/auth/oauth2/scopes") {
        let scopes = scopes.as_object_mut().expect("an object of scopes");
        scopes.retain(|_, _| !random.percent(percent));
    }
    document
}

fn object<'v>(value: &'v mut Value, name: &str) -> Option<&'v mut Map<String, Value>> {
    value.get_mut(name)?.as_object_mut()
}

fn thin_resource(resource: &mut Value, percent: usize, random: &mut Random) {
    if let Some(methods) = object(resource, "methods") {
        methods.retain(|_, _| !random.percent(percent));
        methods
            .values_mut()
            .for_each(|method| thin_method(method, percent, random));
    }
    if let Some(children) = object(resource, "resources") {
        children.retain(|_, _| !random.percent(percent / 3));
        children
            .values_mut()
            .for_each(|child| thin_resource(child, percent, random));
    }
}

/// Removes some optional parameters of a method.
fn thin_method(method: &mut Value, percent: usize, random: &mut Random) {
    let path = method["path"].as_str().unwrap_or_default().to_owned();
    if let Some(parameters) = object(method, "parameters") {
        // One document lists the common parameters in a method by accident, and then all of them.
        if parameters.contains_key("userip") {
            return;
        }
        parameters.retain(|name, schema| {
            let in_path =
                path.contains(&format!("{{{name}}}")) || path.contains(&format!("{{+{name}}}"));
            let needed = in_path || schema["required"] == true;
            needed || !random.percent(percent)
        });
        parameters
            .values_mut()
            .for_each(|schema| thin_schema(schema, percent, random));
    }
    for body in ["request", "response"] {
        if let Some(schema) = method.get_mut(body) {
            thin_schema(schema, percent, random);
        }
    }
}

fn thin_schema(schema: &mut Value, percent: usize, random: &mut Random) {
    thin_values(schema, percent, random);
    if let Some(properties) = object(schema, "properties") {
        properties.retain(|_, _| !random.percent(percent));
        properties
            .values_mut()
            .for_each(|property| thin_schema(property, percent, random));
    }
    for inner in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get_mut(inner) {
            thin_schema(inner, percent, random);
        }
    }
}

/// Removes values of an `enum` and their descriptions. Keeps at least one.
fn thin_values(schema: &mut Value, percent: usize, random: &mut Random) {
    let Some(values) = schema.get("enum").and_then(Value::as_array) else {
        return;
    };
    let mut kept: Vec<bool> = values.iter().map(|_| !random.percent(percent)).collect();
    keep_what_aliases_stand_for(schema, values, &mut kept);
    if !kept.contains(&true) {
        return;
    }
    for list in ["enum", "enumDescriptions", "enumDeprecated"] {
        if let Some(list) = schema.get_mut(list).and_then(Value::as_array_mut) {
            let mut keep = kept.iter();
            list.retain(|_| keep.next().copied().unwrap_or(true));
        }
    }
}

/// Keeps values that another value describes itself as a legacy alias of, because they came first.
fn keep_what_aliases_stand_for(schema: &Value, values: &[Value], kept: &mut [bool]) {
    let descriptions = schema["enumDescriptions"].as_array();
    for (index, description) in descriptions.into_iter().flatten().enumerate() {
        let alias = description
            .as_str()
            .and_then(|text| text.strip_prefix("Legacy alias for `"));
        let target = alias.and_then(|rest| rest.split('`').next());
        let target = target.and_then(|target| values.iter().position(|value| value == target));
        if let Some(target) = target
            && kept.get(index) == Some(&true)
        {
            kept[target] = true;
        }
    }
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            // A property can be called `$ref` as well. Then its value is not a string.
            if let Some(Value::String(name)) = members.get("$ref") {
                found.insert(name.clone());
            }
            members
                .values()
                .for_each(|member| references(member, found));
        }
        Value::Array(elements) => elements
            .iter()
            .for_each(|element| references(element, found)),
        _ => {}
    }
}

/// Returns the document with one more item, whose name is similar to an existing one.
pub(crate) fn larger(document: &Value, random: &mut Random) -> Option<Value> {
    let mut grown = document.clone();
    let mut places = Vec::new();
    growing_places(document, "", &mut places);
    let (place, kind) = random.pick(&places)?.clone();
    // Mostly names of the same place and of the other kind in the same object, because those can collide.
    let (other, other_kind) = random.pick(&places)?.clone();
    let near = random.percent(70);
    let words = if near {
        words_near(document, &place, kind)
    } else {
        words(document.pointer(&other)?, other_kind)
    };
    let word = random.pick(&words)?;
    let name = variation(word, random);
    let target = grown.pointer_mut(&place)?;
    let values = json!({"type": "string", "location": "query", "enum": ["ON", "OFF"]});
    let method = json!({"id": "added.method", "path": "v1/added", "httpMethod": "GET", "parameters": {"view": values}});
    let added = match kind {
        "enum" => {
            target.as_array_mut()?.push(json!(name));
            return Some(grown);
        }
        "schemas" => json!({"type": "object", "properties": {"state": values}}),
        "methods" => method,
        "resources" => json!({"methods": {"get": method}}),
        _ => values,
    };
    let members = target.as_object_mut()?;
    if members.contains_key(&name) {
        return None;
    }
    members.insert(name, added);
    Some(grown)
}

/// Collects the places where something can be added: the pointer and the kind.
fn growing_places(value: &Value, pointer: &str, found: &mut Vec<(String, &'static str)>) {
    const KINDS: [&str; 6] = [
        "schemas",
        "properties",
        "methods",
        "resources",
        "parameters",
        "enum",
    ];
    let Value::Object(members) = value else {
        return;
    };
    for (name, member) in members {
        let inner = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        // A property or a parameter can have this name as well. It is a schema, without members like these.
        let is = |kind: &&str| *kind == name && (member.is_array() || member.values_are_objects());
        if let Some(kind) = KINDS.into_iter().find(is)
            && (member.is_array() == (kind == "enum"))
        {
            found.push((inner.clone(), kind));
        }
        growing_places(member, &inner, found);
    }
}

trait ValuesAreObjects {
    fn values_are_objects(&self) -> bool;
}

impl ValuesAreObjects for Value {
    fn values_are_objects(&self) -> bool {
        self.as_object()
            .is_some_and(|members| members.values().all(Value::is_object))
    }
}

/// Returns the names at a place and, for methods and child resources, at the other place in the same object.
fn words_near<'v>(document: &'v Value, place: &str, kind: &str) -> Vec<&'v str> {
    let parent = place.strip_suffix(kind).unwrap_or_default();
    let kinds: &[&str] = match kind {
        "methods" | "resources" => &["methods", "resources"],
        _ => &[kind],
    };
    kinds
        .iter()
        .filter_map(|kind| Some((document.pointer(&format!("{parent}{kind}"))?, kind)))
        .flat_map(|(found, kind)| words(found, kind))
        .collect()
}

fn words<'v>(place: &'v Value, kind: &str) -> Vec<&'v str> {
    if kind == "enum" {
        let values = place.as_array().into_iter().flatten();
        return values.filter_map(Value::as_str).collect();
    }
    let members = place.as_object().into_iter().flatten();
    members.map(|(name, _)| name.as_str()).collect()
}

/// Returns the word in another case, with a suffix of the generator, or unchanged.
fn variation(word: &str, random: &mut Random) -> String {
    const SUFFIXES: [&str; 12] = [
        "_method",
        "Call",
        "Schema",
        "_types",
        "Value",
        "_param",
        "_field",
        "Resource",
        "_resource",
        "s",
        "1",
        "_",
    ];
    let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
    match random.below(8) {
        0 => word.to_uppercase(),
        1 => word.to_lowercase(),
        2 => first.to_uppercase() + rest,
        3 => first.to_lowercase() + rest,
        4 => word.replace(['_', '-', '.'], ""),
        5 | 6 => word.to_owned() + random.pick(&SUFFIXES).expect("suffixes"),
        _ => word.to_owned(),
    }
}
