//! Many clients at the same time.

use super::{Directory, call};
use gapi::spanner_v1::Spanner;
use gapi_test_oauth::state::USER;
use gapi_test_oauth::{Endpoint, Server, ToServer};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Each client has its own token. At most fifty requests are in progress, because both ends of a connection are open files of
/// this process.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_clients_with_key_files() {
    let directory = Directory::new();
    let server = Server::start();
    let path = directory.json("key.json", &server.files_of_google().service_account());
    let transport = ToServer::new(&server);
    let limit = Arc::new(Semaphore::new(50));
    let tasks: Vec<_> = (0..1_000)
        .map(|number| {
            let (path, transport, limit) = (path.clone(), transport.clone(), Arc::clone(&limit));
            tokio::spawn(async move {
                let builder = Spanner::builder()
                    .transport(transport)
                    .token_timeout(Duration::from_mins(1))
                    .credentials_file(path);
                // Every other one acts for a user, and so needs the token server.
                let builder = if number % 2 == 0 {
                    builder
                } else {
                    builder.subject(USER)
                };
                let spanner = builder.build().await.unwrap();
                let _permit = limit.acquire().await.unwrap();
                call(&spanner).await
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(server.requests_of(Endpoint::Token).len(), 500);
    assert_eq!(server.requests_of(Endpoint::Api).len(), 1_000);
}
