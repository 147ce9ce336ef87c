//! Long-running operations in both styles: the schedule, the polling method, and the results.
//!
//! Tokio's clock advances only while a poller waits, so the times are exact and the tests are fast.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod by_link;
mod by_name;
mod outcomes;
mod typed;
mod updates;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use crate::golden::{compute, named};
use gapi_runtime::{Bytes, MockTransport, Service, TransportError, http};
use tokio::time::Instant;

/// A server with prepared responses that records the time and the target of each request.
#[derive(Clone, Debug)]
struct Server {
    mock: MockTransport,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Creates a server with these bodies, sent with status 200. `"503"` is that status, `"503 120"` adds `Retry-After:
    /// 120`, and for `"lost"` the response is lost. Without any body the server never responds.
    fn new<const N: usize>(responses: [&'static str; N]) -> Self {
        let start = Instant::now();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&seen);
        let responses = Mutex::new(VecDeque::from(responses));
        let mock = MockTransport::with(move |request| {
            let at = start.elapsed().as_millis();
            let (seconds, rest) = (at / 1000, at % 1000);
            let rest = if rest == 0 {
                String::new()
            } else {
                format!(".{rest:03}")
            };
            let line = format!("{seconds}{rest} {} {}", request.method(), request.uri());
            noted
                .lock()
                .unwrap()
                .push(line.replace("https://example.googleapis.com/", ""));
            let mut responses = responses.lock().unwrap();
            let next = if responses.len() > 1 {
                responses.pop_front()
            } else {
                // The last response is repeated.
                responses.front().copied()
            };
            match next.expect("a response") {
                "lost" => Err(TransportError::timeout("lost")),
                status if status.len() == 3 => Ok(response(status.parse().unwrap(), "")),
                delayed if delayed.starts_with("503 ") => {
                    let mut response = response(503, "");
                    let delay = http::HeaderValue::from_static(&delayed[4..]);
                    response.headers_mut().insert("retry-after", delay);
                    Ok(response)
                }
                body => Ok(response(200, body)),
            }
        });
        Self { mock, seen }
    }

    async fn client<S: Service>(&self) -> S {
        let builder = gapi_runtime::ClientBuilder::new().bearer_token("TOKEN");
        builder.transport(self.mock.clone()).build().await.unwrap()
    }

    /// Returns the requests as seconds, verb and path, without the parameter that all have.
    fn seen(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        let plain = |line: &String| line.replace("?alt=json", "").replace("&alt=json", "");
        seen.iter().map(plain).collect()
    }
}

fn response(status: u16, body: &'static str) -> http::Response<Bytes> {
    let mut response = http::Response::new(Bytes::from_static(body.as_bytes()));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    response
}

fn seconds(number: u64) -> std::time::Duration {
    std::time::Duration::from_secs(number)
}
