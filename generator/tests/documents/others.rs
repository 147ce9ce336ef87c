//! Documents of other projects: of Cloud Endpoints, of older tools, and saved by any editor.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use gapi_generator::{Analysis, Options, Source, analyze, describe};
use serde_json::{Value, json};

/// Returns a document of Cloud Endpoints in which these members replace the original ones. Null removes a member.
fn document(members: &Value) -> Value {
    let mut document = json!({
        "kind": "discovery#restDescription",
        "id": "guestbook:v1",
        "name": "guestbook",
        "version": "v1",
        "rootUrl": "https://my-app.appspot.com/_ah/api/",
        "servicePath": "guestbook/v1/",
        "batchPath": "batch",
        "methods": {
            "get": {"id": "guestbook.get", "path": "entry", "httpMethod": "GET"},
        },
    });
    for (name, value) in members.as_object().expect("an object") {
        if value.is_null() {
            document.as_object_mut().expect("an object").remove(name);
        } else {
            document[name] = value.clone();
        }
    }
    document
}

fn analyzed(text: impl Into<String>, hosts: &[&str]) -> Result<Analysis, String> {
    let source = Source {
        name: "d".to_owned(),
        text: text.into(),
    };
    let options = Options {
        allowed_hosts: hosts.iter().map(ToString::to_string).collect(),
        ..Options::default()
    };
    analyze(&source, &options).map_err(|errors| errors.to_string())
}

fn warnings(analysis: &Analysis) -> Vec<String> {
    let all = analysis.warnings.all().iter();
    all.map(ToString::to_string).collect()
}

/// Returns all generated code.
fn code(analysis: &Analysis) -> String {
    let files = analysis.files().expect("the output is Rust");
    files.0.into_values().collect()
}

#[test]
fn case_g1_a_document_of_cloud_endpoints_generates_once_its_host_is_allowed() {
    for (root, host, expected) in [
        (
            "https://my-app.appspot.com/_ah/api/",
            "my-app.appspot.com",
            "https://my-app.appspot.com/_ah/api/",
        ),
        (
            "https://my-app.appspot.com/_ah/api",
            "My-App.appspot.com",
            "https://my-app.appspot.com/_ah/api/",
        ),
        (
            "https://api.example.com:8443",
            "api.example.com:8443",
            "https://api.example.com:8443/",
        ),
        (
            "https://api.example.com:8443/",
            "api.example.com",
            "https://api.example.com:8443/",
        ),
        (
            "http://localhost:8080/",
            "localhost",
            "http://localhost:8080/",
        ),
        (
            "http://localhost:8080/_ah/api",
            "localhost:8080",
            "http://localhost:8080/_ah/api/",
        ),
        ("http://127.0.0.1", "127.0.0.1", "http://127.0.0.1/"),
        ("http://[::1]:8080/", "[::1]", "http://[::1]:8080/"),
        (
            "https://x.googleapis.com/v1",
            "x.googleapis.com",
            "https://x.googleapis.com/v1/",
        ),
    ] {
        let text = document(&json!({"rootUrl": root})).to_string();
        let refused = analyzed(text.clone(), &[]).expect_err(root);
        let option = refused.split_once("`--allow-host ").expect(&refused).1;
        let shown = option.split_once('`').expect("an end").0;
        for allowed in [host, shown] {
            let analysis = analyzed(text.clone(), &[allowed]).expect(root);
            assert_eq!(analysis.api.root_url, expected, "{allowed}");
            let rows = [
                format!("root_url: \"{expected}\","),
                "service_path: \"guestbook/v1/\",".to_owned(),
                "batch_path: \"batch\",".to_owned(),
            ];
            let code = code(&analysis);
            assert!(rows.iter().all(|row| code.contains(row)), "{code}");
        }
        assert!(analyzed(text, &["other.example"]).is_err(), "{root}");
    }
}

#[test]
fn case_g1_both_roots_need_their_hosts() {
    let members = json!({"mtlsRootUrl": "https://my-app.mtls.example.com/_ah/api"});
    let text = document(&members).to_string();
    let hosts = ["my-app.appspot.com", "my-app.mtls.example.com"];
    assert!(analyzed(text.clone(), &hosts[..1]).is_err());
    let analysis = analyzed(text, &hosts).expect("both are allowed");
    let mutual = analysis.api.mtls_root_url.as_deref();
    assert_eq!(mutual, Some("https://my-app.mtls.example.com/_ah/api/"));
}

#[test]
fn case_g1_no_allowed_host_permits_other_urls() {
    for root in [
        "http://my-app.appspot.com/_ah/api/",
        "http://10.0.2.2:8080/",
        "https://user@my-app.appspot.com/",
        "https://my-app.appspot.com/?x=1",
        "https://my-app.appspot.com/#x",
        "https://my-app.appspot.com/a/../b/",
        "https://my-app.appspot.com//x/",
        "https://my-app.appspot.com:99999/",
        "https://my-app.appspot.com:x/",
        "ftp://my-app.appspot.com/",
        "//my-app.appspot.com/",
    ] {
        let text = document(&json!({"rootUrl": root})).to_string();
        let hosts = ["my-app.appspot.com", "10.0.2.2"];
        assert!(analyzed(text, &hosts).is_err(), "{root}");
    }
    let mutual = json!({"mtlsRootUrl": "http://localhost:1/"});
    let text = document(&mutual).to_string();
    assert!(analyzed(text, &["my-app.appspot.com", "localhost"]).is_err());
}

/// Analyzes a document of Google with these members.
fn of_google(members: &Value) -> Result<Analysis, String> {
    let mut members = members.clone();
    if members.get("rootUrl").is_none() {
        members["rootUrl"] = json!("https://guestbook.googleapis.com/");
    }
    analyzed(document(&members).to_string(), &[])
}

#[test]
fn case_g4_get_and_delete_have_no_body() {
    for (verb, has_body) in [
        ("GET", false),
        ("DELETE", false),
        ("POST", true),
        ("PUT", true),
        ("PATCH", true),
    ] {
        let analysis = of_google(&json!({
            "schemas": {"Entry": {"type": "object", "properties": {"a": {"type": "string"}}}},
            "methods": {"x": {
                "id": "guestbook.x", "path": "entry", "httpMethod": verb, "request": {"$ref": "Entry"},
            }},
        }))
        .expect(verb);
        assert_eq!(analysis.api.methods[0].request.is_some(), has_body);
        let warning =
            format!("warning: d#/methods/x/request: a {verb} has no body; `request` is ignored");
        let expected = if has_body { vec![] } else { vec![warning] };
        assert_eq!(warnings(&analysis), expected);
        assert_eq!(code(&analysis).contains(".body(body)"), has_body);
    }
}

#[test]
fn case_g6_a_byte_order_mark_is_ignored() {
    let text = document(&json!({"rootUrl": "https://a.googleapis.com/"})).to_string();
    let analysis = analyzed(format!("\u{feff}{text}"), &[]).expect("JSON");
    assert_eq!(analysis.api.id, "guestbook:v1");
}

#[test]
fn case_g6_a_missing_revision_is_not_mentioned() {
    let analysis = of_google(&json!({"revision": null})).expect("a client");
    let code = code(&analysis);
    assert!(code.contains("from guestbook-v1. Do not edit."), "{code}");
    assert!(code.contains("Generated from `guestbook:v1`."), "{code}");
    assert!(code.contains("revision: \"\","), "{code}");
    let page = analysis.describe("").expect("a page");
    for shown in [
        describe::html(&page),
        describe::markdown(&page),
        describe::text(&page, describe::Look::default()),
    ] {
        assert!(!shown.contains("evision"), "{shown}");
    }
}

#[test]
fn case_g6_a_title_keeps_no_article_where_prose_has_one() {
    for (title, expected) in [
        ("The Guestbook API", "Guestbook API"),
        ("the  Guestbook API", "Guestbook API"),
        ("Theater API", "Theater API"),
        ("Guestbook API", "Guestbook API"),
        ("The", "The"),
        ("", "guestbook:v1"),
    ] {
        let analysis = of_google(&json!({"title": title})).expect("a client");
        let code = code(&analysis);
        let line = format!("A client of the {expected}, version v1.");
        assert!(code.contains(&line), "{code}");
        assert!(code.contains(&format!("title: \"{title}\",")), "{code}");
    }
}

#[test]
fn case_g6_the_base_stands_for_a_missing_root() {
    for (members, root, path) in [
        (
            json!({"rootUrl": "", "baseUrl": "https://a.googleapis.com/b/v1/", "servicePath": null}),
            "https://a.googleapis.com/",
            "b/v1/",
        ),
        (
            json!({"rootUrl": "", "basePath": "/guestbook/v1/", "servicePath": null}),
            "https://www.googleapis.com/",
            "guestbook/v1/",
        ),
    ] {
        let analysis = of_google(&members).expect("a client");
        let api = &analysis.api;
        assert_eq!(
            (api.root_url.as_str(), api.service_path.as_str()),
            (root, path)
        );
    }
    let members = json!({"rootUrl": null, "baseUrl": "https://evil.example/b/v1/"});
    let refused = analyzed(document(&members).to_string(), &[]).expect_err("another host");
    assert!(
        refused.starts_with("error: d#/baseUrl: clients would send"),
        "{refused}"
    );
    let members = json!({"rootUrl": null, "basePath": "//evil.example/b/"});
    let analysis = analyzed(document(&members).to_string(), &[]).expect("a path of Google");
    assert_eq!(analysis.api.root_url, "https://www.googleapis.com/");
}

#[test]
fn case_g6_documents_of_older_tools_have_other_kinds_and_no_id() {
    for kind in [json!("discovery#describeItem"), json!(null)] {
        let analysis = of_google(&json!({"kind": kind, "id": null})).expect("a client");
        assert_eq!(analysis.api.id, "guestbook:v1");
    }
    for members in [
        json!({"kind": "discovery#directoryList"}),
        json!({"kind": null, "methods": null}),
        json!({"kind": null, "version": null}),
        json!({"kind": null, "name": 1}),
        json!({"kind": 1, "name": null}),
    ] {
        let refused = of_google(&members).expect_err("no description");
        assert!(refused.contains("not a Discovery document"), "{refused}");
    }
}

#[test]
fn case_g6_methods_with_the_same_id_get_different_ones() {
    let method = |path: &str| json!({"id": "guestbook.get", "path": path, "httpMethod": "GET"});
    let analysis = of_google(&json!({
        "methods": {"get": method("a"), "other": method("b")},
        "resources": {"entries": {"methods": {"get": method("c")}}},
    }))
    .expect("a client");
    let methods = analysis.api.methods.iter();
    let found: Vec<_> = methods
        .map(|it| (it.path.text.as_str(), it.id.as_str()))
        .collect();
    let expected = [
        ("a", "guestbook.get"),
        ("b", "guestbook.other"),
        ("c", "guestbook.entries.get"),
    ];
    assert_eq!(found, expected);
    assert_eq!(
        warnings(&analysis),
        [
            "warning: d#/methods/other/id: the method id `guestbook.get` is already used at /methods/get; this method is \
             called `guestbook.other`",
            "warning: d#/resources/entries/methods/get/id: the method id `guestbook.get` is already used at /methods/get; \
             this method is called `guestbook.entries.get`",
        ]
    );
}

#[test]
fn case_s9_hidden_text_of_descriptions_is_removed() {
    let tags: String = (0xe0020..0xe0030).filter_map(char::from_u32).collect();
    let hidden = format!("\u{200b}\u{2060}\u{ad}\u{202e}\u{fe0f}\u{e0100}{tags}");
    let text = format!("Signs{hidden} entries.");
    let analysis = of_google(&json!({
        "title": text,
        "description": text,
        "schemas": {"Entry": {"type": "object", "description": text, "properties": {
            "a": {"type": "string", "description": text, "default": text, "enum": [text.as_str()],
                  "enumDescriptions": [text.as_str()]},
        }}},
    }))
    .expect("a client");
    let code = code(&analysis);
    assert!(code.contains("/// Signs entries."), "{code}");
    let odd = code
        .chars()
        .find(|&c| c != '\n' && gapi_generator::diagnostics::is_hidden(c));
    assert_eq!(odd, None);
}
