//! Parts of operations whose type is only in `@type`.

use crate::api::schemas::Operation;
use gapi_runtime::{Error, Value, codegen::member_as};
use serde_json::json;

#[test]
fn case_r22_well_known_types_stand_in_value() {
    use gapi_runtime::{Base64, DateTime, Duration, FieldMask, Object};
    fn part<T: gapi_runtime::WireFormat>(name: &str, value: &str) -> T {
        let url = format!("type.googleapis.com/google.protobuf.{name}");
        let json = format!(r#"{{"metadata":{{"@type":"{url}","value":{value}}}}}"#);
        let operation: Operation = serde_json::from_str(&json).unwrap();
        let part: Result<Option<T>, Error> = member_as(&operation, "metadata");
        part.unwrap_or_else(|error| panic!("{name}: {error}"))
            .unwrap()
    }
    assert_eq!(
        part::<Duration>("Duration", r#""1.5s""#),
        Duration::from("1.5s")
    );
    assert_eq!(
        part::<DateTime>("Timestamp", r#""1970-01-01T00:00:00Z""#),
        DateTime::from("1970-01-01T00:00:00Z")
    );
    assert_eq!(
        part::<FieldMask>("FieldMask", r#""a,b""#),
        FieldMask::from("a,b")
    );
    assert_eq!(
        part::<Base64>("BytesValue", r#""AQI=""#),
        Base64::from("AQI=")
    );
    assert_eq!(part::<String>("StringValue", r#""x""#), "x");
    assert!(part::<bool>("BoolValue", "true"));
    assert_eq!(part::<i32>("Int32Value", "-3"), -3);
    assert_eq!(
        part::<i64>("Int64Value", r#""9007199254740993""#),
        9_007_199_254_740_993
    );
    assert_eq!(part::<u32>("UInt32Value", "3"), 3);
    assert_eq!(
        part::<u64>("UInt64Value", r#""18446744073709551615""#),
        u64::MAX
    );
    assert!(part::<f64>("FloatValue", r#""NaN""#).is_nan());
    assert!((part::<f64>("DoubleValue", "1.5") - 1.5).abs() < f64::EPSILON);
    assert_eq!(
        Value::Object(part::<Object>("Struct", r#"{"a":{"value":1}}"#)),
        json!({"a": {"value": 1}})
    );
    assert_eq!(part::<Value>("Struct", r#"{"a":1}"#), json!({"a": 1}));
    assert_eq!(part::<Value>("Value", "null"), Value::Null);
    assert_eq!(part::<Value>("Value", "[1]"), json!([1]));
    assert_eq!(
        part::<Vec<Value>>("ListValue", r#"[1,"2"]"#),
        [json!(1), json!("2")]
    );
    assert_eq!(
        part::<crate::api::schemas::Empty>("Empty", "{}"),
        crate::api::schemas::Empty::default()
    );
    let nested = r#"{"@type":"type.googleapis.com/google.protobuf.Int32Value","value":7}"#;
    assert_eq!(part::<i32>("Any", nested), 7);
    let message = r#"{"@type":"type.googleapis.com/google.rpc.Status","code":5}"#;
    assert_eq!(
        part::<crate::api::schemas::Status>("Any", message).code,
        Some(5)
    );
}

#[test]
fn case_r22_another_type_is_an_error() {
    use gapi_runtime::{DateTime, Duration};
    fn problem<T: gapi_runtime::WireFormat>(metadata: &str) -> String {
        let operation: Operation =
            serde_json::from_str(&format!(r#"{{"metadata":{metadata}}}"#)).unwrap();
        let part: Result<Option<T>, Error> = member_as(&operation, "metadata");
        part.unwrap_err().to_string()
    }
    let duration = r#"{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1.5s"}"#;
    assert_eq!(
        problem::<DateTime>(duration),
        "the operation's metadata is a `google.protobuf.Duration`, not a `google.protobuf.Timestamp`"
    );
    assert_eq!(
        problem::<crate::api::schemas::Status>(duration),
        "the operation's metadata is a `google.protobuf.Duration`, not a `Status`"
    );
    assert_eq!(
        problem::<Duration>(r#"{"@type":"a/google.protobuf.Duration","value":[]}"#),
        "the operation's metadata cannot be read: value: expected a string"
    );
    assert_eq!(
        problem::<crate::api::schemas::Status>(r#"{"@type":"a/google.rpc.Status","code":"x"}"#),
        "the operation's metadata cannot be read at line 1 column 42: code: expected an integer, or a string that holds one"
    );
    let nested = (0..20).fold("1".to_owned(), |inner, _| {
        format!(r#"{{"@type":"a/google.protobuf.Any","value":{inner}}}"#)
    });
    assert!(problem::<i32>(&nested).contains("cannot be read"));
}
