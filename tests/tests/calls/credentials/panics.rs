//! Programs that build clients in every way at the same time without a panic.

use super::child::Child;
use super::found::{TOKEN, service_account, user};
use super::server::{Server, json};
use crate::credentials::{call, recorded};
use gapi::gapi_runtime::google_cloud_auth::credentials::service_account::Builder;
use gapi::gapi_runtime::install_tls_provider;
use gapi::spanner_v1::Spanner;

#[tokio::test(flavor = "multi_thread")]
async fn case_c1_a_thousand_clients_with_a_key_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = service_account(directory.path(), None);
    let report = Child::new(&["parallel"]).with_file(&file).run().await;
    assert_eq!(report["responses"], 1_000, "{report}");
}

/// Uses fewer clients, because each requests its own token.
#[tokio::test(flavor = "multi_thread")]
async fn case_c1_twenty_clients_with_a_refresh_token() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start((0..20).map(|_| json(TOKEN))).await;
    let file = user(directory.path(), &server.url());
    let report = Child::new(&["parallel", "user"])
        .with_file(&file)
        .run()
        .await;
    assert_eq!(report["responses"], 20, "{report}");
}

/// Repeats the test, because the race between `build` and the background task of google-cloud-auth is rare.
#[tokio::test(flavor = "multi_thread")]
async fn case_c1_a_program_that_makes_its_own_credentials() {
    let directory = tempfile::tempdir().unwrap();
    let file = service_account(directory.path(), None);
    for _ in 0..20 {
        let report = Child::new(&["own"]).with_file(&file).run().await;
        assert_eq!(report["responses"], 3, "{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_c1_credentials_that_were_made_too_early_are_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let file = service_account(directory.path(), None);
    let child = Child::new(&["early"]).with_file(&file).may_panic();
    let report = child.run().await;
    let error = &report["error"];
    assert_eq!(error["kind"], "Credentials", "{report}");
    assert_eq!(error["is_transient"], false);
    let text = error["text"].as_str().unwrap();
    assert!(
        text.contains("call `gapi_runtime::install_tls_provider()` before"),
        "{text}"
    );
}

#[tokio::test]
async fn case_c1_credentials_of_an_ended_runtime_are_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let file = service_account(directory.path(), None);
    install_tls_provider();
    let made = std::thread::spawn(move || {
        let key = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let runtime = super::child::runtime();
        let _entered = runtime.enter();
        Builder::new(key).build().unwrap()
    });
    let credentials = made.join().unwrap();
    let builder = Spanner::builder().credentials(credentials);
    let (spanner, mock) = recorded(builder).await.unwrap();
    let error = call(&spanner).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("in a tokio runtime that is gone"),
        "{error}"
    );
    assert!(mock.requests().is_empty());
}
