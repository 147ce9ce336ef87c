//! The macros and the calls, used as generated code uses them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod api;
mod calls;
mod details;
mod errors;
mod masks;
mod pages;
mod patterns;
mod refusals;
mod schemas;
mod transports;

use gapi_runtime::{MockTransport, Service};

/// An API whose requests are recorded.
async fn recorded<S: Service>(mock: &MockTransport) -> S {
    gapi_runtime::ClientBuilder::new()
        .transport(mock.clone())
        .build()
        .await
        .unwrap()
}

/// Runs a future that does no I/O. Time passes at once when there is nothing else to do.
fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}
