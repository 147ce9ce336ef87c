//! The metadata server, whose host is an environment variable. The clients are in separate processes.

use super::{call, client};
use gapi::spanner_v1::Spanner;
use gapi_runtime::RetryPolicy;
use gapi_runtime::auth::MetadataServer;
use gapi_test_oauth::state::{CLOUD_PLATFORM, ROBOT, USER};
use gapi_test_oauth::{Endpoint, Fault, Server, ToServer};
use std::process::Command;
use std::time::{Duration, Instant};

const ADDRESS: &str = "GAPI_TEST_SERVER";
const SUBJECT: &str = "GAPI_TEST_SUBJECT";

const API: &str = "GET spanner.googleapis.com/v1/projects/p/instances/i/operations/o";
const SIGN: &str = "POST iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/robot@p.iam.gserviceaccount.com:signJwt";
const TOKEN: &str = "POST oauth2.googleapis.com/token";

/// Sends two calls in another process. Returns the line that it printed: `done`, or the error.
async fn two_calls(server: &Server, subject: Option<&str>) -> String {
    let subject = subject.map(|subject| (SUBJECT, subject.to_owned()));
    two_calls_with(server, subject.into_iter().collect()).await
}

/// The same with other variables of the environment.
async fn two_calls_with(server: &Server, variables: Vec<(&'static str, String)>) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["metadata::child", "--exact", "--ignored", "--nocapture"])
        .env(ADDRESS, server.host())
        .env("GCE_METADATA_HOST", server.host());
    for name in ["http_proxy", "NO_PROXY", "no_proxy"] {
        command.env_remove(name);
    }
    command.envs(variables);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let result = printed.lines().find_map(|line| line.split_once("RESULT "));
    let said = String::from_utf8_lossy(&output.stderr);
    result
        .unwrap_or_else(|| panic!("{printed}{said}"))
        .1
        .to_owned()
}

#[tokio::test]
#[ignore = "the other tests run it, in an environment of their making"]
async fn child() {
    let Ok(address) = std::env::var(ADDRESS) else {
        return;
    };
    let mut builder = Spanner::builder()
        .transport(ToServer::to(address))
        .retry(RetryPolicy::never())
        .credentials(MetadataServer::new());
    if let Ok(subject) = std::env::var(SUBJECT) {
        builder = builder.subject(subject);
    }
    let spanner = builder.build().await.unwrap();
    for _ in 0..2 {
        if let Err(error) = call(&spanner).await {
            println!("RESULT {error}");
            return;
        }
    }
    println!("RESULT done");
}

/// Returns the requests without the host of the server.
fn lines(server: &Server) -> Vec<String> {
    let own = server.host() + "/computeMetadata/v1/";
    super::lines(server)
        .iter()
        .map(|line| line.replace(&own, ""))
        .collect()
}

#[tokio::test]
async fn its_token_is_cached() {
    let server = Server::start();
    assert_eq!(two_calls(&server, None).await, "done");
    let expected = [
        "GET instance/service-accounts/default/token",
        "GET universe/universe-domain",
        API,
        API,
    ];
    assert_eq!(lines(&server), expected);
    let requests = server.requests_of(Endpoint::Metadata);
    assert_eq!(
        requests[0].parameter("scopes").as_deref(),
        Some(CLOUD_PLATFORM)
    );
    for request in requests {
        assert_eq!(request.header("metadata-flavor"), Some("Google"));
    }
    let call = server.requests_of(Endpoint::Api).pop().unwrap();
    assert_eq!(
        server.account_of(call.bearer().unwrap()).as_deref(),
        Some(ROBOT)
    );
}

/// The address of the metadata server means another machine to a proxy.
#[tokio::test]
async fn its_requests_go_through_no_proxy() {
    let (server, proxy) = (Server::start(), Server::start());
    let variables = ["HTTP_PROXY", "http_proxy", "ALL_PROXY"].map(|name| (name, proxy.url()));
    let result = two_calls_with(&server, variables.to_vec()).await;
    // The calls arrive at the proxy, which does not know the token.
    assert!(result.contains("HTTP 401"), "{result}");
    assert!(!proxy.requests().is_empty());
    assert_eq!(proxy.requests_of(Endpoint::Metadata).len(), 0);
    let requests = server.requests();
    assert!(!requests.is_empty());
    assert_eq!(server.requests_of(Endpoint::Metadata).len(), requests.len());
}

#[tokio::test]
async fn it_signs_for_a_user_through_iam() {
    let server = Server::start();
    assert_eq!(two_calls(&server, Some(USER)).await, "done");
    let sent = lines(&server);
    let position = |line: &str| sent.iter().position(|other| other == line);
    assert!(position(SIGN) < position(TOKEN), "{sent:#?}");
    // One token of the account itself, for IAM only.
    let own: Vec<_> = server
        .requests_of(Endpoint::Metadata)
        .iter()
        .filter(|request| request.path.ends_with("/token"))
        .map(|request| request.parameter("scopes"))
        .collect();
    assert_eq!(
        own,
        [Some("https://www.googleapis.com/auth/iam".to_owned())]
    );
    assert_eq!(
        sent.iter().filter(|line| *line == TOKEN).count(),
        1,
        "{sent:#?}"
    );
    let call = server.requests_of(Endpoint::Api).pop().unwrap();
    assert_eq!(
        server.account_of(call.bearer().unwrap()).as_deref(),
        Some(USER)
    );
}

#[tokio::test]
async fn a_delegation_that_was_not_granted_says_what_to_do() {
    let server = Server::start();
    server.set(|settings| settings.delegated = Some(Vec::new()));
    let text = two_calls(&server, Some(USER)).await;
    assert!(
        text.contains("unauthorized_client") && text.contains("Domain-wide delegation"),
        "{text}"
    );
    server.fail_always(
        Endpoint::Iam,
        Fault::OAuth(403, "PERMISSION_DENIED", "denied"),
    );
    let text = two_calls(&server, Some(USER)).await;
    assert!(
        text.contains("roles/iam.serviceAccountTokenCreator"),
        "{text}"
    );
}

#[tokio::test]
async fn failures_that_pass_are_retried() {
    for fault in [
        Fault::Status(500),
        Fault::Status(503),
        Fault::Status(429),
        Fault::Close,
    ] {
        let server = Server::start();
        server.fail(Endpoint::Metadata, [fault.clone()]);
        assert_eq!(two_calls(&server, None).await, "done", "{fault:?}");
    }
}

#[tokio::test]
async fn a_machine_without_an_account_says_so_soon() {
    let server = Server::start();
    server.set(|settings| settings.has_account = false);
    let start = Instant::now();
    let text = two_calls(&server, None).await;
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    assert!(
        text.contains("gcloud auth application-default login"),
        "{text}"
    );
}

#[tokio::test]
async fn another_universe_is_an_error_before_the_call() {
    let server = Server::start();
    server.set(|settings| settings.universe_domain = Some("universe.example".to_owned()));
    let text = two_calls(&server, None).await;
    assert!(text.contains("universe.example"), "{text}");
    assert_eq!(server.requests_of(Endpoint::Api).len(), 0);
    // Old metadata servers do not know universes.
    let server = Server::start();
    server.set(|settings| settings.universe_domain = None);
    assert_eq!(two_calls(&server, None).await, "done");
}

/// In the process of the test nothing responds for the metadata server.
#[tokio::test]
async fn no_metadata_server_is_an_error_within_five_seconds() {
    let server = Server::start();
    let spanner = client(&server, |builder| {
        builder.credentials(MetadataServer::new())
    })
    .await
    .unwrap();
    let start = Instant::now();
    let result = call(&spanner).await;
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    // On a machine of Google Cloud the name exists, and the transport leads to the server.
    if let Err(error) = result {
        let text = error.to_string();
        assert!(
            text.contains("gcloud auth application-default login"),
            "{text}"
        );
        assert!(text.contains("GOOGLE_APPLICATION_CREDENTIALS"), "{text}");
    }
}
