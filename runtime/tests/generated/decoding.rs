//! Values of unexpected forms: kept where they can be, and otherwise errors that name the place.

mod kept;

use crate::api::schemas::{ListOperationsResponse, Operation, State, Status};
use crate::api::{Spanner, Translate};
use crate::{recorded, run};
use futures_util::TryStreamExt;
use gapi_runtime::{Error, ErrorKind, MockTransport, Value, set_null};
use serde_json::json;

const PARENT: &str = "projects/p/instances/i/operations";

/// Sends a list call, and returns its outcome.
fn listed(body: &str) -> Result<ListOperationsResponse, Error> {
    let mock = MockTransport::new().respond(200, body.to_owned());
    run(async {
        let spanner: Spanner = recorded(&mock).await;
        let operations = spanner.projects().instances().operations();
        operations.list(PARENT).send().await
    })
}

/// Checks that a call returns what it would send again.
fn comes_back(body: &str) -> ListOperationsResponse {
    let page = listed(body).unwrap_or_else(|error| panic!("{body}: {error}"));
    assert_eq!(serde_json::to_string(&page).unwrap(), body);
    page
}

/// The outcome of an operation as the only item of a page.
fn problem(operation: &str) -> String {
    let body = format!(r#"{{"operations":[{{}},{operation}]}}"#);
    let error = listed(&body).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let text = error.to_string();
    let (_, place) = text.split_once(": operations[1]").unwrap_or_default();
    let (place, _) = place.split_once(" (1 attempt in ").unwrap_or_default();
    place.trim_start_matches('.').to_owned()
}

#[test]
fn case_r7_an_error_names_the_place_and_the_type() {
    for (operation, expected) in [
        ("3", ": expected an object"),
        (r#"{"name":{}}"#, "name: expected a string"),
        (r#"{"done":1}"#, "done: expected a boolean"),
        (
            r#"{"small":[]}"#,
            "small: expected an integer, or a string that holds one",
        ),
        (
            r#"{"small":2147483648}"#,
            "small: expected an integer of 32 bits",
        ),
        (
            r#"{"sizes":["1",-1]}"#,
            "sizes[1]: expected an unsigned integer of 64 bits",
        ),
        (
            r#"{"ratio":"1,5"}"#,
            "ratio: expected a number, or a string that holds one",
        ),
        (
            r#"{"ratio":1e999}"#,
            "ratio: expected a number within the range of a double",
        ),
        (
            r#"{"labels":{"a":"b","c":[]}}"#,
            r#"labels["c"]: expected a string"#,
        ),
        (r#"{"labels":[]}"#, "labels: expected an object"),
        (r#"{"states":{}}"#, "states: expected an array"),
        (r#"{"metadata":[]}"#, "metadata: expected an object"),
        (r#"{"rows":[[1],2]}"#, "rows[1]: expected an array"),
        (r#"{"expires":{}}"#, "expires: expected a string"),
        (
            r#"{"child":{"child":{"size":"x"}}}"#,
            "child.child.size: expected an integer, or a string that holds one",
        ),
        (
            r#"{"child":{"error":{"code":true}}}"#,
            "child.error.code: expected an integer, or a string that holds one",
        ),
    ] {
        assert_eq!(problem(operation), expected, "{operation}");
    }
    // The key of a map is the server's, and could be a token of the request.
    let key = "k".repeat(40);
    let operation = format!(r#"{{"labels":{{"{key}":[]}}}}"#);
    assert_eq!(problem(&operation), r#"labels["…"]: expected a string"#);
}

#[test]
fn case_r7_the_error_of_a_page_and_of_a_wrapped_body_names_the_place() {
    let mock = MockTransport::new()
        .respond(200, r#"{"nextPageToken":"2"}"#)
        .respond(200, r#"{"operations":[{"done":"maybe"}]}"#)
        .respond(200, r#"{"data":{"message":"n","code":[]}}"#);
    let (page, wrapped) = run(async {
        let spanner: Spanner = recorded(&mock).await;
        let list = spanner.projects().instances().operations().list(PARENT);
        let page = list.items().try_next().await.unwrap_err();
        let translate: Translate = recorded(&mock).await;
        let wrapped = translate.translate(Status::default()).send().await;
        (page, wrapped.unwrap_err())
    });
    assert!(
        page.to_string()
            .contains(": operations[0].done: expected a boolean (1 attempt in "),
        "{page}"
    );
    assert!(
        wrapped.to_string().contains(
            ": data.code: expected an integer, or a string that holds one (1 attempt in "
        ),
        "{wrapped}"
    );
}

#[test]
fn case_r7_an_enum_takes_what_comes() {
    let body =
        r#"{"operations":[{"state":3,"states":["READY",7,true,1.50,{"a":[1e999]},"3",[]]}]}"#;
    let page = comes_back(body);
    let mut operation = page.operations.unwrap().remove(0);
    assert_eq!(operation.state, Some(State::UnknownValue("3".to_owned())));
    let states: Vec<_> = operation
        .states
        .iter()
        .flatten()
        .map(State::as_str)
        .collect();
    assert_eq!(
        states,
        ["READY", "7", "true", "1.50", r#"{"a":[1e999]}"#, "3", "[]"]
    );
    // A value that the caller sets is a name, as always.
    operation.state = Some(State::from("4"));
    operation.states = Some(vec![State::Ready, State::from("8")]);
    assert_eq!(
        serde_json::to_string(&operation).unwrap(),
        r#"{"state":"4","states":["READY","8"]}"#
    );
    let directly: Operation =
        serde_json::from_str(r#"{"state":3,"states":[null,4,{"a":1}]}"#).unwrap();
    assert_eq!(
        serde_json::to_string(&directly).unwrap(),
        r#"{"state":3,"states":[null,4,{"a":1}]}"#
    );
    assert_eq!(
        serde_json::from_str::<State>("3").unwrap(),
        State::from("3")
    );
}

#[test]
fn case_r16_a_value_of_a_map_can_be_null() {
    let labels = [("a", "1"), ("b", "2")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    let mut operation = Operation {
        labels: Some(labels.into()),
        ..Default::default()
    };
    set_null!(operation.labels["a"]);
    let key = "c".to_owned();
    set_null!(operation.labels[&key]);
    set_null!(operation.metadata["deep"]);
    set_null!(operation.child.get_or_insert_default().labels[key]);
    assert!(operation.unknown_fields.is_empty());
    let written = |operation: &Operation| serde_json::to_string(operation).unwrap();
    assert_eq!(
        written(&operation),
        r#"{"child":{"labels":{"c":null}},"labels":{"a":null,"b":"2","c":null},"metadata":{"deep":null}}"#
    );
    operation.child = None;
    operation.metadata = None;
    // The last value that is set counts.
    operation
        .labels
        .as_mut()
        .unwrap()
        .insert("a".to_owned(), "3".to_owned());
    assert_eq!(
        written(&operation),
        r#"{"labels":{"a":"3","b":"2","c":null}}"#
    );
    set_null!(operation.labels);
    assert_eq!(written(&operation), r#"{"labels":null}"#);
    set_null!(operation.labels["d"]);
    assert_eq!(written(&operation), r#"{"labels":{"d":null}}"#);
    operation.labels = None;
    assert_eq!(written(&operation), "{}");
}

#[test]
fn case_r16_nulls_in_lists_and_maps_come_back() {
    let body = r#"{"operations":[null,{"labels":{"a":null,"b":"c"},"rows":[null,[null]],"sizes":["1",null],"states":[null]}]}"#;
    let page = comes_back(body);
    let operations = page.operations.unwrap();
    assert_eq!(operations[0], Operation::default());
    let labels = operations[1].labels.as_ref().unwrap();
    assert_eq!((labels.get("a"), labels.len()), (None, 1));
    assert_eq!(operations[1].sizes, Some(vec![1, 0]));
    assert!(operations[1].unknown_fields.is_empty());
    let again: Operation = serde_json::from_value(json!({"labels": {"a": null}})).unwrap();
    assert_eq!(
        serde_json::to_value(&again).unwrap(),
        json!({"labels": {"a": null}})
    );
}

#[test]
fn case_r20_integers_keep_their_value_or_fail() {
    for (number, expected) in [
        (r#""9007199254740993.0""#, Some(9_007_199_254_740_993)),
        ("9007199254740993.0", Some(9_007_199_254_740_993)),
        ("-9223372036854775808", Some(i64::MIN)),
        ("9.223372036854775807e18", Some(i64::MAX)),
        ("-9223372036854775809", None),
        ("9223372036854775808", None),
        (r#""9223372036854775808""#, None),
        ("1e19", None),
        ("1e999", None),
        ("0.5", None),
        (r#""""#, None),
        (r#"" 1""#, None),
        (r#""+1""#, None),
    ] {
        let json = format!(r#"{{"size":{number}}}"#);
        let directly = serde_json::from_str::<Operation>(&json);
        assert_eq!(
            directly.ok().and_then(|operation| operation.size),
            expected,
            "{number}"
        );
        let body = format!(r#"{{"operations":[{json}]}}"#);
        match (listed(&body), expected) {
            (Ok(page), Some(_)) => assert_eq!(page.operations.unwrap()[0].size, expected),
            (Err(error), None) => {
                let text = error.to_string();
                assert!(
                    text.contains(": operations[0].size: expected an integer"),
                    "{text}"
                );
            }
            (other, _) => panic!("{number}: {other:?}"),
        }
    }
    let flattened: Flat = serde_json::from_str(r#"{"size":12,"x":3,"unknown":{"a":1}}"#).unwrap();
    assert_eq!(flattened.operation.size, Some(12));
    assert_eq!(flattened.operation.unknown_fields.len(), 1);
    assert!(serde_json::from_str::<Flat>(r#"{"size":-9223372036854775809,"x":3}"#).is_err());
}

/// A struct that reads the types of fields from values of serde, not from a text.
struct Flat {
    operation: Operation,
}

impl<'de> serde::Deserialize<'de> for Flat {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = gapi_runtime::Object::deserialize(deserializer)?;
        members.remove("x");
        let operation = Operation::deserialize(Value::Object(members));
        operation
            .map(|operation| Self { operation })
            .map_err(serde::de::Error::custom)
    }
}

#[test]
fn case_r20_unknown_members_keep_their_text() {
    let operation = concat!(
        r#"{"name":"n","a":123456789012345678901234567890,"b":1e999,"c":[1.50,{"d":-0,"e":1E5}],"#,
        r#""f":{"g":"\ud800"},"h":0.1,"i":12}"#
    );
    let body = format!(r#"{{"operations":[{operation}],"total":1e400}}"#);
    let page = comes_back(&body);
    let fields = &page.operations.unwrap()[0].unknown_fields;
    assert_eq!(
        fields.get("a"),
        Some(&json!("123456789012345678901234567890"))
    );
    assert_eq!(fields.get("b"), Some(&json!("1e999")));
    assert_eq!(
        fields.get("c"),
        Some(&json!([1.5, {"d": -0.0, "e": 100_000.0}]))
    );
    assert_eq!(fields.text("a"), Some("123456789012345678901234567890"));
    assert_eq!(
        (fields.text("h"), fields.text("i"), fields.text("j")),
        (None, None, None)
    );
    // The same without a call.
    let mut directly: Operation = serde_json::from_str(operation).unwrap();
    assert_eq!(serde_json::to_string(&directly).unwrap(), operation);
    directly.unknown_fields.insert("a", 1);
    directly.unknown_fields.remove("b");
    directly.unknown_fields.remove("c");
    directly.unknown_fields.remove("f");
    assert_eq!(
        serde_json::to_string(&directly).unwrap(),
        r#"{"name":"n","a":1,"h":0.1,"i":12}"#
    );
}

#[test]
fn case_r20_json_in_described_members_keeps_its_text() {
    let body = concat!(
        r#"{"operations":[{"metadata":{"big":123456789012345678901234567890,"far":[1e999]},"#,
        r#""rows":[[1e300,18446744073709551616]]}]}"#
    );
    let page = comes_back(body);
    let mut operation = page.operations.unwrap().remove(0);
    let metadata = operation.metadata.as_ref().unwrap();
    assert_eq!(metadata["big"], json!("123456789012345678901234567890"));
    assert_eq!(metadata["far"], json!(["1e999"]));
    assert_eq!(
        operation.rows,
        Some(vec![vec![json!(1e300), json!("18446744073709551616")]])
    );
    // Values that the caller changes are written.
    operation
        .metadata
        .as_mut()
        .unwrap()
        .insert("far".to_owned(), json!(1));
    operation.rows = None;
    assert_eq!(
        serde_json::to_value(&operation).unwrap(),
        json!({"metadata": {"big": "123456789012345678901234567890", "far": 1}})
    );
}

#[test]
fn a_number_in_place_of_a_string_is_its_text() {
    let body = r#"{"operations":[{"expires":12,"labels":{"a":1.50,"b":true},"name":12345678901234567890123}]}"#;
    let page = comes_back(body);
    let mut operation = page.operations.unwrap().remove(0);
    assert_eq!(operation.name.as_deref(), Some("12345678901234567890123"));
    assert_eq!(operation.labels.as_ref().unwrap()["a"], "1.50");
    assert_eq!(operation.labels.as_ref().unwrap()["b"], "true");
    operation
        .labels
        .as_mut()
        .unwrap()
        .insert("b".to_owned(), "false".to_owned());
    operation.name = Some("n".to_owned());
    assert_eq!(
        serde_json::to_string(&operation).unwrap(),
        r#"{"expires":12,"labels":{"a":1.50,"b":"false"},"name":"n"}"#
    );
}

#[test]
fn half_a_surrogate_is_replaced_and_comes_back() {
    let body =
        r#"{"operations":[{"labels":{"a":"x\udc00"},"metadata":{"b":"\ud800"},"name":"\ud83d"}]}"#;
    let page = comes_back(body);
    let operation = &page.operations.unwrap()[0];
    assert_eq!(operation.name.as_deref(), Some("\u{fffd}"));
    assert_eq!(operation.labels.as_ref().unwrap()["a"], "x\u{fffd}");
    assert_eq!(operation.metadata.as_ref().unwrap()["b"], "\u{fffd}");
}
