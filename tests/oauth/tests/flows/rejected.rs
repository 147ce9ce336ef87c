//! APIs that reject a token that was thought valid.

use super::{Directory, call, client, flows};
use gapi_test_oauth::{Endpoint, Fault, Server};

const EXPIRED: Fault = Fault::OAuth(401, "UNAUTHENTICATED", "the token has expired");

#[tokio::test]
async fn a_401_refreshes_the_token_once() {
    let directory = Directory::new();
    let server = Server::start();
    for (name, configure) in flows(&server, &directory) {
        let spanner = client(&server, configure).await.unwrap();
        call(&spanner).await.unwrap();
        server.clear();
        server.fail(Endpoint::Api, [EXPIRED]);
        call(&spanner)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let calls = server.requests_of(Endpoint::Api);
        assert_eq!(calls.len(), 2, "{name}");
        if name != "key" {
            // A service account that signs its tokens may sign the same one again.
            assert_ne!(calls[0].bearer(), calls[1].bearer(), "{name}");
        }
    }
}

#[tokio::test]
async fn a_second_401_is_the_error_of_the_call() {
    let directory = Directory::new();
    let server = Server::start();
    for (name, configure) in flows(&server, &directory) {
        server.recover();
        server.fail_always(Endpoint::Api, EXPIRED);
        let spanner = client(&server, configure).await.unwrap();
        server.clear();
        let error = call(&spanner).await.unwrap_err();
        assert_eq!(
            error.http_status().map(|status| status.as_u16()),
            Some(401),
            "{name}: {error}"
        );
        assert_eq!(server.requests_of(Endpoint::Api).len(), 2, "{name}");
    }
}

/// An API that rejects every token costs no token request for each call.
#[tokio::test]
async fn an_api_that_rejects_all_tokens_costs_few_requests() {
    let directory = Directory::new();
    let server = Server::start();
    for (name, configure) in flows(&server, &directory) {
        server.recover();
        server.fail_always(Endpoint::Api, EXPIRED);
        server.clear();
        let spanner = client(&server, configure).await.unwrap();
        for _ in 0..10 {
            let error = call(&spanner).await.unwrap_err();
            assert_eq!(error.http_status().map(|status| status.as_u16()), Some(401));
        }
        let issuers = [Endpoint::Token, Endpoint::Sts, Endpoint::Iam];
        for endpoint in issuers {
            let requests = server.requests_of(endpoint).len();
            assert!(requests <= 2, "{name}: {endpoint:?} {requests}");
        }
        // The first call is sent once more, with another token.
        assert_eq!(server.requests_of(Endpoint::Api).len(), 11, "{name}");
    }
}

#[tokio::test]
async fn many_calls_with_the_rejected_token_refresh_it_once() {
    let directory = Directory::new();
    let server = Server::start();
    let (_, configure) = flows(&server, &directory).swap_remove(2);
    let spanner = client(&server, configure).await.unwrap();
    call(&spanner).await.unwrap();
    server.clear();
    server.drop_access_tokens();
    let calls = (0..50).map(|_| call(&spanner));
    let results = futures_util::future::join_all(calls).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(server.requests_of(Endpoint::Token).len(), 1);
}

#[tokio::test]
async fn a_403_keeps_the_token() {
    let directory = Directory::new();
    let server = Server::start();
    let (_, configure) = flows(&server, &directory).swap_remove(2);
    let spanner = client(&server, configure).await.unwrap();
    server.fail(
        Endpoint::Api,
        [Fault::OAuth(403, "PERMISSION_DENIED", "no")],
    );
    call(&spanner).await.unwrap_err();
    call(&spanner).await.unwrap();
    assert_eq!(server.requests_of(Endpoint::Token).len(), 1);
}

#[tokio::test]
async fn a_static_token_is_sent_once() {
    let server = Server::start();
    let spanner = client(&server, |builder| {
        builder.bearer_token("ya29.SECRET-unknown")
    })
    .await
    .unwrap();
    let error = call(&spanner).await.unwrap_err();
    assert_eq!(error.http_status().map(|status| status.as_u16()), Some(401));
    assert_eq!(server.requests().len(), 1);
}
