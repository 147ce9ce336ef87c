//! Names of members that are unusual, and values with many levels.

use crate::api::Spanner;
use crate::api::schemas::ListOperationsResponse;
use crate::{recorded, run};
use gapi_runtime::{Error, ErrorKind, MockTransport};
use serde_json::json;

fn listed(body: &str) -> Result<ListOperationsResponse, Error> {
    let mock = MockTransport::new().respond(200, body.to_owned());
    run(async {
        let spanner: Spanner = recorded(&mock).await;
        let operations = spanner.projects().instances().operations();
        let parent = "projects/p/instances/i/operations";
        operations.list(parent).send().await
    })
}

#[test]
fn case_r7_half_a_surrogate_in_a_name_does_not_lose_the_page() {
    let body = concat!(
        r#"{"operations":[{"labels":{"\ud800":"a","b\\\ude01 \"":"\udc00","\ud83d\ude01":"c"},"#,
        r#""\uDFFFx":{"\ud800":1e999},"n\u0061me":"\ud800"}]}"#
    );
    let page = listed(body).unwrap();
    let operation = &page.operations.as_ref().unwrap()[0];
    let labels = operation.labels.as_ref().unwrap();
    assert_eq!(labels["\u{fffd}"], "a");
    assert_eq!(labels["b\\\u{fffd} \""], "\u{fffd}");
    assert_eq!(labels["\u{1f601}"], "c");
    assert_eq!(operation.name.as_deref(), Some("\u{fffd}"));
    let unknown = operation.unknown_fields.get("\u{fffd}x");
    assert_eq!(unknown, Some(&json!({"\u{fffd}": "1e999"})));
    // Values are written as they came.
    let written = serde_json::to_string(&page).unwrap();
    assert!(written.contains(r#":"\udc00""#), "{written}");
    assert!(written.contains(r#""name":"\ud800""#), "{written}");
    // A line break in a name is not valid JSON, as before.
    let error = listed("{\"\\ud800\":1,\"a\nb\":2}").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[test]
fn case_r20_an_object_with_a_name_of_serde_is_an_object() {
    for value in [
        r#"{"$serde_json::private::Number":"12"}"#,
        r#"{"$serde_json::private::Number":12}"#,
        r#"{"$serde_json::private::Number":{"a":1}}"#,
        r#"{"$serde_json::private::RawValue":"12"}"#,
    ] {
        for body in [
            format!(r#"{{"x":{value}}}"#),
            format!(r#"{{"x":[{value},1e999]}}"#),
            format!(r#"{{"operations":[{{"metadata":{{"a":{value}}}}}]}}"#),
            format!(r#"{{"operations":[{{"rows":[[{value},{value}]]}}]}}"#),
        ] {
            let page = listed(&body).unwrap_or_else(|error| panic!("{body}: {error}"));
            assert_eq!(serde_json::to_string(&page).unwrap(), body);
        }
    }
}

#[test]
fn case_r7_an_error_about_many_levels_says_so() {
    let value = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for (body, place) in [
        (format!(r#"{{"x":{value}}}"#), "x"),
        (
            format!(r#"{{"operations":[{{"rows":[[{value}]]}}]}}"#),
            "operations[0].rows[0][0]",
        ),
    ] {
        let error = listed(&body).unwrap_err();
        let expected = format!("{place}: expected JSON with fewer levels");
        assert!(error.to_string().contains(&expected), "{error}");
    }
}
