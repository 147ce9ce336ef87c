//! Long documents: time and memory grow with the document, not with its square.
//!
//! The tests measure no time. The watchdog reports a test that does not end.

use std::fmt::Write as _;

use gapi_generator::Options;
use gapi_tests::{hostile, oracle::Verdict};
use serde_json::{Value, json};

fn judge(document: &Value) -> Verdict {
    match super::judge(&document.to_string(), &Options::default()) {
        Verdict::Broken(findings) => panic!("{:?}", &findings[..findings.len().min(3)]),
        verdict => verdict,
    }
}

/// Returns the document with these schemas.
fn with_schemas(schemas: impl Iterator<Item = (String, Value)>) -> Value {
    let mut document = hostile::document();
    let all = document["schemas"].as_object_mut().expect("an object");
    all.extend(schemas);
    document
}

const MANY: usize = 1_000;

#[test]
fn a_long_chain_of_aliases() {
    let alias = |n: usize| (format!("A{n}"), json!({"$ref": format!("A{}", n + 1)}));
    let end = (format!("A{MANY}"), json!({"$ref": "Thing"}));
    judge(&with_schemas((0..MANY).map(alias).chain([end])));
}

#[test]
fn a_long_ring_of_schemas() {
    let schema = |n: usize| {
        let next = format!("A{}", (n + 1) % MANY);
        (
            format!("A{n}"),
            json!({"type": "object", "properties": {"next": {"$ref": next}}}),
        )
    };
    judge(&with_schemas((0..MANY).map(schema)));
}

#[test]
fn a_long_ring_of_aliases() {
    let alias = |n: usize| {
        (
            format!("A{n}"),
            json!({"$ref": format!("A{}", (n + 1) % MANY)}),
        )
    };
    judge(&with_schemas((0..MANY).map(alias)));
}

#[test]
fn many_names_that_meet() {
    let mut document = hostile::document();
    let values: Vec<String> = (0..MANY)
        .map(|n| format!("a{}", "_".repeat(n % 50 + 1)))
        .collect();
    document["schemas"]["Thing"]["properties"]["kind"]["enum"] = json!(values);
    assert!(matches!(judge(&document), Verdict::Rejected(_)));
}

/// Characters of several bytes check that the limit on messages counts bytes correctly.
#[test]
fn a_long_text_that_no_name_can_be_made_of() {
    let mut document = hostile::document();
    let value = "\u{200e}".repeat(10_000);
    document["schemas"]["Thing"]["properties"]["kind"]["enum"] = json!([value]);
    assert!(matches!(judge(&document), Verdict::Rejected(_)));
}

#[test]
fn many_legacy_spellings() {
    let mut document = hostile::document();
    let mut values = vec!["first".to_owned()];
    values.extend((0..MANY).map(|n| format!("first{n}")));
    let mut descriptions = vec![String::new()];
    descriptions.resize(values.len(), "Legacy alias for `first`.".to_owned());
    document["schemas"]["Thing"]["properties"]["kind"] =
        json!({"type": "string", "enum": values, "enumDescriptions": descriptions});
    judge(&document);
}

#[test]
fn many_parameters() {
    let mut document = hostile::document();
    let (mut path, mut parameters) = (String::from("v1"), serde_json::Map::new());
    for n in 0..1_000 {
        write!(path, "/{{p{n}}}").expect("a string takes it");
        parameters.insert(
            format!("p{n}"),
            json!({"type": "string", "location": "path"}),
        );
    }
    let order: Vec<&String> = parameters.keys().rev().collect();
    let method = &mut document["resources"]["things"]["methods"]["get"];
    method["parameterOrder"] = json!(order);
    method["parameters"] = parameters.into();
    method["path"] = path.into();
    assert!(matches!(judge(&document), Verdict::Accepted { .. }));
}

#[test]
fn repeated_long_texts_without_spaces() {
    for unit in [
        "- ",
        "* ",
        "> ",
        "[",
        "![",
        "]",
        "(",
        "`",
        "``` ",
        "<",
        "<!--",
        "</",
        "&",
        "&amp;",
        "_",
        "**a",
        "~~",
        "|",
        "| a ",
        "\\",
        "\n",
        "\n\n    x",
        "\n>",
        "1. ",
        "# ",
        "http://",
        "https://a ",
        "[a](b",
        "[a]:",
        "[^a]",
        "a ",
        "\u{0}",
        "\u{202e}",
        "日",
        "\"",
        "{{",
    ] {
        let text = unit.repeat(8_000 / unit.len());
        let mut document = hostile::document();
        document["title"] = text.clone().into();
        document["revision"] = text.clone().into();
        document["schemas"]["Thing"]["description"] = text.clone().into();
        let text_member = &mut document["schemas"]["Thing"]["properties"]["text"];
        *text_member =
            json!({"type": "string", "description": text, "default": text, "pattern": text});
        judge(&document);
    }
}

#[test]
fn a_long_default_that_is_never_wrapped() {
    let mut document = hostile::document();
    document["schemas"]["Thing"]["properties"]["text"]["default"] = "- ".repeat(200_000).into();
    assert!(matches!(judge(&document), Verdict::Accepted { .. }));
}

#[test]
fn a_long_name_with_much_inside() {
    let inside: serde_json::Map<String, Value> = (0..2_000)
        .map(|n| (format!("p{n}"), json!({"type": "string"})))
        .collect();
    let schema = json!({"type": "object", "properties": inside});
    let document = with_schemas([("x".repeat(100_000), schema)].into_iter());
    let Verdict::Rejected(report) = judge(&document) else {
        panic!("a name of 100,000 letters generates");
    };
    assert!(report.len() < 2_000, "{} bytes", report.len());
}

#[test]
fn nesting_of_every_kind_as_deep_as_json_goes() {
    for (open, close, at) in [
        ("{\"type\":\"array\",\"items\":", "}", "/schemas/Thing"),
        (
            "{\"type\":\"object\",\"additionalProperties\":",
            "}",
            "/schemas/Thing",
        ),
        (
            "{\"type\":\"object\",\"properties\":{\"a\":",
            "}}",
            "/schemas/Thing",
        ),
        ("{\"resources\":{\"a\":", "}}", "/resources/things"),
    ] {
        for depth in [10, 55, 60, 110, 122, 1_000] {
            let inner = if at == "/schemas/Thing" {
                "{\"type\":\"string\"}"
            } else {
                "{}"
            };
            let text = format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
            let mut document = hostile::document();
            *document.pointer_mut(at).expect("a place") = "DEEP".into();
            let text = document.to_string().replace("\"DEEP\"", &text);
            if let Verdict::Broken(findings) = super::judge(&text, &Options::default()) {
                panic!("{open} {depth}: {findings:?}");
            }
        }
    }
}
