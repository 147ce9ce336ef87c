//! The deadline of a token request.

use super::{Configure, Directory, OPERATION, call, client, flows};
use gapi::spanner_v1::Spanner;
use gapi_runtime::{BoxFuture, Bytes, ErrorKind, RetryPolicy, Transport, TransportError, http};
use gapi_test_oauth::{Endpoint, Fault, Server};
use std::time::Duration;

/// A transport without a response.
#[derive(Debug)]
struct Silent;

impl Transport for Silent {
    fn send(
        &self,
        _: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(std::future::pending())
    }
}

/// Returns the time that a call takes without any response, and its error. The clock is that of the test.
async fn without_response(configure: Configure) -> (Duration, gapi_runtime::Error) {
    let builder = Spanner::builder().transport(Silent);
    let spanner = configure(builder).build().await.unwrap();
    let start = tokio::time::Instant::now();
    let operations = spanner.projects().instances().operations();
    let error = operations.get(OPERATION).send().await.unwrap_err();
    (start.elapsed(), error)
}

/// A call that is never retried waits for a token no longer than for a connection. So these calls have retries.
#[tokio::test(start_paused = true)]
async fn it_is_ten_seconds_by_default() {
    let directory = Directory::new();
    let server = Server::start();
    for (name, configure) in flows(&server, &directory) {
        if name == "key" {
            continue;
        }
        let (elapsed, error) = without_response(configure).await;
        assert_eq!(error.kind(), ErrorKind::Credentials, "{name}: {error}");
        assert!(
            (9_500..=10_000).contains(&elapsed.as_millis()),
            "{name}: {elapsed:?} {error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn it_can_be_set() {
    let directory = Directory::new();
    let server = Server::start();
    for seconds in [1, 30] {
        for (name, configure) in flows(&server, &directory) {
            if name == "key" {
                continue;
            }
            let limit = Duration::from_secs(seconds);
            let configure: Configure = Box::new(move |builder| {
                let builder = configure(builder).retry(RetryPolicy::never());
                builder.token_timeout(limit)
            });
            let (elapsed, error) = without_response(configure).await;
            let range = limit.mul_f64(0.8)..=limit;
            assert!(range.contains(&elapsed), "{name}: {elapsed:?} {error}");
        }
    }
}

#[tokio::test]
async fn a_server_that_hangs_is_an_error_that_names_it() {
    let directory = Directory::new();
    let server = Server::start();
    for endpoint in [Endpoint::Token, Endpoint::Sts, Endpoint::Iam] {
        server.fail_always(endpoint, Fault::Hang);
    }
    for (name, configure) in flows(&server, &directory) {
        if name == "key" {
            continue;
        }
        let short = |builder| configure(builder).token_timeout(Duration::from_millis(500));
        let spanner = client(&server, short).await.unwrap();
        let start = std::time::Instant::now();
        let error = call(&spanner).await.unwrap_err();
        assert!(
            start.elapsed() < Duration::from_secs(2),
            "{name}: {:?}",
            start.elapsed()
        );
        assert_eq!(error.kind(), ErrorKind::Credentials, "{name}");
        let text = error.to_string();
        assert!(text.contains("googleapis.com"), "{name}: {text}");
    }
}
