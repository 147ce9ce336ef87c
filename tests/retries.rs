//! Retries: conditions and times, with a scripted transport and a paused clock. Errors of a dead network are tested
//! with real sockets in real time.

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

mod retries {
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
}
