//! The requests of the generated clients, and their results for responses, over the default transport and a real
//! socket.
//!
//! The server is on loopback, records every byte of a request and responds from a script. Nothing else is contacted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod bounds;
mod circles;
mod client;
mod documents;
mod drive;
mod encoding;
mod endpoints;
mod errors;
mod exchange;
mod extras;
mod masks;
mod media;
mod memory;
mod operations;
mod others;
mod pages;
mod rejections;
mod responses;
mod root_collections;
mod runtimes;
mod secrets;

use crate::server;
