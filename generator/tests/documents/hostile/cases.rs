//! The table of cases: a property, a change of the document, and the expected result.

use gapi_generator::Options;
use gapi_tests::{hostile, oracle::Verdict};
use serde_json::{Value, json};

/// A change of the document, and the expected result.
struct Case {
    /// The property that the case checks.
    property: &'static str,
    /// The new values of members, by place.
    changes: Vec<(&'static str, Value)>,
    /// The text that a diagnostic must contain. Without it the document must generate.
    rejected: Option<&'static str>,
}

impl Case {
    fn and(mut self, place: &'static str, value: impl Into<Value>) -> Self {
        self.changes.push((place, value.into()));
        self
    }

    fn rejected(self, said: &'static str) -> Self {
        let rejected = Some(said);
        Self { rejected, ..self }
    }
}

fn case(property: &'static str, place: &'static str, value: impl Into<Value>) -> Case {
    let case = Case {
        property,
        changes: Vec::new(),
        rejected: None,
    };
    case.and(place, value)
}

/// The pointer of a member of the only method.
macro_rules! get {
    ($member:literal) => {
        concat!("/resources/things/methods/get", $member)
    };
}

const FENCE: &str = "v1\n```\nstd::process::abort();\n```";

fn documentation() -> Vec<Case> {
    let (link, argument) = (
        format!("https://x\n\n{FENCE}"),
        get!("/parameters/name/description"),
    );
    vec![
        case("a fence in the version", "/version", FENCE),
        case("a fence in the link", "/documentationLink", link),
        case("a fence in an argument", argument, &FENCE[3..]),
        case("code in an argument", argument, "    abort();\nx"),
        case("half a code span", "/revision", "`").and("/id", "<img src=x onerror=alert(1)>"),
        case("half a tag", "/title", "x <img src=\"").and("/version", "v1\">"),
        case(
            "a script as a link",
            "/description",
            "<javascript:alert(1)>",
        ),
        case(
            "a script in a link",
            "/description",
            "[x](javascript:alert(1))",
        ),
        case("a tag", "/description", "x <script>alert(1)</script>"),
    ]
}

fn requests() -> Vec<Case> {
    let (header, version) = ("cannot be the value of a header", get!("/apiVersion"));
    vec![
        case("a second header", version, "1\r\nx: y").rejected(header),
        case("a header of other letters", version, "é").rejected(header),
        case("a host of nothing", "/rootUrl", "https://.googleapis.com/").rejected("#/rootUrl: "),
        case("a query in the path", get!("/path"), "v1/{+name}?key=x")
            .rejected("no path may contain"),
        case(
            "another host in the path",
            get!("/path"),
            "//evil.example/{+name}",
        )
        .rejected("leaves the API's host"),
    ]
}

fn names() -> Vec<Case> {
    let (empty, long) = (json!({"methods": {}}), "1".repeat(300));
    vec![
        case("a name that climbs", "/resources/..~1..~1x", empty.clone()),
        case("a name of dots", "/resources/..", empty.clone())
            .rejected("cannot be converted to a Rust name"),
        case("names of devices", "/resources/con", empty.clone()).and("/resources/com1", json!({})),
        case("names that differ in case", "/resources/THINGS", empty)
            .rejected("would be called `things`"),
        case("a long name", "/version", long).rejected("letters"),
    ]
}

fn cycles() -> Vec<Case> {
    let thing = "/schemas/Thing";
    let list = |of: &str| json!({"type": "array", "items": {"$ref": of}});
    let map = |of: &str| json!({"type": "object", "additionalProperties": {"$ref": of}});
    vec![
        case("a schema that is itself", thing, json!({"$ref": "Thing"})),
        case("a list of itself", thing, list("Thing")),
        case("a map of itself", thing, map("Thing")),
        case("a ring of three", thing, json!({"$ref": "B"}))
            .and("/schemas/B", list("C"))
            .and("/schemas/C", map("Thing")),
        case("a way into a ring", "/schemas/A", json!({"$ref": "B"}))
            .and("/schemas/B", list("C"))
            .and("/schemas/C", map("B")),
    ]
}

/// Changes the document. Creates missing members.
fn change(document: &mut Value, place: &str, value: Value) {
    let (parent, name) = place.rsplit_once('/').expect("a place");
    let name = name.replace("~1", "/");
    let parent = document.pointer_mut(parent).expect("the parent");
    parent[&name] = value;
}

#[test]
fn the_table_holds() {
    let cases = [documentation(), requests(), names(), cycles()];
    for Case {
        property,
        changes,
        rejected,
    } in cases.into_iter().flatten()
    {
        let mut document = hostile::document();
        for (place, value) in changes {
            change(&mut document, place, value);
        }
        match (
            super::judge(&document.to_string(), &Options::default()),
            rejected,
        ) {
            (Verdict::Accepted { .. }, None) => {}
            (Verdict::Rejected(report), Some(said)) if report.contains(said) => {}
            (verdict, _) => panic!("{property}: {verdict:?}"),
        }
    }
}

#[test]
fn invalid_json_is_rejected_in_one_line() {
    let document = hostile::document().to_string();
    let spoilt = |text: &str| document.replacen("hostile.things.get", text, 1);
    for text in [
        spoilt("\\ud800"),
        spoilt("\\udc00x"),
        spoilt("\\x"),
        spoilt("\u{0}"),
        spoilt("\n"),
        spoilt("\u{1b}[31m"),
        // One is a byte-order mark.
        format!("\u{feff}\u{feff}{document}"),
        format!("{document}\u{0}"),
        format!("{document}{document}"),
        "[".repeat(200_000),
        "{\"a\":".repeat(200_000),
        "1e999999".to_owned(),
        String::new(),
    ] {
        match super::judge(&text, &Options::default()) {
            Verdict::Rejected(report) => assert_eq!(report.lines().count(), 1, "{report}"),
            other => panic!("{other:?}"),
        }
    }
}
