//! The scopes of tokens: those that the caller names, else the default one of the method.

use super::{call, client};
use gapi_runtime::RetryPolicy;
use gapi_test_clients::drive_v3::{Drive, scopes as drive_scopes};
use gapi_test_oauth::state::{CLOUD_PLATFORM, USER};
use gapi_test_oauth::{Endpoint, Server, ToServer, decoded_jwt};

/// Returns the scopes of the last assertion.
fn asserted(server: &Server) -> String {
    let request = server.requests_of(Endpoint::Token).pop().unwrap();
    let (_, claims) = decoded_jwt(&request.field("assertion").unwrap()).unwrap();
    claims["scope"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn case_c3_a_client_that_only_lists_files_asks_for_the_least() {
    let server = Server::start();
    let key = server.files_of_google().service_account().to_string();
    let drive = Drive::builder()
        .transport(ToServer::new(&server))
        .retry(RetryPolicy::never())
        .service_account_key(key)
        .subject(USER)
        .build()
        .await
        .unwrap();
    drive.files().list().send().await.unwrap();
    let scopes = asserted(&server);
    assert!(!scopes.contains(' '), "{scopes}");
    assert_ne!(scopes, drive_scopes::DRIVE);
}

#[tokio::test]
async fn case_c3_a_refresh_token_is_used_with_its_own_scopes() {
    let server = Server::start();
    let user = server.files_of_google().authorized_user().to_string();
    let builder = || {
        Drive::builder()
            .transport(ToServer::new(&server))
            .retry(RetryPolicy::never())
            .authorized_user(&user)
    };
    builder()
        .build()
        .await
        .unwrap()
        .files()
        .list()
        .send()
        .await
        .unwrap();
    let request = server.requests_of(Endpoint::Token).pop().unwrap();
    assert_eq!(request.field("scope"), None);
    // Scopes that the caller names are requested.
    let named = builder().scopes(["https://www.googleapis.com/auth/drive.file"]);
    named
        .build()
        .await
        .unwrap()
        .files()
        .list()
        .send()
        .await
        .unwrap();
    let request = server.requests_of(Endpoint::Token).pop().unwrap();
    assert_eq!(
        request.field("scope").as_deref(),
        Some("https://www.googleapis.com/auth/drive.file")
    );
}

#[tokio::test]
async fn a_cloud_api_asks_for_cloud_platform() {
    let server = Server::start();
    let key = server.files_of_google().service_account().to_string();
    let delegated =
        |builder: gapi_runtime::ClientBuilder<_>| builder.service_account_key(&key).subject(USER);
    call(&client(&server, delegated).await.unwrap())
        .await
        .unwrap();
    assert_eq!(asserted(&server), CLOUD_PLATFORM);
    let spanner = client(&server, |builder| {
        delegated(builder).scopes(["https://www.googleapis.com/auth/spanner.data"])
    });
    call(&spanner.await.unwrap()).await.unwrap();
    assert_eq!(
        asserted(&server),
        "https://www.googleapis.com/auth/spanner.data"
    );
}
