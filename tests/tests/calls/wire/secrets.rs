//! Credentials and other confidential data are in no text that a program might log.

use super::client::{KEY, TOKEN, authenticated};
use super::server::{Server, cut, json, response, status_json};
use futures_util::StreamExt;
use gapi::gapi_runtime::{ClientBuilder, RawBody, RetryPolicy};
use gapi::healthcare_v1::CloudHealthcare;
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::params::StandardParameters;
use gapi::spanner_v1::schemas::{Instance, UpdateInstanceRequest};
use std::error::Error;
use std::fmt::Debug;

/// Confidential data: a part of a name, a filter or a body.
const DATA: &str = "patient-4711";

#[track_caller]
fn check(text: &str) {
    for secret in [TOKEN, KEY, "SECRET", DATA] {
        assert!(!text.contains(secret), "{secret} is in: {text}");
    }
}

#[track_caller]
fn check_debug(value: &impl Debug) {
    check(&format!("{value:?} {value:#?}"));
}

#[tokio::test]
async fn no_client_handle_call_or_stream_shows_a_secret() {
    let server = Server::start([]).await;
    let builder: ClientBuilder<Spanner> = Spanner::builder()
        .endpoint(server.url())
        .bearer_token(TOKEN)
        .api_key(KEY);
    check_debug(&builder);
    let spanner = builder.build().await.unwrap();
    check_debug(&spanner);
    let instances = spanner.projects().instances();
    check_debug(&instances);
    let operations = instances.operations();
    check_debug(&operations);

    let list = operations
        .list(format!("projects/{DATA}/instances/i/operations"))
        .filter(DATA)
        .page_token(DATA)
        .access_token(TOKEN)
        .oauth_token(TOKEN)
        .key(KEY);
    check_debug(&list);
    check_debug(&list.clone().send());
    check_debug(&list.clone().send_with_headers());
    check_debug(&list.clone().pages());
    check_debug(&list.items());

    let instance = Instance {
        display_name: Some(DATA.to_owned()),
        ..Default::default()
    };
    let request = UpdateInstanceRequest {
        instance: Some(instance),
        ..Default::default()
    };
    check_debug(&instances.patch("projects/p/instances/i", request));

    let fhir = authenticated::<CloudHealthcare>(&server)
        .await
        .projects()
        .locations()
        .datasets()
        .fhir_stores()
        .fhir();
    let body = RawBody::new("application/fhir+json", DATA);
    check_debug(&body);
    check_debug(&fhir.update("projects/p", body));
}

#[tokio::test]
async fn no_error_shows_a_secret() {
    let quoting = format!(r#"{{"done": "{DATA}", "name": "{DATA}"}}"#);
    let server = Server::start([
        response(
            "500 Internal Server Error",
            &["content-type: text/plain", "set-cookie: SECRET"],
            DATA,
        ),
        status_json(
            "403 Forbidden",
            r#"{"error": {"code": 403, "message": "no"}}"#,
        ),
        response(
            "302 Found",
            &["location: https://evil.example/?key=SECRET"],
            "",
        ),
        json(&quoting),
        response("200 OK", &["content-type: text/plain"], DATA),
        cut(""),
        cut("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"),
    ])
    .await;
    let operations = authenticated::<Spanner>(&server)
        .await
        .projects()
        .instances()
        .operations();
    for _ in 0..7 {
        let call = operations
            .get(format!("projects/{DATA}/instances/i/operations/o"))
            .access_token(TOKEN)
            .key(KEY);
        let error = call.send().await.unwrap_err();
        check(&error.to_string());
        check_debug(&error);
        let mut cause = error.source();
        while let Some(inner) = cause {
            check(&format!("{inner} {inner:?}"));
            cause = inner.source();
        }
    }
    assert_eq!(server.requests().len(), 7);
}

#[tokio::test]
async fn no_error_before_the_response_shows_a_secret() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let spanner = Spanner::builder()
        .endpoint(format!("http://{free}"))
        .retry(RetryPolicy::never())
        .bearer_token(TOKEN)
        .api_key(KEY)
        .build()
        .await
        .unwrap();
    let operations = spanner.projects().instances().operations();
    let parent = format!("projects/{DATA}/instances/i/operations");
    for parent in [parent.clone(), format!("{parent}/{DATA}")] {
        let mut pages = operations.list(parent).key(KEY).filter(DATA).pages();
        let error = pages.next().await.unwrap().unwrap_err();
        check(&error.to_string());
        check_debug(&error);
        check_debug(&pages);
    }
}

#[tokio::test]
async fn a_token_that_is_no_header_value_is_not_quoted() {
    let error = Spanner::builder()
        .bearer_token(format!("{TOKEN}\r\n"))
        .api_key(format!("{KEY}\n"))
        .build()
        .await
        .unwrap_err();
    let text = format!("{error} {error:?}");
    check(&text);
    assert!(
        text.contains("bearer token") && text.contains("API key"),
        "{text}"
    );
}
