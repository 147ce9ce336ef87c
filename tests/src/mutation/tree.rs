//! Values in JSON, addressed by their position in a traversal.

use serde_json::{Map, Value};

use crate::random::Random;

/// Returns the number of values, including the whole one.
pub(super) fn size(value: &Value) -> usize {
    1 + match value {
        Value::Object(members) => members.values().map(size).sum(),
        Value::Array(elements) => elements.iter().map(size).sum(),
        _ => 0,
    }
}

/// Returns the value at a position below [`size`].
pub(super) fn nth(value: &mut Value, mut position: usize) -> Option<&mut Value> {
    if position == 0 {
        return Some(value);
    }
    position -= 1;
    let children: Vec<&mut Value> = match value {
        Value::Object(members) => members.values_mut().collect(),
        Value::Array(elements) => elements.iter_mut().collect(),
        _ => Vec::new(),
    };
    for child in children {
        let size = size(child);
        if position < size {
            return nth(child, position);
        }
        position -= size;
    }
    None
}

/// Calls `visit` with each member of each object: the member's name first, then its value.
pub(super) fn members(value: &mut Value, visit: &mut dyn FnMut(&str, &mut Value)) {
    match value {
        Value::Object(map) => {
            for (name, member) in map {
                visit(name, member);
                members(member, visit);
            }
        }
        Value::Array(elements) => elements
            .iter_mut()
            .for_each(|element| members(element, visit)),
        _ => {}
    }
}

/// Returns a random one of the objects under one of these names.
pub(super) fn some_map<'v>(
    value: &'v mut Value,
    names: &[&str],
    random: &mut Random,
) -> Option<&'v mut Map<String, Value>> {
    let mut count = 0;
    members(value, &mut |name, member| {
        count += usize::from(names.contains(&name) && member.is_object());
    });
    nth_map(value, names, &mut random.below(count))
}

fn nth_map<'v>(
    value: &'v mut Value,
    names: &[&str],
    left: &mut usize,
) -> Option<&'v mut Map<String, Value>> {
    match value {
        Value::Object(map) => {
            for (name, member) in map {
                if names.contains(&name.as_str()) && member.is_object() {
                    if *left == 0 {
                        return member.as_object_mut();
                    }
                    *left -= 1;
                }
                if let Some(found) = nth_map(member, names, left) {
                    return Some(found);
                }
            }
            None
        }
        Value::Array(elements) => elements
            .iter_mut()
            .find_map(|element| nth_map(element, names, left)),
        _ => None,
    }
}
