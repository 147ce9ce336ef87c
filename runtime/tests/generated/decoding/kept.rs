//! Notes of values: how long they hold, and which numbers have them.

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
