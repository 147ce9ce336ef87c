//! Batches of generated calls: requests, responses and rejected values.

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

#[path = "fixtures/api_version_header/generated"]
mod versioned {
    #[rustfmt::skip]
    pub mod api_version_header_v1;
}

#[path = "fixtures/data_wrapper/generated"]
mod wrapped {
    #[rustfmt::skip]
    pub mod data_wrapper_v1;
}

#[path = "fixtures/media_upload_and_download/generated"]
mod media {
    #[rustfmt::skip]
    pub mod media_upload_and_download_v1;
}

mod batch {
    mod requests;
    mod responses;
}

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
fn answer(parts: &[(usize, &str)]) -> http::Response<Bytes> {
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
