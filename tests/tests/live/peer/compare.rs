//! Compares the results of two clients at the same server.

use regex_lite::Regex;
use serde_json::Value;
use std::sync::LazyLock;

/// Values that the server makes up, and their placeholders. The patterns match whole texts, so they hide nothing else.
static MADE_UP: LazyLock<[(Regex, &str); 4]> = LazyLock::new(|| {
    [
        (r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", "a time"),
        (r"^(projects/.*/operations/)_auto\d+$", "${1}a number"),
        (r"^(projects/.*/sessions/)\d+$", "${1}a number"),
        // The position of a mistake in the body, because the two clients order members differently.
        (r"^(proto:.\(line) \d+:\d+(\): .*)$", "$1$2"),
    ]
    .map(|(pattern, text)| (Regex::new(pattern).unwrap(), text))
});

/// Replaces values that the server made up, and the name of the project.
pub(super) fn normalised(line: &Value, project: &str) -> Value {
    let mut line = line.clone();
    // Transactions are numbered.
    if line["step"].as_str().is_some_and(is_of_a_transaction) {
        let id = &mut line["result"]["id"];
        assert!(id.is_string(), "{id}");
        *id = "a number".into();
    }
    for_each_text(&mut line, &|text| {
        *text = text.replace(project, "projects/P");
        for (pattern, made_up) in &*MADE_UP {
            *text = pattern.replace(text, *made_up).into_owned();
        }
    });
    line
}

fn is_of_a_transaction(step: &str) -> bool {
    step == "transaction" || step == "second transaction"
}

fn for_each_text(value: &mut Value, change: &impl Fn(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| for_each_text(value, change)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|value| for_each_text(value, change)),
        _ => {}
    }
}

/// A difference between two lists of lines; `None` where one of them has ended.
#[derive(Debug)]
pub(super) struct Difference {
    #[expect(dead_code, reason = "shown when a test fails")]
    ours: Option<Value>,
    #[expect(dead_code, reason = "shown when a test fails")]
    theirs: Option<Value>,
    step: String,
}

/// Returns the differences between two lists of lines, in order.
pub(super) fn differences(ours: &[Value], theirs: &[Value]) -> Vec<Difference> {
    let steps = ours.len().max(theirs.len());
    let pairs = (0..steps).map(|number| (ours.get(number), theirs.get(number)));
    let different = pairs.filter(|(ours, theirs)| ours != theirs);
    let difference = |(ours, theirs): (Option<&Value>, Option<&Value>)| Difference {
        step: ours.or(theirs).map(step_of).unwrap_or_default(),
        ours: ours.cloned(),
        theirs: theirs.cloned(),
    };
    different.map(difference).collect()
}

fn step_of(line: &Value) -> String {
    line["step"].as_str().unwrap_or_default().to_owned()
}

/// Returns the steps with differences.
pub(super) fn steps_of(differences: &[Difference]) -> Vec<&str> {
    let steps = differences.iter().map(|difference| &*difference.step);
    steps.collect()
}

mod tests {
    use super::{differences, normalised, steps_of};
    use serde_json::{Value, json};

    fn lines(steps: &[(&str, i32)]) -> Vec<Value> {
        let line = |(step, result): &(&str, i32)| json!({"step": step, "result": result});
        steps.iter().map(line).collect()
    }

    #[test]
    fn every_step_that_differs_is_named() {
        #[track_caller]
        fn check(ours: &[Value], theirs: &[Value], expected: &[&str]) {
            assert_eq!(steps_of(&differences(ours, theirs)), expected);
        }
        let ours = lines(&[("a", 1), ("b", 2), ("c", 3)]);
        check(&ours, &ours, &[]);
        check(&ours, &lines(&[("a", 1), ("b", 0), ("c", 3)]), &["b"]);
        check(&ours, &lines(&[("a", 1), ("x", 2), ("c", 3)]), &["b"]);
        check(&ours, &ours[..2], &["c"]);
        check(&ours[..1], &ours, &["b", "c"]);
        check(&ours[1..], &ours, &["b", "c", "c"]);
        check(&[], &[], &[]);
    }

    #[test]
    fn only_what_the_server_made_up_is_passed_over() {
        let session = "projects/p/instances/i/databases/d/sessions/";
        for (one, another, same) in [
            ("2026-11-23T03:19:55.5Z", "2026-11-24T00:00:00Z", true),
            ("2026-11-23T03:19:55.5Z", "", false),
            ("at 2026-11-23T03:19:55Z", "at 2026-11-24T03:19:55Z", false),
            (&format!("{session}1"), &format!("{session}20"), true),
            (&format!("{session}1"), &format!("{session}one"), false),
            (
                "projects/p/operations/_auto1",
                "projects/p/operations/_auto2",
                true,
            ),
            (
                "projects/p/operations/_auto1",
                "projects/q/operations/_auto1",
                false,
            ),
            (
                "projects/p/operations/x1",
                "projects/p/operations/x2",
                false,
            ),
            (
                "proto: (line 1:2): unknown field \"a\"",
                "proto: (line 1:9): unknown field \"a\"",
                true,
            ),
            (
                "proto: (line 1:2): unknown field \"a\"",
                "proto: (line 1:2): unknown field \"b\"",
                false,
            ),
        ] {
            let line =
                |text: &str| normalised(&json!({"step": "s", "result": [text]}), "projects/p");
            assert_eq!(line(one) == line(another), same, "{one} {another}");
        }
    }

    #[test]
    fn a_transaction_has_an_id() {
        let line = |id| json!({"step": "transaction", "result": {"id": id}});
        let [one, another] = ["MQ==", "Mg=="].map(|id| normalised(&line(id), "projects/p"));
        assert_eq!(one, another);
    }
}
