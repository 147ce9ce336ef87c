//! Calls of generated clients: requests, responses, retries, media, batches, operations, credentials, and the JSON of all
//! types.
//!
//! Servers are on loopback. Nothing else is contacted.

mod batch;
mod cassettes;
mod credentials;
#[allow(
    clippy::unwrap_used,
    clippy::missing_errors_doc,
    reason = "the code of the documentation, which is tests"
)]
mod documented {
    include!(concat!(env!("OUT_DIR"), "/documented.rs"));
}
mod examples;
mod faults;
#[allow(dead_code, reason = "operations have neither media nor raw bodies")]
mod given;
mod golden;
mod lossless;
mod media;
#[allow(
    clippy::expect_used,
    dead_code,
    reason = "the nine documents have only text in arguments"
)]
mod mocked_call;
mod mocks;
mod obstacle;
mod operations;
mod recorded;
mod retries;
mod round_trip;
mod server;
mod streams;
mod wire;
