//! Logins of users whose calls have limits.

use super::{OPERATION, client};
use gapi::spanner_v1::Spanner;
use gapi_runtime::auth::{OAuthClient, TokenStore, UserLogin};
use gapi_runtime::{Backoff, ClientBuilder, Error, ErrorKind, RetryPolicy};
use gapi_test_oauth::{Endpoint, Fault, Server};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The time that the person needs, which is longer than the limits of the calls.
const TYPING: Duration = Duration::from_millis(1_500);

/// A limit of a call. A call without a login takes a few milliseconds.
const LIMIT: Duration = Duration::from_millis(600);

/// Returns a login by a person who types slowly.
fn login(server: &Arc<Server>) -> UserLogin {
    let file = server.files_of_google().client_secret().to_string();
    let server = Arc::clone(server);
    UserLogin::new(OAuthClient::from_json(file).unwrap())
        .store(TokenStore::in_memory())
        .open_browser(false)
        .on_prompt(move |prompt| {
            let (server, url) = (Arc::clone(&server), prompt.url.clone());
            std::thread::spawn(move || {
                std::thread::sleep(TYPING);
                server.log_in(&url, true);
            });
        })
}

async fn called(
    server: &Arc<Server>,
    configure: impl FnOnce(ClientBuilder<Spanner>) -> ClientBuilder<Spanner>,
) -> Result<(), Error> {
    let configure = |builder: ClientBuilder<Spanner>| configure(builder.credentials(login(server)));
    let spanner = client(server, configure).await.unwrap();
    let operations = spanner.projects().instances().operations();
    operations.get(OPERATION).send().await.map(drop)
}

#[tokio::test]
async fn no_limit_of_a_call_includes_a_login() {
    let server = Arc::new(Server::start());
    called(&server, |builder| builder.timeout(LIMIT))
        .await
        .unwrap();
    let policy = RetryPolicy::never().attempt_timeout(LIMIT);
    called(&server, |builder| builder.retry(policy))
        .await
        .unwrap();
    // A retry is still possible after the login.
    let policy =
        RetryPolicy::new().backoff(Backoff::new().initial_delay(Duration::from_millis(10)));
    for policy in [
        policy.clone().time_limit(LIMIT),
        policy.connect_time_limit(LIMIT),
    ] {
        server.fail(Endpoint::Api, [Fault::Status(503)]);
        called(&server, |builder| builder.retry(policy))
            .await
            .unwrap();
    }
    assert_eq!(server.requests_of(Endpoint::Api).len(), 6);
}

#[tokio::test]
async fn the_limit_of_a_call_holds_after_a_login() {
    let server = Arc::new(Server::start());
    server.fail_always(Endpoint::Api, Fault::Hang);
    let start = Instant::now();
    let error = called(&server, |builder| builder.timeout(LIMIT))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(error.elapsed().unwrap() < TYPING, "{error}");
    assert!(start.elapsed() >= TYPING + LIMIT, "{error}");
}
