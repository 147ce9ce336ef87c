//! Compares five published reference pages with the generated API: methods, arguments, allowed values and members of
//! responses.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use gapi_tests::{
    page::{self, Argument, Method, SEEDS},
    rust::{self, Api, Function, Module},
    workspace,
};
use serde_json::Value;

/// The number of items on each page, counted in its text: methods, arguments, allowed values, members of responses.
const HOLDS: [[usize; 4]; 5] = [
    [6, 11, 8, 24],
    [3, 7, 4, 24],
    [4, 10, 6, 24],
    [3, 7, 4, 24],
    [2, 2, 2, 11],
];

/// Members of the Python client that have another form in the Rust client.
const ELSEWHERE: [(&str, &str); 2] = [
    // The page after a received one: `List::next_page(&page)`; also `pages()` and `items()`.
    ("list_next", "next_page"),
    // Connections close when the last clone of the client is dropped.
    ("close", "drop"),
];

/// Texts that newer documents changed: document, method, argument (`""` for the method itself), and the reason. For
/// these the text of the document is compared.
const NEWER: [(&str, &str, &str, &str); 4] = [
    ("spanner.v1", "list", "", NO_NOTE),
    ("healthcare.v1", "list", "", NO_NOTE),
    ("healthcare.v1beta1", "list", "", NO_NOTE),
    (
        "genomics.v2alpha1",
        "list",
        "filter",
        "each version now lists its own fields; the page lists those of v1 and v1alpha2 too",
    ),
];

/// AIP-151 methods lost a paragraph on bindings of `name` ("NOTE: the `name` binding allows API services to …").
const NO_NOTE: &str = "the note on overriding the binding of `name` is gone";

struct Subject<'a> {
    name: &'a str,
    document: Value,
    api: Api,
    resource: Vec<String>,
}

impl Subject<'_> {
    /// Returns the module of the page's resource.
    fn module(&self) -> &Module {
        let snake = |name: &String| {
            let letters = name.chars().map(|c| match c {
                'A'..='Z' => format!("_{}", c.to_ascii_lowercase()),
                c => c.to_string(),
            });
            letters.collect::<String>()
        };
        let path: Vec<String> = self.resource.iter().map(snake).collect();
        self.api.module(&path.join("::"))
    }

    /// Returns the function of the resource's handle.
    fn function(&self, name: &str) -> &Function {
        let found = self.module().functions.values().flatten().find(|function| {
            function.name == name && self.module().calls.contains_key(&function.output)
        });
        found.unwrap_or_else(|| panic!("{}: no method {name}", self.name))
    }

    /// Returns the setter of an optional argument, of the call or of every call.
    fn setter(&self, call: &str, name: &str) -> &Function {
        let own = self.module().functions.get(call);
        let standard = self
            .api
            .module("params")
            .functions
            .get("StandardParameters");
        let found = own
            .into_iter()
            .chain(standard)
            .flatten()
            .find(|function| function.name == name);
        found.unwrap_or_else(|| panic!("{}: {call} has no setter {name}", self.name))
    }

    /// Returns the method as the document describes it.
    fn described(&self, method: &str) -> &Value {
        let resource = self.resource.iter().fold(&self.document, |resource, step| {
            &resource["resources"][step]
        });
        &resource["methods"][method]
    }
}

/// Converts a name. `x__xgafv` is how the Python client spells `$.xgafv`.
fn rust_name(argument: &str) -> String {
    let name = argument.strip_prefix("x__").unwrap_or(argument);
    let letters = name.chars().map(|c| match c {
        'A'..='Z' => format!("_{}", c.to_ascii_lowercase()),
        c => c.to_string(),
    });
    letters.collect()
}

/// Returns the words of a text, without the marks of Markdown, its escapes and its line breaks.
fn words(text: &str) -> Vec<String> {
    let word = |c: char| c.is_alphanumeric();
    text.split(|c: char| c.is_whitespace() || "*`\\<>()[]".contains(c))
        .map(|text| text.trim_matches(|c| !word(c)).to_owned())
        .filter(|text| !text.is_empty())
        .collect()
}

/// The results for a page.
#[derive(Default)]
struct Found {
    counts: [usize; 4],
    /// The places where the words differ.
    problems: Vec<String>,
}

/// Compares the text of the page with the generated documentation.
fn compare(
    found: &mut Found,
    subject: &Subject<'_>,
    place: (&str, &str),
    page: &str,
    generated: &str,
) {
    let (method, argument) = place;
    let newer = NEWER
        .iter()
        .any(|entry| (entry.0, entry.1, entry.2) == (subject.name, method, argument));
    let described = subject.described(method);
    let own = match argument {
        "" => &described["description"],
        name => &described["parameters"][name]["description"],
    };
    let (page, generated) = (words(page), words(generated));
    let own = words(own.as_str().unwrap_or_default());
    let problem = match newer {
        true if page == generated => "is listed as newer, and is the same",
        true if own != generated => "is not what the document says",
        false if page != generated => "is not what the page says",
        _ => return,
    };
    let (name, page, generated) = (subject.name, page.join(" "), generated.join(" "));
    found.problems.push(format!(
        "{name} {method} {argument}: {problem}\n  page:      {page}\n  generated: {generated}"
    ));
}

#[test]
fn everything_on_the_pages_is_in_the_generated_api() {
    let mut used = 0;
    let mut problems = Vec::new();
    for (seed, holds) in SEEDS.iter().zip(HOLDS) {
        let page = page::read(seed.page);
        assert_eq!(page.resource.join("."), seed.subjects[0].1);
        for (name, resource) in seed.subjects {
            let text = workspace::read(&workspace::root().join(format!("discovery/{name}.json")));
            let subject = Subject {
                name,
                document: serde_json::from_str(&text).expect("JSON"),
                api: rust::api(
                    &workspace::root().join("generated/src"),
                    &name.replace('.', "_"),
                ),
                resource: resource.split('.').map(str::to_owned).collect(),
            };
            let mut found = Found::default();
            for method in &page.methods {
                check(&subject, method, &mut found);
            }
            assert_eq!(
                found.counts, holds,
                "{name}: methods, arguments, allowed values, members"
            );
            problems.extend(found.problems);
            used += NEWER.iter().filter(|entry| entry.0 == *name).count();
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
    assert_eq!(
        used,
        NEWER.len(),
        "an entry is about a document that no page is about"
    );
}

fn check(subject: &Subject<'_>, method: &Method, found: &mut Found) {
    found.counts[0] += 1;
    if let Some((_, here)) = ELSEWHERE.iter().find(|(name, _)| *name == method.name) {
        if *here == "next_page" {
            let call = &subject.module().calls[&subject.function("list").output];
            assert!(
                call.iter().any(|fact| fact.starts_with("pages: ")),
                "list is not paged"
            );
        }
        return;
    }
    let function = subject.function(&method.name);
    // The function has the first sentence. The page of the call has the whole description, and then facts.
    let call = &subject.module().structs[&function.output];
    let own = call.docs.split("\nA call of [`").next();
    let own = own.unwrap_or_default();
    compare(found, subject, (&method.name, ""), &method.docs, own);
    for argument in &method.arguments {
        found.counts[1] += 1;
        check_argument(subject, method, function, argument, found);
    }
    let response = subject.module().calls[&function.output]
        .iter()
        .find_map(|fact| fact.strip_prefix("response: Json api::schemas::"));
    for property in &method.properties {
        found.counts[3] += 1;
        check_property(subject, response.expect("a response in JSON"), property);
    }
}

fn check_argument(
    subject: &Subject<'_>,
    method: &Method,
    function: &Function,
    argument: &Argument,
    found: &mut Found,
) {
    let name = rust_name(&argument.name);
    let place = format!("{}: {} {name}", subject.name, method.name);
    if argument.name == "body" {
        let (_, ty) = function.arguments.last().expect("an argument");
        assert!(ty.starts_with("impl Into<Option<api::schemas::"), "{place}");
        return;
    }
    let docs = if argument.required {
        let position = function
            .arguments
            .iter()
            .position(|(argument, _)| *argument == name);
        assert!(position.is_some(), "{place} is no argument");
        let mark = format!("* `{name}` (required): ");
        let (_, docs) = function
            .docs
            .split_once(&mark)
            .unwrap_or_else(|| panic!("{place} is not marked"));
        docs.split("\n* `").next().unwrap_or_default().to_owned()
    } else {
        let setter = subject.setter(&function.output, &name);
        check_type(&place, argument, &setter.arguments[0].1);
        setter.docs.clone()
    };
    if argument.name.starts_with("x__") {
        assert_eq!(words(&argument.docs), words(&docs), "{place}");
    } else {
        compare(
            found,
            subject,
            (&method.name, &argument.name),
            &argument.docs,
            &docs,
        );
    }
    for (value, meaning) in &argument.values {
        found.counts[2] += 1;
        let params = subject.api.module("params");
        let (variant, _) = params.tables["Xgafv"]
            .iter()
            .find(|(_, wire)| *wire == value)
            .unwrap_or_else(|| panic!("{place}: no value {value}"));
        let variant = params.enums["Xgafv"]
            .members
            .iter()
            .find(|member| member.name == *variant);
        assert_eq!(
            words(meaning),
            words(&variant.expect("a variant").docs),
            "{place}: {value}"
        );
    }
}

fn check_type(place: &str, argument: &Argument, ty: &str) {
    let wanted = match argument.ty.as_str() {
        "string" if !argument.values.is_empty() => "Xgafv",
        "string" => "impl Into<String>",
        "integer" => "i32",
        "boolean" => "bool",
        other => panic!("{place}: {other}"),
    };
    assert_eq!(ty, wanted, "{place}");
}

/// Follows the members down from the type of the response.
fn check_property(subject: &Subject<'_>, response: &str, property: &[String]) {
    let schemas = subject.api.module("schemas");
    let mut ty = response.to_owned();
    for name in property {
        let place = format!("{}: {response} {}", subject.name, property.join("."));
        if name == page::ANY_KEY {
            assert_eq!(ty, "gapi_runtime::Object", "{place}");
            continue;
        }
        let table = schemas
            .tables
            .get(&ty)
            .unwrap_or_else(|| panic!("{place}: no struct {ty}"));
        let (member, _) = table
            .iter()
            .find(|(_, wire)| *wire == name)
            .unwrap_or_else(|| panic!("{place}: no {name}"));
        let field = schemas.structs[&ty]
            .members
            .iter()
            .find(|field| field.name == *member);
        let whole = &field.expect("a field").ty;
        let inner = whole
            .replace("Option<", "")
            .replace("Vec<", "")
            .replace("Box<", "");
        inner.trim_end_matches('>').clone_into(&mut ty);
    }
}
