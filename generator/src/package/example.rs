//! Ten lines of use for a README, that compile.

use crate::{
    Analysis,
    emit::manifest::Layout,
    ir::{Method, MethodId, Param, Resource, TypeRef, Verb},
};

/// A call of the first API, by name, that has one to show, and the feature that it needs.
pub(super) struct Example {
    pub(super) feature: Option<String>,
    pub(super) code: String,
}

/// An example for a crate of these APIs; `None` when no method is simple enough.
pub(super) fn first(apis: &[Analysis], package: &str, layout: Layout) -> Option<Example> {
    let mut apis: Vec<&Analysis> = apis.iter().collect();
    apis.sort_by_key(|api| &api.names.module);
    apis.into_iter().find_map(|api| {
        let feature = api.names.feature.clone();
        Some(Example {
            feature: (layout == Layout::Features).then_some(feature),
            code: call(api, package, layout)?,
        })
    })
}

/// A call of a method that only reads and takes nothing but text, with pages if there is one.
fn call(api: &Analysis, package: &str, layout: Layout) -> Option<String> {
    let id = choose(api)?;
    let (method, names) = (&api.api[id], &api.names);
    let client = &names.client;
    let module = match layout {
        Layout::Features => format!("{}::", names.module),
        Layout::Alone => String::new(),
    };
    let root = package.replace('-', "_");
    let resources = (1..=method.resource.len()).map(|length| {
        let name = &names.resources[&method.resource[..length]];
        format!(".{}()", name.accessor)
    });
    let resources: String = resources.collect();
    let required = method.parameters.iter().filter(|param| param.required);
    let arguments: Vec<String> = required
        .map(|param| format!("{:?}", sample(param)))
        .collect();
    let (function, arguments) = (&names[id].function, arguments.join(", "));
    Some(format!(
        "use {root}::{module}{client};

async fn example() -> {root}::gapi_runtime::Result<()> {{
    let client = {client}::builder().build().await?; // Application Default Credentials
    let answer = client{resources}.{function}({arguments}).send().await?;
    println!(\"{{answer:#?}}\");
    Ok(())
}}
"
    ))
}

fn choose(api: &Analysis) -> Option<MethodId> {
    let mut found = Vec::new();
    methods(&api.selection.root, &mut found);
    found.retain(|id| is_simple(&api.api[*id]));
    let pages = found.iter().find(|id| api.facts.paging.contains_key(id));
    pages.or(found.first()).copied()
}

/// The methods of a resource and of all below it.
fn methods(resource: &Resource, found: &mut Vec<MethodId>) {
    found.extend(&resource.methods);
    for child in &resource.children {
        methods(child, found);
    }
}

fn is_simple(method: &Method) -> bool {
    let text = |param: &Param| param.ty == TypeRef::String && !param.repeated;
    let mut required = method.parameters.iter().filter(|param| param.required);
    method.verb == Verb::Get
        && !method.deprecated
        && method.request.is_none()
        && method.response.is_some()
        && required.all(text)
}

/// A value that shows what is wanted: `projects/ID/instances/ID`, or the parameter in capitals.
fn sample(param: &Param) -> String {
    let pattern = param.pattern.as_deref().unwrap_or_default();
    let path = pattern.trim_start_matches('^').trim_end_matches('$');
    let path = path.replace("[^/]+", "ID");
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '/' || c == '_' || c == '-';
    if !path.is_empty() && path.chars().all(plain) {
        path
    } else {
        let word = param.wire.chars().filter(char::is_ascii_alphanumeric);
        word.collect::<String>().to_ascii_uppercase()
    }
}
