//! The surface that `diff` compares is what is generated: each public item of it, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use gapi_generator::{Analysis, Options, analyze, diff::surface::Form};
use gapi_tests::{
    fixture,
    rust::{self, Api, Function, Module},
    workspace,
};

/// Path → what Rust says of it, without white space.
type Items = BTreeMap<(Form, String), String>;

/// What the source has, macros expanded.
fn of_the_source(api: &Api) -> Items {
    let mut items = Items::new();
    for (path, module) in &api.0 {
        let mut add = |form, name: &str, rust: &str| {
            let separator = if path.is_empty() || name.is_empty() {
                ""
            } else {
                "::"
            };
            items.insert(
                (form, plain(&format!("{path}{separator}{name}"))),
                plain(rust),
            );
        };
        if !path.is_empty() {
            add(Form::Module, "", "");
        }
        of_a_module(module, &mut add);
    }
    items
}

fn of_a_module(module: &Module, add: &mut impl FnMut(Form, &str, &str)) {
    for (name, item) in &module.structs {
        add(Form::Struct, name, "");
        for field in &item.members {
            add(Form::Field, &format!("{name}::{}", field.name), &field.ty);
        }
    }
    for (name, item) in &module.enums {
        add(Form::Enum, name, "");
        add(Form::Function, &format!("{name}::as_str"), "");
        for variant in &item.members {
            add(Form::Variant, &format!("{name}::{}", variant.name), "");
        }
    }
    for (name, target) in &module.aliases {
        add(Form::Alias, name, target);
    }
    for name in &module.constants {
        add(Form::Constant, name, "");
    }
    for name in &module.imports {
        add(Form::Trait, name, "");
    }
    for (of, functions) in &module.functions {
        let form = if of == "StandardParameters" {
            add(Form::Trait, of, "");
            Form::TraitFunction
        } else {
            Form::Function
        };
        for Function {
            name, signature, ..
        } in functions
        {
            add(form, &format!("{of}::{name}"), signature);
        }
    }
    for (call, rows) in &module.calls {
        for name in of_a_call(rows) {
            add(Form::Function, &format!("{call}::{name}"), "");
        }
        if rows.iter().any(|row| row.starts_with("upload: Resumable")) {
            add(Form::Marker, &format!("{call}: Resumable"), "");
        }
    }
}

/// The functions that `call!` gives to a call with these rows.
fn of_a_call(rows: &[String]) -> Vec<&'static str> {
    let mut names = vec![
        "send",
        "send_with_headers",
        "retry",
        "idempotent",
        "timeout",
    ];
    for (row, given) in [
        ("upload", &["upload"][..]),
        ("download", &["download"]),
        ("pages", &["pages", "next_page"]),
        ("items", &["items"]),
        ("operation", &["poller"]),
    ] {
        if rows.iter().any(|line| line.starts_with(&format!("{row}:"))) {
            names.extend(given);
        }
    }
    names
}

fn of_the_surface(analysis: &Analysis) -> Items {
    let surface = analysis.surface();
    let items = surface.all().flat_map(|entity| &entity.items);
    let of_macros =
        of_a_call(&["upload:", "download:", "pages:", "items:", "operation:"].map(str::to_owned));
    let items = items.map(|item| {
        // What macros expand to has no text in the source.
        let expanded = of_macros.contains(&item.role);
        let rust = if expanded { "" } else { &item.rust };
        ((item.form, plain(&item.path)), plain(rust))
    });
    items.collect()
}

/// Files of modules have no `r#`, and who prints tokens puts blanks where they like.
fn plain(text: &str) -> String {
    let text = text.replace("r#", "");
    let text: String = text.split_whitespace().collect();
    text.strip_prefix("pub")
        .unwrap_or(&text)
        .replace(",)", ")")
        .replace(",>", ">")
}

#[test]
fn the_surface_is_what_is_generated() {
    let mut items = 0;
    for source in workspace::documents() {
        let analysis = analyze(&source, &Options::default()).expect("it generates");
        let folder = workspace::root().join("generated/src");
        items += hold(
            &source.name,
            &analysis,
            &rust::api(&folder, &analysis.names.module),
        );
    }
    assert!(items > 10_000, "{items} items");
}

#[test]
fn the_surface_of_each_fixture_is_what_is_generated() {
    for fixture in fixture::good() {
        let analysis = fixture.analyze().expect("it generates");
        let folder = fixture.folder.join("generated");
        hold(
            &fixture.name,
            &analysis,
            &rust::api(&folder, &analysis.names.module),
        );
    }
}

fn hold(name: &str, analysis: &Analysis, api: &Api) -> usize {
    let (surface, source) = (of_the_surface(analysis), of_the_source(api));
    let differs = |(key, rust): &(&(Form, String), &String), of: &Items| of.get(key) != Some(rust);
    let only = |items: &Items, of: &Items| -> Vec<String> {
        let items = items.iter().filter(|item| differs(item, of));
        items.map(|item| format!("{item:?}")).take(10).collect()
    };
    let (missing, extra) = (only(&source, &surface), only(&surface, &source));
    assert!(
        missing.is_empty() && extra.is_empty(),
        "{name}: only in the source: {missing:#?}\nonly in the surface: {extra:#?}"
    );
    source.len()
}

#[test]
fn the_macro_gives_no_other_functions() {
    let source = workspace::read(&workspace::root().join("runtime/src/call.rs"));
    let (_, expanded) = source.split_once("macro_rules! call").expect("the macro");
    let functions = expanded.split("pub fn ").skip(1);
    let names = functions.filter_map(|rest| rest.split('(').next());
    let names: BTreeSet<&str> = names.collect();
    let rows = ["upload:", "download:", "pages:", "items:", "operation:"].map(str::to_owned);
    assert_eq!(names, BTreeSet::from_iter(of_a_call(&rows)));
}
