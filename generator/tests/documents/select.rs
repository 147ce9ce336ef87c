//! The code of selected resources is the same as in the whole client, and complete: for each resource of the five
//! services.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;

use gapi_generator::{Analysis, Files, Options, Source, analyze};
use gapi_tests::{rust, workspace};

/// Returns the whole API, and each choice: a pattern and its result.
fn choices(source: &Source) -> (Analysis, Vec<(String, Analysis)>) {
    let whole = analyze(source, &Options::default()).expect("the document generates");
    let with_methods: BTreeSet<&Vec<String>> = whole
        .api
        .methods
        .iter()
        .map(|method| &method.resource)
        .collect();
    let analyses = with_methods.into_iter().map(|path| {
        let pattern = path.join(".");
        let options = Options {
            resources: vec![pattern.as_str().into()],
            ..Options::default()
        };
        let chosen = analyze(source, &options);
        let chosen = chosen.unwrap_or_else(|errors| panic!("{pattern}: {errors}"));
        (pattern, chosen)
    });
    let analyses = analyses.collect();
    (whole, analyses)
}

fn read(analysis: &Analysis, files: &Files) -> rust::Api {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (path, text) in &files.0 {
        let path = directory.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("create");
        std::fs::write(path, text).expect("write");
    }
    rust::api(directory.path(), &analysis.names.module)
}

#[test]
fn what_is_selected_is_as_in_the_whole_and_holds_together() {
    std::thread::scope(|scope| {
        for source in workspace::documents() {
            scope.spawn(move || {
                let (whole, choices) = choices(&source);
                let files = whole.files().expect("the output is Rust");
                let all = read(&whole, &files);
                assert!(!choices.is_empty(), "{}", source.name);
                for (pattern, chosen) in choices {
                    let at = format!("{} {pattern}", source.name);
                    let files = chosen.files().expect("the output is Rust");
                    is_as_in_the_whole(&at, &all, &read(&chosen, &files), &chosen);
                    holds_together(&at, &files, &chosen);
                }
            });
        }
    });
}

fn is_as_in_the_whole(at: &str, all: &rust::Api, part: &rust::Api, chosen: &Analysis) {
    for (path, module) in &part.0 {
        let same = all.0.get(path).unwrap_or_else(|| panic!("{at}: {path}"));
        for (call, facts) in &module.calls {
            assert_eq!(Some(facts), same.calls.get(call), "{at}: {path}::{call}");
        }
        for (name, table) in &module.tables {
            assert_eq!(Some(table), same.tables.get(name), "{at}: {path}::{name}");
        }
        for (name, functions) in &module.functions {
            let known = same.functions.get(name).map(Vec::as_slice);
            let known: BTreeSet<&String> = known
                .unwrap_or_default()
                .iter()
                .map(|function| &function.signature)
                .collect();
            for function in functions {
                let found = known.contains(&function.signature);
                assert!(found, "{at}: {path}::{name}::{}", function.name);
            }
        }
    }
    let calls = part.0.values().map(|module| module.calls.len());
    let methods = methods(&chosen.selection.root);
    assert_eq!(calls.sum::<usize>(), methods, "{at}");
    assert!(methods > 0, "{at}");
}

fn methods(resource: &gapi_generator::ir::Resource) -> usize {
    resource.methods.len() + resource.children.iter().map(methods).sum::<usize>()
}

/// Checks that exactly the mentioned schemas are generated.
fn holds_together(at: &str, files: &Files, chosen: &Analysis) {
    let module = std::path::Path::new(&chosen.names.module);
    let schemas = &files.0[&module.join("schemas.rs")];
    let declared = words_after(schemas, &["pub struct ", "pub enum ", "pub type "]);
    let mut mentioned: BTreeSet<String> = BTreeSet::new();
    for (path, text) in &files.0 {
        if !path.ends_with("schemas.rs") {
            mentioned.extend(words_after(text, &["api::schemas::"]));
        }
    }
    for name in &mentioned {
        let module = name.chars().next().is_some_and(char::is_lowercase);
        assert!(module || declared.contains(name), "{at}: {name} is missing");
    }
    for name in &declared {
        // The declaration and its table mention it, too.
        let uses = schemas.matches(name.as_str()).count();
        assert!(
            mentioned.contains(name) || uses > 2,
            "{at}: nothing mentions {name}"
        );
    }
}

/// Returns the identifiers that follow one of the marks.
fn words_after(text: &str, marks: &[&str]) -> BTreeSet<String> {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let mut words = BTreeSet::new();
    for line in code {
        for mark in marks {
            for (at, _) in line.match_indices(mark) {
                let rest = &line[at + mark.len()..];
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                words.insert(rest[..end.unwrap_or(rest.len())].to_owned());
            }
        }
    }
    words
}

#[test]
fn a_selector_without_methods_is_rejected() {
    let source = gapi_tests::fixture::named("selected_resources").source;
    let options = Options {
        resources: ["libraries.shelves", "shelfs", "lib*.sh*.*.*", "other:v1#x"]
            .map(Into::into)
            .into(),
        ..Options::default()
    };
    let rejected = analyze(&source, &options).map(|analysis| analysis.api.id);
    let one =
        "; a pattern for one of several documents begins with its id, as in `storage:v1#objects`";
    let resources =
        "`libraries`, `libraries.readers`, `libraries.shelves`, `libraries.shelves.books`";
    assert_eq!(
        rejected.map_err(|errors| errors.to_string()),
        Err(format!(
            "error: discovery.json#/resources/shelfs: no resource matches `shelfs`\n  \
             help: a pattern gives the names from the root down; there are {resources}{one}\n\
             error: discovery.json#/resources/lib*/resources/sh*/resources/*/resources/*: \
             no resource matches `lib*.sh*.*.*`\n  \
             help: a pattern gives the names from the root down; there are {resources}{one}"
        ))
    );
    let options = Options {
        resources: vec!["libraries.shelfs".into()],
        ..Options::default()
    };
    let rejected = analyze(&source, &options).map(|analysis| analysis.api.id);
    let message = rejected.expect_err("no such resource").to_string();
    assert!(
        message.contains("help: did you mean `libraries.shelves`? a pattern"),
        "{message}"
    );
    let options = Options {
        resources: vec!["projects".into()],
        ..Options::default()
    };
    let mut documents = workspace::documents().into_iter();
    let spanner = documents.find(|source| source.name.contains("spanner"));
    let rejected = analyze(&spanner.expect("Spanner"), &options).map(|analysis| analysis.api.id);
    let message = rejected.expect_err("no methods").to_string();
    for part in ["what matches `projects` has no methods", "`projects.**`"] {
        assert!(message.contains(part), "{message}");
    }
}
