//! Retries: conditions and times, with a scripted transport and a paused clock. Errors of a dead network are tested
//! with real sockets in real time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod batches;
mod calls;
mod connecting;
mod errors;
mod limits;
mod malformed;
mod network;
mod preconditions;
mod rate_limits;
mod reasons;
mod request_ids;
mod script;
mod server_delay;
mod sockets;
mod throttle;
mod uploads;
