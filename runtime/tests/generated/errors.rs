//! The errors of failed calls.

use crate::api::Spanner;
use crate::{recorded, run};
use gapi_runtime::{Bytes, Error, ErrorKind, MockTransport, RetryPolicy, TransportError};
use std::error::Error as _;

const PARENT: &str = "projects/p/instances/i/operations";

fn failure(status: u16, body: impl Into<Bytes>) -> Error {
    let mock = MockTransport::new().respond(status, body);
    run(async {
        let spanner: Spanner = recorded(&mock).await;
        let list = spanner
            .projects()
            .instances()
            .operations()
            .list(PARENT)
            .filter("SECRET");
        // The mock has one response.
        list.retry(RetryPolicy::never()).send().await.unwrap_err()
    })
}

/// The end of the text of an error after one attempt.
const ONE_ATTEMPT: &str = " (1 attempt in 0.0 s at spanner.googleapis.com:443)";

#[test]
fn bodies_that_cannot_be_read() {
    let id = "spanner.projects.instances.operations.list: HTTP 200 OK: ";
    let json = "the body (application/json; charset=UTF-8) cannot be read";
    for (body, expected) in [
        (
            "<html>SECRET",
            format!("{json} at line 1 column 1: expected JSON"),
        ),
        (
            r#"{"operations": ["SECRET"]}"#,
            format!("{json} at line 1 column 24: operations[0]: expected an object"),
        ),
        (
            r#"{"operations": "SECRET, expected"}"#,
            format!("{json} at line 1 column 33: operations: expected an array"),
        ),
        (
            r#"{"operations": [{"size": "SECRET"}]}"#,
            format!(
                "{json} at line 1 column 34: operations[0].size: \
                 expected an integer, or a string that holds one"
            ),
        ),
        (
            "{\n\"operations\": [",
            format!("{json} at line 2 column 15: operations[0]: expected JSON"),
        ),
        (
            "{} SECRET",
            format!("{json} at line 1 column 4: expected JSON"),
        ),
        (
            "null",
            format!("{json} at line 1 column 4: expected an object"),
        ),
    ] {
        let error = failure(200, body);
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.to_string(), format!("{id}{expected}{ONE_ATTEMPT}"));
        assert_eq!(error.body().unwrap(), body);
        assert_eq!(error.http_status().unwrap(), 200);
        assert!(!format!("{error:?}").contains("SECRET") && error.source().is_none());
    }
}

#[test]
fn a_body_that_is_no_text_cannot_be_read() {
    let error = failure(200, &b"{\"nextPageToken\": \"\xff\"}"[..]);
    assert_eq!(error.kind(), ErrorKind::Decode);
    let place =
        format!("cannot be read at line 1 column 20: nextPageToken: expected JSON{ONE_ATTEMPT}");
    assert!(error.to_string().ends_with(&place), "{error}");
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn http_errors() {
    for (status, body, display, canonical, code, message, details) in [
        (
            404,
            r#"{"error":{"code":404,"message":"no such\ninstance","status":"NOT_FOUND","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"R"}]}}"#,
            "HTTP 404 Not Found: NOT_FOUND: no such instance",
            Some("NOT_FOUND"),
            Some(404),
            "no such\ninstance",
            1,
        ),
        (
            404,
            r#"{"code":5,"message":"Not Found"}"#,
            "HTTP 404 Not Found: NOT_FOUND: Not Found",
            Some("NOT_FOUND"),
            Some(5),
            "Not Found",
            0,
        ),
        (
            400,
            r#"[{"error":{"code":400,"message":"m"}}]"#,
            "HTTP 400 Bad Request: m",
            None,
            Some(400),
            "m",
            0,
        ),
        (
            403,
            r#"{"error":{"errors":[{"domain":"usageLimits","reason":"rateLimitExceeded","message":"x"}],"code":403,"message":"slow"}}"#,
            "HTTP 403 Forbidden: slow",
            None,
            Some(403),
            "slow",
            1,
        ),
        (
            400,
            r#"{"error":"invalid_grant","error_description":"Bad Request"}"#,
            "HTTP 400 Bad Request: invalid_grant: Bad Request",
            Some("invalid_grant"),
            None,
            "Bad Request",
            0,
        ),
        (
            400,
            r#"{"error":{"code":"400","message":{"a":1}}}"#,
            r#"HTTP 400 Bad Request: {"a":1}"#,
            None,
            Some(400),
            r#"{"a":1}"#,
            0,
        ),
        (
            500,
            r#"{"error":{"code":"INTERNAL","message":null,"details":{}}}"#,
            "HTTP 500 Internal Server Error: INTERNAL",
            Some("INTERNAL"),
            None,
            "",
            0,
        ),
        (
            429,
            r#"{"error":{"code":99999999999,"message":"m"}}"#,
            "HTTP 429 Too Many Requests: m",
            None,
            None,
            "m",
            0,
        ),
    ] {
        let error = failure(status, body);
        assert_eq!(
            error.to_string(),
            format!("spanner.projects.instances.operations.list: {display}{ONE_ATTEMPT}")
        );
        assert_eq!(
            (error.kind(), error.http_status().unwrap().as_u16()),
            (ErrorKind::Http, status)
        );
        let parsed = error.status().unwrap();
        assert_eq!(
            (
                parsed.status.as_deref(),
                parsed.code,
                parsed.message.as_str()
            ),
            (canonical, code, message),
            "{body}"
        );
        assert_eq!(parsed.details.len(), details);
        assert_eq!(error.body().unwrap(), body);
        assert_eq!(
            error.headers().unwrap()["content-type"],
            "application/json; charset=UTF-8"
        );
    }
    let error = failure(
        404,
        r#"{"error":{"details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"R"}]}}"#,
    );
    assert_eq!(error.status().unwrap().reason(), Some("R"));
    assert!(
        error
            .status()
            .unwrap()
            .detail("google.rpc.ErrorInfo")
            .is_some()
    );
    assert!(error.status().unwrap().detail("ErrorInfo").is_none());
}

#[test]
fn http_errors_without_a_status() {
    for body in [
        "",
        "<html>SECRET</html>",
        "[]",
        "[1]",
        "{}",
        "null",
        "\"SECRET\"",
        r#"{"error":null}"#,
        r#"{"error":7}"#,
        "{\"error\":",
        "\u{0}",
    ] {
        let error = failure(502, body);
        assert_eq!(
            error.to_string(),
            format!(
                "spanner.projects.instances.operations.list: HTTP 502 Bad Gateway{ONE_ATTEMPT}"
            )
        );
        assert_eq!(
            (error.status(), error.body().unwrap().as_ref()),
            (None, body.as_bytes())
        );
        assert!(!format!("{error:?}").contains("SECRET"));
    }
    // A redirect status that is neither followed nor a success.
    assert_eq!(failure(304, "").kind(), ErrorKind::Http);
    assert_eq!(failure(308, "").http_status().unwrap(), 308);
}

/// The outer one of two causes.
#[derive(Debug)]
struct Outer(std::io::Error);

impl std::fmt::Display for Outer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the relay failed")
    }
}

impl std::error::Error for Outer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn debug_is_the_line_of_display_and_the_rest_once() {
    let error = failure(
        404,
        r#"{"error":{"message":"m","details":[{"reason":"R"}]}}"#,
    );
    let rest = r#" [Http; details: [{"reason":"R"}]; body: 52 bytes]"#;
    assert_eq!(format!("{error:?}"), format!("{error}{rest}"));
    let long = format!(
        r#"{{"error":{{"details":[{{"reason":"{}"}}]}}}}"#,
        "é".repeat(5000)
    );
    let text = format!("{:?}", failure(404, long));
    assert!(
        text.ends_with("é…; body: 10037 bytes]") && text.len() < 1300,
        "{text}"
    );
    let error = failure(200, "x");
    assert_eq!(
        format!("{error:?}"),
        format!("{error} [Decode; body: 1 bytes]")
    );
    for (cause, rest) in [
        (TransportError::other("reset"), " [Transport]"),
        (
            TransportError::other(Outer(std::io::Error::other("reset"))),
            " [Transport; cause: the relay failed]",
        ),
    ] {
        let cause = std::sync::Mutex::new(Some(cause));
        let mock = MockTransport::with(move |_| Err(cause.lock().unwrap().take().unwrap()));
        let error = run(async {
            let spanner: Spanner = recorded(&mock).await;
            let list = spanner.projects().instances().operations().list(PARENT);
            list.retry(RetryPolicy::never()).send().await.unwrap_err()
        });
        assert!(error.to_string().contains(" failed: reset "), "{error}");
        assert_eq!(format!("{error:?}"), format!("{error}{rest}"));
    }
}

#[test]
fn errors_are_small_and_can_cross_threads() {
    fn check<T: Send + Sync + std::error::Error + 'static>() {}
    check::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    let error = run(async {
        let spanner: Spanner = recorded(&MockTransport::new()).await;
        spanner
            .projects()
            .instances()
            .operations()
            .list(PARENT)
            .filter("SECRET")
            .send()
            .await
            .unwrap_err()
    });
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(
        error.to_string(),
        "spanner.projects.instances.operations.list: the connection to spanner.googleapis.com:443 failed: the mock has no response left (1 attempt in 0.0 s)"
    );
    assert_eq!(error.host(), Some("spanner.googleapis.com:443"));
    assert!(error.elapsed().is_some() && !error.is_retry_suppressed());
    assert!(error.source().is_some() && error.http_status().is_none() && error.status().is_none());
}
