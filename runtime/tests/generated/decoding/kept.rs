//! Stored texts of values: how long they apply, and which numbers have them.

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

/// The elements of a list that are equal to those for a null never become null.
#[test]
fn case_r16_a_null_of_a_list_stays_where_it_was() {
    type Change = fn(&mut Vec<u64>);
    let read = |sizes: &str| -> Operation {
        serde_json::from_str(&format!(r#"{{"sizes":{sizes}}}"#)).unwrap()
    };
    let changes: &[(&str, Change, &str)] = &[
        (r#"[null,"0","1"]"#, |_| {}, r#"[null,"0","1"]"#),
        (r#"[null,"0"]"#, |list| list.push(2), r#"[null,"0","2"]"#),
        (
            r#"[null,"0","1"]"#,
            |list| _ = list.remove(0),
            r#"["0","1"]"#,
        ),
        (
            r#"["1",null,"0"]"#,
            |list| list.swap(0, 1),
            r#"["0","1","0"]"#,
        ),
        (
            r#"["1",null,"0"]"#,
            |list| list.insert(0, 0),
            r#"["0","1","0","0"]"#,
        ),
        (
            r#"["0","1",null]"#,
            |list| list.rotate_left(1),
            r#"["1","0","0"]"#,
        ),
        (r#"[null,"1"]"#, |list| list.clear(), "[]"),
        (r#"[null,"1"]"#, |list| list.truncate(1), r#"["0"]"#),
        (r#"[null,"1"]"#, |list| list[1] = 2, r#"["0","2"]"#),
    ];
    for (sizes, change, expected) in changes {
        let mut operation = read(sizes);
        change(operation.sizes.as_mut().unwrap());
        let written = serde_json::to_string(&operation).unwrap();
        assert_eq!(written, format!(r#"{{"sizes":{expected}}}"#), "{sizes}");
    }
    // A list of any values holds nulls itself.
    let mut operation: Operation =
        serde_json::from_str(r#"{"rows":[[null,""],["",null],["a"]]}"#).unwrap();
    operation.rows.as_mut().unwrap().swap(0, 2);
    let written = serde_json::to_string(&operation).unwrap();
    assert_eq!(written, r#"{"rows":[["a"],["",null],[null,""]]}"#);
    // Messages.
    let mut page = comes_back(r#"{"operations":[null,{},{"name":"n"}]}"#);
    page.operations.as_mut().unwrap().remove(0);
    let written = serde_json::to_string(&page).unwrap();
    assert_eq!(written, r#"{"operations":[{},{"name":"n"}]}"#);
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
