//! Servers that fail and recover, and invalid responses.

use super::{Directory, called, flows, lines};
use gapi_runtime::{CredentialsError, Error, ErrorKind};
use gapi_test_oauth::{Endpoint, Fault, Server};
use std::error::Error as _;
use std::time::{Duration, Instant};

/// The server that each flow depends on.
fn issuer(flow: &str) -> Option<Endpoint> {
    match flow {
        "key" => None,
        "impersonated" => Some(Endpoint::Iam),
        _ if flow.starts_with("external") => Some(Endpoint::Sts),
        _ => Some(Endpoint::Token),
    }
}

/// Returns `true` if the error is temporary. Checks that it is an error of credentials.
#[track_caller]
fn is_transient(error: &Error) -> bool {
    assert_eq!(error.kind(), ErrorKind::Credentials, "{error}");
    let source = error.source().unwrap();
    source
        .downcast_ref::<CredentialsError>()
        .unwrap()
        .is_transient()
}

#[tokio::test]
async fn failures_that_pass_are_retried() {
    let directory = Directory::new();
    let server = Server::start();
    for (name, configure) in flows(&server, &directory) {
        let Some(endpoint) = issuer(name) else {
            continue;
        };
        for fault in [
            Fault::Status(500),
            Fault::Status(503),
            Fault::Status(429),
            Fault::Close,
            Fault::Cut,
        ] {
            server.clear();
            server.fail(endpoint, [fault.clone()]);
            let result = called(&server, &configure).await;
            assert!(result.is_ok(), "{name} {fault:?}: {result:?}");
            assert_eq!(
                server.requests_of(endpoint).len(),
                2,
                "{name} {fault:?}: {:?}",
                lines(&server)
            );
        }
    }
}

#[tokio::test]
async fn a_server_that_says_when_to_come_back_is_not_asked_before() {
    let directory = Directory::new();
    let server = Server::start();
    for (name, configure) in flows(&server, &directory) {
        let Some(endpoint) = issuer(name) else {
            continue;
        };
        server.recover();
        server.clear();
        server.fail(endpoint, [Fault::RetryAfter(503, "1")]);
        let start = Instant::now();
        called(&server, &configure).await.unwrap();
        assert!(
            start.elapsed() >= Duration::from_secs(1),
            "{name}: {:?}",
            start.elapsed()
        );
        // There is not that much time.
        server.clear();
        server.fail(endpoint, [Fault::RetryAfter(429, "3600")]);
        let start = Instant::now();
        let error = called(&server, &configure).await.unwrap_err();
        assert!(is_transient(&error), "{name}: {error}");
        assert!(
            start.elapsed() < Duration::from_secs(1),
            "{name}: {:?}",
            start.elapsed()
        );
        assert_eq!(server.requests_of(endpoint).len(), 1, "{name}");
    }
}

/// RFC 6749, section 7.1.
#[tokio::test]
async fn tokens_of_an_unknown_type_are_not_used() {
    let directory = Directory::new();
    let server = Server::start();
    for (name, configure) in flows(&server, &directory) {
        let Some(endpoint) = issuer(name).filter(|endpoint| *endpoint != Endpoint::Iam) else {
            continue;
        };
        for (kind, is_known) in [
            (r#""bearer""#, true),
            (r#""BEARER""#, true),
            ("null", true),
            (r#""mac""#, false),
            (r#""N_A""#, false),
            (r#""""#, false),
            ("1", false),
        ] {
            server.recover();
            let body = format!(
                r#"{{"access_token": "SECRET-access", "expires_in": 3600, "token_type": {kind}}}"#
            );
            server.fail_always(endpoint, Fault::Body(body));
            let text = called(&server, &configure).await.unwrap_err().to_string();
            // The APIs do not know the token.
            assert_eq!(text.contains("`token_type`"), !is_known, "{name}: {text}");
        }
    }
}

#[tokio::test]
async fn failures_that_last_end_with_the_deadline() {
    let directory = Directory::new();
    let server = Server::start();
    for (name, configure) in flows(&server, &directory) {
        let Some(endpoint) = issuer(name) else {
            continue;
        };
        server.recover();
        server.clear();
        server.fail_always(endpoint, Fault::Status(503));
        let short: super::Configure =
            Box::new(move |builder| configure(builder).token_timeout(Duration::from_millis(800)));
        let start = Instant::now();
        let error = called(&server, &short).await.unwrap_err();
        assert!(
            start.elapsed() < Duration::from_secs(3),
            "{name}: {:?}",
            start.elapsed()
        );
        assert!(is_transient(&error), "{name}: {error}");
        assert!(error.to_string().contains("503"), "{name}: {error}");
        let attempts = server.requests_of(endpoint).len();
        assert!((2..=4).contains(&attempts), "{name}: {attempts}");
        assert_eq!(server.requests_of(Endpoint::Api).len(), 0);
    }
}

#[tokio::test]
async fn responses_without_a_token_are_errors() {
    let directory = Directory::new();
    let server = Server::start();
    for (name, configure) in flows(&server, &directory) {
        let Some(endpoint) = issuer(name) else {
            continue;
        };
        for body in [
            "",
            "{}",
            "[]",
            "<html>a portal</html>",
            r#"{"access_token": 1, "expires_in": 3600}"#,
            r#"{"access_token": "", "expires_in": 3600}"#,
            r#"{"access_token": "SECRET\nx", "accessToken": "SECRET\nx", "expires_in": 3600, "expireTime": "2126-01-01T00:00:00Z"}"#,
            r#"{"access_token": "SECRET-access", "accessToken": "SECRET-access", "expires_in": "SECRET", "expireTime": "SECRET"}"#,
        ] {
            server.recover();
            server.clear();
            server.fail_always(endpoint, Fault::Body(body.to_owned()));
            let error = called(&server, &configure).await.unwrap_err();
            let text = format!("{error} {error:?}");
            assert!(!text.contains("SECRET"), "{name}: {text}");
            // IAM's time of expiry is not needed: the token has the lifetime that was requested.
            if endpoint != Endpoint::Iam || !body.contains("SECRET-access") {
                assert_eq!(error.kind(), ErrorKind::Credentials, "{name} {body}");
                assert_eq!(server.requests_of(Endpoint::Api).len(), 0, "{name} {body}");
            }
        }
    }
}

/// A response that never ends takes neither the memory nor the time.
#[tokio::test]
async fn a_large_response_is_an_error() {
    let directory = Directory::new();
    let server = Server::start();
    for (name, configure) in flows(&server, &directory) {
        let Some(endpoint) = issuer(name) else {
            continue;
        };
        server.recover();
        server.fail_always(endpoint, Fault::Body("x".repeat(3 << 20)));
        let error = called(&server, &configure).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials, "{name}: {error}");
    }
}
