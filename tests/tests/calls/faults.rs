//! The outcome of calls whose server or connection fails, over real sockets and a paused clock: the table in
//! docs/reliability.md.

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
