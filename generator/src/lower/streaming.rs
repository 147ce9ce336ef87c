//! The methods that stream their response.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use crate::discovery::{Document, Method};

/// The rpcs that stream, by host, verb and path, and the words of the rules. Documents do not mark the methods.
/// `tools/measure/streaming.py` writes the file and names its sources.
const TABLE: &str = include_str!("../facts/streaming.json");

#[derive(Debug, Default, Deserialize)]
struct Table {
    /// The ends of paths.
    paths: Vec<String>,
    /// The ends of the names of responses.
    responses: Vec<String>,
    /// Parts of descriptions, in lower case.
    descriptions: Vec<String>,
    /// For each host, the rpcs that stream: verb and path, with `*` for a variable.
    rpcs: BTreeMap<String, BTreeMap<String, String>>,
}

static STREAMING: LazyLock<Table> = LazyLock::new(|| {
    // The table is part of this crate, and a test reads all of it.
    serde_json::from_str(TABLE).unwrap_or_default()
});

/// Returns the verb and the path of a method, with `*` for a variable. Tables use them as keys.
pub(super) fn place(method: &Method, document: &Document) -> String {
    let path = method.flat_path.as_ref().unwrap_or(&method.path);
    let path = format!("{}{path}", document.service_path);
    format!("{} {}", method.http_method, without_names(&path))
}

/// Returns whether a method streams its response. The response of such a method is a JSON array of its messages.
pub(super) fn is_streaming(name: &str, method: &Method, document: &Document) -> bool {
    if method.streaming_type.as_deref() == Some("SERVER_SIDE") {
        return true;
    }
    let Some(response) = &method.response else {
        return false;
    };
    let table = &*STREAMING;
    let ends_in = |text: &str, ends: &[String]| ends.iter().any(|end| text.ends_with(end));
    let schema = response.reference.as_ref();
    let message = schema.and_then(|schema| document.schemas.get(schema));
    let texts = [
        method.description.as_ref(),
        message.and_then(|message| message.description.as_ref()),
    ];
    let is_described = texts.into_iter().flatten().any(|text| {
        let text = text.to_lowercase();
        table.descriptions.iter().any(|part| text.contains(part))
    });
    is_named(name)
        || is_described
        || ends_in(&method.path, &table.paths)
        || schema.is_some_and(|schema| ends_in(schema, &table.responses))
        || is_known(table, method, document)
}

/// Returns whether the name of a method shows that it streams: `streamRead`, but not `listStreams` or `getStream`.
fn is_named(name: &str) -> bool {
    ["stream", "Stream"].iter().any(|word| {
        name.match_indices(word).any(|(at, _)| {
            let after = &name[at + word.len()..];
            let starts_word = at == 0 || name[at..].starts_with('S');
            let rest = after.strip_prefix("ing").unwrap_or(after);
            let is_streaming = rest.len() < after.len() && rest.is_empty() && at > 0;
            starts_word && (is_streaming || rest.starts_with(|c: char| c.is_ascii_uppercase()))
        })
    })
}

/// Returns whether the method is an rpc that streams, of this version of the API or of another one.
fn is_known(table: &Table, method: &Method, document: &Document) -> bool {
    let host = document.root_url.split('/').nth(2).unwrap_or_default();
    let Some(rpcs) = table.rpcs.get(host) else {
        return false;
    };
    let place = unversioned(&place(method, document));
    rpcs.keys().any(|rpc| unversioned(rpc) == place)
}

/// Replaces each variable of a path by `*`.
fn without_names(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |path, part| match part.split_once('}') {
        Some((_, rest)) => format!("{path}*{rest}"),
        None => format!("{path}{{{part}"),
    })
}

/// Replaces each version in a path, such as `v1beta1`, by `v*`.
fn unversioned(path: &str) -> String {
    let is_version = |part: &str| {
        let mut characters = part.chars();
        characters.next() == Some('v') && characters.next().is_some_and(|c| c.is_ascii_digit())
    };
    let (verb, path) = path.split_once(' ').unwrap_or(("", path));
    let parts = path.split('/').map(|part| match part.split_once(':') {
        Some((version, action)) if is_version(version) => format!("v*:{action}"),
        None if is_version(part) => "v*".to_owned(),
        _ => part.to_owned(),
    });
    format!("{verb} {}", parts.collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        assert!(STREAMING.rpcs.len() > 20, "{}", STREAMING.rpcs.len());
        assert!(STREAMING.descriptions.len() > 5);
    }

    #[test]
    fn names_of_methods() {
        for name in [
            "executeStreamingSql",
            "streamQuery",
            "searchLineageStreaming",
            "serverStreamingPredict",
        ] {
            assert!(is_named(name), "{name}");
        }
        for name in [
            "listStreams",
            "stream",
            "getStream",
            "streaming",
            "upstreamTo",
            "downstream",
        ] {
            assert!(!is_named(name), "{name}");
        }
    }

    #[test]
    fn paths_of_any_version_and_of_any_variables() {
        for (path, expected) in [
            ("v1/projects/{projectsId}:go", "GET v*/projects/*:go"),
            ("v1beta1:go", "GET v*:go"),
            ("hive/v1beta/{+name}/vms", "GET hive/v*/*/vms"),
            ("v1/{broken", "GET v*/{broken"),
        ] {
            assert_eq!(
                unversioned(&format!("GET {}", without_names(path))),
                expected
            );
        }
    }
}
