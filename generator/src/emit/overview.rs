//! Overviews at the top of pages: the methods of an API, and the types of its schemas.

use super::{cx::Cx, docs, modules};
use crate::{
    ir::{MethodId, Resource},
    items::{Path, without_raw},
};

/// Returns a table of the resources and their methods with verb and path; `None` for an API without methods.
pub(super) fn methods(cx: Cx<'_>) -> Option<Vec<String>> {
    let resources = cx.root.all();
    let rows: Vec<String> = resources.flat_map(|resource| rows(cx, resource)).collect();
    (!rows.is_empty()).then(|| {
        let head = [
            "# Methods",
            "",
            "| Resource | Method | Request |",
            "|---|---|---|",
        ];
        head.map(str::to_owned).into_iter().chain(rows).collect()
    })
}

/// Returns the rows of a resource. The first one names it.
fn rows(cx: Cx<'_>, resource: &Resource) -> impl Iterator<Item = String> {
    let handle = cx.items.handles.get(&resource.path[..]);
    let handle = handle.map_or(cx.items.client.path, |handle| handle.path);
    let name = (!resource.path.is_empty()).then(|| {
        let name = cell(&docs::code(&resource.path.join(".")));
        format!("[{name}][{}]", target(handle))
    });
    let names = std::iter::once(name.unwrap_or_default()).chain(std::iter::repeat(String::new()));
    let methods = resource.methods.iter().zip(names);
    methods.map(move |(id, name)| format!("| {name} | {} |", row(cx, *id, handle)))
}

fn row(cx: Cx<'_>, id: MethodId, handle: Path<'_>) -> String {
    let method = &cx.api[id];
    let function = without_raw(cx.items[id].function.name);
    let deprecated = if method.deprecated {
        " (deprecated)"
    } else {
        ""
    };
    let request = format!(
        "{} {}{}",
        method.verb.http(),
        cx.api.service_path,
        method.path.text
    );
    format!(
        "[`{function}`][{}::{function}]{deprecated} | {}",
        target(handle),
        cell(&docs::code(&request))
    )
}

/// Returns the path that a link in the API's module needs.
fn target(path: Path<'_>) -> String {
    let steps = path.module.iter().map(|step| without_raw(step));
    let steps: Vec<&str> = steps.chain([path.name]).collect();
    steps.join("::")
}

/// Escapes the character that ends a table cell, even in code.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Returns the types of the schemas, a line for each first letter. Returns `None` if no modules precede them on the page.
pub(super) fn types(cx: Cx<'_>) -> Option<String> {
    let tree = cx.types.get(&["schemas".to_owned()])?;
    if tree.children.is_empty() || tree.types.is_empty() {
        return None;
    }
    let names = tree.types.iter().map(|id| cx.names[*id].ident.as_str());
    let names: Vec<&str> = names.collect();
    let groups = names.chunk_by(|one, other| one.chars().next() == other.chars().next());
    let lines = groups.map(|names| {
        let types: Vec<String> = names.iter().map(|name| modules::link(name)).collect();
        format!("* {}", types.join(", "))
    });
    Some(lines.collect::<Vec<_>>().join("\n"))
}
