//! `describe`: the reference page of a resource matches the document and the generated Rust, and contains nothing that
//! a terminal or a browser would interpret.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};

use gapi_generator::{
    Analysis, Options, Source, analyze,
    describe::{self, Look, Page},
    ir::Resource,
};
use gapi_tests::{expected, workspace};

mod errors;
mod harmless;
mod seeds;
mod signatures;

/// Returns the directory of the document and the pages.
fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents/describe")
}

fn analysis(source: &Source) -> Analysis {
    let analysis = analyze(source, &Options::default());
    analysis.unwrap_or_else(|errors| panic!("{}: {errors}", source.name))
}

/// Returns a small document with one of everything that a page shows.
fn library() -> Analysis {
    let name = "library.v1.json";
    let text = workspace::read(&data().join(name));
    let name = name.to_owned();
    analysis(&Source { name, text })
}

fn page(analysis: &Analysis, target: &str) -> Page {
    let page = analysis.describe(target);
    page.unwrap_or_else(|unknown| panic!("{unknown}"))
}

/// Returns the command-line targets of each resource, first the API itself (`""`).
fn targets(resource: &Resource) -> Vec<String> {
    let below = resource.children.iter().flat_map(targets);
    [resource.path.join(".")].into_iter().chain(below).collect()
}

#[test]
fn the_pages_of_a_small_api_are_as_pinned() {
    let library = library();
    let books = page(&library, "shelves.books");
    let look = Look {
        width: 80,
        styled: false,
    };
    let pin = |name: &str, text: &str| {
        expected::text(&data().join("pages"), name, text);
    };
    pin("api.text", &describe::text(&page(&library, ""), look));
    pin("books.text", &describe::text(&books, look));
    pin("books.markdown", &describe::markdown(&books));
    pin("books.html", &describe::html(&books));
    pin(
        "books.lend.text",
        &describe::text(&page(&library, "shelves.books.lend"), look),
    );
}

#[test]
fn descriptions_are_shown_whole() {
    // Lists and code have their lines again, and one style of markers.
    let bare = |text: &str| -> String {
        let words = text.split_whitespace();
        let words = words.filter(|word| !word.starts_with("```"));
        words
            .flat_map(str::chars)
            .filter(|c| c.is_alphanumeric())
            .collect()
    };
    let mut described = 0;
    for source in workspace::documents() {
        let analysis = analysis(&source);
        for method in &analysis.api.methods {
            let text = bare(&describe::text(
                &page(&analysis, &method.id),
                Look::default(),
            ));
            let parameters = method.parameters.iter().map(|param| &param.docs);
            for docs in parameters.chain([&method.docs]).flatten() {
                assert!(text.contains(&bare(docs)), "{}: {docs}", method.id);
                described += 1;
            }
        }
    }
    assert!(described > 1_000, "{described} descriptions");
}

#[test]
fn a_method_has_the_page_of_its_resource_without_the_others() {
    let library = library();
    let whole = page(&library, "shelves");
    let one = page(&library, "shelves.scan");
    assert_eq!(one, page(&library, "library.shelves.scan"), "by its id");
    assert_eq!(one, page(&library, "shelves.scan()"), "with parentheses");
    assert_eq!(whole.methods, one.methods);
    assert_eq!((whole.resources.len(), one.resources.len()), (1, 0));
    assert_eq!(
        (&whole.crumbs, &whole.standard),
        (&one.crumbs, &one.standard)
    );
}

#[test]
fn parentheses_name_the_method_where_a_resource_has_its_name() {
    let fixture = gapi_tests::fixture::named("method_and_child_resource_same_name");
    let analysis = fixture.analyze().expect("it generates");
    let mut both = 0;
    for target in targets(&analysis.api.root)
        .iter()
        .filter(|target| !target.is_empty())
    {
        if let Ok(method) = analysis.describe(&format!("{target}()")) {
            let resource = page(&analysis, target);
            assert_eq!(method.crumbs.len() + 1, resource.crumbs.len(), "{target}");
            both += 1;
        }
    }
    assert!(both > 0, "the fixture has no such name");
}

#[test]
fn styles_change_no_text() {
    let page = page(&library(), "shelves.books");
    let plain = describe::text(&page, Look::default());
    let styled = describe::text(
        &page,
        Look {
            styled: true,
            ..Look::default()
        },
    );
    assert!(styled.contains("\u{1b}[1mlist\u{1b}[0m\n"), "{styled}");
    assert!(
        styled.contains("\u{1b}[2m// Somebody.\u{1b}[0m\n"),
        "{styled}"
    );
    let mut without = styled;
    for style in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m"] {
        without = without.replace(style, "");
    }
    assert_eq!(without, plain);
}
