//! What the generated clients put on the wire and what they make of answers, over the default transport and a real socket.
//!
//! The server is on loopback, keeps every byte of a request and answers from a script; nothing else is contacted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod answers;
mod bounds;
mod client;
mod documents;
mod drive;
mod encoding;
mod endpoints;
mod errors;
mod exchange;
mod masks;
mod media;
mod operations;
mod pages;
mod refusals;
mod root_collections;
mod secrets;

use crate::server;
