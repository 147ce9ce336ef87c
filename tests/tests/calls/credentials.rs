//! Credentials: their headers, the endpoints that get them, and the errors if there are none.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod adapters;
mod child;
mod default;
mod default_errors;
mod files;
mod found;
mod missing;
mod panics;
mod places;
mod providers;
mod rejected;
mod sources;

use crate::server;
use gapi::gapi_runtime::{
    Body, BoxFuture, Bytes, ClientBuilder, Error, HttpTransport, MockTransport, RetryPolicy,
    Transport, TransportError, http,
};
use gapi::spanner_v1::Spanner;
use std::sync::LazyLock;

/// A text that no output may contain.
const SECRET: &str = "SECRET";

const OPERATION: &str = "projects/p/instances/i/operations/o";

/// Sends the call that all these tests make.
async fn call(spanner: &Spanner) -> Result<(), Error> {
    let operations = spanner.projects().instances().operations();
    operations.get(OPERATION).send().await.map(drop)
}

/// The default transport of a client that has an `https` endpoint. Shared, because a test builds a thousand clients.
static SERVERS: LazyLock<HttpTransport> = LazyLock::new(|| HttpTransport::new(true).unwrap());

/// A transport that records the requests to the API, and sends those to token servers and metadata servers.
#[derive(Clone, Debug)]
struct Recorder {
    api: MockTransport,
    servers: HttpTransport,
}

impl Recorder {
    /// Creates a transport that responds with `{}` in place of the API.
    fn new() -> Self {
        let respond = |_: &_| Ok(http::Response::new(Bytes::from_static(b"{}")));
        Self {
            api: MockTransport::with(respond),
            servers: SERVERS.clone(),
        }
    }
}

impl Transport for Recorder {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        match request.uri().scheme_str() {
            Some("http") => self.servers.send(request),
            _ => self.api.send(request),
        }
    }

    fn send_streaming(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        match request.uri().scheme_str() {
            Some("http") => self.servers.send_streaming(request),
            _ => self.api.send_streaming(request),
        }
    }
}

/// Builds a client with a transport that responds with `{}` in place of the API. The client sends each call once.
async fn recorded(builder: ClientBuilder<Spanner>) -> Result<(Spanner, MockTransport), Error> {
    let recorder = Recorder::new();
    let mock = recorder.api.clone();
    let builder = builder.transport(recorder).retry(RetryPolicy::never());
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
