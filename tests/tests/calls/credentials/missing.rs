//! Machines without credentials: the error is returned soon and names a fix.

use super::child::Child;
use super::found::{TOKEN, user};
use super::server::{Server, json, response};
use serde_json::{Value, json as object};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// The time limit for reporting missing credentials.
const LIMIT: Duration = Duration::from_secs(5);

/// Returns the duration of a call.
fn took(report: &Value) -> Duration {
    Duration::from_millis(report["milliseconds"].as_u64().unwrap())
}

#[track_caller]
fn says_what_to_do(error: &Value, places: &[&str]) {
    assert_eq!(error["kind"], "Credentials");
    assert_eq!(error["is_transient"], false, "{error}");
    let text = error["text"].as_str().unwrap();
    let places = places.iter().copied().chain([
        "found no Application Default Credentials: `GOOGLE_APPLICATION_CREDENTIALS` is not set; ",
        "; the metadata server of Google Cloud (",
        "run `gcloud auth application-default login`",
        "set `GOOGLE_APPLICATION_CREDENTIALS` to the path of a credentials file",
    ]);
    for place in places {
        assert!(text.contains(place), "{place}\n{text}");
    }
}

const GCLOUD_FILE: &str = "/gcloud/application_default_credentials.json does not exist; ";

#[tokio::test]
async fn case_c2_no_metadata_server() {
    // A closed port, a host without an address, and a host that `GCE_METADATA_HOST` does not affect.
    let refused = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = refused.local_addr().unwrap().to_string();
    drop(refused);
    for (host, problem) in [
        (Some(address.as_str()), "connection refused"),
        (Some("metadata.invalid"), "failed to lookup address"),
        (Some("metadata.invalid:8080"), "failed to lookup address"),
        (
            None,
            "the metadata server of Google Cloud (metadata.google.internal): ",
        ),
    ] {
        let mut child = Child::new(&["default", "timed"]);
        if let Some(host) = host {
            child = child.with("GCE_METADATA_HOST", host);
        }
        let report = child.run().await;
        says_what_to_do(&report["errors"][0], &[GCLOUD_FILE, problem]);
        assert!(took(&report) < LIMIT, "{report}");
    }
}

#[tokio::test]
async fn case_c2_a_metadata_server_that_never_responds() {
    // The system accepts the connection, but no program reads from it.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = silent.local_addr().unwrap().to_string();
    let child = Child::new(&["default", "timed"]).with("GCE_METADATA_HOST", &host);
    let report = child.run().await;
    says_what_to_do(&report["errors"][0], &[GCLOUD_FILE, " within 4 s"]);
    assert!(took(&report) < LIMIT, "{report}");
    // A request for a token may have less time.
    let settings = ["default", "timed", "seconds=2"];
    let child = Child::new(&settings).with("GCE_METADATA_HOST", &host);
    let report = child.run().await;
    says_what_to_do(&report["errors"][0], &[GCLOUD_FILE, " within 2 s"]);
}

/// A call with less time than the search has names the places, too.
#[tokio::test]
async fn case_c2_a_call_with_little_time() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = silent.local_addr().unwrap().to_string();
    for (settings, problem) in [
        (&["default", "timed", "timeout=2"][..], " within 2 s"),
        (&["default", "timed", "timeout=0.5"], " within 0.5 s"),
        (&["default", "timed", "timeout=1", "retry"], " within 1 s"),
    ] {
        let child = Child::new(settings).with("GCE_METADATA_HOST", &host);
        let report = child.run().await;
        says_what_to_do(&report["errors"][0], &[GCLOUD_FILE, problem]);
        assert!(took(&report) < Duration::from_secs(3), "{report}");
    }
}

/// A service account that missing credentials impersonate.
#[tokio::test]
async fn case_c2_an_impersonated_account_without_a_source() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = silent.local_addr().unwrap().to_string();
    for (settings, problem) in [
        (&["impersonated", "timed"][..], " within 4 s"),
        (&["impersonated", "timed", "seconds=2"], " within 2 s"),
        (&["impersonated", "timed", "timeout=2"], " within 2 s"),
        (&["impersonated", "timed", "timeout=0.5"], " within 0.5 s"),
        (
            &["impersonated", "timed", "timeout=1", "retry"],
            " within 1 s",
        ),
    ] {
        let child = Child::new(settings).with("GCE_METADATA_HOST", &host);
        let report = child.run().await;
        let account = "robot@p.iam.gserviceaccount.com cannot be impersonated";
        let error = &report["errors"][0];
        assert!(error["text"].as_str().unwrap().contains(account), "{error}");
        says_what_to_do(error, &[GCLOUD_FILE, problem]);
        assert!(took(&report) < LIMIT, "{report}");
    }
}

#[tokio::test]
async fn case_c2_calls_that_start_together_search_once() {
    let server = Server::start((0..100).map(|_| response("404 Not Found", &[], "{}"))).await;
    let child = Child::new(&["default", "together"]).with("GCE_METADATA_HOST", server.host());
    let report = child.run().await;
    assert_eq!(report["errors"].as_array().unwrap().len(), 50);
    says_what_to_do(&report["errors"][49], &[GCLOUD_FILE]);
    assert!(took(&report) < LIMIT, "{report}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn case_c2_a_metadata_server_that_starts_late() {
    let late = || response("503 Service Unavailable", &[], "");
    let no_universe = response("404 Not Found", &[], "{}");
    let server = Server::start([late(), late(), json(TOKEN), no_universe]).await;
    let child = Child::new(&["default", "timed"]).with("GCE_METADATA_HOST", server.host());
    let report = child.run().await;
    assert_eq!(report["errors"], object!([]), "{report}");
}

#[tokio::test]
async fn case_c2_an_empty_variable_and_another_directory_of_gcloud() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start([json(TOKEN)]).await;
    let file = user(directory.path(), &server.url());
    std::fs::rename(
        file,
        directory
            .path()
            .join("application_default_credentials.json"),
    )
    .unwrap();
    let report = Child::new(&["default", "timed"])
        .with("GOOGLE_APPLICATION_CREDENTIALS", "")
        .with("CLOUDSDK_CONFIG", directory.path().to_str().unwrap())
        .run()
        .await;
    assert_eq!(report["errors"], object!([]), "{report}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn case_c2_a_token_server_that_never_responds() {
    let directory = tempfile::tempdir().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let file = user(
        directory.path(),
        &format!("http://{}", silent.local_addr().unwrap()),
    );
    let start = Instant::now();
    let report = Child::new(&["default", "timed"])
        .with_file(&file)
        .run()
        .await;
    let text = report["errors"][0]["text"].as_str().unwrap();
    assert!(text.contains("no token within 4 s"), "{text}");
    assert!(took(&report) < LIMIT, "{:?} {report}", start.elapsed());
}

#[tokio::test]
async fn case_c2_a_failure_of_the_token_server_passes() {
    let directory = tempfile::tempdir().unwrap();
    let failure = || response("503 Service Unavailable", &[], "");
    let server = Server::start([failure(), json(TOKEN)]).await;
    let file = user(directory.path(), &server.url());
    let child = Child::new(&["default", "timed", "retry"]).with_file(&file);
    let report = child.run().await;
    assert_eq!(report["errors"], object!([]), "{report}");
    assert_eq!(server.requests().len(), 2);
}
