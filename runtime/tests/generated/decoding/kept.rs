//! Notes of values: how long they hold, and which numbers have them.

use super::comes_back;
use crate::api::schemas::Operation;
use gapi_runtime::set_null;

#[test]
fn case_r16_a_null_of_a_map_ends_with_the_map() {
    let written = |operation: &Operation| serde_json::to_string(operation).unwrap();
    let map = |keys: &[&str]| {
        let entries = keys.iter().map(|key| ((*key).to_owned(), "x".to_owned()));
        Some(entries.collect())
    };
    let set = || {
        let mut operation = Operation {
            labels: map(&["a", "b", "c"]),
            ..Default::default()
        };
        set_null!(operation.labels["a"]);
        set_null!(operation.labels["b"]);
        operation
    };
    let read = || serde_json::from_str(r#"{"labels":{"a":null,"b":null,"c":"x"}}"#).unwrap();
    for operation in [set(), read()] {
        let mut operation: Operation = operation;
        let both = r#"{"labels":{"a":null,"b":null,"c":"x"}}"#;
        assert_eq!(written(&operation), both);
        operation.labels = map(&["c", "d"]);
        let more = r#"{"labels":{"a":null,"b":null,"c":"x","d":"x"}}"#;
        assert_eq!(written(&operation), more);
        operation.labels = map(&["d"]);
        assert_eq!(written(&operation), r#"{"labels":{"d":"x"}}"#);
    }
    // A null that the caller sets in an empty map stays with the entries that come. One of a response does not.
    let mut operation = Operation::default();
    set_null!(operation.labels["a"]);
    operation.labels = map(&["d"]);
    assert_eq!(written(&operation), r#"{"labels":{"a":null,"d":"x"}}"#);
    operation.unknown_fields.remove("labels");
    assert_eq!(written(&operation), r#"{"labels":{"d":"x"}}"#);
    let mut operation: Operation = serde_json::from_str(r#"{"labels":{"a":null}}"#).unwrap();
    assert_eq!(written(&operation), r#"{"labels":{"a":null}}"#);
    operation.labels = map(&["d"]);
    assert_eq!(written(&operation), r#"{"labels":{"d":"x"}}"#);
}

#[test]
fn case_r20_an_integer_that_no_double_holds_keeps_its_digits() {
    let read = |number: &str| -> Operation {
        serde_json::from_str(&format!(r#"{{"ratio":{number}}}"#)).unwrap()
    };
    for (number, ratio, expected) in [
        ("3", 3.0, "3.0"),
        (
            "-9007199254740992",
            -9_007_199_254_740_992.0,
            "-9007199254740992.0",
        ),
        (
            "9007199254740993",
            9_007_199_254_740_992.0,
            "9007199254740993",
        ),
        (
            r#""9007199254740993""#,
            9_007_199_254_740_992.0,
            "9007199254740993",
        ),
        (
            "-9007199254740993",
            -9_007_199_254_740_992.0,
            "-9007199254740993",
        ),
        (
            "18446744073709551615",
            18_446_744_073_709_551_616.0,
            "18446744073709551615",
        ),
        ("-0", -0.0, "-0.0"),
    ] {
        let operation = read(number);
        assert_eq!(operation.ratio, Some(ratio), "{number}");
        let written = serde_json::to_string(&operation).unwrap();
        assert_eq!(written, format!(r#"{{"ratio":{expected}}}"#), "{number}");
    }
    // The same in the second reading of a response, which the other number needs.
    let page = comes_back(r#"{"operations":[{"ratio":-9007199254740993}],"total":1e400}"#);
    let mut operation = page.operations.unwrap().remove(0);
    operation.ratio = Some(0.5);
    assert_eq!(
        serde_json::to_string(&operation).unwrap(),
        r#"{"ratio":0.5}"#
    );
}
