//! The public surface of the `operations` resources, as a person reads it in the generated source: one snapshot for
//! each document. A change here changes the API for users.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::fmt::Write;

use gapi_tests::{
    expected,
    rust::{self, Api, Function, Module, Type},
    workspace,
};
use serde_json::Value;

/// The response types of the calls of an `operations` resource.
const TYPES: [&str; 3] = ["ListOperationsResponse", "Operation", "Status"];

#[test]
fn the_operations_resources_are_as_pinned() {
    let documents = workspace::documents();
    assert_eq!(documents.len(), 9);
    let mut resources = 0;
    for source in documents {
        let document: Value = serde_json::from_str(&source.text).expect("JSON");
        let text = |name: &str| document[name].as_str().expect("a string").to_owned();
        let module = format!("{}_{}", text("name"), text("version"));
        let api = rust::api(&workspace::root().join("generated/src"), &module);
        let mut paths = Vec::new();
        operations(&document, &mut Vec::new(), &mut paths);
        assert!(!paths.is_empty(), "{} has no operations", source.name);
        resources += paths.len();
        let rendered = render(&api, &paths);
        expected::text(
            &workspace::tests().join("tests/generated/surface"),
            &module,
            &rendered,
        );
    }
    assert_eq!(
        resources, RESOURCES,
        "operations resources in all documents"
    );
}

/// The number of resources called `operations` in the nine documents.
const RESOURCES: usize = 16;

/// Collects the paths of the resources called exactly `operations`.
fn operations(resource: &Value, at: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let children = resource.get("resources").and_then(Value::as_object);
    for (name, child) in children.into_iter().flatten() {
        at.push(name.clone());
        if name == "operations" {
            found.push(at.clone());
        }
        operations(child, at, found);
        at.pop();
    }
}

fn render(api: &Api, paths: &[Vec<String>]) -> String {
    let mut text = String::new();
    for path in paths {
        let module: Vec<String> = path.iter().map(|step| snake(step)).collect();
        writeln!(text, "{}\n", path.join(".")).expect("a string takes all");
        resource(&mut text, api.module(&module.join("::")));
    }
    let xgafv = &api.module("params").enums["Xgafv"];
    let values = &api.module("params").tables["Xgafv"];
    members(&mut text, "enum", "Xgafv", xgafv, |member| {
        values
            .get(member)
            .map_or("_".to_owned(), |value| format!("{value:?}"))
    });
    let schemas = api.module("schemas");
    for name in TYPES {
        let Some(schema) = schemas.structs.get(name) else {
            writeln!(text, "no struct {name}\n").expect("a string takes all");
            continue;
        };
        members(&mut text, "struct", name, schema, |member| {
            schemas.tables[name]
                .get(member)
                .map_or("_".to_owned(), |wire| format!("{wire:?}"))
        });
    }
    for (name, facts) in &schemas.operations {
        writeln!(text, "operation {name}").expect("a string takes all");
        for fact in facts {
            writeln!(text, "  {fact}").expect("a string takes all");
        }
    }
    text
}

/// Converts a name to snake case. The names of these resources have no acronyms.
fn snake(name: &str) -> String {
    let letters = name.chars().map(|c| match c {
        'A'..='Z' => format!("_{}", c.to_ascii_lowercase()),
        c => c.to_string(),
    });
    letters.collect()
}

/// Writes the functions of the handle, and for each the facts and setters of its call.
fn resource(text: &mut String, module: &Module) {
    let (_, handle) = module
        .functions
        .iter()
        .find(|(name, _)| !module.calls.contains_key(*name))
        .expect("a handle");
    for function in handle {
        entry(text, 1, function);
        for fact in module.calls.get(&function.output).into_iter().flatten() {
            writeln!(text, "    {fact}").expect("a string takes all");
        }
        for setter in module.functions.get(&function.output).into_iter().flatten() {
            entry(text, 2, setter);
        }
        text.push('\n');
    }
}

/// Writes a signature and the first line of its documentation.
fn entry(text: &mut String, depth: usize, function: &Function) {
    let indent = "  ".repeat(depth);
    let docs = function.docs.lines().next().unwrap_or_default();
    writeln!(text, "{indent}{}\n{indent}  /// {docs}", function.signature)
        .expect("a string takes all");
}

fn members(text: &mut String, kind: &str, name: &str, of: &Type, wire: impl Fn(&str) -> String) {
    writeln!(text, "{kind} {name}\n  /// {}", folded(&of.docs)).expect("a string takes all");
    for member in &of.members {
        let ty = if member.ty.is_empty() {
            String::new()
        } else {
            format!(": {}", member.ty)
        };
        writeln!(
            text,
            "  {}{ty} = {}\n    /// {}",
            member.name,
            wire(&member.name),
            folded(&member.docs)
        )
        .expect("a string takes all");
    }
    text.push('\n');
}

fn folded(docs: &str) -> String {
    docs.split_whitespace().collect::<Vec<_>>().join(" ")
}
