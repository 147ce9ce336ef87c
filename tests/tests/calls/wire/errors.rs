//! Results of responses with a status other than 2xx: never a panic, and always with the HTTP status.

use super::client::{anonymous, authenticated};
use super::server::{CannedResponse, Server, cut, response, status_json};
use gapi::gapi_runtime::{Error, ErrorKind};
use gapi::spanner_v1::Spanner;
use std::error::Error as _;

const OPERATION: &str = "projects/p/instances/i/operations/o";
const ID: &str = "spanner.projects.instances.operations.get";

/// Returns the error of a call that gets this response.
async fn error_of(response: CannedResponse) -> Error {
    let server = Server::start([response]).await;
    let spanner: Spanner = anonymous(&server).await;
    let error = spanner
        .projects()
        .instances()
        .operations()
        .get(OPERATION)
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Http);
    assert_eq!(error.method_id(), Some(ID));
    error
}

/// Checks the text of an error of one attempt, which took some time at some port.
fn check_text(error: &Error, cause: &str) {
    let text = error.to_string();
    let host = error.host().unwrap();
    let seconds = error.elapsed().unwrap().as_secs_f64();
    let expected = format!("{ID}: {cause} (1 attempt in {seconds:.1} s at {host})");
    assert_eq!(text, expected);
}

fn http_status(error: &Error) -> u16 {
    error.http_status().unwrap().as_u16()
}

#[tokio::test]
async fn an_error_object_is_read_with_its_details() {
    let error = error_of(status_json(
        "403 Forbidden",
        r#"{"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "No.\nReally", "details": [
            {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "IAM_DENIED", "domain": "iam.googleapis.com"},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1.5s"}]}}"#,
    ))
    .await;
    assert_eq!(http_status(&error), 403);
    let status = error.status().unwrap();
    assert_eq!(status.code, Some(403));
    assert_eq!(status.status.as_deref(), Some("PERMISSION_DENIED"));
    assert_eq!(status.message, "No.\nReally");
    assert_eq!(status.reason(), Some("IAM_DENIED"));
    assert_eq!(
        status.detail("google.rpc.RetryInfo").unwrap()["retryDelay"],
        "1.5s"
    );
    check_text(&error, "HTTP 403 Forbidden: PERMISSION_DENIED: No. Really");
}

#[tokio::test]
async fn a_bare_status_is_read_and_its_code_is_named() {
    let error = error_of(status_json(
        "404 Not Found",
        r#"{"code": 5, "message": "no such operation", "details": []}"#,
    ))
    .await;
    assert_eq!(http_status(&error), 404);
    let status = error.status().unwrap();
    assert_eq!(
        (status.code, status.status.as_deref()),
        (Some(5), Some("NOT_FOUND"))
    );
    assert_eq!(status.message, "no such operation");
}

#[tokio::test]
async fn an_error_in_a_list_is_read() {
    let error = error_of(status_json(
        "400 Bad Request",
        r#"[{"error": {"code": 400, "message": "bad", "status": "INVALID_ARGUMENT"}}]"#,
    ))
    .await;
    assert_eq!(http_status(&error), 400);
    assert_eq!(error.status().unwrap().message, "bad");
}

#[tokio::test]
async fn an_error_that_is_a_string_is_read() {
    let error = error_of(status_json(
        "401 Unauthorized",
        r#"{"error": "invalid_grant", "error_description": "expired"}"#,
    ))
    .await;
    assert_eq!(http_status(&error), 401);
    let status = error.status().unwrap();
    assert_eq!(
        (status.status.as_deref(), status.message.as_str()),
        (Some("invalid_grant"), "expired")
    );
}

#[tokio::test]
async fn an_error_with_unexpected_types_is_read_as_far_as_it_goes() {
    for body in [
        r#"{"error": {"code": "NOT_FOUND", "message": {"text": "gone"}, "details": {}}}"#,
        r#"{"error": {"code": 1e99, "message": ["gone"], "errors": "gone"}}"#,
        r#"{"error": {"code": null, "message": "gone", "status": 7}}"#,
    ] {
        let error = error_of(status_json("410 Gone", body)).await;
        assert_eq!(http_status(&error), 410);
        assert!(error.status().unwrap().message.contains("gone"), "{error}");
    }
}

#[tokio::test]
async fn an_error_page_is_kept_and_not_shown() {
    let page = "<html><title>502</title>patient 4711</html>";
    let error = error_of(response(
        "502 Bad Gateway",
        &["content-type: text/html", "server: lb"],
        page,
    ))
    .await;
    assert_eq!(http_status(&error), 502);
    assert_eq!(error.status(), None);
    assert_eq!(error.body().unwrap(), page);
    assert_eq!(error.headers().unwrap()["server"], "lb");
    check_text(&error, "HTTP 502 Bad Gateway");
    assert!(!format!("{error:?}").contains("4711"), "{error:?}");
}

#[tokio::test]
async fn a_body_that_says_nothing_leaves_the_http_status() {
    for body in [
        "",
        "null",
        "[]",
        "{}",
        r#"{"error": {}}"#,
        r#"{"error": null}"#,
        "17",
        "\"x\"",
        "{\"error\": ",
    ] {
        let error = error_of(status_json("503 Service Unavailable", body)).await;
        assert_eq!(http_status(&error), 503, "{body}");
        assert_eq!(error.status(), None, "{body}");
        assert_eq!(error.body().unwrap(), body);
    }
}

#[tokio::test]
async fn an_unusual_http_status_is_an_error_too() {
    for (line, code) in [
        ("304 Not Modified", 304),
        ("300 Multiple Choices", 300),
        ("599 Odd", 599),
        ("700 Odder", 700),
    ] {
        let error = error_of(response(line, &["etag: e"], "")).await;
        assert_eq!(http_status(&error), code);
        assert_eq!(error.headers().unwrap()["etag"], "e");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for line in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let elsewhere = Server::start([]).await;
        let location = format!("location: {}/v1/elsewhere", elsewhere.url());
        let server = Server::start([response(line, &[&location], "")]).await;
        let operations = authenticated::<Spanner>(&server)
            .await
            .projects()
            .instances()
            .operations();
        let error = operations.get(OPERATION).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Http);
        assert!(line.starts_with(&http_status(&error).to_string()));
        assert_eq!(server.requests().len(), 1, "{line}");
        // So neither the token nor the key can have been sent there.
        assert_eq!(elsewhere.connections(), 0, "{line}");
    }
}

#[tokio::test]
async fn a_redirect_on_the_same_server_is_not_followed_either() {
    let server = Server::start([response("302 Found", &["location: /v1/elsewhere"], "")]).await;
    let operations = authenticated::<Spanner>(&server)
        .await
        .projects()
        .instances()
        .operations();
    let error = operations.cancel(OPERATION).send().await.unwrap_err();
    assert_eq!((error.kind(), http_status(&error)), (ErrorKind::Http, 302));
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn a_connection_that_breaks_off_is_a_transport_error() {
    for broken in [
        "",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"name\":",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "not HTTP at all\r\n\r\n",
    ] {
        let server = Server::start([cut(broken)]).await;
        let spanner: Spanner = anonymous(&server).await;
        let call = spanner.projects().instances().operations().get(OPERATION);
        let error = call.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{broken}");
        assert_eq!((error.http_status(), error.method_id()), (None, Some(ID)));
        assert!(error.source().is_some());
        assert_eq!(server.requests().len(), 1, "sent once: {broken}");
    }
}
