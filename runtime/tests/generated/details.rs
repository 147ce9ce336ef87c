//! Typed error details, codes and predicates.

use crate::api::Spanner;
use crate::{recorded, run};
use gapi_runtime::details::Detail;
use gapi_runtime::{Code, Error, MockTransport, RetryPolicy};
use std::time::Duration;

fn failure(status: u16, body: impl Into<String>) -> Error {
    let mock = MockTransport::new().respond(status, body.into());
    run(async {
        let spanner: Spanner = recorded(&mock).await;
        let operations = spanner.projects().instances().operations();
        let call = operations.list("projects/p/instances/i/operations");
        call.retry(RetryPolicy::never()).send().await.unwrap_err()
    })
}

const DETAILS: &str = r#"[
    {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_DISABLED", "domain": "googleapis.com",
        "metadata": {"service": "x.googleapis.com", "odd": 7}},
    {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1.5s"},
    {"@type": "type.googleapis.com/google.rpc.DebugInfo", "stackEntries": ["a", 1, "b"], "detail": "d"},
    {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"subject": "project:1", "description": "d",
        "apiService": "s", "quotaMetric": "m", "quotaId": "i", "quotaDimensions": {"region": "r"}, "quotaValue": "10",
        "futureQuotaValue": 20}]},
    {"@type": "type.googleapis.com/google.rpc.PreconditionFailure", "violations": [{"type": "TOS", "subject": "s"}]},
    {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [
        {"field": "labels[0].key", "description": "d", "reason": "R", "localizedMessage": {"locale": "de", "message": "m"}},
        "odd"]},
    {"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": "q", "servingData": "s"},
    {"@type": "type.googleapis.com/google.rpc.ResourceInfo", "resourceType": "t", "resourceName": "n", "owner": "o",
        "description": "d"},
    {"@type": "type.googleapis.com/google.rpc.Help", "links": [{"description": "d", "url": "https://example.com/"}]},
    {"@type": "type.googleapis.com/google.rpc.LocalizedMessage", "locale": "en-US", "message": "text"},
    {"@type": "type.googleapis.com/google.spanner.Other", "x": 1},
    "odd"
]"#;

#[test]
fn every_detail_is_read_by_its_type() {
    let bodies = [
        format!(r#"{{"error": {{"code": 400, "message": "m", "details": {DETAILS}}}}}"#),
        format!(r#"{{"code": 3, "message": "m", "details": {DETAILS}}}"#),
        format!(r#"[{{"error": {{"code": 400, "message": "m", "details": {DETAILS}}}}}]"#),
    ];
    for body in bodies {
        let error = failure(400, body);
        let status = error.status().unwrap();
        let info = status.error_info().unwrap();
        assert_eq!(
            (info.reason.as_str(), info.domain.as_str()),
            ("API_DISABLED", "googleapis.com")
        );
        assert_eq!(info.metadata.len(), 1);
        assert_eq!(info.metadata["service"], "x.googleapis.com");
        let delay = status.retry_info().unwrap().retry_delay;
        assert_eq!(delay, Some(Duration::from_millis(1500)));
        assert_eq!(status.debug_info().unwrap().stack_entries, ["a", "b"]);
        let quota = status.quota_failure().unwrap();
        let violation = &quota.violations[0];
        assert_eq!(
            (violation.quota_value, violation.future_quota_value),
            (Some(10), Some(20))
        );
        assert_eq!(violation.quota_dimensions["region"], "r");
        let precondition = status.precondition_failure().unwrap();
        assert_eq!(precondition.violations[0].kind, "TOS");
        let fields = status.bad_request().unwrap().field_violations;
        assert_eq!(fields.len(), 1);
        assert_eq!(fields[0].field, "labels[0].key");
        assert_eq!(fields[0].localized_message.as_ref().unwrap().locale, "de");
        assert_eq!(status.request_info().unwrap().request_id, "q");
        assert_eq!(status.resource_info().unwrap().resource_name, "n");
        assert_eq!(status.help().unwrap().links[0].url, "https://example.com/");
        assert_eq!(status.localized_message().unwrap().message, "text");

        let details: Vec<_> = status.details().collect();
        assert_eq!(details.len(), 12);
        assert_eq!(details[0], Detail::ErrorInfo(info));
        for (detail, raw) in details[10..].iter().zip(&status.details[10..]) {
            assert_eq!(detail, &Detail::Other(raw.clone()));
        }
    }
}

#[test]
fn details_of_unexpected_form_are_empty_or_others() {
    let error = failure(
        400,
        r#"{"error": {"message": "m", "details": [
            {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": 7, "metadata": []},
            {"@type": "type.googleapis.com/google.rpc.Help", "links": {"url": "u"}},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "-1s"},
            {"@type": 7}, {}, [], null, 1]}}"#,
    );
    let status = error.status().unwrap();
    assert_eq!(status.error_info().unwrap().reason, "");
    assert!(status.help().unwrap().links.is_empty());
    assert_eq!(status.retry_info().unwrap().retry_delay, None);
    assert_eq!(status.bad_request(), None);
    let others = status
        .details()
        .filter(|detail| matches!(detail, Detail::Other(_)));
    assert_eq!(others.count(), 5);
    // The entries of older APIs are not typed details.
    let error = failure(403, r#"{"error": {"errors": [{"reason": "forbidden"}]}}"#);
    let details: Vec<_> = error.status().unwrap().details().collect();
    assert!(matches!(details[..], [Detail::Other(_)]));
}

#[test]
fn codes() {
    for (http_status, body, expected) in [
        (
            404,
            r#"{"error": {"status": "NOT_FOUND"}}"#,
            Some(Code::NotFound),
        ),
        (404, r#"{"code": 5}"#, Some(Code::NotFound)),
        (404, "<html>", Some(Code::NotFound)),
        (404, "", Some(Code::NotFound)),
        (
            400,
            r#"{"error": {"code": "FAILED_PRECONDITION"}}"#,
            Some(Code::FailedPrecondition),
        ),
        (
            409,
            r#"{"error": {"status": "ABORTED"}}"#,
            Some(Code::Aborted),
        ),
        (
            409,
            r#"{"error": {"errors": [{"reason": "alreadyExists"}]}}"#,
            Some(Code::AlreadyExists),
        ),
        (
            409,
            r#"{"error": {"errors": [{"reason": "duplicate"}]}}"#,
            Some(Code::AlreadyExists),
        ),
        (409, "", None),
        (
            403,
            r#"{"error": {"errors": [{"reason": "rateLimitExceeded"}]}}"#,
            Some(Code::ResourceExhausted),
        ),
        (
            403,
            r#"{"error": {"errors": [{"reason": "forbidden"}]}}"#,
            Some(Code::PermissionDenied),
        ),
        (
            401,
            r#"{"error": "invalid_grant"}"#,
            Some(Code::Unauthenticated),
        ),
        (
            418,
            r#"{"error": {"status": "TEAPOT"}}"#,
            Some(Code::Unrecognized),
        ),
        (503, "", Some(Code::Unavailable)),
        (302, "", None),
        (200, "x", None),
    ] {
        let error = failure(http_status, body);
        assert_eq!(error.code(), expected, "{http_status} {body}");
        let predicates = [
            (Code::NotFound, error.is_not_found()),
            (Code::AlreadyExists, error.is_already_exists()),
            (Code::Unauthenticated, error.is_unauthenticated()),
            (Code::PermissionDenied, error.is_permission_denied()),
            (Code::ResourceExhausted, error.is_resource_exhausted()),
            (Code::Aborted, error.is_aborted()),
            (Code::Unavailable, error.is_unavailable()),
        ];
        for (code, is) in predicates {
            assert_eq!(is, expected == Some(code), "{http_status} {body} {code:?}");
        }
    }
}
