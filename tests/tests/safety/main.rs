//! Guarantees for any input: values do not change the meaning of a request, and secrets are not shown.
//!
//! Only servers on loopback are contacted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../calls/recorded/calls/mod.rs"]
#[allow(
    unused_imports,
    unused_mut,
    reason = "not every API has every kind of parameter"
)]
mod calls;
#[path = "../calls/given.rs"]
#[allow(dead_code, reason = "operations have neither media nor raw bodies")]
mod given;

mod golden;
mod headers;
mod hostile;
mod leaks;
mod logs;
mod methods;
mod paths;
mod queries;
mod random_paths;
#[path = "../calls/server.rs"]
#[allow(dead_code, reason = "the tests of the wire use the rest")]
mod server;
mod slashes;
mod telemetry;
mod typed;
mod urls;
mod witness;
