//! Uploads and downloads of generated code: requests, responses and rejected values.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod addresses;
mod agreement;
mod broken;
mod checksums;
mod downloads;
mod incomplete;
mod lies;
mod ranges;
mod resumable;
mod server;
mod sessions;
mod streams;
mod uploads;

use crate::golden::media as fixture;
use fixture::media_upload_and_download_v1::{MediaUploadAndDownload, schemas::File, things};
use gapi_runtime::{
    Backoff, Bytes, ClientBuilder, Error, Media, MockTransport, Progress, RetryPolicy,
    TransportError, http,
};
use std::sync::{Arc, Mutex};

const ID: &str = "media_upload_and_download.things";

/// Returns a client of the API that the fixture describes, with credentials.
async fn things(mock: &MockTransport) -> things::Things {
    builder(mock).build().await.unwrap().things()
}

fn builder(mock: &MockTransport) -> ClientBuilder<MediaUploadAndDownload> {
    MediaUploadAndDownload::builder()
        .bearer_token("TOKEN")
        .transport(mock.clone())
}

/// Returns the default policy without jitter.
fn exact() -> RetryPolicy {
    RetryPolicy::new()
        .backoff(Backoff::new().without_jitter())
        .without_throttle()
}

fn file(name: &str) -> File {
    File {
        name: Some(name.to_owned()),
        ..File::default()
    }
}

fn response(status: u16, headers: &[(&str, &str)], body: &'static str) -> http::Response<Bytes> {
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(Bytes::from_static(body.as_bytes())).unwrap()
}

fn header<'a>(request: &'a http::Request<Bytes>, name: &str) -> &'a str {
    let value = request.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

fn line(request: &http::Request<Bytes>) -> String {
    format!("{} {}", request.method(), request.uri())
}

/// Returns media that is a stream of these chunks.
fn chunks<P: Into<Bytes>>(content_type: &str, chunks: Vec<P>) -> Media {
    let chunks: Vec<_> = chunks.into_iter().map(|chunk| Ok(chunk.into())).collect();
    Media::stream(content_type, futures_util::stream::iter(chunks))
}

/// The recorded progress reports.
type Reported = Vec<(u64, Option<u64>)>;

/// Returns a progress callback and the reports that it records.
fn reported() -> (impl Fn(Progress) + Send + Sync, Arc<Mutex<Reported>>) {
    let reported = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&reported);
    let tell = move |progress: Progress| {
        let mut reported = reported.lock().unwrap();
        reported.push((progress.bytes, progress.total));
    };
    (tell, kept)
}

/// Checks that the text contains neither the media nor the URL.
fn shows_no_secrets(shown: &str) {
    for secret in ["TOKEN", "SECRET", "https://"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

fn unreachable(request: &http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
    panic!("nothing may be sent to {}", request.uri())
}

fn rejection(error: &Error, method: &str, reason: &str) {
    assert_eq!(error.kind(), gapi_runtime::ErrorKind::InvalidArgument);
    assert_eq!(error.to_string(), format!("{ID}.{method}: {reason}"));
    shows_no_secrets(&format!("{error} {error:?}"));
}
