//! `gapi fetch`: what it brings, what it leaves, and what it does when servers, files and runs break.
//!
//! The servers are on loopback; nothing else is contacted.

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
