//! Values and settings that are rejected before anything is sent.

use crate::api::Spanner;
use crate::{recorded, run};
use gapi_runtime::{ErrorKind, MockTransport, RawBody};

#[test]
fn values_that_would_change_the_path() {
    let mock = MockTransport::new();
    let spanner: Spanner = run(recorded(&mock));
    let operations = spanner.projects().instances().operations();
    let delete = "spanner.projects.instances.operations.delete";
    for (name, reason) in [
        (
            "projects/SECRET/instances/../operations",
            "contains a `.` or `..` path segment",
        ),
        (
            "projects/SECRET/instances/%2E%2e/operations",
            "contains a `.` or `..` path segment",
        ),
        (
            "projects/SECRET/instances//operations",
            "contains an empty path segment",
        ),
        (
            "projects/SECRET/instances/..?/operations",
            "contains a `.` or `..` path segment",
        ),
        (
            "projects/SECRET/instances/.#/operations",
            "contains a `.` or `..` path segment",
        ),
        (
            "projects/SECRET/instances/..\n/operations",
            "contains a `.` or `..` path segment",
        ),
        (
            "projects/SECRET/instances/i",
            "does not match ^projects/[^/]+/instances/[^/]+/operations$: correct the value, or, if you know that the service \
             accepts it, send the call with `Call::skip_pattern_checks()`",
        ),
        ("", "is empty"),
    ] {
        let error = run(operations.delete(name, 1).send()).unwrap_err();
        assert_eq!(error.to_string(), format!("{delete}: name {reason}"));
        assert_eq!(
            (error.kind(), error.method_id()),
            (ErrorKind::InvalidArgument, Some(delete))
        );
        assert!(!format!("{error:?}").contains("SECRET"));
    }
    assert!(mock.requests().is_empty());
}

#[test]
fn a_content_type_that_is_no_header() {
    let mock = MockTransport::new();
    let spanner: Spanner = run(recorded(&mock));
    let raw = spanner
        .projects()
        .instances()
        .operations()
        .raw(RawBody::new("text/plain\r\nx: y", "SECRET"));
    assert!(!format!("{raw:?}").contains("SECRET"));
    let error = run(raw.send()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "spanner.raw: the content type of the body is not a header value"
    );
    assert!(mock.requests().is_empty());
}

#[test]
fn a_path_that_is_too_long_for_a_url() {
    let mock = MockTransport::new();
    let spanner: Spanner = run(recorded(&mock));
    let instance = "i".repeat(70_000);
    let list = spanner
        .projects()
        .instances()
        .operations()
        .list(format!("projects/p/instances/{instance}/operations"));
    let error = run(list.send()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(mock.requests().is_empty());
}

const NO_SCHEME: &str =
    "the endpoint needs `https://`, or `http://` for an emulator, as in `http://localhost:9020`";

#[test]
fn settings() {
    for (endpoint, reason) in [
        ("", NO_SCHEME),
        ("localhost:9020", NO_SCHEME),
        ("ftp://localhost", NO_SCHEME),
        ("/v1", NO_SCHEME),
        (
            "https://user:SECRET@example.com",
            "the endpoint has more than a scheme, a host, a port and a path",
        ),
        (
            "https://example.com/?x",
            "the endpoint has more than a scheme, a host, a port and a path",
        ),
        (
            "https://example.com/#x",
            "the endpoint has more than a scheme, a host, a port and a path",
        ),
        (
            "https://example.com/a/../b",
            "the endpoint has a `.` or `..` path segment",
        ),
    ] {
        let builder = Spanner::builder()
            .endpoint(endpoint)
            .transport(MockTransport::new());
        let error = run(builder.build()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("spanner:v1: {reason}"),
            "{endpoint}"
        );
        assert_eq!(
            (error.kind(), error.method_id()),
            (ErrorKind::InvalidArgument, None)
        );
    }
    let builder = Spanner::builder()
        .api_key("SECRET\n")
        .bearer_token("SECRET\r")
        .user_agent("a\0")
        .quota_project("\n");
    assert!(!format!("{builder:?}").contains("SECRET"));
    let error = run(builder.transport(MockTransport::new()).build()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "spanner:v1: the API key is not a header value; the bearer token is not a header value; \
         the quota project is not a header value; the user agent is not a header value"
    );
}
