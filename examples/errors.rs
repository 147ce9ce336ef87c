//! Shows what a program can learn from an error, with a call that reads a Spanner instance.
//!
//!     gcloud auth application-default login
//!     cargo run --bin errors -- projects/P/instances/I
//!     cargo run --bin errors -- projects/P/instances/I http://localhost:9020
//!
//! The last address is that of the Spanner emulator, which needs no credentials. Ends with status 2 if there is no such instance,
//! and with status 1 after any other error.

use std::{process::ExitCode, time::Duration};

use gapi::gapi_runtime::{Code, Error, ErrorKind, Result};
use gapi::spanner_v1::{Spanner, schemas::Instance};

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(name) = arguments.next() else {
        eprintln!("usage: errors INSTANCE [ENDPOINT]");
        return ExitCode::FAILURE;
    };
    match instance(name, arguments.next()).await {
        Ok(instance) => {
            println!("{} nodes", instance.node_count.unwrap_or_default());
            ExitCode::SUCCESS
        }
        // Each common condition has a function.
        Err(error) if error.is_not_found() => {
            eprintln!("there is no such instance");
            ExitCode::from(2)
        }
        Err(error) => {
            // One line with method, host, status, message, and the number of attempts. No token and no URL.
            eprintln!("error: {error}");
            eprintln!("{}", advice(&error));
            ExitCode::FAILURE
        }
    }
}

async fn instance(name: String, endpoint: Option<String>) -> Result<Instance> {
    // Transient failures are retried before the call fails. This limits the time of the call with all retries.
    let mut builder = Spanner::builder().timeout(Duration::from_secs(10));
    if let Some(endpoint) = endpoint {
        builder = builder.endpoint(endpoint);
    }
    // An error of the credentials is an error of `build`, or of the first call.
    let spanner = builder.build().await?;
    spanner.projects().instances().get(name).send().await
}

/// Returns a sentence about the cause of an error.
fn advice(error: &Error) -> String {
    // The server has responded with an error. Its status has a code, a message and details.
    if let Some(status) = error.status() {
        // The reason is the most precise part: a constant that identifies the error, in a domain.
        if let Some(info) = status.error_info() {
            return format!("the reason is {} of {}", info.reason, info.domain);
        }
        if let Some(delay) = status.retry_info().and_then(|info| info.retry_delay) {
            return format!("try again in {} seconds", delay.as_secs());
        }
    }
    match (error.code(), error.kind()) {
        (Some(Code::PermissionDenied), _) => "ask for the role Cloud Spanner Viewer".into(),
        (Some(Code::Unauthenticated), _) | (_, ErrorKind::Credentials) => {
            "check the credentials".into()
        }
        (_, ErrorKind::InvalidArgument) => "nothing was sent".into(),
        (_, ErrorKind::Connect) => "nothing was sent: check network and address".into(),
        // The server may have executed the call. That matters for calls that change something.
        (_, ErrorKind::Timeout | ErrorKind::Transport) => "no complete response has come".into(),
        (code, kind) => format!("code {code:?}, kind {kind:?}"),
    }
}
