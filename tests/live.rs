//! The generated client against a real server: the Cloud Spanner emulator of the Google Cloud SDK, on loopback.
//!
//! `cargo test -p gapi-tests --test live -- --nocapture` shows which one. Where there is none (`gcloud components install
//! cloud-spanner-emulator`) each test says so in a line that begins with `SKIPPED` and passes. With it they take 5 seconds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod live {
    mod emulator;
    mod errors;
    mod example;
    mod operations;
    mod pages;
    mod polling;
    mod sql;
}
