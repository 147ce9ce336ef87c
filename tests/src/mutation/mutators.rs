//! Changes of a document.

use serde_json::{Value, json};

use super::{dictionary, repair, structure, tree};
use crate::random::Random;

/// Creates a document from the seeds.
pub(super) fn document(seeds: &[Value], random: &mut Random) -> String {
    let Some(seed) = random.pick(seeds) else {
        return String::new();
    };
    let mut document = seed.clone();
    for _ in 0..=random.below(4) {
        mutate(&mut document, seeds, random);
    }
    if !random.one_in(12) {
        repair::repair(&mut document, random);
    }
    let text = document.to_string();
    if random.one_in(40) {
        spoil(&text, random)
    } else {
        text
    }
}

/// Members with prose or with independent values. The document may generate with any contents of them.
const FREE: [&str; 15] = [
    "apiVersion",
    "canonicalName",
    "default",
    "description",
    "documentationLink",
    "enum",
    "enumDescriptions",
    "format",
    "id",
    "pattern",
    "revision",
    "scopes",
    "title",
    "parameterOrder",
    "maxSize",
];

/// Members whose members have names that the document chooses.
pub(super) const NAMED: [&str; 6] = [
    "methods",
    "parameters",
    "properties",
    "resources",
    "schemas",
    "scopes",
];

fn mutate(document: &mut Value, seeds: &[Value], random: &mut Random) {
    match random.below(100) {
        0..40 => prose(document, random),
        40..45 => any_text(document, random),
        45..58 => rename(document, random),
        58..66 => structure::splice(document, seeds, random),
        66..72 => structure::duplicate(document, random),
        72..77 => structure::delete(document, random),
        77..80 => structure::retype(document, random),
        80..83 => structure::relocate(document, random),
        83..89 => structure::deepen(document, random),
        89..94 => structure::refer(document, random),
        94..95 => huge(document, random),
        _ => address(document, random),
    }
}

/// Returns a hostile text, alone, in the middle of another or after it.
fn hostile(before: &str, random: &mut Random) -> String {
    let list = match random.below(8) {
        0 => dictionary::NAMES,
        1 => dictionary::PATTERNS,
        2 => dictionary::URLS,
        _ => dictionary::TEXTS,
    };
    let text = random.pick(list).copied().unwrap_or_default();
    let second = random.pick(dictionary::TEXTS).copied().unwrap_or_default();
    let middle = before
        .char_indices()
        .nth(random.below(before.chars().count().max(1)));
    let (head, tail) = before.split_at(middle.map_or(0, |(at, _)| at));
    match random.below(6) {
        0 | 1 => text.to_owned(),
        2 => format!("{before}{text}"),
        3 => format!("{text}{before}"),
        4 => format!("{head}{text}{tail}"),
        _ => format!("{head}{text}{tail}{second}"),
    }
}

/// Replaces a description.
fn prose(document: &mut Value, random: &mut Random) {
    let mut texts = 0;
    let text =
        |name: &str, value: &Value| FREE.contains(&name) && (value.is_string() || value.is_array());
    tree::members(document, &mut |name, value| {
        texts += usize::from(text(name, value));
    });
    let mut left = random.below(texts);
    tree::members(document, &mut |name, value| {
        if text(name, value) {
            if left == 0 {
                replace_text(value, random);
            }
            left = left.wrapping_sub(1);
        }
    });
    // A description can be anywhere, even in a document without descriptions.
    if texts == 0 || random.one_in(6) {
        let position = random.below(tree::size(document));
        if let Some(Value::Object(members)) = tree::nth(document, position) {
            let name = random.pick(&[
                "description",
                "title",
                "default",
                "pattern",
                "documentationLink",
                "apiVersion",
            ]);
            members.insert(
                name.copied().unwrap_or_default().to_owned(),
                hostile("", random).into(),
            );
        }
    }
}

fn replace_text(value: &mut Value, random: &mut Random) {
    match value {
        Value::String(text) => *text = hostile(text, random),
        Value::Array(elements) => {
            let position = random.below(elements.len());
            if let Some(element) = elements.get_mut(position) {
                replace_text(element, random);
            }
        }
        _ => {}
    }
}

/// Replaces any string.
fn any_text(document: &mut Value, random: &mut Random) {
    for _ in 0..20 {
        let position = random.below(tree::size(document));
        if let Some(value @ Value::String(_)) = tree::nth(document, position) {
            replace_text(value, random);
            return;
        }
    }
}

/// Renames something, including references to it.
fn rename(document: &mut Value, random: &mut Random) {
    let kind = random.pick(&NAMED).copied().unwrap_or_default();
    let Some((old, new)) = rename_in(document, kind, random) else {
        return;
    };
    match kind {
        "schemas" => repair::references(document, |name| {
            (*name == *old).then(|| new.as_str().into())
        }),
        "parameters" => tree::members(document, &mut |name, value| {
            if let ("path", Value::String(path)) = (name, value) {
                *path = path.replace(&format!("{{{old}}}"), &format!("{{{new}}}"));
                *path = path.replace(&format!("{{+{old}}}"), &format!("{{+{new}}}"));
            }
        }),
        _ => {}
    }
}

fn rename_in(document: &mut Value, kind: &str, random: &mut Random) -> Option<(String, String)> {
    let map = tree::some_map(document, &[kind], random)?;
    let names: Vec<String> = map.keys().cloned().collect();
    let old = random.pick(&names)?.clone();
    let value = map.remove(&old)?;
    let new = name(&old, random);
    map.insert(new.clone(), value);
    Some((old, new))
}

pub(super) fn name(old: &str, random: &mut Random) -> String {
    let name = random.pick(dictionary::NAMES).copied().unwrap_or_default();
    match random.below(4) {
        0 => format!("{old}{name}"),
        1 => format!("{name}{old}"),
        2 if random.one_in(4) => hostile(old, random),
        _ => name.to_owned(),
    }
}

/// Inserts a long repetitive text.
fn huge(document: &mut Value, random: &mut Random) {
    let unit = hostile("a", random);
    let times = 1 + random.below(40_000) / unit.len().max(1);
    let text = unit.repeat(times);
    let position = random.below(tree::size(document));
    match tree::nth(document, position) {
        Some(Value::Object(members)) => {
            if random.one_in(3) {
                members.insert(text, json!({"type": "string"}));
            } else {
                members.insert("description".to_owned(), text.into());
            }
        }
        Some(value @ Value::String(_)) => *value = text.into(),
        _ => {}
    }
}

/// Replaces an address.
fn address(document: &mut Value, random: &mut Random) {
    let url = random.pick(dictionary::URLS).copied().unwrap_or_default();
    let path = random.pick(dictionary::PATHS).copied().unwrap_or_default();
    let (member, value) = match random.below(8) {
        0 => ("rootUrl", url),
        1 => ("mtlsRootUrl", url),
        2 => ("servicePath", path),
        3 => ("batchPath", path),
        4 => ("documentationLink", url),
        _ => ("path", path),
    };
    if member == "path" {
        let methods = tree::some_map(document, &["methods"], random);
        let mut methods: Vec<&mut Value> = methods
            .into_iter()
            .flatten()
            .map(|(_, method)| method)
            .collect();
        let position = random.below(methods.len());
        if let Some(Value::Object(method)) = methods.get_mut(position) {
            method.insert(member.to_owned(), value.into());
        }
    } else if let Some(members) = document.as_object_mut() {
        members.insert(member.to_owned(), value.into());
    }
}

/// Breaks the JSON itself.
fn spoil(text: &str, random: &mut Random) -> String {
    let position = random.below(text.chars().count().max(1));
    let at = text.char_indices().nth(position).map_or(0, |(at, _)| at);
    let (head, tail) = text.split_at(at);
    let breaks = [
        "\\ud800",
        "\\udc00",
        "\\ud800\\ud800",
        "\\u0000",
        "\\u202e",
        "\\x",
        "\"",
        "\\",
        ",",
        "{",
        "}",
        "[",
        "]",
        ":",
        "\u{0}",
        "\u{feff}",
        "\n",
        "1e999",
        "-",
        "NaN",
        "null",
    ];
    let inserted = random.pick(&breaks).copied().unwrap_or_default();
    match random.below(4) {
        0 => format!("{head}{inserted}{tail}"),
        1 => head.to_owned(),
        2 => {
            let mut rest = tail.chars();
            rest.next();
            format!("{head}{}", rest.as_str())
        }
        _ => {
            let mut rest = tail.chars();
            rest.next();
            format!("{head}{inserted}{}", rest.as_str())
        }
    }
}
