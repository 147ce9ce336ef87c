//! Changes that move, remove or nest parts of a document.

use serde_json::{Map, Value, json};

use super::{mutators, tree};
use crate::random::Random;

/// Replaces the value of a name by the value of the same name in another document.
pub(super) fn splice(document: &mut Value, seeds: &[Value], random: &mut Random) {
    let kinds = [
        "additionalProperties",
        "auth",
        "description",
        "items",
        "methods",
        "parameters",
        "properties",
        "request",
        "resources",
        "response",
        "schemas",
    ];
    let kind = random.pick(&kinds).copied().unwrap_or_default();
    let mut donor = random.pick(seeds).cloned().unwrap_or_default();
    let Some(given) = tree::some_map(&mut donor, &[kind], random).map(std::mem::take) else {
        return;
    };
    let Some(taking) = tree::some_map(document, &[kind], random) else {
        return;
    };
    if random.one_in(2) {
        *taking = given;
    } else {
        taking.extend(given);
    }
}

/// Duplicates something that has a name.
pub(super) fn duplicate(document: &mut Value, random: &mut Random) {
    if let Some(map) = tree::some_map(document, &mutators::NAMED, random) {
        let names: Vec<String> = map.keys().cloned().collect();
        if let Some(old) = random.pick(&names)
            && let Some(value) = map.get(old).cloned()
        {
            let new = mutators::name(old, random);
            map.insert(new, value);
        }
    }
}

pub(super) fn delete(document: &mut Value, random: &mut Random) {
    let position = random.below(tree::size(document));
    match tree::nth(document, position) {
        Some(Value::Object(members)) => {
            let names: Vec<String> = members.keys().cloned().collect();
            if let Some(name) = random.pick(&names) {
                members.remove(name);
            }
        }
        Some(Value::Array(elements)) if !elements.is_empty() => {
            elements.remove(random.below(elements.len()));
        }
        _ => {}
    }
}

/// Replaces a value by one of another type.
pub(super) fn retype(document: &mut Value, random: &mut Random) {
    let values = [
        Value::Null,
        json!(true),
        json!(false),
        json!(0),
        json!(-1.5e300),
        json!(u64::MAX),
        json!(""),
        json!([]),
        json!({}),
        json!([[]]),
        json!({"": {}}),
        json!({"type": "object"}),
        json!("any"),
    ];
    let position = random.below(tree::size(document));
    let value = random.pick(&values).cloned().unwrap_or_default();
    if let Some(place) = tree::nth(document, position) {
        *place = value;
    }
}

/// Copies one part of the document over another part.
pub(super) fn relocate(document: &mut Value, random: &mut Random) {
    let from = random.below(tree::size(document));
    let Some(moved) = tree::nth(document, from).cloned() else {
        return;
    };
    // Repeated copies of the whole document would make it too large.
    if tree::size(&moved) > 200 {
        return;
    }
    let to = random.below(tree::size(document));
    if let Some(place) = tree::nth(document, to) {
        *place = moved;
    }
}

/// Nests a schema or a resource inside many others.
pub(super) fn deepen(document: &mut Value, random: &mut Random) {
    let depth = if random.one_in(4) {
        random.below(60)
    } else {
        random.below(6)
    };
    let resources = random.one_in(3);
    let kinds: &[&str] = if resources {
        &["resources"]
    } else {
        &["properties", "schemas"]
    };
    let Some(map) = tree::some_map(document, kinds, random) else {
        return;
    };
    let names: Vec<String> = map.keys().cloned().collect();
    let Some(name) = random.pick(&names) else {
        return;
    };
    let mut inside = map.get(name).cloned().unwrap_or_default();
    let form = random.below(4);
    for level in 0..depth {
        inside = match form {
            _ if resources => json!({"resources": {name: inside}}),
            0 => json!({"type": "array", "items": inside}),
            1 => json!({"type": "object", "additionalProperties": inside}),
            2 => json!({"type": "object", "properties": {name: inside}}),
            _ if level % 2 == 0 => json!({"type": "array", "items": inside}),
            _ => json!({"type": "object", "properties": {"x": inside, "y": {"type": "string"}}}),
        };
    }
    map.insert(name.clone(), inside);
}

/// Adds a reference, which often makes a cycle.
pub(super) fn refer(document: &mut Value, random: &mut Random) {
    let known: Vec<String> = document
        .get("schemas")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::keys)
        .cloned()
        .collect();
    let Some(name) = random.pick(&known) else {
        return;
    };
    let reference = match random.below(4) {
        0 => json!({"type": "array", "items": {"$ref": name}}),
        1 => json!({"type": "object", "additionalProperties": {"$ref": name}}),
        _ => json!({"$ref": name}),
    };
    if let Some(map) = tree::some_map(document, &["properties", "schemas"], random) {
        let names: Vec<String> = map.keys().cloned().collect();
        if let Some(name) = random.pick(&names) {
            map.insert(name.clone(), reference);
        }
    }
}
