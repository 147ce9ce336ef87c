//! Guarantees for any input: values do not change the meaning of a request, and secrets are not shown.
//!
//! Only servers on loopback are contacted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "fixtures/encoded_slashes_in_names/generated"]
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "only parts of the golden code are used here; goldens.rs compiles it strictly"
)]
mod slashes {
    #[rustfmt::skip]
    pub mod encoded_slashes_in_names_v1;
}

#[path = "fixtures/media_upload_and_download/generated"]
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "only parts of the golden code are used here; goldens.rs compiles it strictly"
)]
mod media {
    #[rustfmt::skip]
    pub mod media_upload_and_download_v1;
}

#[path = "parity/calls/mod.rs"]
#[allow(
    unused_imports,
    unused_mut,
    reason = "not every API has every kind of parameter"
)]
mod calls;
#[path = "replay/given.rs"]
#[allow(dead_code, reason = "operations have neither media nor raw bodies")]
mod given;

mod safety {
    mod headers;
    mod hostile;
    mod leaks;
    mod methods;
    mod paths;
    mod queries;
    mod random_paths;
    #[path = "../wire/server.rs"]
    #[allow(dead_code, reason = "the tests of the wire use the rest")]
    mod server;
    mod slashes;
    mod typed;
    mod urls;
    mod witness;
}
