//! `gapi fetch`: fetched and kept documents, and failing servers, files and runs.
//!
//! The servers are on loopback, and nothing else is contacted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod archives;
mod broken;
mod documents;
mod interrupted;
mod network;
mod project;
mod server;
mod terminal;
mod wheels;
