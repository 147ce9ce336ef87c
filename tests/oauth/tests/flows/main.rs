//! Every flow of credentials against the server of this package, successful and failing.
//!
//! The clients have a transport that sends the requests for all hosts to the server. So credentials files and clients have
//! Google's URLs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod cache;
mod deadlines;
mod errors;
mod faults;
mod kinds;
mod login;
mod metadata;
mod parallel;
mod rejected;
mod scopes;
mod secrets;
mod skew;

use gapi::spanner_v1::Spanner;
use gapi_runtime::{ClientBuilder, Error, RetryPolicy};
use gapi_test_oauth::{Request, Server, ToServer};
use serde_json::Value;
use std::path::PathBuf;

/// The operation that most tests get.
const OPERATION: &str = "projects/p/instances/i/operations/o";

/// Changes a builder.
type Configure = Box<dyn Fn(ClientBuilder<Spanner>) -> ClientBuilder<Spanner>>;

/// Builds a client that sends each call once.
async fn client(
    server: &Server,
    configure: impl FnOnce(ClientBuilder<Spanner>) -> ClientBuilder<Spanner>,
) -> Result<Spanner, Error> {
    let builder = Spanner::builder()
        .transport(ToServer::new(server))
        .retry(RetryPolicy::never());
    configure(builder).build().await
}

/// Sends a call.
async fn call(spanner: &Spanner) -> Result<(), Error> {
    let operations = spanner.projects().instances().operations();
    operations.get(OPERATION).send().await.map(drop)
}

/// Builds a client and sends a call.
async fn called(server: &Server, configure: &Configure) -> Result<(), Error> {
    call(&client(server, configure).await?).await
}

/// Returns the host, the verb and the path of each request.
fn lines(server: &Server) -> Vec<String> {
    let requests = server.requests();
    requests.iter().map(Request::line).collect()
}

/// Credentials files in a directory that is deleted in the end.
struct Directory(tempfile::TempDir);

impl Directory {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Writes a file and returns its path.
    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    fn json(&self, name: &str, content: &Value) -> PathBuf {
        self.file(name, &content.to_string())
    }
}

/// A flow: its name, and the change that it makes to a builder.
type Flow = (&'static str, Configure);

/// Returns a builder's change that takes a credentials file.
fn from_file(path: PathBuf) -> Configure {
    Box::new(move |builder| builder.credentials_file(&path))
}

/// Returns all flows that request a token from a server, for Cloud Spanner.
fn flows(server: &Server, directory: &Directory) -> Vec<Flow> {
    let files = server.files_of_google();
    let subject = directory.file("subject", gapi_test_oauth::state::SUBJECT_TOKEN);
    let subject = subject.to_str().unwrap();
    let key = files.service_account().to_string();
    let user = files.authorized_user().to_string();
    let delegated = key.clone();
    let kinds = [
        ("external file", files.external_file(subject)),
        ("external URL", files.external_url()),
        ("external AWS", files.external_aws()),
        (
            "external, impersonating",
            files.external_impersonated(subject),
        ),
        ("impersonated", files.impersonated()),
    ];
    let mut flows: Vec<Flow> = vec![
        (
            "key",
            Box::new(move |builder| builder.service_account_key(&key)),
        ),
        (
            "key and subject",
            Box::new(move |builder| {
                let builder = builder.service_account_key(&delegated);
                builder.subject(gapi_test_oauth::state::USER)
            }),
        ),
        (
            "user",
            Box::new(move |builder| builder.authorized_user(&user)),
        ),
    ];
    for (name, content) in kinds {
        let path = directory.json(&format!("{name}.json"), &content);
        flows.push((name, from_file(path)));
    }
    flows
}
