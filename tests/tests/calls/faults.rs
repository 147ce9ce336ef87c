//! The outcome of calls with failing servers and connections, over real sockets and with a paused clock. This is the
//! table in docs/reliability.md.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod calls;
mod clock;
mod elsewhere;
mod kept;
mod kinds;
mod report;
mod server;
mod table;
mod time;
mod tokens;

use crate::golden::media;
