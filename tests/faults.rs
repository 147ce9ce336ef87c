//! The outcome of calls with failing servers and connections, over real sockets and with a paused clock. This is the
//! table in docs/reliability.md.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]
#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "only parts of the golden code are used here; goldens.rs compiles it strictly"
)]

#[path = "fixtures/media_upload_and_download/generated"]
mod media {
    #[rustfmt::skip]
    pub mod media_upload_and_download_v1;
}

mod faults {
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

    use super::media;
}
