//! The surface that `diff` compares is exactly the generated public surface.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use gapi_generator::{
    Analysis, Options, analyze,
    diff::surface::{Form, Item},
};
use gapi_tests::{
    expected, fixture,
    rust::{expand::Macros, public},
    workspace,
};

/// Returns the kind and the path of each item in the compared surface.
fn of_the_surface(analysis: &Analysis) -> BTreeSet<String> {
    let surface = analysis.surface();
    let items = surface.all().flat_map(|entity| &entity.items);
    let line = |item: &Item| {
        let kind = match item.form {
            Form::Module => "module",
            Form::Struct => "struct",
            Form::Enum => "enum",
            Form::Alias => "alias",
            Form::Trait => "trait",
            Form::Constant => "constant",
            Form::Function | Form::TraitFunction => "function",
            Form::Field => "field",
            Form::Variant => "variant",
            Form::Marker => {
                let path = item.path.replace(": ", ":gapi_runtime::");
                return format!("implementation {}::{path}", analysis.names.module);
            }
        };
        format!("{kind} {}::{}", analysis.names.module, item.path)
    };
    items.map(line).collect()
}

/// Returns the same for the source. Implementations count only if they make functions callable.
fn of_the_source(
    analysis: &Analysis,
    files: &BTreeMap<PathBuf, String>,
    macros: &Macros,
) -> BTreeSet<String> {
    let lines = public::items(files, &analysis.names.module, macros).into_iter();
    let lines = lines.filter_map(|line| {
        let line = line.replace(": ", ":");
        let mut words = line.split(' ');
        let (kind, path) = (words.next()?, words.next()?);
        let counts = kind != "implementation" || path.ends_with(":gapi_runtime::Resumable");
        counts.then(|| format!("{kind} {path}"))
    });
    lines.collect()
}

fn hold(
    name: &str,
    analysis: &Analysis,
    files: &BTreeMap<PathBuf, String>,
    macros: &Macros,
) -> usize {
    let surface = of_the_surface(analysis);
    let source = of_the_source(analysis, files, macros);
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| -> Vec<String> {
        a.difference(b).take(10).cloned().collect()
    };
    let (missing, extra) = (only(&source, &surface), only(&surface, &source));
    assert!(
        missing.is_empty() && extra.is_empty(),
        "{name}: only in the source: {missing:#?}\nonly in the surface: {extra:#?}"
    );
    source.len()
}

#[test]
fn the_surface_is_what_is_generated() {
    let macros = Macros::of_the_runtime();
    let checked_in = expected::files_below(&workspace::root().join("generated/src"));
    let mut items = 0;
    for source in workspace::documents() {
        let analysis = analyze(&source, &Options::default()).expect("it generates");
        let files = expected::of_module(&checked_in, &analysis.names.module);
        items += hold(&source.name, &analysis, &files, &macros);
    }
    assert!(items > 10_000, "{items} items");
}

#[test]
fn the_surface_of_each_fixture_is_what_is_generated() {
    let macros = Macros::of_the_runtime();
    for fixture in fixture::good() {
        let analysis = fixture.analyze().expect("it generates");
        let files = expected::files_below(&fixture.directory.join("generated"));
        hold(&fixture.name, &analysis, &files, &macros);
    }
}
