//! The scopes of methods: the order, and the one that a client requests by default.
//!
//! Tests the nine documents and those of examples/workspace. To test every document of a directory:
//!
//! ```sh
//! STABILITY_OF=target/corpus/documents cargo test -p gapi-generator --test documents scopes::
//! ```

#![allow(clippy::expect_used, reason = "tests")]

use std::{collections::BTreeMap, path::Path};

use gapi_generator::{Analysis, Options, Source, analyze, analyze_any_revision, facts::ScopeTable};
use gapi_tests::workspace;
use serde_json::{Map, Value, json};

const PREFIX: &str = "https://www.googleapis.com/auth/";

fn documents() -> Vec<Source> {
    let directory = std::env::var("STABILITY_OF").ok();
    let directory = directory.unwrap_or_else(|| "examples/workspace/discovery".to_owned());
    let paths = workspace::entries(&workspace::root().join(Path::new(&directory)));
    let sources = paths.iter().map(|path| Source {
        name: workspace::name(path),
        text: workspace::read(path),
    });
    sources
        .chain(workspace::documents())
        .filter(|source| source.text.contains("discovery#restDescription"))
        .collect()
}

/// Returns the scopes of each method, the default one first and without the usual prefix.
fn ordered(analysis: &Analysis) -> BTreeMap<&str, Vec<&str>> {
    let api = &analysis.api;
    let methods = api.method_ids();
    methods
        .map(|id| {
            let urls = analysis.facts.scopes_of(id).iter();
            let names = urls.map(|url| url.strip_prefix(PREFIX).unwrap_or(url));
            (api[id].id.as_str(), names.collect())
        })
        .collect()
}

/// Reads a minimal document of an API: its methods, each with its scopes.
fn api(name: &str, methods: &[(&str, &[&str])]) -> Analysis {
    let url = |scope: &&str| {
        let is_short = !scope.contains(':');
        format!("{}{scope}", if is_short { PREFIX } else { "" })
    };
    let defined = methods.iter().flat_map(|(_, scopes)| *scopes);
    let defined = defined.filter(|scope| !scope.starts_with("undefined:"));
    let defined: Map<String, Value> = defined.map(|scope| (url(scope), json!({}))).collect();
    let methods = methods.iter().map(|(id, scopes)| {
        let scopes: Vec<String> = scopes.iter().map(url).collect();
        let method = json!({"id": id, "path": "v1/all", "httpMethod": "GET", "scopes": scopes});
        (id.replace('.', "_"), method)
    });
    let document = json!({
        "kind": "discovery#restDescription", "id": format!("{name}:v1"), "name": name, "version": "v1",
        "revision": "1", "rootUrl": "https://example.googleapis.com/", "servicePath": "",
        "auth": {"oauth2": {"scopes": defined}},
        "methods": methods.collect::<Map<_, _>>(),
    });
    let source = Source {
        name: name.to_owned(),
        text: document.to_string(),
    };
    analyze(&source, &Options::default()).expect("a client")
}

/// Returns the order of the scopes of the first method.
fn order<'a>(analysis: &'a Analysis, method: &str) -> Vec<&'a str> {
    ordered(analysis)[method].clone()
}

#[test]
fn each_method_has_the_scopes_of_its_document() {
    for source in documents() {
        let analysis = analyze_any_revision(&source, &Options::default()).expect("a client");
        let api = &analysis.api;
        for id in api.method_ids() {
            let (mut found, mut written) = (
                analysis.facts.scopes_of(id).to_vec(),
                api[id].scopes.clone(),
            );
            found.sort();
            written.sort();
            assert_eq!(found, written, "{}", api[id].id);
        }
    }
}

#[test]
fn real_documents_ask_for_the_least_that_shows_everything() {
    let wanted = BTreeMap::from([
        ("spanner.projects.instances.list", "cloud-platform"),
        (
            "healthcare.projects.locations.datasets.list",
            "cloud-platform",
        ),
        ("drive.files.list", "drive.metadata.readonly"),
        ("drive.files.get", "drive.readonly"),
        ("drive.files.create", "drive"),
        ("drive.files.update", "drive"),
        ("drive.files.export", "drive.readonly"),
        ("drive.drives.list", "drive.readonly"),
        ("drive.permissions.list", "drive.metadata.readonly"),
        ("drive.apps.list", "drive.apps.readonly"),
        ("drive.apps.get", "drive.apps.readonly"),
        ("gmail.users.messages.list", "gmail.readonly"),
        ("gmail.users.messages.get", "gmail.readonly"),
        ("gmail.users.messages.send", "gmail.send"),
        ("gmail.users.messages.modify", "gmail.modify"),
        ("gmail.users.messages.delete", "https://mail.google.com/"),
        ("gmail.users.drafts.create", "gmail.compose"),
        ("gmail.users.labels.create", "gmail.labels"),
        ("calendar.events.list", "calendar.events.readonly"),
        ("calendar.events.insert", "calendar.events"),
        (
            "calendar.calendarList.list",
            "calendar.calendarlist.readonly",
        ),
        ("calendar.freebusy.query", "calendar.freebusy"),
        ("calendar.calendars.insert", "calendar.calendars"),
    ]);
    let mut found = BTreeMap::new();
    for source in documents() {
        let analysis = analyze_any_revision(&source, &Options::default()).expect("a client");
        for (id, scopes) in ordered(&analysis) {
            if let Some((id, _)) = wanted.get_key_value(id) {
                // Documents of a directory may have several versions of an API.
                let first = (*scopes.first().expect("a scope")).to_owned();
                assert_eq!(*found.entry(*id).or_insert(first.clone()), first, "{id}");
            }
        }
    }
    let found: BTreeMap<&str, &str> = found.iter().map(|(id, it)| (*id, it.as_str())).collect();
    assert_eq!(found, wanted);
}

#[test]
fn cloud_platform_leads_where_the_service_takes_it() {
    let cloud = api(
        "cloud",
        &[
            ("cloud.read", &["cloud.readonly", "cloud", "cloud-platform"]),
            ("cloud.write", &["cloud", "cloud-platform"]),
            ("cloud.other", &["cloud.other"]),
        ],
    );
    let wanted = ["cloud-platform", "cloud.readonly", "cloud"];
    assert_eq!(order(&cloud, "cloud.read"), wanted);
    assert_eq!(order(&cloud, "cloud.other"), ["cloud.other"]);

    // As in the Directory API, where three of 128 methods accept it, and IAM decides nothing.
    let users: &[&str] = &[
        "cloud-platform",
        "directory.user",
        "directory.user.readonly",
    ];
    let directory = api(
        "directory",
        &[
            ("directory.users.list", users),
            ("directory.users.get", &users[1..]),
            ("directory.users.insert", &["directory.user"]),
        ],
    );
    let wanted = [
        "directory.user.readonly",
        "directory.user",
        "cloud-platform",
    ];
    assert_eq!(order(&directory, "directory.users.list"), wanted);
}

#[test]
fn fewer_methods_are_narrower_and_reading_is_narrower_still() {
    let mail = api(
        "mail",
        &[
            (
                "mail.list",
                &["mail", "mail.modify", "mail.b", "mail.a", "mail.readonly"],
            ),
            ("mail.get", &["mail", "mail.modify", "mail.readonly"]),
            ("mail.change", &["mail", "mail.modify"]),
            ("mail.delete", &["mail"]),
            ("mail.none", &[]),
        ],
    );
    let wanted = ["mail.readonly", "mail.a", "mail.b", "mail.modify", "mail"];
    assert_eq!(order(&mail, "mail.list"), wanted);
    assert_eq!(order(&mail, "mail.change"), ["mail.modify", "mail"]);
    assert!(order(&mail, "mail.none").is_empty());
}

#[test]
fn scopes_of_several_services_count_in_all_of_them() {
    let all: &[&str] = &[
        "drive",
        "drive.file",
        "drive.readonly",
        "spreadsheets",
        "spreadsheets.readonly",
    ];
    let sheets = api("sheets", &[("sheets.spreadsheets.get", all)]);
    let wanted = [
        "spreadsheets.readonly",
        "drive.readonly",
        "spreadsheets",
        "drive",
        "drive.file",
    ];
    assert_eq!(order(&sheets, "sheets.spreadsheets.get"), wanted);
}

#[test]
fn partial_and_undefined_scopes_are_the_last() {
    let rooms: &[&str] = &[
        "undefined:rooms",
        "chat.bot",
        "chat.app.spaces",
        "chat.spaces",
    ];
    let chat = api(
        "chat",
        &[
            ("chat.list", rooms),
            ("chat.only", &rooms[..2]),
            ("chat.none", &rooms[..1]),
        ],
    );
    let wanted = [
        "chat.spaces",
        "chat.app.spaces",
        "chat.bot",
        "undefined:rooms",
    ];
    assert_eq!(order(&chat, "chat.list"), wanted);
    assert_eq!(order(&chat, "chat.only"), ["chat.bot", "undefined:rooms"]);
    assert_eq!(order(&chat, "chat.none"), ["undefined:rooms"]);
}

#[test]
fn the_table_names_a_default_where_the_rules_are_wrong() {
    let charts: &[&str] = &["drive.readonly", "presentations", "spreadsheets.readonly"];
    let slides = api("slides", &[("slides.presentations.batchUpdate", charts)]);
    let wanted = ["presentations", "spreadsheets.readonly", "drive.readonly"];
    assert_eq!(order(&slides, "slides.presentations.batchUpdate"), wanted);
}

#[test]
fn the_table_can_be_read_and_has_reasons() {
    let table = ScopeTable::get();
    assert!(!table.breadth.is_empty());
    for row in &table.partial {
        assert!(!row.says.is_empty(), "{}", row.scope);
        let is_document = row
            .source
            .split_once(':')
            .is_some_and(|(_, it)| it.starts_with('v'));
        let is_page = row.source.starts_with("https://developers.google.com/");
        assert!(is_document || is_page, "{}", row.source);
    }
    for row in &table.first {
        assert!(
            !row.reason.is_empty() && !row.source.is_empty(),
            "{}",
            row.scope
        );
        assert!(!row.methods.is_empty(), "{}", row.scope);
    }
}

#[test]
fn names_of_reading_scopes_are_recognized() {
    let reads = |name: &str| ScopeTable::get().reads(&format!("{PREFIX}{name}"));
    for name in [
        "drive.readonly",
        "devstorage.read_only",
        "cloud-platform.read-only",
        "fitness.sleep.read",
        "calendar.freebusy",
        "userinfo.email",
    ] {
        assert!(reads(name), "{name}");
    }
    for name in [
        "spreadsheets",
        "dataplex.read-write",
        "discoveryengine.readwrite",
        "devstorage.read_write",
        "chat.users.readstate",
        "dataportability.chrome.reading_list",
    ] {
        assert!(!reads(name), "{name}");
    }
}
