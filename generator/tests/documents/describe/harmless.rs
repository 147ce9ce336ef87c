//! Renders every page of every document in every format. Text of a document stays text.

use std::collections::BTreeSet;

use super::{analysis, page, targets};
use gapi_generator::{
    Analysis, Options as GeneratorOptions, Source, analyze,
    describe::{self, Look},
    diagnostics::is_hidden,
};
use gapi_tests::{fixture, mutation, workspace};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag};
use serde_json::{Map, Value, json};

/// Renders each page of the API.
fn examine(name: &str, analysis: &Analysis) -> usize {
    let targets = targets(&analysis.api.root);
    for target in &targets {
        let page = page(analysis, target);
        for width in [0, 100, usize::MAX] {
            let text = describe::text(
                &page,
                Look {
                    width,
                    styled: false,
                },
            );
            visible(&format!("{name} {target}, {width} columns"), &text);
        }
        let at = format!("{name} {target}");
        let page_in_html = describe::html(&page);
        visible(&at, &page_in_html);
        html(&at, &page_in_html);
        let page_in_markdown = describe::markdown(&page);
        visible(&at, &page_in_markdown);
        markdown(&at, &page_in_markdown);
    }
    targets.len()
}

fn visible(at: &str, text: &str) {
    let hidden = text.chars().find(|&c| c != '\n' && is_hidden(c));
    assert_eq!(hidden, None, "{at}");
}

/// The elements that a page is made of, and their attributes.
const ELEMENTS: [&str; 30] = [
    "html",
    "head",
    "title",
    "style",
    "body",
    "h1",
    "h2",
    "h3",
    "p",
    "ul",
    "li",
    "dl",
    "dt",
    "dd",
    "pre",
    "code",
    "b",
    "em",
    "br",
    "span",
    "a",
    "!doctype html",
    "html lang=\"en\"",
    "meta charset=\"utf-8\"",
    "meta name=\"viewport\" content=\"width=device-width\"",
    "meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"",
    "p class=\"text\"",
    "span class=\"note\"",
    "h2 id",
    "a href",
];

/// Checks that each `<` begins an element of the page, and that elements are closed in order.
fn html(at: &str, text: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in text.split('<').skip(1) {
        let (element, rest) = part
            .split_once('>')
            .unwrap_or_else(|| panic!("{at}: <{part}"));
        assert!(!rest.contains('>'), "{at}: <{part}");
        if let Some(name) = element.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{at}: <{part}");
            continue;
        }
        let known = match element.split_once("=\"") {
            Some((start @ ("h2 id" | "a href"), value)) => {
                let value = value
                    .strip_suffix('"')
                    .unwrap_or_else(|| panic!("{at}: <{element}>"));
                assert!(!value.contains(['"', '<', ' ']), "{at}: <{element}>");
                let leads = value.starts_with('#') || value.starts_with("https://");
                assert!(start == "h2 id" || leads, "{at}: <{element}>");
                start
            }
            _ => element,
        };
        assert!(ELEMENTS.contains(&known), "{at}: <{element}>");
        let name = element.split(' ').next().unwrap_or_default();
        if !["!doctype", "meta", "br"].contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{at}: {open:?}");
}

/// Checks that there is no HTML, that links lead to the web, and that the headings are those of a page.
fn markdown(at: &str, text: &str) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        let source = &text[range];
        match event {
            Event::Html(_) | Event::InlineHtml(_) => panic!("{at}: {source}"),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let web = ["https://", "http://", "mailto:"]
                    .iter()
                    .any(|web| dest_url.starts_with(web));
                assert!(web || source.contains('@'), "{at}: {source}");
            }
            Event::Start(Tag::Heading { level, .. }) => {
                let own = match level {
                    HeadingLevel::H1 => source.starts_with("# "),
                    HeadingLevel::H2 => [
                        "## Resources\n",
                        "## Methods\n",
                        "## Setters of every call: ",
                        "## `",
                        "## (empty)",
                    ]
                    .iter()
                    .any(|own| source.starts_with(own)),
                    HeadingLevel::H3 => [
                        "Arguments",
                        "Functions of `",
                        "Request body: `",
                        "Response",
                        "Scopes, each",
                    ]
                    .iter()
                    .any(|own| source[4..].starts_with(own)),
                    _ => false,
                };
                assert!(own, "{at}: {source}");
            }
            _ => {}
        }
    }
}

#[test]
fn every_resource_of_the_nine_documents_has_a_page() {
    let documents = workspace::documents();
    let pages: usize = std::thread::scope(|scope| {
        let examined: Vec<_> = documents
            .iter()
            .map(|source| scope.spawn(|| examine(&source.name, &analysis(source))))
            .collect();
        let pages = examined
            .into_iter()
            .map(|pages| pages.join().expect("no panic"));
        pages.sum()
    });
    // The nine APIs and their 103 resources.
    assert_eq!(pages, 112);
}

#[test]
fn every_fixture_has_pages_and_hostile_text_stays_text() {
    for fixture in fixture::good() {
        examine(&fixture.name, &fixture.analyze().expect("it generates"));
    }
}

#[test]
fn so_do_mutations_of_documents() {
    let seeds = mutation::seeds::all();
    let mut pages = 0;
    for execution in 0..EXECUTIONS {
        let source = Source {
            name: format!("mutation {execution}"),
            text: mutation::document(&seeds, 0, execution),
        };
        if let Ok(analysis) = analyze(&source, &GeneratorOptions::default()) {
            pages += examine(&source.name, &analysis);
        }
    }
    assert!(pages > 300, "{pages} pages");
}

/// The number of mutations.
const EXECUTIONS: u64 = 500;

#[test]
fn the_judge_sees_what_is_not_escaped() {
    for text in [
        "<script>x</script>",
        "<p><b></p></b>",
        "a < b",
        "<a href=\"javascript:x\">y</a>",
        "<p>",
    ] {
        assert!(
            std::panic::catch_unwind(|| html("", text)).is_err(),
            "{text}"
        );
    }
    for text in [
        "a <b>c</b>",
        "[a](javascript:x)",
        "## Another\n",
        "Another\n---\n",
    ] {
        assert!(
            std::panic::catch_unwind(|| markdown("", text)).is_err(),
            "{text}"
        );
    }
    assert!(std::panic::catch_unwind(|| visible("", "a\u{1b}[2J")).is_err());
}

fn with_schemas(schemas: &Map<String, Value>) -> Analysis {
    let document = json!({
        "kind": "discovery#restDescription",
        "id": "large:v1",
        "name": "large",
        "version": "v1",
        "rootUrl": "https://large.googleapis.com/",
        "schemas": schemas,
        "resources": {"things": {"methods": {"get": {
            "id": "large.things.get",
            "path": "v1/things",
            "httpMethod": "GET",
            "response": {"$ref": "S0"},
        }}}},
    });
    let name = "large.json".to_owned();
    analysis(&Source {
        name,
        text: document.to_string(),
    })
}

/// Creates `count` schemas, each with members of the type of the next.
fn chain(count: usize, members: &[&str]) -> Map<String, Value> {
    let schema = |number: usize| {
        let next = if number + 1 < count {
            json!({"$ref": format!("S{}", number + 1)})
        } else {
            json!({"type": "string"})
        };
        let members: Map<String, Value> = members
            .iter()
            .map(|name| ((*name).to_owned(), next.clone()))
            .collect();
        json!({"id": format!("S{number}"), "type": "object", "properties": members})
    };
    (0..count)
        .map(|number| (format!("S{number}"), schema(number)))
        .collect()
}

#[test]
fn a_body_is_no_larger_than_the_schemas_that_it_is_made_of() {
    let analysis = with_schemas(&chain(30, &["a", "b", "c"]));
    let text = describe::text(&page(&analysis, "things"), Look::default());
    let expanded: BTreeSet<&str> = text
        .lines()
        .filter(|line| line.contains(" S") && line.ends_with('{'))
        .collect();
    assert_eq!(expanded.len(), 30, "{text}");
    assert_eq!(text.matches("// as above").count(), 2 * 29, "{text}");
    assert!(text.len() < 20_000, "{}", text.len());
}

#[test]
fn what_is_too_deep_is_named() {
    let analysis = with_schemas(&chain(1_000, &["a"]));
    assert_eq!(examine("large", &analysis), 2);
    let text = describe::text(&page(&analysis, "things"), Look::default());
    assert!(
        text.contains("\"a\": S40 {…}, // too deep to show\n"),
        "{text}"
    );
}
