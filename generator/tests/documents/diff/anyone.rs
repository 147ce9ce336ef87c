//! Documents of anyone: other APIs, thousands of changes, and text that pages would interpret.

use std::{slice::from_ref, time::Instant};

use gapi_generator::{
    Options, Source,
    diff::{self, Changes, Note, Verdict, What},
};
use pulldown_cmark::{Event, Options as Markdown, Parser, Tag, TagEnd};
use serde_json::{Value, json};

use super::compare;

/// Returns a document with these schemas.
fn document(name: &str, schemas: &Value) -> Value {
    json!({
        "kind": "discovery#restDescription",
        "id": format!("{name}:v1"),
        "name": name,
        "version": "v1",
        "revision": "20260101",
        "title": format!("The {name} API"),
        "rootUrl": format!("https://{name}.googleapis.com/"),
        "servicePath": "",
        "batchPath": "batch",
        "schemas": schemas,
        "resources": {"things": {"methods": {"get": {
            "id": format!("{name}.things.get"), "path": "v1/thing", "httpMethod": "GET",
        }}}},
    })
}

fn source(document: &Value) -> Source {
    Source {
        name: "a.json".to_owned(),
        text: document.to_string(),
    }
}

/// Returns the ids of the APIs that vanished, and of the new ones.
fn gone_and_new(changes: &Changes) -> (Vec<&str>, Vec<&str>) {
    let of = |what: &What| {
        let apis = changes.apis.iter();
        let apis = apis.filter(|api| matches!(&api.changes[..], [only] if only.what == *what));
        apis.map(|api| api.id.as_str()).collect()
    };
    (of(&What::Removed), of(&What::Added))
}

#[test]
fn case_g7_two_files_of_different_apis_are_told() {
    let (a, b) = (
        source(&document("a", &json!({}))),
        source(&document("b", &json!({}))),
    );
    let changes = compare(from_ref(&a), from_ref(&b));
    assert_eq!(gone_and_new(&changes), (vec!["a:v1"], vec!["b:v1"]));
    assert_eq!(changes.verdict(), Some(Verdict::Breaking));
    let note = "a:v1 and b:v1 are different APIs: the first one is reported as removed, the second one as new";
    assert_eq!(diff::notes(&changes), [note]);
    assert!(diff::text(&changes, false).starts_with(&format!("note: {note}\n")));
    assert!(diff::markdown(&changes).contains("**Note:** `a:v1` and `b:v1` are different APIs"));
    assert_eq!(diff::json(&changes)["notes"], json!([note]));
    // Two versions of an API can be compared as one.
    let changes = diff::as_one_api(&a, &b, &Options::default()).expect("documents");
    assert_eq!((changes.apis.len(), &changes.notes[..]), (1, &[][..]));
    assert_eq!(gone_and_new(&changes), (vec![], vec![]));
}

#[test]
fn case_g7_every_api_that_vanished_is_removed() {
    let sources = |names: &[&str]| -> Vec<Source> {
        let documents = names.iter().map(|name| source(&document(name, &json!({}))));
        documents.collect()
    };
    for (old, new, gone, added, notes) in [
        (
            &["a", "b", "c"][..],
            &["b"][..],
            vec!["a:v1", "c:v1"],
            vec![],
            0,
        ),
        (
            &["a", "b"],
            &["c", "d"],
            vec!["a:v1", "b:v1"],
            vec!["c:v1", "d:v1"],
            1,
        ),
        (&["a"], &["a", "b"], vec![], vec!["b:v1"], 0),
        (&["a", "b"], &[], vec!["a:v1", "b:v1"], vec![], 1),
        (&[], &["a"], vec![], vec!["a:v1"], 1),
    ] {
        let changes = compare(&sources(old), &sources(new));
        assert_eq!(gone_and_new(&changes), (gone, added), "{old:?} {new:?}");
        assert_eq!(changes.notes.len(), notes, "{:?}", changes.notes);
    }
}

/// An id is read whatever else a document says. The name of its file and its place do not matter.
#[test]
fn case_g7_ids_are_read_from_any_document() {
    let old = document("a", &json!({}));
    let mut odd = old.clone();
    odd["title"] = "Another".into();
    let mut text = source(&odd);
    text.text.insert(0, '\u{feff}');
    let mut several = old.clone();
    several["revision"] = "9".into();
    let changes = compare(&[source(&old), source(&several)], &[source(&odd)]);
    assert_eq!(
        (changes.compared, gone_and_new(&changes)),
        (1, (vec![], vec![]))
    );
    let note = Note::SeveralDocuments {
        id: "a:v1".to_owned(),
        names: vec!["a.json".to_owned(), "a.json".to_owned()],
    };
    assert_eq!(changes.notes, [note]);
    // A wrong revision is reported, and does not make another API of it.
    odd["revision"] = 7.into();
    let wrong = diff::documents(&[source(&old)], &[source(&odd)], &Options::default());
    assert!(wrong.expect_err("wrong").to_string().contains("/revision"));
}

/// Returns two documents, in which each of `number` schemas has another name.
fn renamed(number: usize) -> [Source; 2] {
    ["Old", "New"].map(|name| {
        let schemas = (0..number).map(|index| {
            let field = json!({"type": "string", "description": format!("The field {index}.")});
            let properties = json!({format!("a{index}"): field, "b": field, name: field});
            let schema =
                json!({"id": format!("{name}{index}"), "type": "object", "properties": properties});
            (format!("{name}{index}"), schema)
        });
        let schemas: serde_json::Map<String, Value> = schemas.collect();
        source(&document("a", &schemas.into()))
    })
}

/// A search that compares each removed thing with each added one would take minutes.
#[test]
fn case_s7_renames_are_found_in_linear_time() {
    let time = |number: usize| {
        let [old, new] = renamed(number);
        let started = Instant::now();
        let changes = compare(&[old], &[new]);
        assert_eq!(changes.apis[0].changes.len(), 2 * number);
        (started.elapsed(), changes)
    };
    let (small, _) = time(1_000);
    let (large, changes) = time(8_000);
    assert!(large < small * 24, "{small:?}, {large:?}");
    assert!(
        changes.apis[0]
            .changes
            .iter()
            .all(|it| it.what != What::Description)
    );
}

#[test]
fn case_s7_each_kind_of_rename_is_found_among_thousands() {
    let documents = ["Old", "New"].map(|name| {
        let fields = |prefix: &str, number: usize| -> Value {
            let field = |index| {
                let docs = format!("Field {index} of {prefix}.");
                (
                    format!("{prefix}{name}{index}"),
                    json!({"type": "string", "description": docs}),
                )
            };
            (0..number)
                .map(field)
                .collect::<serde_json::Map<_, _>>()
                .into()
        };
        let mut whole = document(
            "a",
            &json!({
                "One": {"id": "One", "type": "object", "properties": fields("x", 3_000)},
            }),
        );
        let methods = (0..3_000).map(|index| {
            let id = format!("call{name}{index}");
            let method = json!({
                "id": format!("a.things.{id}"),
                "path": format!("v1/things/{index}"),
                "httpMethod": "GET",
                "parameters": {format!("p{index}"): {"type": "string", "location": "query"}},
            });
            (id, method)
        });
        let methods: serde_json::Map<String, Value> = methods.collect();
        whole["resources"]["things"]["methods"] = methods.into();
        source(&whole)
    });
    let [old, new] = documents;
    let changes = compare(&[old], &[new]);
    let renames = changes.apis[0].changes.iter();
    let renames = renames.filter(|it| matches!(it.what, What::LooksRenamed(_)));
    assert_eq!(renames.count(), 6_000);
}

/// Returns a pair with thousands of changes of each verdict.
fn thousands() -> Changes {
    let schemas = |prefix: &str, number: usize, field: &str| {
        let schemas = (0..number).map(|index| {
            let id = format!("{prefix}{index}");
            let docs = format!("{field} of schema {index}.");
            let properties =
                json!({field: {"type": "string"}, "same": {"type": "string", "description": docs}});
            (
                id.clone(),
                json!({"id": id, "type": "object", "properties": properties}),
            )
        });
        schemas.collect::<serde_json::Map<_, _>>()
    };
    let mut old = schemas("Gone", 2_000, "x");
    old.extend(schemas("Kept", 2_000, "before"));
    let mut new = schemas("Added", 3_000, "y");
    new.extend(schemas("Kept", 2_000, "now"));
    let (old, new) = (document("a", &old.into()), document("a", &new.into()));
    compare(&[source(&old)], &[source(&new)])
}

#[test]
fn case_s7_a_report_of_thousands_of_changes_stays_readable() {
    let changes = thousands();
    let number = changes.apis[0].changes.len();
    assert!(number > 8_000, "{number} changes");
    let (text, markdown) = (diff::text(&changes, false), diff::markdown(&changes));
    for (report, most) in [(&text, 1_500), (&markdown, 2_500)] {
        let lines = report.lines().count();
        assert!(lines < most, "{lines} lines");
        assert!(report.contains(" more changes of this kind"));
        assert!(report.contains("more removed"), "many are one line");
    }
    assert!(diff::changelog(&changes).len() < 200_000);
    // Breaking changes come first.
    let marks = text.lines().filter_map(|line| line.strip_prefix("  "));
    let marks = marks.filter_map(|line| line.chars().next().filter(|c| "!+.".contains(*c)));
    let marks: Vec<usize> = marks.filter_map(|mark| "!+.".find(mark)).collect();
    assert!(marks.is_sorted() && marks.contains(&2), "{marks:?}");
    // Nothing is omitted on request, and never for programs.
    let complete = diff::complete_text(&changes, false);
    assert!(!complete.contains(" more changes of this kind"));
    assert!(complete.contains("schema Kept1999"));
    let json = diff::json(&changes);
    assert_eq!(
        json["apis"][0]["changes"].as_array().map(Vec::len),
        Some(number)
    );
}

/// Texts that a page or GitHub would interpret.
const HOSTILE: [&str; 12] = [
    "@octocat",
    "octocat/hello#12",
    "GH-12",
    "deadbeef0",
    "https://example.com/x",
    "www.example.com",
    "![x](https://example.com/x.png)",
    "[a][b] <img src=x onerror=alert(1)>",
    "`a` | *b* | ~~c~~ $d$ :tada:",
    "a\n# b\n```\n<!-- x -->",
    "20260101](https://example.com) <!--",
    "| a |\n|---|",
];

/// Returns the text of a page outside of code.
fn prose(markdown: &str) -> String {
    let mut text = String::new();
    let mut is_code = false;
    for event in Parser::new_ext(markdown, Markdown::all()) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Text(part) if !is_code => text += &part,
            Event::SoftBreak | Event::HardBreak | Event::End(_) => text.push(' '),
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Start(
                Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::HtmlBlock
                | Tag::Strikethrough
                | Tag::Emphasis,
            ) => panic!("{event:?}"),
            _ => {}
        }
    }
    text
}

#[test]
fn case_s5_no_text_of_a_document_acts_in_a_page() {
    for hostile in HOSTILE {
        let of = |text: &str| {
            let schema = json!({"id": text, "type": "object", "description": text, "properties": {
                "a": {"type": "string", "enum": [text, "B2"], "description": text, "default": text},
            }});
            let mut schemas = serde_json::Map::new();
            schemas.insert(text.to_owned(), schema);
            let mut document = document("a", &schemas.into());
            document["title"] = text.into();
            document["revision"] = text.into();
            document["resources"]["things"]["methods"]["get"]["parameters"] = json!({
                "p": {"type": "string", "location": "query", "pattern": text, "default": text},
            });
            document
        };
        let mut all = Vec::new();
        let (old, new) = (of("harmless"), of(hostile));
        let mut other = new.clone();
        other["id"] = hostile.into();
        for (old, new) in [(&old, &new), (&new, &old), (&old, &other)] {
            // Names that are not identifiers are rejected.
            let sources = ([source(old)], [source(new)]);
            let Ok(changes) = diff::documents(&sources.0, &sources.1, &Options::default()) else {
                continue;
            };
            all.push(diff::markdown(&changes));
            all.push(diff::changelog(&changes));
            // Several APIs have a table.
            let both = [source(old), source(&document("b", &json!({})))];
            let changes = compare(&both, &sources.1);
            all.push(diff::markdown(&changes));
        }
        assert!(all.len() >= 3, "{hostile}");
        for page in all {
            let prose = prose(&page);
            for word in [
                "@", "#1", "://", "www.", "GH-", "deadbeef", "onerror", "<", ":tada:",
            ] {
                assert!(
                    !prose.contains(word),
                    "{word} of {hostile}: {prose}\n{page}"
                );
            }
        }
    }
}

/// A summary that is cut at the end is still a page.
#[test]
fn case_s5_reports_begin_with_the_summary() {
    let sources: Vec<Source> = (0..30)
        .map(|index| source(&document(&format!("a{index}"), &json!({}))))
        .collect();
    let page = diff::markdown(&compare(&sources, &sources[..1]));
    assert!(
        page.starts_with("30 documents compared, 29 changed: 29 breaking, 0 additive"),
        "{page}"
    );
    assert!(page.contains("| `a1:v1` | revision 20260101, removed | 1 | 0 | 0 |"));
}
