//! Overviews at the top of pages: the methods of an API, and the types of its schemas.

use super::{cx::Cx, docs, modules};
use crate::{
    ir::{MethodId, Resource},
    items::{Path, without_raw},
};

/// Returns a list of the resources and their methods with verb and path. Returns `None` for an API without methods.
///
/// A list fits on narrow pages. Paths in a table do not, because rustdoc does not break them.
pub(super) fn methods(cx: Cx<'_>) -> Option<Vec<String>> {
    let resources = cx.root.all();
    let items: Vec<String> = resources.flat_map(|resource| items(cx, resource)).collect();
    (!items.is_empty()).then(|| {
        let head = ["# Methods", ""].map(str::to_owned);
        head.into_iter().chain(items).collect()
    })
}

/// Returns the item of a resource, and the items of its methods inside it. Methods without a resource are at the top.
fn items(cx: Cx<'_>, resource: &Resource) -> impl Iterator<Item = String> {
    let is_root = resource.path.is_empty();
    let handle = cx.items.handles.get(&resource.path[..]);
    let handle = handle.map_or(cx.items.client.path, |handle| handle.path);
    let item = (!is_root && !resource.methods.is_empty()).then(|| {
        let name = docs::code(&resource.path.join("."));
        format!("* [{name}][{}]", target(handle))
    });
    let indent = if is_root { "" } else { "  " };
    let methods = resource.methods.iter();
    let methods = methods.map(move |id| format!("{indent}* {}", method(cx, *id, handle)));
    item.into_iter().chain(methods)
}

fn method(cx: Cx<'_>, id: MethodId, handle: Path<'_>) -> String {
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
        "[`{function}`][{}::{function}]{deprecated}: {}",
        target(handle),
        docs::code(&request)
    )
}

/// Returns the path that a link in the API's module needs.
fn target(path: Path<'_>) -> String {
    let steps = path.module.iter().map(|step| without_raw(step));
    let steps: Vec<&str> = steps.chain([path.name]).collect();
    steps.join("::")
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
