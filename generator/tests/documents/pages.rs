//! Pages of the documentation, as rustdoc makes them of the generated source.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use gapi_generator::{Files, Options, Source, analyze};
use gapi_tests::rust;
use pulldown_cmark::{Event, Options as Extensions, Parser, TagEnd};
use serde_json::{Value, json};

/// Returns the files of a document.
fn files(document: &Value) -> Files {
    let source = Source {
        name: "library.v1.json".to_owned(),
        text: document.to_string(),
    };
    let analysis = analyze(&source, &Options::default());
    let analysis = analysis.unwrap_or_else(|errors| panic!("{errors}"));
    analysis.files().expect("the output is Rust")
}

fn text<'f>(files: &'f Files, path: &str) -> &'f str {
    let found = files.0.iter().find(|(name, _)| name.ends_with(path));
    found.map(|(_, text)| text.as_str()).expect("the file")
}

fn api(files: &Files) -> rust::Api {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (path, text) in &files.0 {
        let path = directory.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("create");
        std::fs::write(path, text).expect("write");
    }
    rust::api(directory.path(), "library_v1")
}

/// Returns a document with two resources, and a schema whose field has this description.
fn document(description: &str) -> Value {
    let parameters = json!({
        "parent": {"type": "string", "location": "path", "required": true, "pattern": "^shelves/[^/]+$",
            "description": "The shelf."},
        "pageSize": {"type": "integer", "format": "int32", "location": "query", "description": "The size."},
    });
    let list = json!({
        "id": "library.shelves.books.list", "httpMethod": "GET", "path": "v1/{+parent}/books",
        "description": "Lists the books of a shelf. Books that were lent are not in the list.",
        "parameters": parameters, "parameterOrder": ["parent"], "response": {"$ref": "Instance"},
        "scopes": ["https://www.googleapis.com/auth/books"],
    });
    let clean = json!({
        "id": "library.shelves.clean", "httpMethod": "POST", "path": "v1/shelves:clean", "deprecated": true,
        "description": "Cleans all shelves.\n\nIt takes a while. Meanwhile there are no books.",
        "request": {"$ref": "Instance"},
    });
    json!({
        "kind": "discovery#restDescription", "id": "library:v1", "name": "library", "version": "v1",
        "revision": "20260101", "title": "Library API", "rootUrl": "https://library.googleapis.com/",
        "servicePath": "library/", "batchPath": "batch",
        "auth": {"oauth2": {"scopes": {"https://www.googleapis.com/auth/books": {"description": "Books."}}}},
        "parameters": {"fields": {"type": "string", "location": "query", "description": "A mask."}},
        "schemas": {
            "Instance": {"id": "Instance", "type": "object", "properties": {
                "labels": {"type": "string", "description": description},
                "state": {"type": "string", "enum": ["READY"], "enumDescriptions": ["Ready."]},
            }},
            "Empty": {"id": "Empty", "type": "object", "properties": {}},
        },
        "resources": {"shelves": {"methods": {"clean": clean}, "resources": {"books": {"methods": {"list": list}}}}},
    })
}

/// Returns the text that rustdoc shows, in one line, with straight quotes.
fn shown(docs: &str) -> String {
    let extensions = Extensions::ENABLE_TABLES
        | Extensions::ENABLE_FOOTNOTES
        | Extensions::ENABLE_STRIKETHROUGH
        | Extensions::ENABLE_TASKLISTS
        | Extensions::ENABLE_SMART_PUNCTUATION;
    let mut shown = String::new();
    for event in Parser::new_ext(docs, extensions) {
        match event {
            Event::Text(text) => shown.push_str(&text),
            Event::Code(code) => shown.extend(["`", &*code, "`"]),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph) => shown.push(' '),
            Event::Rule => shown.push_str("(a line)"),
            Event::Html(html) | Event::InlineHtml(html) => panic!("HTML: {html}"),
            _ => {}
        }
    }
    let straight = |c| match c {
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        c => c,
    };
    let shown: String = shown.chars().map(straight).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn label_docs(description: &str) -> String {
    let api = api(&files(&document(description)));
    let instance = &api.module("schemas").structs["Instance"];
    let labels = instance.members.iter().find(|field| field.name == "labels");
    labels.expect("the field").docs.clone()
}

#[test]
fn case_g10_characters_of_descriptions_stay() {
    for description in [
        r#"String: name + "_" + value would prove problematic if we were to allow "_" in a future release."#,
        "The names _id and id_ and _both_, and __name__ twice: __name__.",
        "Snake_case_words and a trailing_ underscore and _leading one.",
        "Under projects/*/locations/*/keys/*.",
        "Of composer-1.*.*-airflow-2.*.* and 4*1024*1024.",
        "As 'image*.png' || '*.jpg', \"**/*.rs\" or a/**/b/**/c.",
        "In the form country~language~id, ~~or~~ not.",
        "Vec<String>, a < b, <project> and </b>.",
        "An index [x], [a::B] and a[0].",
        r"Matches ^\d+\.\d+$ or [a-z]\-[0-9]\/x.",
        "With gcloud --project=x and '--zone'.",
        "An unpaired ` backtick and a | pipe | or two.",
        "Less than\n1. Otherwise it is more.",
        "A difference of\n- 5 or less.",
        "# This is a sentence, and no heading.",
        "Above the line\n\n___\n\nand below.",
        "* [x] done",
    ] {
        let docs = label_docs(description);
        let expected = description.trim_start_matches("* ");
        let expected = expected.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(shown(&docs), expected, "{docs}");
    }
}

#[test]
fn case_g10_emphasis_stays_emphasis() {
    for description in [
        "An *important* word.",
        "**Note:** It is **not** (*really*) so.",
        "**`code`** and *x*.",
    ] {
        assert_eq!(label_docs(description), description);
    }
}

#[test]
fn case_g11_a_call_begins_with_its_description() {
    let files = files(&document("x"));
    let api = api(&files);
    let list = &api.module("shelves::books").structs["List"];
    assert_eq!(
        list.docs,
        "Lists the books of a shelf. Books that were lent are not in the list.\n\n\
         A call of [`Books::list`]: `GET v1/{+parent}/books`. Scopes: [`BOOKS`][api::scopes::BOOKS]. \
         All calls take [`StandardParameters`][api::StandardParameters]."
    );
    let clean = &api.module("shelves").structs["Clean"];
    assert!(
        clean
            .docs
            .starts_with("Cleans all shelves.\n\nIt takes a while."),
        "{}",
        clean.docs
    );
}

#[test]
fn case_g11_a_call_has_its_own_setters_first() {
    let files = files(&document("x"));
    let books = text(&files, "shelves/books.rs");
    let at = |part: &str| books.find(part).unwrap_or_else(|| panic!("no {part}"));
    assert!(at("pub struct List(") < at("pub fn page_size("));
    assert!(at("pub fn page_size(") < at("gapi_runtime::call!(List"));
}

#[test]
fn case_g11_a_function_has_a_short_description_and_leads_to_the_call() {
    let api = api(&files(&document("x")));
    let clean = &api.module("shelves").functions["Shelves"];
    let clean = clean.iter().find(|function| function.name == "clean");
    let docs = &clean.expect("the function").docs;
    assert_eq!(docs, "Cleans all shelves. More in [`Clean`].");
}

#[test]
fn case_g11_an_api_has_a_list_of_its_methods() {
    let files = files(&document("x"));
    let api = text(&files, "library_v1.rs");
    let lines = api.lines().filter_map(|line| line.strip_prefix("//! "));
    let list: Vec<&str> = lines
        .skip_while(|line| *line != "# Methods")
        .skip(1)
        .collect();
    assert_eq!(
        list,
        [
            "* [`shelves`][shelves::Shelves]",
            "  * [`clean`][shelves::Shelves::clean] (deprecated): `POST library/v1/shelves:clean`",
            "* [`shelves.books`][shelves::books::Books]",
            "  * [`list`][shelves::books::Books::list]: `GET library/v1/{+parent}/books`",
        ]
    );
}

#[test]
fn case_g11_schemas_begin_with_their_types() {
    let files = files(&document("x"));
    let schemas = text(&files, "library_v1/schemas.rs");
    let docs: Vec<&str> = schemas
        .lines()
        .filter_map(|line| line.strip_prefix("//! * "))
        .collect();
    assert_eq!(docs, ["[`Empty`]", "[`Instance`]"]);
    assert!(schemas.contains("pub mod instance"), "{schemas}");
}
