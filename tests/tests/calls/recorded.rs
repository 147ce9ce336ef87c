//! For every method of every `operations` resource of the five services, the generated client sends the requests of
//! Google's Python client, which are recorded in `parity/operations.jsonl`. The program `replay` does the same for all
//! methods of any documents.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::given;
use gapi_generator::{Options, analyze};
use gapi_tests::{
    parity::{
        compare::{self, CallOutcome},
        methods::Methods,
        recording::{Line, Recording, Sent},
        report::Report,
    },
    workspace,
};
use serde_json::{Value, json};

#[allow(
    unused_imports,
    unused_mut,
    reason = "not every API has every kind of parameter"
)]
mod calls;

/// Returns the recorded lines, each with the module that it calls.
fn lines() -> Vec<(String, Line)> {
    lines_of(&workspace::tests().join("tests/calls/recorded/operations.jsonl"))
}

fn lines_of(path: &Path) -> Vec<(String, Line)> {
    let mut methods = Methods::default();
    let mut modules = Vec::new();
    for source in workspace::documents() {
        let document: Value = serde_json::from_str(&source.text).expect("JSON");
        methods.add(&document);
        let analysis = analyze(&source, &Options::default()).expect("the document generates");
        modules.push(analysis.names.module);
    }
    let recording = Recording::open(&[path.to_owned()]).expect("a recording");
    let mut lines = Vec::new();
    let read = recording.each(|_, line| {
        let document = methods.document(&line).expect("a document has the method");
        lines.push((modules[document].clone(), line));
        Ok(())
    });
    read.expect("every line is a call");
    lines
}

/// Makes the call of a line with the generated client.
fn outcome(
    methods: &BTreeMap<(&str, &str), given::Method>,
    module: &str,
    line: &Line,
) -> CallOutcome {
    let method = methods.get(&(module, line.id.as_str()));
    let method = method.unwrap_or_else(|| panic!("{module} has no {}", line.id));
    let args = serde_json::to_value(&line.args).expect("JSON");
    let outcome = method(&mut given::Given::new(args)).unwrap_or_else(|error| error);
    serde_json::from_value(outcome).expect("a response")
}

fn methods() -> BTreeMap<(&'static str, &'static str), given::Method> {
    let rows = |(module, rows): &(&'static str, &'static [(&'static str, given::Method)])| {
        let module = *module;
        rows.iter()
            .map(move |(id, method)| ((module, *id), *method))
    };
    calls::ALL.iter().flat_map(rows).collect()
}

#[test]
fn every_operations_method_sends_what_the_python_client_sends() {
    let methods = methods();
    let mut report = Report::default();
    let mut called = BTreeSet::new();
    for (module, line) in lines() {
        report.add_line(&line, &outcome(&methods, &module, &line));
        called.insert((module, line.id));
    }
    assert!(report.is_equal(), "{report}");
    let missing: Vec<_> = methods
        .keys()
        .filter(|(module, id)| !called.contains(&((*module).to_owned(), (*id).to_owned())))
        .collect();
    assert_eq!(
        missing,
        Vec::<&(&str, &str)>::new(),
        "nobody recorded these"
    );
    assert_eq!(methods.len(), 54);
}

/// Other recorders need not name the document, nor write headers and bodies as our recorder does.
#[test]
fn a_recording_needs_no_more_than_its_format() {
    let own = workspace::read(&workspace::tests().join("tests/calls/recorded/operations.jsonl"));
    let foreign = own.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).expect("JSON");
        let members = line.as_object_mut().expect("an object");
        members.remove("document");
        if let Some(Value::Object(headers)) = members.get_mut("headers") {
            let taken = std::mem::take(headers).into_iter();
            headers.extend(taken.map(|(name, value)| (name.to_uppercase(), value)));
        }
        if let Some(body) = members.get_mut("body") {
            let json = body.as_str().map(serde_json::from_str::<Value>);
            if let Some(Ok(json)) = json {
                *body = json;
            }
        }
        let args = members["args"].as_object_mut().expect("arguments");
        // An empty body is a body.
        args.retain(|name, value| !value.is_null() && (name == "body" || *value != json!({})));
        line.to_string() + "\n"
    });
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("foreign.jsonl");
    std::fs::write(&path, foreign.collect::<String>()).expect("write");
    let methods = methods();
    let mut report = Report::default();
    for ((module, line), (expected, _)) in lines_of(&path).into_iter().zip(lines()) {
        assert!(
            line.sent.is_none() || module == expected,
            "{}: {module}",
            line.id
        );
        report.add_line(&line, &outcome(&methods, &module, &line));
    }
    assert!(report.is_equal(), "{report}");
}

/// A mistake that a generated client could make in a request.
type Mistake = fn(&mut Sent);

const MISTAKES: [(&str, Mistake); 9] = [
    ("another verb", |sent| sent.http_method.push('X')),
    ("another host", |sent| {
        sent.url = sent.url.replace("googleapis", "example");
    }),
    ("another byte in the path", |sent| {
        sent.url = sent.url.replacen("%20", "+", 1);
    }),
    ("no query", |sent| {
        let end = sent.url.find('?').unwrap_or(sent.url.len());
        sent.url.truncate(end);
    }),
    ("a value of the query twice", |sent| {
        sent.url += "&alt=json";
    }),
    ("another value before it", |sent| {
        sent.url = sent.url.replacen("alt=json", "alt=xml&alt=json", 1);
    }),
    ("another format of the response", |sent| {
        sent.headers.insert("accept".to_owned(), "*/*".into());
    }),
    ("an API version", |sent| {
        let name = "x-goog-api-version".to_owned();
        sent.headers.insert(name, "1".into());
    }),
    ("another body", |sent| {
        sent.body = json!({"a": sent.body}).to_string().into();
    }),
];

#[test]
fn a_mistake_in_a_request_is_noticed() {
    let lines = lines();
    for (name, mistake) in MISTAKES {
        let mut made = 0;
        for (_, line) in &lines {
            let Some(recorded) = &line.sent else { continue };
            let mut spoilt = recorded.clone();
            mistake(&mut spoilt);
            if spoilt != *recorded {
                made += 1;
                let found = compare::differences(recorded, &CallOutcome::Sent(spoilt));
                assert!(
                    !found.is_empty(),
                    "nobody notices {name} in {} {}",
                    line.variant,
                    line.id
                );
            }
        }
        assert!(made > 0, "{name}: there is no line to make the mistake in");
        let right = lines.iter().filter_map(|(_, line)| line.sent.as_ref());
        for sent in right {
            assert_eq!(
                compare::differences(sent, &CallOutcome::Sent(sent.clone())),
                []
            );
        }
    }
}
