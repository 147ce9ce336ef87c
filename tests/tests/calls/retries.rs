//! What is retried, when, and what never is: over a transport that follows a script, in time that passes at once. How a dead
//! network is reported: over real sockets, in real time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod batches;
mod calls;
mod connecting;
mod limits;
mod network;
mod script;
mod server_delay;
mod sockets;
mod throttle;
mod uploads;
