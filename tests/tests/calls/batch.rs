//! Batches of generated calls: requests, responses and rejected values.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod requests;
mod responses;

use crate::golden::{media, versioned, wrapped};
use gapi::spanner_v1::Spanner;
use gapi_runtime::{Bytes, MockTransport, Service, http};

const INSTANCE: &str = "projects/p/instances/i";
const OPERATION: &str = "projects/p/instances/i/operations/o";

/// Returns a client with credentials.
async fn client<S: Service>(mock: &MockTransport) -> S {
    let builder = gapi_runtime::ClientBuilder::new()
        .bearer_token("TOKEN")
        .quota_project("payer")
        .transport(mock.clone());
    builder.build().await.unwrap()
}

async fn spanner(mock: &MockTransport) -> Spanner {
    client(mock).await
}

fn header<'a>(request: &'a http::Request<Bytes>, name: &str) -> &'a str {
    let value = request.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

/// Returns the response to a batch: for each part the position of the call and the text of the response.
fn response(parts: &[(usize, &str)]) -> http::Response<Bytes> {
    let part = |(position, response): &(usize, &str)| {
        format!(
            "--batch_x-Y=\r\nContent-Type: application/http\r\nContent-ID: <response-call-{position}>\r\n\r\n{response}\r\n"
        )
    };
    let parts: Vec<String> = parts.iter().map(part).collect();
    let response =
        http::Response::builder().header("content-type", "multipart/mixed; boundary=batch_x-Y=");
    let body = format!("{}--batch_x-Y=--", parts.concat());
    response.body(body.into()).unwrap()
}

/// Returns a response with status 200 and a JSON body.
fn ok(json: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{json}\r\n")
}
