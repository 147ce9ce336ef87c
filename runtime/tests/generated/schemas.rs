//! Reading and writing schemas and enums.

use crate::api::schemas::{Empty, ListOperationsResponse, Operation, State, Status, prelude};
use gapi_runtime::{DateTime, Duration, FieldMask, Value, set_null};
use serde_json::json;

fn read(json: Value) -> Operation {
    serde_json::from_value(json).unwrap()
}

fn written(operation: &Operation) -> Value {
    serde_json::to_value(operation).unwrap()
}

#[test]
fn round_trip_of_every_kind_of_field() {
    let text = concat!(
        r#"{"child":{"child":{},"done":false},"data":"-_8=","done":true,"error":{"code":5,"message":"gone"},"#,
        r#""expires":"2026-11-22T08:30:00.000Z","labels":{"a":"b"},"mask":"a,b.c","metadata":{"n":null,"x":[1,"2"]},"#,
        r#""name":"operations/o","ratio":0.1,"rows":[[1,"a",null],[]],"size":"-9223372036854775808","#,
        r#""sizes":["18446744073709551615","0"],"small":-1,"state":"READY","states":["STATE_UNSPECIFIED","NEW"],"#,
        r#""timeout":"1.50s","@type":7,"alsoUnknown":{"deep":[true,null]},"unknown":12.5}"#,
    );
    let operation: Operation = serde_json::from_str(text).unwrap();
    assert_eq!(
        operation.child.as_ref().unwrap().child,
        Some(Box::default())
    );
    assert_eq!(
        operation.data.as_ref().unwrap().decode(),
        Ok(vec![0xfb, 0xff])
    );
    assert_eq!(
        operation.expires,
        Some(DateTime::from("2026-11-22T08:30:00.000Z"))
    );
    assert_eq!(operation.timeout, Some(Duration::from("1.50s")));
    assert_eq!(operation.mask, Some(FieldMask::from("a,b.c")));
    assert_eq!(operation.size, Some(i64::MIN));
    assert_eq!(operation.sizes, Some(vec![u64::MAX, 0]));
    assert_eq!(operation.r#type, Some(7));
    assert_eq!(operation.state, Some(State::Ready));
    assert_eq!(
        operation.states,
        Some(vec![
            State::StateUnspecified,
            State::UnknownValue("NEW".to_owned())
        ])
    );
    assert_eq!(operation.unknown_fields.len(), 2);
    assert_eq!(operation.unknown_fields.get("unknown"), Some(&json!(12.5)));
    // Members in declaration order, followed by unknown ones.
    assert_eq!(serde_json::to_string(&operation).unwrap(), text);
    assert_eq!(operation.clone(), operation);
}

#[test]
fn tolerant_reading() {
    let same = [
        (
            json!({"size": 9_007_199_254_740_993_i64}),
            json!({"size": "9007199254740993"}),
        ),
        (json!({"size": 12.0}), json!({"size": "12"})),
        (
            json!({"sizes": [1, "2", 3.0, u64::MAX]}),
            json!({"sizes": ["1", "2", "3", "18446744073709551615"]}),
        ),
        (json!({"small": "7"}), json!({"small": 7})),
        (json!({"small": 1e3}), json!({"small": 1000})),
        (json!({"small": "-1e3"}), json!({"small": -1000})),
        (json!({"@type": u32::MAX}), json!({"@type": u32::MAX})),
        (json!({"ratio": 2}), json!({"ratio": 2.0})),
        (json!({"ratio": "2.5"}), json!({"ratio": 2.5})),
        (json!({"ratio": "-Infinity"}), json!({"ratio": "-Infinity"})),
        (json!({"ratio": "Infinity"}), json!({"ratio": "Infinity"})),
        (json!({"ratio": "NaN"}), json!({"ratio": "NaN"})),
        (json!({"done": "true"}), json!({"done": true})),
    ];
    for (input, expected) in same {
        assert_eq!(written(&read(input)), expected);
    }
    assert!(read(json!({"ratio": "NaN"})).ratio.unwrap().is_nan());
}

#[test]
fn wrong_types_are_errors() {
    for input in [
        json!([]),
        json!("text"),
        json!({"size": 1.5}),
        json!({"size": "one"}),
        json!({"size": 1e30}),
        json!({"size": "9223372036854775808"}),
        json!({"sizes": [-1]}),
        json!({"sizes": "1"}),
        json!({"small": 2_147_483_648_i64}),
        json!({"@type": -1}),
        json!({"ratio": true}),
        json!({"done": 1}),
        json!({"done": "yes"}),
        json!({"name": {}}),
        json!({"labels": {"a": []}}),
        json!({"child": {"child": {"done": 3}}}),
    ] {
        assert!(
            serde_json::from_value::<Operation>(input.clone()).is_err(),
            "{input}"
        );
    }
}

#[test]
fn explicit_null() {
    let text = r#"{"name":"n","labels":null,"new":null}"#;
    let mut operation: Operation = serde_json::from_str(text).unwrap();
    assert_eq!(operation.labels, None);
    assert_eq!(operation.unknown_fields.get("labels"), Some(&Value::Null));
    assert_eq!(serde_json::to_string(&operation).unwrap(), text);
    // The last value that is set counts.
    operation.labels = Some([("a".to_owned(), "b".to_owned())].into());
    assert_eq!(
        written(&operation),
        json!({"name": "n", "labels": {"a": "b"}, "new": null})
    );
    // The last of two members of the same name counts, as in other readers.
    let twice: Operation =
        serde_json::from_str(r#"{"name":null,"name":"n","size":"1","size":null}"#).unwrap();
    assert_eq!((twice.name.as_deref(), twice.size), (Some("n"), None));
    assert!(!twice.unknown_fields.contains("name") && twice.unknown_fields.contains("size"));
}

#[test]
fn set_null_clears_and_says_so() {
    let mut operation =
        read(json!({"name": "n", "error": {"code": 5}, "@type": 1, "child": {"size": "1"}}));
    set_null!(operation.name);
    set_null!(operation.error.as_mut().unwrap().code);
    set_null!(operation.child.get_or_insert_default().size);
    let reference = &mut operation;
    set_null!(reference.r#type);
    set_null!((*reference).done);
    assert_eq!(operation.name, None);
    let expected = json!({"name": null, "error": {"code": null}, "@type": null, "child": {"size": null}, "done": null});
    assert_eq!(written(&operation), expected);
    let mut holder = ListOperationsResponse {
        operations: Some(vec![operation]),
        ..Default::default()
    };
    set_null!(holder.operations.as_mut().unwrap()[0].expires);
    assert_eq!(
        written(&holder.operations.unwrap()[0])["expires"],
        Value::Null
    );
}

#[test]
fn unknown_fields_are_edited() {
    let mut status = Status::default();
    assert!(status.unknown_fields.is_empty());
    assert_eq!(status.unknown_fields.insert("a", 1), None);
    assert_eq!(status.unknown_fields.insert("a", "x"), Some(json!(1)));
    assert_eq!(
        status.unknown_fields.iter().collect::<Vec<_>>(),
        [(&"a".to_owned(), &json!("x"))]
    );
    assert_eq!(
        format!("{:?}", status.unknown_fields),
        r#"{"a": String("x")}"#
    );
    for (name, value) in &status.unknown_fields {
        assert_eq!((name.as_str(), value), ("a", &json!("x")));
    }
    assert_eq!(status.unknown_fields.remove("a"), Some(json!("x")));
    assert_eq!(status.unknown_fields.remove("a"), None);
    assert_eq!(status, Status::default());
    assert_eq!(size_of_val(&status.unknown_fields), size_of::<usize>());
}

#[test]
fn a_struct_without_fields_keeps_everything() {
    let empty: Empty = serde_json::from_str(r#"{"a":null,"b":{"c":1}}"#).unwrap();
    assert_eq!(empty.unknown_fields.len(), 2);
    assert_eq!(
        serde_json::to_string(&empty).unwrap(),
        r#"{"a":null,"b":{"c":1}}"#
    );
    assert_eq!(serde_json::to_string(&Empty::default()).unwrap(), "{}");
}

#[test]
fn names_of_the_prelude() {
    let option: prelude::Option = serde_json::from_str(r#"{"child":{"ok":true},"new":1}"#).unwrap();
    assert_eq!(option.child.as_ref().and_then(|child| child.ok), Some(true));
    assert_eq!(
        serde_json::to_string(&option).unwrap(),
        r#"{"child":{"ok":true},"new":1}"#
    );
    let mut default: prelude::Default = serde_json::from_str("{}").unwrap();
    set_null!(default.ok);
    assert_eq!(serde_json::to_string(&default).unwrap(), r#"{"ok":null}"#);
    assert_eq!(prelude::Type::from("NONE"), prelude::Type::None);
    assert_eq!(prelude::Type::from("none".to_owned()).to_string(), "none");
}

#[test]
fn keys_with_escapes_and_from_a_reader() {
    let operation: Operation =
        serde_json::from_reader(&br#"{"\u006eame":"\u006e","\u0061":1}"#[..]).unwrap();
    assert_eq!(
        (operation.name.as_deref(), operation.unknown_fields.get("a")),
        (Some("n"), Some(&json!(1)))
    );
}

#[test]
fn floats_survive() {
    // Without serde_json's `float_roundtrip` this one loses its last digit.
    let text = r#"{"ratio":51.24817837550540,"x":122.416294033786585}"#;
    let operation: Operation = serde_json::from_str(text).unwrap();
    assert_eq!(operation.ratio, Some("51.24817837550540".parse().unwrap()));
    let again: Operation =
        serde_json::from_str(&serde_json::to_string(&operation).unwrap()).unwrap();
    assert_eq!(again, operation);
}

#[test]
fn enums() {
    for text in ["READY", "STATE_UNSPECIFIED", "", "ready", "NEW"] {
        let state = State::from(text);
        assert_eq!((state.as_str(), state.to_string().as_str()), (text, text));
        assert_eq!(serde_json::from_value::<State>(json!(text)).unwrap(), state);
        assert_eq!(serde_json::to_value(&state).unwrap(), json!(text));
        assert_eq!(
            matches!(state, State::UnknownValue(_)),
            !matches!(text, "READY" | "STATE_UNSPECIFIED")
        );
    }
    assert_eq!(format!("{:>7}", State::Ready), "  READY");
}

#[test]
fn lists_inside_a_body_are_not_streams() {
    assert!(
        serde_json::from_str::<ListOperationsResponse>(r#"{"operations":{"name":"n"}}"#).is_err()
    );
}
