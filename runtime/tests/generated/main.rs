//! The macros and the calls, used as generated code uses them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod api;
mod calls;
mod conformance;
mod decoding;
mod details;
mod errors;
mod gzip;
mod http2;
mod inlining;
mod masks;
mod middleware;
mod names;
mod pages;
mod patterns;
mod rejections;
mod request_ids;
mod schemas;
mod streams;
mod transports;
mod well_known;

use gapi_runtime::{MockTransport, Service};

/// Returns a client with a mock transport.
async fn recorded<S: Service>(mock: &MockTransport) -> S {
    gapi_runtime::ClientBuilder::new()
        .transport(mock.clone())
        .build()
        .await
        .unwrap()
}

/// Runs a future without I/O. The clock jumps to the next timer when nothing else is ready.
fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}
