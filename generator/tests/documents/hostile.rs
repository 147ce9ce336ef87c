//! Hostile documents: each is rejected with a diagnostic, or its code is harmless.
//!
//! `oracle.rs` defines "harmless". The fixture `hostile_text_in_every_place` checks that harmless code also compiles.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;

use gapi_generator::{Options, Source};
use gapi_tests::{
    fixture,
    hostile::document,
    mutation::dictionary,
    oracle::{self, Verdict, vocabulary, watch},
    workspace,
};
use proc_macro2::{TokenStream, TokenTree};
use serde_json::{Value, json};

mod cases;
mod size;

fn judge(text: &str, options: &Options) -> Verdict {
    let source = Source {
        name: "hostile.json".to_owned(),
        text: text.to_owned(),
    };
    let watch = watch::Watch::start(watch::abort);
    watch.run(text, || oracle::examine_crate(&source, options))
}

/// Puts a text into every member of every object that is prose.
fn say(value: &mut Value, text: &str) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(|member| say(member, text));
            if members.contains_key("type") || members.contains_key("path") {
                members.insert("description".to_owned(), text.into());
                members.insert("default".to_owned(), text.into());
                members.insert("pattern".to_owned(), text.into());
            }
            if members.contains_key("enum") {
                members.insert("enumDescriptions".to_owned(), json!([text, text]));
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| say(element, text)),
        _ => {}
    }
}

#[test]
fn any_text_in_every_place_for_text_is_harmless() {
    for text in dictionary::TEXTS.iter().chain(dictionary::PATTERNS) {
        let mut document = document();
        say(&mut document, text);
        for member in ["title", "description", "revision", "documentationLink"] {
            document[member] = (*text).into();
        }
        document["documentationLink"] = format!("https://example.com/{text}").into();
        document["auth"]["oauth2"]["scopes"]["https://www.googleapis.com/auth/all"]["description"] =
            (*text).into();
        document["version"] = format!("v1{text}").into();
        document["id"] = (*text).into();
        document["resources"]["things"]["methods"]["get"]["id"] = (*text).into();
        match judge(&document.to_string(), &Options::default()) {
            Verdict::Accepted { .. } => {}
            other => panic!("{text:?}: {other:?}"),
        }
    }
}

#[test]
fn any_name_in_every_place_for_a_name_is_rejected_or_harmless() {
    let mut accepted = 0;
    let names = dictionary::NAMES.iter().chain(dictionary::TEXTS);
    for (turn, name) in names.enumerate() {
        let places = [
            "/schemas",
            "/schemas/Thing/properties",
            "/schemas/Thing/properties/inside/properties",
            "/parameters",
            "/resources",
            "/resources/things/methods",
            "/resources/things/methods/get/parameters",
            "/auth/oauth2/scopes",
        ];
        // The mutations try every name everywhere. Here each name is in half of the places.
        for place in places.iter().skip(turn % 2).step_by(2) {
            let mut document = document();
            let map = document.pointer_mut(place).and_then(Value::as_object_mut);
            let map = map.expect("an object");
            let first = map.keys().next().cloned().expect("a member");
            let member = map[&first].clone();
            map.insert((*name).to_owned(), member);
            match judge(&document.to_string(), &Options::default()) {
                Verdict::Broken(findings) => panic!("{name:?} in {place}: {findings:?}"),
                Verdict::Accepted { .. } => accepted += 1,
                Verdict::Rejected(_) => {}
            }
        }
        let places = [
            "/name",
            "/version",
            "/canonicalName",
            "/schemas/Thing/properties/kind/enum/0",
            "/parameters/trace/enum/0",
            "/resources/things/methods/get/parameters/view/enum/0",
            "/resources/things/methods/get/httpMethod",
            "/resources/things/methods/get/response/$ref",
            "/schemas/Thing/properties/text/type",
            "/schemas/Thing/type",
        ];
        for place in places.iter().skip(turn % 5).step_by(5) {
            let mut document = document();
            document["canonicalName"] = "Hostile".into();
            *document.pointer_mut(place).expect("a place") = (*name).into();
            if let Verdict::Broken(findings) = judge(&document.to_string(), &Options::default()) {
                panic!("{name:?} in {place}: {findings:?}");
            }
        }
    }
    assert!(accepted > 250, "only {accepted} were accepted");
}

#[test]
fn an_address_generates_only_when_it_is_googles_or_allowed() {
    let allowed = Options {
        allowed_hosts: vec!["allowed.example.com".to_owned()],
        ..Options::default()
    };
    for options in [Options::default(), allowed] {
        for url in dictionary::URLS {
            for member in ["rootUrl", "mtlsRootUrl"] {
                let mut document = document();
                document[member] = (*url).into();
                let own = url.strip_prefix("https://allowed.example.com") == Some("/");
                let google = [
                    "https://storage.googleapis.com/",
                    "https://STORAGE.googleapis.com/",
                ];
                let fine = google.contains(url) || own && !options.allowed_hosts.is_empty();
                match judge(&document.to_string(), &options) {
                    Verdict::Accepted { .. } if fine => {}
                    Verdict::Rejected(report) if !fine => {
                        assert!(report.contains(&format!("#/{member}: ")), "{report}");
                    }
                    other => panic!("{url:?}: {other:?}"),
                }
            }
        }
    }
}

#[test]
fn a_path_stays_below_the_root_or_is_rejected() {
    for path in dictionary::PATHS {
        for member in ["servicePath", "batchPath", "path"] {
            let mut document = document();
            let place = if member == "path" {
                &mut document["resources"]["things"]["methods"]["get"]["path"]
            } else {
                &mut document[member]
            };
            *place = (*path).into();
            if let Verdict::Broken(findings) = judge(&document.to_string(), &Options::default()) {
                panic!("{path:?} as {member}: {findings:?}");
            }
        }
    }
}

#[test]
fn every_fixture_and_every_document_is_harmless() {
    let fixtures = [fixture::good(), fixture::bad()].concat().into_iter();
    let sources = fixtures.map(|fixture| fixture.source);
    for source in sources.chain(workspace::documents()) {
        if let Verdict::Broken(findings) = oracle::examine_crate(&source, &Options::default()) {
            panic!("{}: {findings:?}", source.text);
        }
    }
}

/// Checks the words that the oracle accepts. The emitter must write each of them in a place where no name of a document can
/// be.
#[test]
fn the_vocabulary_is_what_the_emitter_writes() {
    let mut written = BTreeSet::new();
    for fixture in fixture::good() {
        let files = fixture.analyze().expect("it generates").files();
        for text in files.expect("the output is Rust").0.into_values() {
            collect(text.parse().expect("tokens"), &mut written);
        }
    }
    let unused = vocabulary::WORDS
        .iter()
        .filter(|word| !written.contains(**word));
    // Only `lib.rs` contains these.
    let unused: Vec<_> = unused.filter(|word| **word != "set_null").collect();
    assert!(unused.is_empty(), "never written: {unused:?}");
    assert!(vocabulary::WORDS.is_sorted());
}

fn collect(tokens: TokenStream, words: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(word) => {
                words.insert(word.to_string());
            }
            TokenTree::Group(group) => collect(group.stream(), words),
            _ => {}
        }
    }
}
