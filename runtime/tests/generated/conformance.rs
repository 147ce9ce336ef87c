//! The JSON cases of protobuf's conformance suite, as inputs and outcomes for the types of fields.
//!
//! The inputs and the outcomes are those of `conformance/binary_json_conformance_suite.cc` in protocolbuffers/protobuf. Outcomes
//! are compared as JSON, because that is what a type writes. Omitted, because documents have no such thing: groups,
//! extensions, reserved names, the binary format, and values that only exist in it.

use gapi_runtime::{
    Base64, DateTime, Duration, FieldMask, Object, UnknownFields, Value, open_enum, schema,
    serde_json,
};
use std::collections::{BTreeMap, BTreeSet};

struct Nested {
    a: Option<i32>,
    unknown_fields: UnknownFields,
}
schema!(Nested { a: "a" });

enum NestedEnum {
    Foo,
    Bar,
    Baz,
    UnknownValue(String),
}
open_enum!(NestedEnum {
    Foo: "FOO",
    Bar: "BAR",
    Baz: "BAZ"
});

/// The fields of the suite's message, by their names in JSON.
macro_rules! message {
    ($($field:ident $name:literal: $type:ty;)*) => {
        struct AllTypes {
            $($field: Option<$type>,)*
            unknown_fields: UnknownFields,
        }
        schema!(AllTypes { $($field: $name),* });
    };
}

message! {
    fieldname1 "fieldname1": i32;
    field_name2 "fieldName2": i32;
    upper_name3 "FieldName3": i32;
    upper_name13 "FieldName13": i32;
    optional_int32 "optionalInt32": i32;
    optional_int64 "optionalInt64": i64;
    optional_uint32 "optionalUint32": u32;
    optional_uint64 "optionalUint64": u64;
    optional_float "optionalFloat": f64;
    optional_double "optionalDouble": f64;
    optional_bool "optionalBool": bool;
    optional_string "optionalString": String;
    optional_bytes "optionalBytes": Base64;
    optional_nested_message "optionalNestedMessage": Nested;
    optional_nested_enum "optionalNestedEnum": NestedEnum;
    optional_duration "optionalDuration": Duration;
    optional_timestamp "optionalTimestamp": DateTime;
    optional_field_mask "optionalFieldMask": FieldMask;
    optional_struct "optionalStruct": Object;
    optional_value "optionalValue": Value;
    optional_any "optionalAny": Object;
    oneof_uint32 "oneofUint32": u32;
    oneof_string "oneofString": String;
    oneof_null_value "oneofNullValue": NestedEnum;
    repeated_int32 "repeatedInt32": Vec<i32>;
    repeated_string "repeatedString": Vec<String>;
    repeated_bytes "repeatedBytes": Vec<Base64>;
    repeated_nested_enum "repeatedNestedEnum": Vec<NestedEnum>;
    repeated_nested_message "repeatedNestedMessage": Vec<Nested>;
    repeated_duration "repeatedDuration": Vec<Duration>;
    repeated_timestamp "repeatedTimestamp": Vec<DateTime>;
    repeated_value "repeatedValue": Vec<Value>;
    repeated_list_value "repeatedListValue": Vec<Vec<Value>>;
    map_int32_int32 "mapInt32Int32": BTreeMap<String, i32>;
    map_int64_int64 "mapInt64Int64": BTreeMap<String, i64>;
    map_bool_bool "mapBoolBool": BTreeMap<String, bool>;
    map_string_nested_message "mapStringNestedMessage": BTreeMap<String, Nested>;
    map_string_nested_enum "mapStringNestedEnum": BTreeMap<String, NestedEnum>;
}

/// The cases, a line each.
const CASES: &str = include_str!("conformance.tsv");

/// A case of the suite.
struct Case {
    name: &'static str,
    json: String,
    outcome: Outcome,
    /// The reason, if the suite wants another outcome.
    reason: Option<Reason>,
}

/// The outcome of a case.
#[derive(Clone, Copy, Debug)]
enum Outcome {
    /// It is read, and written as it was.
    Same,
    /// It is read, and written as this.
    Becomes(&'static str),
    /// It is an error.
    Fails,
}

/// The reason for another outcome than that of the suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// A text is kept as it came. Only its conversion checks it.
    TextIsKept,
    /// A text is written as it came, so that a resource that was read is written back unchanged.
    TextIsNotNormalized,
    /// A client that reads and writes a resource must not lose what a newer server knows.
    UnknownIsKept,
    /// An enum takes what comes, because one value must not cost a page. Documents do not state the numbers of enum values.
    EnumIsOpen,
    /// Documents say string where servers send a number or a boolean. The Python client returns it, and we its text.
    ScalarIsText,
    /// The Python client returns `None`. A list keeps the position with an empty value, and a map has no entry.
    NullIsKept,
    /// Servers quote booleans.
    QuotedBoolean,
    /// `float` and `double` are one type, so that no digit is lost.
    FloatIsDouble,
    /// Only the names of the document are fields, and those of protobuf are not in it. Such members are unknown, and kept.
    NameIsUnknown,
    /// Documents do not say which fields exclude each other.
    NoOneof,
    /// A field that is set is written, because a `PATCH` has to be able to set it.
    DefaultIsWritten,
}

impl Reason {
    const ALL: [Self; 11] = [
        Self::TextIsKept,
        Self::TextIsNotNormalized,
        Self::UnknownIsKept,
        Self::EnumIsOpen,
        Self::ScalarIsText,
        Self::NullIsKept,
        Self::QuotedBoolean,
        Self::FloatIsDouble,
        Self::NameIsUnknown,
        Self::NoOneof,
        Self::DefaultIsWritten,
    ];

    fn of(name: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        let known = all.find(|reason| format!("{reason:?}") == name);
        known.unwrap_or_else(|| panic!("no reason is called {name}"))
    }
}

fn cases() -> Vec<Case> {
    let lines = CASES.lines().filter(|line| !line.starts_with('#'));
    let case = |line: &'static str| {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or_default();
        Case {
            name: next(),
            json: next().replace('⏎', "\n"),
            outcome: match next() {
                "same" => Outcome::Same,
                "fails" => Outcome::Fails,
                json => Outcome::Becomes(json),
            },
            reason: Some(next()).filter(|name| !name.is_empty()).map(Reason::of),
        }
    };
    lines.map(case).collect()
}

/// Reads a case, and returns the JSON that is written for it.
fn written(json: &str) -> Option<Value> {
    let read: AllTypes = serde_json::from_str(json).ok()?;
    serde_json::to_value(&read).ok()
}

fn check(json: &str, outcome: Outcome, name: &str) {
    let expected = match outcome {
        Outcome::Same => Some(json),
        Outcome::Becomes(other) => Some(other),
        Outcome::Fails => None,
    };
    let expected = expected.map(|json| serde_json::from_str(json).unwrap());
    assert_eq!(written(json), expected, "{name}: {json}");
}

#[test]
fn all_cases() {
    for Case {
        name,
        json,
        outcome,
        ..
    } in cases()
    {
        check(&json, outcome, name);
    }
}

#[test]
fn deep_nesting() {
    let nested = |open: &str, close: &str, depth: usize| {
        let (open, close) = (open.repeat(depth), close.repeat(depth));
        format!(r#"{{"optionalValue": {open}1{close}}}"#)
    };
    for (open, close) in [("[", "]"), (r#"{"n": "#, "}")] {
        check(&nested(open, close, 25), Outcome::Same, "DeepNesting25");
        check(&nested(open, close, 200), Outcome::Fails, "DeepNesting200");
    }
}

/// Texts that the suite rejects are kept, and their conversions are errors.
#[test]
fn conversions_check_what_reading_keeps() {
    let mut checked = 0;
    for case in cases() {
        let read = serde_json::from_str::<AllTypes>(&case.json).unwrap_or_default();
        let (name, is_rejected) = (case.name, case.reason == Some(Reason::TextIsKept));
        if let Some(duration) = read.optional_duration {
            assert_eq!(duration.seconds_and_nanos().is_err(), is_rejected, "{name}");
            checked += 1;
        }
        #[cfg(feature = "chrono")]
        if let Some(time) = &read.optional_timestamp {
            let utc = chrono::DateTime::<chrono::Utc>::try_from(time);
            assert_eq!(utc.is_err(), is_rejected, "{name}");
        }
        #[cfg(feature = "time")]
        if let Some(time) = &read.optional_timestamp {
            let converted = time::OffsetDateTime::try_from(time);
            assert_eq!(converted.is_err(), is_rejected, "{name}");
        }
        #[cfg(feature = "jiff")]
        if let Some(time) = &read.optional_timestamp {
            let is_late = time.as_str().starts_with("9999-12-31T23:59:59");
            let converted = jiff::Timestamp::try_from(time);
            assert_eq!(converted.is_err(), is_rejected || is_late, "{name}");
        }
    }
    assert!(checked > 10, "{checked}");
}

#[test]
fn the_table_is_whole() {
    let cases = cases();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), cases.len());
    assert!(cases.len() > 270, "{}", cases.len());
    let used: BTreeSet<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{:?}", case.reason?)))
        .collect();
    assert_eq!(used.len(), Reason::ALL.len(), "{used:?}");
}
