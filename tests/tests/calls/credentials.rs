//! Credentials: their headers, the endpoints that get them, and the errors if there are none.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod child;
mod default;
mod default_errors;
mod files;
mod found;
mod missing;
mod panics;
mod places;
mod providers;
mod sources;

use crate::server;
use gapi::gapi_runtime::{Bytes, ClientBuilder, Error, MockTransport, RetryPolicy, http};
use gapi::spanner_v1::Spanner;

/// A text that no output may contain.
const SECRET: &str = "SECRET";

const OPERATION: &str = "projects/p/instances/i/operations/o";

/// Sends the call that all these tests make.
async fn call(spanner: &Spanner) -> Result<(), Error> {
    let operations = spanner.projects().instances().operations();
    operations.get(OPERATION).send().await.map(drop)
}

/// Builds a client with a mock transport that responds with `{}`. The client sends each call once.
async fn recorded(builder: ClientBuilder<Spanner>) -> Result<(Spanner, MockTransport), Error> {
    let mock = MockTransport::with(|_| Ok(http::Response::new(Bytes::from_static(b"{}"))));
    let builder = builder.transport(mock.clone()).retry(RetryPolicy::never());
    let spanner = builder.build().await?;
    Ok((spanner, mock))
}

/// Returns the headers of a request that identify the caller.
fn identity(request: &http::Request<Bytes>) -> Vec<(String, String)> {
    let names = [
        "authorization",
        "x-goog-api-key",
        "x-goog-user-project",
        "x-own",
    ];
    let headers = names.iter().flat_map(|name| {
        let values = request.headers().get_all(*name).iter();
        values.map(|value| ((*name).to_owned(), value.to_str().unwrap().to_owned()))
    });
    headers.collect()
}

/// Returns the text of an error without the attempts, whose number and time depend on the case. Checks that it shows them.
fn without_attempts(error: &Error) -> String {
    let text = error.to_string();
    let count = error.attempts();
    if count == 0 {
        return text;
    }
    let plural = if count == 1 { "" } else { "s" };
    let (host, elapsed) = (error.host().unwrap(), error.elapsed().unwrap());
    let seconds = elapsed.as_secs_f64();
    let attempts = format!(" ({count} attempt{plural} in {seconds:.1} s at {host})");
    assert_eq!(text.matches(&attempts).count(), 1, "{text}");
    text.replace(&attempts, "")
}
