//! Five published reference pages against our pages of the same resources. The published pages are older than the
//! documents, but everything on them is still there, so there is no list of exceptions.

use super::{analysis, page};
use gapi_generator::describe::{self, Argument, Look, MethodPage, Page, Shape};
use gapi_tests::{
    page::{self as published, ANY_KEY, Method, SEEDS},
    workspace,
};

/// The number of items on each page: methods, arguments, allowed values, members of responses.
const HOLDS: [[usize; 4]; 5] = [
    [5, 11, 8, 24],
    [3, 7, 4, 24],
    [4, 10, 6, 24],
    [3, 7, 4, 24],
    [1, 2, 2, 11],
];

#[test]
fn everything_on_the_published_pages_is_described() {
    let documents = workspace::documents();
    for (seed, holds) in SEEDS.iter().zip(HOLDS) {
        let published = published::read(seed.page);
        for (document, resource) in seed.subjects {
            let file = format!("{document}.json");
            let source = documents.iter().find(|source| source.name == file);
            let analysis = analysis(source.expect("a document of this name"));
            let page = page(&analysis, resource);
            assert_eq!(page.crumbs[1..].join("."), *resource);
            let found = Found {
                text: describe::text(
                    &page,
                    Look {
                        width: 10_000,
                        styled: false,
                    },
                ),
                page,
            };
            let mut counts = [0; 4];
            for method in published
                .methods
                .iter()
                .filter(|method| method.name != "close")
            {
                check(&found, method, &mut counts);
            }
            assert_eq!(
                counts, holds,
                "{document}: methods, arguments, allowed values, members"
            );
        }
    }
}

/// The described methods.
struct Found {
    page: Page,
    text: String,
}

impl Found {
    fn method(&self, name: &str) -> &MethodPage {
        let found = self.page.methods.iter().find(|method| method.name == name);
        found.unwrap_or_else(|| panic!("{:?}: no method {name}", self.page.crumbs))
    }

    /// Returns the section with this heading. It ends before the next line that is not indented.
    fn section(&self, heading: &str) -> &str {
        let (_, rest) = self
            .text
            .split_once(&format!("\n{heading}\n"))
            .unwrap_or_else(|| panic!("{heading} is no heading:\n{}", self.text));
        let next = rest
            .match_indices("\n\n")
            .find(|(at, _)| rest[at + 2..].starts_with(|c: char| !c.is_whitespace()));
        next.map_or(rest, |(at, _)| &rest[..=at])
    }
}

fn check(found: &Found, published: &Method, counts: &mut [usize; 4]) {
    counts[0] += 1;
    if published.name == "list_next" {
        assert!(
            found
                .section("list")
                .contains("\n    pub fn next_page(&self, page: ")
        );
        return;
    }
    let method = found.method(&published.name);
    let section = found.section(&published.name);
    assert!(section.contains("pub fn "), "{section}");
    for argument in &published.arguments {
        counts[1] += 1;
        counts[2] += argument.values.len();
        check_argument(found, method, section, argument);
    }
    for property in &published.properties {
        counts[3] += 1;
        let response = &method.response.as_ref().expect("a response").shape;
        assert!(holds(response, property), "{}: {property:?}", method.id);
        let last = property.last().expect("a name");
        let (_, drawn) = section.split_once("\n  Response: ").expect("a response");
        assert!(
            drawn.contains(&format!("\"{last}\": ")),
            "{}: {last} in\n{drawn}",
            method.id
        );
    }
}

fn check_argument(
    found: &Found,
    method: &MethodPage,
    section: &str,
    published: &published::Argument,
) {
    let place = format!("{}: {}", method.id, published.name);
    if published.name == "body" {
        assert!(method.request.is_some(), "{place}");
        assert!(section.contains("\n  Request body: schemas::"), "{place}");
        return;
    }
    // The Python client spells `$.xgafv`, which every method takes, as `x__xgafv`.
    let (name, arguments, section) = match published.name.strip_prefix("x__") {
        Some(name) => {
            let module = &found.page.api.module;
            let heading = format!("Setters of every call ({module}::StandardParameters)");
            (
                format!("$.{name}"),
                &found.page.standard,
                found.section(&heading),
            )
        }
        None => (published.name.clone(), &method.arguments, section),
    };
    let argument: &Argument = arguments
        .iter()
        .find(|argument| argument.name == name)
        .unwrap_or_else(|| panic!("{place} is not described"));
    assert_eq!(argument.required, published.required, "{place}");
    assert!(
        argument.ty.starts_with(&published.ty),
        "{place}: {}",
        argument.ty
    );
    let mark = if published.required {
        " (required)"
    } else {
        ""
    };
    let line = format!("{name}: {}{mark}", argument.ty);
    assert!(
        section.lines().any(|shown| shown.trim() == line),
        "{place}: `{line}` in\n{section}"
    );
    let values = argument.values.iter().map(|value| {
        let docs = value.docs.clone().unwrap_or_default();
        (value.value.clone(), docs)
    });
    assert_eq!(values.collect::<Vec<_>>(), published.values, "{place}");
    for (value, meaning) in &published.values {
        let line = format!("{value} - {meaning}");
        assert!(
            section.lines().any(|shown| shown.trim() == line),
            "{place}: `{line}` in\n{section}"
        );
    }
}

/// Returns whether the shape has this member at this path.
fn holds(shape: &Shape, path: &[String]) -> bool {
    let Some((name, rest)) = path.split_first() else {
        return true;
    };
    match shape {
        Shape::List(inner) => holds(inner, path),
        Shape::Map(value) => name == ANY_KEY && holds(value, rest),
        Shape::Object(object) => {
            let member = object.members.iter().find(|member| member.name == *name);
            member.is_some_and(|member| holds(&member.shape, rest))
        }
        _ => false,
    }
}
