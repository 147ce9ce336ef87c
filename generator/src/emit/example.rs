//! The example in the documentation of an API: a typical call.

use std::cmp::Reverse;

use heck::ToKebabCase;

use super::cx::Cx;
use crate::{
    InCrate,
    ir::{MethodId, Param, Resource, Shape, TypeRef, Verb},
};

/// The width up to which a statement stays on one line.
const WIDTH: usize = 90;
/// The maximum length of an argument in an example.
const LONGEST: usize = 120;

/// Returns the example as a block of Markdown, line by line; `None` if no method can be called with made-up strings and
/// numbers.
///
/// In a known crate it is a doctest that compiles. Otherwise rustdoc only shows it, because the path to the module is
/// unknown.
pub(super) fn block(cx: Cx<'_>) -> Option<Vec<String>> {
    let fence = cx.in_crate.map_or("ignore", |_| "no_run");
    let mut lines = vec![
        format!("```{fence}"),
        import(cx),
        String::new(),
        "# async fn example() -> gapi_runtime::Result<()> {".to_owned(),
    ];
    lines.extend(statements(cx)?);
    lines.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
    Some(lines)
}

/// Returns the import: `use gapi::spanner_v1::Spanner;`.
pub(crate) fn import(cx: Cx<'_>) -> String {
    let (module, client) = (&cx.names.module, &cx.names.client);
    let name = crate_name(cx);
    if cx.in_crate.is_some_and(|known| known.is_one_api) {
        format!("use {name}::{client};")
    } else {
        format!("use {name}::{module}::{client};")
    }
}

/// Returns the crate name at the beginning of paths.
pub(crate) fn crate_name(cx: Cx<'_>) -> &str {
    match cx.in_crate {
        Some(InCrate { name, .. }) => name.as_ref().unwrap_or(&cx.names.module),
        None => "crate",
    }
}

/// Returns the statements for the client and the call, line by line.
pub(crate) fn statements(cx: Cx<'_>) -> Option<Vec<String>> {
    let chosen = choose(cx)?;
    let client = &cx.names.client;
    let mut lines = vec![format!("let client = {client}::builder().build().await?;")];
    lines.extend(response_lines(cx, &chosen));
    Some(lines)
}

/// A method with its arguments.
struct Chosen<'a> {
    resource: &'a Resource,
    method: MethodId,
    arguments: Vec<String>,
}

/// The kind of method in an example, the best kind first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A list method of a resource with a get method.
    ListBesideGet,
    List,
    Get,
    WithoutBody,
    WithBody,
}

fn choose(cx: Cx<'_>) -> Option<Chosen<'_>> {
    let candidates = cx.root.all().flat_map(|resource| {
        resource.methods.iter().filter_map(move |&method| {
            let kind = kind(cx, resource, method)?;
            let arguments = arguments(cx, method)?;
            let chosen = Chosen {
                resource,
                method,
                arguments,
            };
            Some((kind, chosen))
        })
    });
    // Prefers few arguments, little nesting, and a resource with many methods.
    let best = candidates.min_by_key(|(kind, chosen)| {
        let Chosen {
            resource,
            arguments,
            ..
        } = chosen;
        let methods = Reverse(resource.methods.len());
        (*kind, arguments.len(), resource.path.len(), methods)
    });
    Some(best?.1)
}

fn kind(cx: Cx<'_>, resource: &Resource, id: MethodId) -> Option<Kind> {
    let method = &cx.api[id];
    if method.deprecated || resource.deprecated || method.verb == Verb::Delete {
        return None;
    }
    let items = cx.facts.paging.get(&id).is_some_and(|p| p.items.is_some());
    let has_get = resource
        .methods
        .iter()
        .any(|&other| cx.api[other].name == "get");
    Some(match (method.verb, &method.response) {
        (Verb::Get, Some(_)) if items && has_get => Kind::ListBesideGet,
        (Verb::Get, Some(_)) if items => Kind::List,
        (Verb::Get, Some(_)) => Kind::Get,
        _ if method.request.is_none() => Kind::WithoutBody,
        _ => Kind::WithBody,
    })
}

/// Returns the arguments as code; `None` if one cannot be made up.
fn arguments(cx: Cx<'_>, id: MethodId) -> Option<Vec<String>> {
    let method = &cx.api[id];
    let required = method.parameters.iter().filter(|param| param.required);
    let mut arguments: Vec<String> = required.map(argument).collect::<Option<_>>()?;
    if method.request.is_some() {
        arguments.push("None".to_owned());
    }
    Some(arguments)
}

fn argument(param: &Param) -> Option<String> {
    let one = match param.ty {
        TypeRef::Bool => "true".to_owned(),
        TypeRef::I32 | TypeRef::U32 | TypeRef::I64 | TypeRef::U64 => "1".to_owned(),
        TypeRef::F64 => "1.0".to_owned(),
        TypeRef::String => {
            let value = match &param.pattern {
                Some(pattern) => from_pattern(pattern, &param.wire),
                None => made_up(&param.wire),
            };
            is_plain(&value).then(|| format!("\"{value}\""))?
        }
        _ => return None,
    };
    Some(if param.repeated {
        format!("[{one}]")
    } else {
        one
    })
}

/// Converts `^projects/[^/]+/instances/[^/]+$` to `projects/my-project/instances/my-instance`.
fn from_pattern(pattern: &str, name: &str) -> String {
    let mut rest = pattern.strip_prefix('^').unwrap_or(pattern);
    rest = rest.strip_suffix('$').unwrap_or(rest);
    let mut value = String::new();
    while let Some(next) = rest.chars().next() {
        let variable = ["[^/]+", "[^/]*", ".*", ".+"]
            .into_iter()
            .find_map(|form| rest.strip_prefix(form));
        if let Some(after) = variable {
            // The preceding collection determines the resource (AIP-122).
            let collection = value.strip_suffix('/');
            let collection = collection.and_then(|value| value.rsplit('/').next());
            let of = collection.filter(|word| word.chars().all(char::is_alphanumeric));
            value.push_str(&made_up(&of.map_or_else(|| name.to_owned(), singular)));
            rest = after;
        } else {
            value.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    value
}

/// Converts `accessLevel` to `my-access-level`.
fn made_up(word: &str) -> String {
    let word = word.to_kebab_case();
    format!("my-{word}")
}

/// Returns the singular of a collection, as far as its spelling shows it.
fn singular(collection: &str) -> String {
    if let Some(stem) = collection.strip_suffix("ies") {
        return format!("{stem}y");
    }
    match collection.strip_suffix('s') {
        Some(one) if !one.ends_with('s') => one.to_owned(),
        _ => collection.to_owned(),
    }
}

/// Returns whether a value can be in a string literal in a comment and contains no characters of patterns.
fn is_plain(value: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/_-:~".contains(&b);
    value.len() <= LONGEST && value.bytes().all(plain)
}

/// Returns the call and the statements that use its response.
fn response_lines(cx: Cx<'_>, chosen: &Chosen<'_>) -> Vec<String> {
    let method = &cx.api[chosen.method];
    let Some((field, is_map)) = items(cx, chosen.method) else {
        if method.response.is_none() {
            return call("", cx, chosen);
        }
        let mut lines = call("let response = ", cx, chosen);
        lines.push("println!(\"{response:?}\");".to_owned());
        return lines;
    };
    let item = if is_map { "(key, item)" } else { "item" };
    let shown = if is_map {
        "{key}: {item:?}"
    } else {
        "{item:?}"
    };
    let mut lines = vec![
        "// Gets the first page. With `items()` instead of `send()`, it is a stream of the items of all pages."
            .to_owned(),
    ];
    lines.extend(call("let page = ", cx, chosen));
    lines.push(format!("for {item} in page.{field}.unwrap_or_default() {{"));
    lines.push(format!("    println!(\"{shown}\");"));
    lines.push("}".to_owned());
    lines
}

/// Returns the field of the response that has the items, and whether it is a map.
fn items(cx: Cx<'_>, id: MethodId) -> Option<(&str, bool)> {
    let index = cx.facts.paging.get(&id)?.items?;
    let response = cx.api[id].response.as_ref()?.named()?;
    let Shape::Struct(fields) = &cx.api[response].shape else {
        return None;
    };
    let is_map = matches!(fields.get(index)?.ty, TypeRef::Map(_));
    let field = cx.names[response].members.get(index)?;
    Some((field, is_map))
}

/// Returns the call on one line, or with one function a line.
fn call(before: &str, cx: Cx<'_>, chosen: &Chosen<'_>) -> Vec<String> {
    let mut links: Vec<String> = (1..=chosen.resource.path.len())
        .map(|depth| &cx.names.resources[&chosen.resource.path[..depth]].accessor)
        .map(|accessor| format!(".{accessor}()"))
        .collect();
    let function = &cx.names[chosen.method].function;
    links.push(format!(".{function}({})", chosen.arguments.join(", ")));
    links.extend([".send()", ".await?;"].map(str::to_owned));
    let line = format!("{before}client{}", links.concat());
    if line.len() <= WIDTH {
        return vec![line];
    }
    let first = format!("{before}client");
    let rest = links.into_iter().map(|link| format!("    {link}"));
    [first].into_iter().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::from_pattern;

    #[test]
    fn patterns_become_names_that_fit_them() {
        let cases = [
            (
                "^projects/[^/]+/instances/[^/]+$",
                "projects/my-project/instances/my-instance",
            ),
            ("^operations/.*$", "operations/my-operation"),
            ("^accessPolicies/[^/]+$", "accessPolicies/my-access-policy"),
            ("^[^/]+$", "my-name"),
            ("^.*$", "my-name"),
            ("^services/[^/]+:x$", "services/my-service:x"),
            ("^scans$", "scans"),
        ];
        for (pattern, value) in cases {
            assert_eq!(from_pattern(pattern, "name"), value);
        }
    }
}
