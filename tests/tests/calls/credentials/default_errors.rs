//! Errors of Application Default Credentials. [`Child`] checks that they contain no secret.

use super::child::Child;
use super::found::{service_account, user, write};
use super::server::{CannedResponse, Server, json, response, status_json};
use serde_json::json as object;
use std::fs;

const CALL: &str = "spanner.projects.instances.operations.get: ";

/// A response of the token server, whether the error is transient, and its message after the host of the server.
type Case = (fn() -> CannedResponse, bool, &'static str);

#[tokio::test]
async fn a_token_server_that_returns_no_token() {
    let directory = tempfile::tempdir().unwrap();
    let cases: [Case; 4] = [
        (
            || {
                let body =
                    r#"{"error": "invalid_grant", "error_description": "Token has been revoked."}"#;
                status_json("400 Bad Request", body)
            },
            false,
            "no credentials: the token server HOST returned an error: invalid_grant: Token has been revoked.; \
             help: the refresh token has expired or was revoked: log in again, \
             for gcloud's credentials with `gcloud auth application-default login`",
        ),
        (
            || response("503 Service Unavailable", &[], "SECRET"),
            true,
            "no credentials for now: the token server HOST returned an error: HTTP 503 Service Unavailable; \
             help: check the network, the proxy and the address of the token server",
        ),
        (
            || {
                json(
                    r#"{"access_token": "SECRET", "expires_in": "SECRET", "token_type": "Bearer"}"#,
                )
            },
            false,
            "no credentials: the response of the token server has an `expires_in` that is not a number",
        ),
        (
            || json(r#"{"access_token": "SECRET\n", "expires_in": 3600, "token_type": "Bearer"}"#),
            false,
            "no credentials: the response of the token server has a malformed `access_token`",
        ),
    ];
    for settings in [&["call"][..], &["default", "recorded"]] {
        for (response, is_transient, text) in &cases {
            let server = Server::start((0..50).map(|_| response())).await;
            let file = user(directory.path(), &(server.url() + "/SECRET"));
            let report = Child::new(settings).with_file(&file).run().await;
            // Only a transient failure is retried: by the request for the token, while the calls wait for it.
            let requests = server.requests().len();
            if *is_transient {
                assert!((4..20).contains(&requests), "{requests} {report}");
            } else {
                assert_eq!(requests, 1, "{report}");
            }
            // `call` would send requests to Google.
            assert_eq!(report["sent"], object!([]), "{report}");
            let errors = report["errors"].as_array().unwrap();
            assert_eq!(errors.len(), 2);
            for error in errors {
                assert_eq!(error["kind"], "Credentials");
                let text = text.replace("HOST", &server.host());
                assert_eq!(error["text"], format!("{CALL}{text}"));
                assert_eq!(error["is_transient"], *is_transient);
            }
        }
    }
}

#[tokio::test]
async fn a_token_server_that_repeats_the_request() {
    let directory = tempfile::tempdir().unwrap();
    for description in [
        "SECRET-refresh was revoked",
        "refresh_token%3D%53%45CRET-refresh",
        r"SECRET\\-refresh",
    ] {
        let body = object!({"error": "invalid_grant", "error_description": description});
        let server = Server::start([status_json("400 Bad Request", &body.to_string())]).await;
        let file = user(directory.path(), &server.url());
        let report = Child::new(&["default", "timed"])
            .with_file(&file)
            .run()
            .await;
        let text = report["errors"][0]["text"].as_str().unwrap();
        let expected = "returned an error: [hidden], because the token server repeats a secret";
        assert!(text.contains(expected), "{text}");
    }
}

#[tokio::test]
async fn a_token_server_that_is_not_there() {
    let directory = tempfile::tempdir().unwrap();
    let file = user(directory.path(), "http://127.0.0.1:1/SECRET");
    let report = Child::new(&["call"]).with_file(&file).run().await;
    let error = &report["errors"][0];
    assert_eq!(error["is_transient"], true);
    let text = error["text"].as_str().unwrap();
    let expected = "no credentials for now: no connection to 127.0.0.1:1: connection refused (token server); \
                    help: check the network, the proxy and the address of the token server";
    assert_eq!(text, format!("{CALL}{expected}"));
}

#[tokio::test]
async fn files_that_are_no_credentials() {
    let directory = tempfile::tempdir().unwrap();
    for (content, text) in [
        (
            "{",
            "is not JSON: EOF while parsing an object at line 1 column 1",
        ),
        (r#""SECRET""#, "has no member `type`"),
        (
            r#"{"type": "SECRET"}"#,
            "has a `type` that is not supported; supported are `service_account`, `authorized_user`, \
             `impersonated_service_account`, `external_account`, `external_account_authorized_user`",
        ),
        (
            r#"{"type": "authorized_user", "client_id": {"SECRET": 1}}"#,
            "cannot be used: `client_id` is not a string",
        ),
        (
            r#"{"type": "authorized_user", "client_id": "SECRET"}"#,
            "cannot be used: missing field `client_secret`",
        ),
    ] {
        let file = write(directory.path(), content);
        let report = Child::new(&[]).with_file(&file).run().await;
        let error = &report["unbuilt"];
        assert_eq!(error["kind"], "Credentials", "{report}");
        assert_eq!(
            error["text"],
            format!(
                "no credentials: the credentials file {} (named by `GOOGLE_APPLICATION_CREDENTIALS`) {text}",
                file.display()
            )
        );
        assert_eq!(error["is_transient"], false);
    }
}

#[tokio::test]
async fn a_key_that_lost_its_line_breaks_is_not_quoted() {
    let directory = tempfile::tempdir().unwrap();
    let file = service_account(directory.path(), None);
    let mut key: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    key["private_key"] = "-----BEGIN PRIVATE KEY-----SECRET".into();
    let file = write(directory.path(), &key.to_string());
    let report = Child::new(&["call"]).with_file(&file).run().await;
    // Searches for the text and for the bytes `SECR`.
    let text = report.to_string();
    assert!(!text.contains("83, 69, 67, 82"), "{text}");
    assert_eq!(
        report["unbuilt"]["text"],
        format!(
            "no credentials: the credentials file {} (named by `GOOGLE_APPLICATION_CREDENTIALS`) \
             cannot be used: the private key is not PEM",
            file.display()
        )
    );
}
