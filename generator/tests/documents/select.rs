//! The code of selected resources and methods is the same as in the whole client, and complete: for each resource of the
//! five services, and for methods of them.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::{collections::BTreeSet, path::Path};

use gapi_generator::{Analysis, Files, Options, Source, analyze, analyze_all, generate_modules};
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
    let resources = with_methods.into_iter().map(|path| path.join("."));
    // All takes too long.
    let ids = whole.api.methods.iter().step_by(29);
    let ids = ids.map(|method| method.id.clone());
    let exclusions = ["!**.get*", "!**.list"].map(str::to_owned);
    let exclusions = exclusions
        .into_iter()
        .filter(|_| !whole.api.methods.is_empty());
    let analyses = resources.chain(ids).chain(exclusions).map(|pattern| {
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
    let module = Path::new(&chosen.names.module);
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

/// Analyzes a document with selected resources. Returns the ids of the selected methods, or the errors.
fn selected(source: &Source, resources: &[&str]) -> Result<Vec<String>, String> {
    let options = Options {
        resources: resources.iter().map(|it| (*it).into()).collect(),
        ..Options::default()
    };
    let analysis = analyze(source, &options).map_err(|errors| errors.to_string())?;
    let resources = analysis.selection.root.all();
    let methods = resources.flat_map(|resource| &resource.methods);
    let mut ids: Vec<String> = methods.map(|id| analysis.api[*id].id.clone()).collect();
    ids.sort();
    Ok(ids)
}

fn library() -> Source {
    gapi_tests::fixture::named("selected_resources").source
}

fn spanner() -> Source {
    let mut documents = workspace::documents().into_iter();
    let spanner = documents.find(|source| source.name.contains("spanner"));
    spanner.expect("Spanner")
}

#[test]
fn patterns_select_methods_and_exclusions_are_subtracted() {
    let source = library();
    let all = [
        "libraries.get",
        "libraries.readers.get",
        "libraries.shelves.books",
        "libraries.shelves.books.get",
        "libraries.shelves.get",
        "ping",
    ];
    for (resources, wanted) in [
        (
            &["libraries.shelves.get"][..],
            &["libraries.shelves.get"][..],
        ),
        (&["selected_resources.ping"], &["ping"]),
        (&["selected_resources.*"], &["ping"]),
        (&["**.get", "!libraries.readers"], &[all[0], all[3], all[4]]),
        // A method and a resource have this name.
        (&["libraries.shelves.books"], &[all[2], all[3]]),
        (&["!libraries.shelves"], &[all[0], all[1], "ping"]),
        (&["!libraries.*.get", "!ping"], &[all[0], all[2], all[3]]),
        (
            &["!libraries.readers", "libraries.**", "!**.books"],
            &[all[0], all[4]],
        ),
        (&["!"], &all[..5]),
        (&["!selected_resources:v1#ping", "other:v1#x"], &all[..5]),
        // An exclusion may match resources that are not selected.
        (&["libraries", "!ping"], &all[..1]),
    ] {
        let wanted = wanted.iter().map(|id| format!("selected_resources.{id}"));
        let mut wanted: Vec<String> = wanted.collect();
        wanted.sort();
        assert_eq!(selected(&source, resources), Ok(wanted), "{resources:?}");
    }
}

#[test]
fn schemas_of_excluded_methods_are_left_out() {
    let schemas = |resources: &[&str]| {
        let options = Options {
            resources: resources.iter().map(|it| (*it).into()).collect(),
            ..Options::default()
        };
        let analysis = analyze(&library(), &options).expect("it generates");
        let files = analysis.files().expect("the output is Rust");
        words_after(
            &files.0[Path::new("selected_resources_v1/schemas.rs")],
            &["pub struct "],
        )
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let all: BTreeSet<String> = names(&["Book", "Label", "Reader", "ReaderBox", "Shelf"]);
    assert_eq!(schemas(&[]), all);
    assert_eq!(schemas(&["!libraries.shelves"]), names(&["Reader"]));
    assert_eq!(
        schemas(&["!**.books"]),
        names(&["Book", "Label", "Reader", "Shelf"])
    );
}

#[test]
fn a_selector_without_methods_is_rejected() {
    let source = library();
    let one =
        "; a pattern for one of several documents begins with its id, as in `storage:v1#objects`";
    let resources =
        "`libraries`, `libraries.readers`, `libraries.shelves`, `libraries.shelves.books`";
    let help = "a pattern gives the names from the root down; there are";
    assert_eq!(
        selected(
            &source,
            &[
                "libraries.shelves",
                "shelfs",
                "lib*.sh*.*.*.*",
                "!lib",
                "other:v1#x"
            ]
        ),
        Err(format!(
            "error: discovery.json#/resources/shelfs: no resource or method matches `shelfs`\n  \
             help: {help} {resources}{one}\n\
             error: discovery.json#/resources/lib*/resources/sh*/resources/*/resources/*/resources/*: \
             no resource or method matches `lib*.sh*.*.*.*`\n  \
             help: {help} {resources}{one}\n\
             error: discovery.json#/resources/lib: no resource or method matches `lib`\n  \
             help: {help} {resources}{one}"
        ))
    );
    for (pattern, meant) in [
        ("libraries.shelfs", "libraries.shelves"),
        ("libraries.shelves.got", "libraries.shelves.get"),
        (
            "!selected_resources:v1#libraries.readers.gt",
            "libraries.readers.get",
        ),
        ("selected_resources.libraries.readers", "libraries.readers"),
        ("!pong", "ping"),
    ] {
        let message = selected(&source, &[pattern]).expect_err("no such method");
        let help = format!("help: did you mean `{meant}`? a pattern");
        assert!(message.contains(&help), "{message}");
    }
    let message = selected(&spanner(), &["projects"]).expect_err("no methods");
    for part in [
        "the resources that match `projects` have no methods",
        "`projects.**`",
    ] {
        assert!(message.contains(part), "{message}");
    }
    let message = selected(&source, &["libraries", "ping", "!**.get", "!ping"]);
    assert_eq!(
        message.expect_err("nothing is left"),
        "error: discovery.json: every selected method is excluded\n  help: remove one of `!**.get`, `!ping`"
    );
}

/// An exclusion without an id is for the documents that have what it excludes.
#[test]
fn an_exclusion_matches_in_one_of_several_documents() {
    let sources = [library(), spanner()];
    let count = |resources: &[&str]| {
        let options = Options {
            resources: resources.iter().map(|it| (*it).into()).collect(),
            ..Options::default()
        };
        let analyzed = analyze_all(&sources, &options).map_err(|errors| errors.to_string())?;
        let generated = generate_modules(&sources, &options).map_err(|errors| errors.to_string());
        let apis = generated.expect("it generates, as it can be analyzed").apis;
        let counts = |apis: &[Analysis]| -> Vec<_> {
            let apis = apis.iter();
            apis.map(|api| (methods(&api.selection.root), api.selection.types.len()))
                .collect()
        };
        assert_eq!(counts(&analyzed), counts(&apis), "{resources:?}");
        Ok::<_, String>(counts(&apis))
    };
    let all = count(&[]).expect("it generates");
    let some = count(&["!libraries.shelves"]).expect("it generates");
    assert_eq!((some[0].0, some[1]), (3, all[1]));
    assert_eq!(
        count(&["!libraries.shelfs", "!libraries.readers"]),
        Err("error: the options: no document has a resource or method that `!libraries.shelfs` excludes\n  \
             help: did you mean `!libraries.shelves`?".to_owned())
    );
    // A pattern has to match in each.
    let message = count(&["libraries"]).expect_err("Spanner has none");
    assert!(message.contains("spanner"), "{message}");
}
