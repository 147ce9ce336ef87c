//! Calls of generated clients: requests, responses, retries, media, batches, operations, credentials, and the JSON of all
//! types.
//!
//! Servers are on loopback. Nothing else is contacted.

mod batch;
mod credentials;
mod examples;
mod faults;
#[allow(dead_code, reason = "operations have neither media nor raw bodies")]
mod given;
mod golden;
mod lossless;
mod media;
mod obstacle;
mod operations;
mod recorded;
mod retries;
mod round_trip;
mod server;
mod streams;
mod wire;
