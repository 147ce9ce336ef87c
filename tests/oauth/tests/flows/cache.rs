//! Tokens are cached per set of scopes, refreshed early, and requested once for many calls.

use super::{Directory, call, client, flows};
use futures_util::future::join_all;
use gapi_test_clients::drive_v3::Drive;
use gapi_test_oauth::{Endpoint, Fault, Server};
use std::time::Duration;

/// The endpoints that issue tokens.
const ISSUERS: [Endpoint; 4] = [
    Endpoint::Token,
    Endpoint::Sts,
    Endpoint::Iam,
    Endpoint::Metadata,
];

/// Returns the number of requests to servers that issue tokens.
fn requested(server: &Server) -> usize {
    let requests = server.requests();
    let requested = requests
        .iter()
        .filter(|request| ISSUERS.contains(&Endpoint::of(request)));
    requested.count()
}

#[tokio::test]
async fn a_token_serves_many_calls() {
    let directory = Directory::new();
    let server = Server::start();
    for (name, configure) in flows(&server, &directory) {
        server.clear();
        let spanner = client(&server, configure).await.unwrap();
        call(&spanner).await.unwrap();
        let first = requested(&server);
        for _ in 0..5 {
            call(&spanner).await.unwrap();
        }
        assert_eq!(requested(&server), first, "{name}");
        assert_eq!(server.requests_of(Endpoint::Api).len(), 6, "{name}");
    }
}

#[tokio::test]
async fn waiting_calls_share_one_request() {
    let directory = Directory::new();
    let server = Server::start();
    for (name, configure) in flows(&server, &directory) {
        server.clear();
        let spanner = client(&server, &configure).await.unwrap();
        call(&spanner).await.unwrap();
        let alone = requested(&server);
        server.clear();
        let spanner = client(&server, configure).await.unwrap();
        for endpoint in ISSUERS {
            server.fail(endpoint, [Fault::Late(100)]);
        }
        let results = join_all((0..100).map(|_| call(&spanner))).await;
        assert!(results.iter().all(Result::is_ok), "{name}: {results:?}");
        assert_eq!(requested(&server), alone, "{name}");
        server.recover();
    }
}

/// The waiting calls get the same error, from one request.
#[tokio::test]
async fn waiting_calls_share_one_failure() {
    let directory = Directory::new();
    let server = Server::start();
    let (_, configure) = flows(&server, &directory).swap_remove(1);
    server.fail(Endpoint::Token, [Fault::Late(100)]);
    server.fail_always(
        Endpoint::Token,
        Fault::OAuth(400, "invalid_grant", "Bad Request"),
    );
    server.recover();
    server.fail_always(
        Endpoint::Token,
        Fault::OAuth(400, "invalid_grant", "Bad Request"),
    );
    let spanner = client(&server, configure).await.unwrap();
    let results = join_all((0..100).map(|_| call(&spanner))).await;
    let texts: Vec<String> = results
        .into_iter()
        .map(|result| result.unwrap_err().to_string())
        .collect();
    assert!(
        texts.iter().all(|text| text.contains("invalid_grant")),
        "{texts:?}"
    );
    assert_eq!(requested(&server), 1);
}

#[tokio::test]
async fn a_failure_is_kept_no_longer_than_its_back_off() {
    let directory = Directory::new();
    let server = Server::start();
    let (_, configure) = flows(&server, &directory).swap_remove(1);
    server.fail(
        Endpoint::Token,
        [Fault::OAuth(401, "unauthorized_client", "Unauthorized")],
    );
    let spanner = client(&server, configure).await.unwrap();
    call(&spanner).await.unwrap_err();
    // The administrator grants the scopes.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    call(&spanner).await.unwrap();
}

#[tokio::test]
async fn each_set_of_scopes_has_a_token() {
    let server = Server::start();
    let files = server.files_of_google();
    let key = files.service_account().to_string();
    let drive = |scopes: Option<&'static str>| {
        let builder = Drive::builder()
            .transport(gapi_test_oauth::ToServer::new(&server))
            .service_account_key(&key)
            .subject(gapi_test_oauth::state::USER);
        match scopes {
            Some(scope) => builder.scopes([scope]),
            None => builder,
        }
    };
    for scope in [
        None,
        Some(gapi_test_clients::drive_v3::scopes::DRIVE_READONLY),
    ] {
        let drive = drive(scope).build().await.unwrap();
        for _ in 0..2 {
            drive.files().list().send().await.unwrap();
        }
    }
    let scopes: Vec<String> = server
        .requests_of(Endpoint::Token)
        .iter()
        .map(|request| {
            let assertion = request.field("assertion").unwrap();
            let (_, claims) = gapi_test_oauth::decoded_jwt(&assertion).unwrap();
            claims["scope"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(scopes.len(), 2, "{scopes:?}");
    assert_ne!(scopes[0], scopes[1]);
    assert_eq!(scopes[1], "https://www.googleapis.com/auth/drive.readonly");
}

/// A token that is about to end is sent while another one is requested.
#[tokio::test]
async fn a_token_is_refreshed_early() {
    let directory = Directory::new();
    let server = Server::start();
    server.set(|settings| settings.lifetime = 200);
    let (_, configure) = flows(&server, &directory).swap_remove(2);
    let spanner = client(&server, configure).await.unwrap();
    call(&spanner).await.unwrap();
    server.set(|settings| settings.lifetime = 3_600);
    // The next request for a token takes a second. No call waits for it.
    server.fail(Endpoint::Token, [Fault::Late(1_000)]);
    let start = std::time::Instant::now();
    call(&spanner).await.unwrap();
    assert!(
        start.elapsed() < Duration::from_millis(900),
        "{:?}",
        start.elapsed()
    );
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(requested(&server), 2);
    for _ in 0..5 {
        call(&spanner).await.unwrap();
    }
    assert_eq!(requested(&server), 2);
    let calls = server.requests_of(Endpoint::Api);
    let tokens: Vec<_> = calls
        .iter()
        .map(|call| call.bearer().unwrap().to_owned())
        .collect();
    assert_eq!(tokens[0], tokens[1]);
    assert_ne!(tokens[1], tokens[2]);
}

/// A token that has ended is not sent, and calls wait for the next one.
#[tokio::test]
async fn a_token_that_has_ended_is_not_sent() {
    let directory = Directory::new();
    let server = Server::start();
    server.set(|settings| settings.lifetime = 5);
    let (_, configure) = flows(&server, &directory).swap_remove(2);
    let spanner = client(&server, configure).await.unwrap();
    for _ in 0..3 {
        call(&spanner).await.unwrap();
    }
    let calls = server.requests_of(Endpoint::Api);
    assert_eq!(calls.len(), 3);
    assert_eq!(requested(&server), 3);
}
