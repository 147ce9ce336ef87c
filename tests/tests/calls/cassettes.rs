//! Cassettes: sessions are recorded and replayed, without their secrets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod bad_files;
mod forms;
mod leaks;
mod replayed;
mod secrets;
mod strictness;

use gapi_runtime::cassette::{Cassette, Recorder};
use gapi_runtime::{MockTransport, Transport};
use std::path::PathBuf;
use tempfile::TempDir;

/// A file that ends with the test.
struct File {
    directory: TempDir,
}

impl File {
    fn new() -> Self {
        Self {
            directory: TempDir::new().unwrap(),
        }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("session.jsonl")
    }

    /// Writes the session of a recorder, and returns the text.
    fn save(&self, recorder: &Recorder) -> String {
        recorder.save(self.path()).unwrap();
        // No other file was written.
        assert_eq!(std::fs::read_dir(self.directory.path()).unwrap().count(), 1);
        self.text()
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.path()).unwrap()
    }

    fn open(&self) -> Cassette {
        Cassette::open(self.path()).unwrap()
    }
}

/// Returns a recorder of a transport that responds with JSON.
fn recorder_of(responses: &[(u16, &'static str)]) -> Recorder {
    let mock = responses
        .iter()
        .fold(MockTransport::new(), |mock, (status, body)| {
            mock.respond(*status, *body)
        });
    Recorder::new(mock)
}

/// Builds a client that retries nothing.
async fn client<S: gapi_runtime::Service>(transport: impl Transport + 'static) -> S {
    gapi_runtime::ClientBuilder::new()
        .retry(gapi_runtime::RetryPolicy::never())
        .transport(transport)
        .build()
        .await
        .unwrap()
}
