//! The log output of calls. It contains nothing confidential, even at the most verbose level.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use gapi::gapi_runtime::{Backoff, MockTransport, RetryPolicy, TransportError, http};
use gapi::spanner_v1::schemas::{CreateInstanceRequest, Instance};
use gapi::spanner_v1::{Spanner, StandardParameters};
use gapi_test_oauth::state::{CLOUD_PLATFORM, SUBJECT_TOKEN, USER};
use gapi_test_oauth::{Encoding, Endpoint, Fault, Server, ToServer};
use gapi_tests::journal::Journal;
use std::time::Duration;

const TOKEN: &str = "ya29.bearer-SECRET";
const KEY: &str = "AIza-api-key-SECRET";
const DATA: &str = "patient-4711";

/// The beginnings of attributes that are the same in all lines. The tests of telemetry have them.
const CONSTANT: [&str; 6] = ["gcp.", "otel.", "rpc.", "server.", "url.", "/v1/{"];

/// Returns the lines of this library so far, without their constant attributes.
fn ours(journal: &Journal) -> Vec<String> {
    let lines = journal.lines().into_iter();
    let own = lines.filter(|line| line.contains("gapi_runtime"));
    let is_constant = |word: &str| CONSTANT.iter().any(|start| word.starts_with(start));
    let without = own.map(|line| {
        let words = line.split(' ').filter(|word| !is_constant(word));
        words.collect::<Vec<_>>().join(" ")
    });
    without.collect()
}

/// Checks that no line of any crate contains something confidential.
fn check(journal: &Journal) {
    assert_eq!(journal.open_spans(), 0);
    for line in journal.lines() {
        // The template of a path has the names of parameters, not their values.
        let line = line.replace("/v1/{", "{");
        for secret in [TOKEN, KEY, "SECRET", DATA, "projects/", "/v1/"] {
            assert!(!line.contains(secret), "{secret} is in: {line}");
        }
    }
}

fn policy() -> RetryPolicy {
    let backoff = Backoff::new().without_jitter();
    RetryPolicy::new().backoff(backoff).without_throttle()
}

async fn calls(spanner: &Spanner) {
    let instances = spanner.projects().instances();
    let call = instances
        .get(format!("projects/{DATA}/instances/i"))
        .access_token(TOKEN)
        .key(KEY)
        .quota_user(DATA);
    // The log shows the results.
    drop(call.send().await);
    let instance = Instance {
        display_name: Some(DATA.to_owned()),
        ..Default::default()
    };
    let request = CreateInstanceRequest {
        instance: Some(instance),
        ..Default::default()
    };
    let create = instances.create(format!("projects/{DATA}"), request);
    drop(create.timeout(Duration::from_secs(9)).send().await);
}

#[tokio::test(start_paused = true)]
async fn a_call_is_a_span_and_so_is_each_attempt() {
    let log = Journal::default();
    let guard = tracing::subscriber::set_default(log.clone());
    let quoting =
        format!(r#"{{"error": {{"status": "{DATA}", "message": "{DATA} is not there"}}}}"#);
    let mock = MockTransport::new()
        .respond(503, "")
        .respond(200, format!(r#"{{"name": "{DATA}"}}"#))
        .respond(404, quoting.clone());
    let builder = Spanner::builder()
        .bearer_token(TOKEN)
        .api_key(KEY)
        .transport(mock)
        .retry(policy());
    let spanner = builder.build().await.unwrap();
    calls(&spanner).await;
    // Drops the call while it is running.
    drop(
        spanner
            .projects()
            .instances()
            .get("projects/p/instances/i")
            .send(),
    );
    drop(guard);
    check(&log);
    let length = quoting.len();
    assert_eq!(
        ours(&log),
        [
            "DEBUG gapi_runtime message=ended duration_ms".to_owned(),
            "INFO gapi_runtime attempt http.request.method=\"GET\" http.request.body.size=0 http.response.status_code=503 error.type=\"503\" http.response.body.size=0".to_owned(),
            "INFO gapi_runtime message=will be sent again attempt=1 reason=\"503\" delay_ms=1000".to_owned(),
            "DEBUG gapi_runtime message=ended duration_ms".to_owned(),
            "INFO gapi_runtime attempt http.request.method=\"GET\" http.request.resend_count=1 http.request.body.size=0 http.response.status_code=200 http.response.body.size=24".to_owned(),
            "DEBUG gapi_runtime message=ended duration_ms".to_owned(),
            "INFO gapi_runtime call http.request.method=\"GET\" http.response.status_code=200 http.request.resend_count=1".to_owned(),
            "DEBUG gapi_runtime message=ended duration_ms".to_owned(),
            format!("INFO gapi_runtime attempt http.request.method=\"POST\" http.request.body.size=43 http.response.status_code=404 error.type=\"404\" http.response.body.size={length}"),
            "DEBUG gapi_runtime message=given up attempts=1 reason=\"not retried\"".to_owned(),
            "DEBUG gapi_runtime message=ended duration_ms".to_owned(),
            "INFO gapi_runtime call http.request.method=\"POST\" http.response.status_code=404 error.type=\"404\"".to_owned(),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn failures_without_a_response_are_named_by_their_kind() {
    let log = Journal::default();
    let guard = tracing::subscriber::set_default(log.clone());
    let mock = MockTransport::with(|request| {
        // The error of this transport contains the URL.
        let url = request.uri().to_string();
        Err::<http::Response<_>, _>(TransportError::connect(url))
    });
    let builder = Spanner::builder()
        .bearer_token(TOKEN)
        .api_key(KEY)
        .transport(mock)
        .retry(policy().max_attempts(2));
    calls(&builder.build().await.unwrap()).await;
    drop(guard);
    check(&log);
    let lines = ours(&log);
    assert!(
        lines.iter().any(|line| line
            .contains("error.type=\"CLIENT_CONNECTION_ERROR\" http.request.resend_count=1")),
        "{lines:#?}"
    );
}

#[tokio::test]
async fn nobody_else_tells_what_is_confidential() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let log = Journal::default();
    let guard = tracing::subscriber::set_default(log.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        for _ in 0..2 {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut buffer = vec![0; 65_536];
            let _ = socket.read(&mut buffer).await.unwrap();
            let response = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
            socket.write_all(response.as_bytes()).await.unwrap();
        }
    });
    let builder = Spanner::builder()
        .endpoint(format!("http://{address}"))
        .bearer_token(TOKEN)
        .api_key(KEY);
    calls(&builder.build().await.unwrap()).await;
    server.await.unwrap();
    drop(guard);
    let lines = ours(&log);
    assert_eq!(
        lines
            .iter()
            .filter(|line| line.contains("http.response.status_code=200"))
            .count(),
        4
    );
    check(&log);
}

/// Requests for tokens, successful and failing.
#[tokio::test]
async fn token_requests_tell_nothing() {
    let log = Journal::default();
    let guard = tracing::subscriber::set_default(log.clone());
    let server = Server::start();
    let files = server.files_of_google();
    let directory = tempfile::tempdir().unwrap();
    let subject = directory.path().join("subject");
    std::fs::write(&subject, SUBJECT_TOKEN).unwrap();
    let subject = subject.to_str().unwrap();
    let kinds = [
        files.service_account(),
        files.authorized_user(),
        files.external_file(subject),
        files.external_url(),
        files.external_aws(),
        files.external_impersonated(subject),
        files.impersonated(),
    ];
    let fewer = r#"{"access_token": "SECRET-a", "scope": "other", "token_type": "Bearer"}"#;
    let faults = [
        None,
        Some(Fault::Repeat(Encoding::Plain)),
        Some(Fault::RetryAfter(503, "0")),
        Some(Fault::Cut),
        Some(Fault::Body(fewer.to_owned())),
    ];
    for fault in &faults {
        for (number, file) in kinds.iter().enumerate() {
            server.recover();
            for endpoint in [Endpoint::Token, Endpoint::Sts, Endpoint::Iam] {
                server.fail(endpoint, fault.clone());
            }
            let path = directory.path().join("credentials.json");
            std::fs::write(&path, file.to_string()).unwrap();
            let mut builder = Spanner::builder()
                .transport(ToServer::new(&server))
                .retry(RetryPolicy::never())
                .scopes([CLOUD_PLATFORM])
                .credentials_file(&path);
            if number == 0 {
                builder = builder.subject(USER);
            }
            let spanner = builder.build().await.unwrap();
            let operations = spanner.projects().instances().operations();
            let call = operations.get("projects/p/instances/i/operations/o");
            // Some of them fail.
            let _ = call.send().await;
        }
    }
    drop(guard);
    for line in log.lines() {
        for secret in ["SECRET", "PRIVATE KEY", "Bearer ", "eyJ"] {
            assert!(!line.contains(secret), "{secret} is in: {line}");
        }
    }
    let lines = ours(&log);
    let warning = "WARN gapi_runtime message=the token server granted fewer scopes";
    let warning = format!("{warning} missing={CLOUD_PLATFORM:?}");
    assert!(lines.contains(&warning), "{lines:#?}");
}
