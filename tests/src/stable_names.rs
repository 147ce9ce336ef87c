//! The Rust names of everything in a document, by place.

use std::collections::BTreeMap;

use gapi_generator::{
    Analysis,
    ir::{Resource, Shape},
};

/// A table from place to Rust path. Places contain no list positions, because these can change.
pub type Table = BTreeMap<String, String>;

/// Returns the names of an API.
#[must_use]
pub fn of(analysis: &Analysis) -> Table {
    let (api, names) = (&analysis.api, &analysis.names);
    let mut table = Table::new();
    let mut add = |place: String, path: &[&str]| {
        let twice = table.insert(place.clone(), path.join("::"));
        assert!(twice.is_none(), "{place} is there twice");
    };
    add("client".to_owned(), &[&names.module, &names.client]);
    for (scope, name) in api.scopes.iter().zip(&names.scopes) {
        add(format!("scope {}", scope.url), &["scopes", name]);
    }
    for (param, name) in api.parameters.iter().zip(&names.parameters) {
        add(format!("setter {}", param.origin), &[name]);
    }
    for id in api.type_ids() {
        let (definition, name) = (&api[id], &names[id]);
        let path = [name.module.join("::"), name.ident.clone()].join("::");
        add(format!("type {}", definition.origin), &[&path]);
        let member = |wire: &str| format!("member {} {wire}", definition.origin);
        match &definition.shape {
            Shape::Struct(fields) => {
                for (field, name) in fields.iter().zip(&name.members) {
                    add(member(&field.wire), &[&path, name]);
                }
            }
            Shape::Enum(variants) => {
                for (variant, name) in variants.iter().zip(&name.members) {
                    for wire in [&variant.wire].into_iter().chain(&variant.aliases) {
                        add(member(wire), &[&path, name]);
                    }
                }
            }
            Shape::Alias(_) => {}
        }
    }
    for id in api.method_ids() {
        let (method, name) = (&api[id], &names[id]);
        let module = name.module.join("::");
        add(format!("call {}", method.origin), &[&module, &name.call]);
        add(
            format!("function {}", method.origin),
            &[&module, &name.function],
        );
        for (param, name) in method.parameters.iter().zip(&name.parameters) {
            add(format!("parameter {}", param.origin), &[name]);
        }
    }
    resources(&api.root, analysis, &mut table);
    table
}

fn resources(resource: &Resource, analysis: &Analysis, table: &mut Table) {
    for child in &resource.children {
        let name = &analysis.names.resources[&child.path];
        let path = [name.module.join("::"), name.handle.clone()].join("::");
        table.insert(format!("handle {}", child.origin), path);
        table.insert(format!("accessor {}", child.origin), name.accessor.clone());
        resources(child, analysis, table);
    }
}

/// Returns whether the function of a method was renamed because of a child resource.
#[must_use]
pub fn gave_way(before: &str, after: &str) -> bool {
    after.replace("r#", "") == before.replace("r#", "") + "_method"
}
