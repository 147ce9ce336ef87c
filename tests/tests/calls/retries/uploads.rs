//! Uploads in chunks: the client asks the server which bytes it has, and resends no chunk blindly.

use super::script::{Script, Step, exact, ok, response, status};
use crate::golden::media::media_upload_and_download_v1::MediaUploadAndDownload;
use crate::golden::media::media_upload_and_download_v1::schemas::File;
use gapi::gapi_runtime::{Error, Media, RetryPolicy, http};

const SESSION: &str = "https://example.googleapis.com/session";
const LENGTH: usize = 600_000;

fn opened() -> Step {
    response(200, &[("location", SESSION)], "")
}

fn kept(range: &str) -> Step {
    response(308, &[("range", range)], "")
}

async fn upload(script: &Script, policy: RetryPolicy) -> Result<(), Error> {
    let client: MediaUploadAndDownload = script.client_with(policy).await;
    let media = Media::new("video/mp4", vec![0; LENGTH]);
    let insert = client.things().insert(File::default()).upload(media);
    let upload = insert.resumable().chunk_size(256 << 10);
    upload.send().await.map(|_| ())
}

/// Returns the ranges that were sent, with the lengths of the bodies.
fn ranges(script: &Script) -> Vec<(String, usize)> {
    let requests = script.requests();
    let ranges = requests.iter().filter(|request| request.method() == "PUT");
    let range = |request: &http::Request<_>| {
        let value = request.headers()["content-range"].to_str().unwrap();
        value.to_owned()
    };
    ranges
        .map(|request| (range(request), request.body().len()))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn after_a_failure_the_server_is_asked() {
    for failure in [
        Step::Broken,
        Step::Connect,
        Step::Timeout,
        status(503),
        status(500),
        status(502),
        status(504),
        status(429),
        status(408),
    ] {
        let script = Script::new([
            opened(),
            kept("bytes=0-262143"),
            failure.clone(),
            // A part of the second chunk has arrived.
            kept("bytes=0-299999"),
            kept("bytes=0-562143"),
            ok(),
        ]);
        upload(&script, exact()).await.unwrap();
        let expected = [
            ("bytes 0-262143/600000", 262_144),
            ("bytes 262144-524287/600000", 262_144),
            ("bytes */600000", 0),
            ("bytes 300000-562143/600000", 262_144),
            ("bytes 562144-599999/600000", 37_856),
        ];
        let expected = expected.map(|(range, length)| (range.to_owned(), length));
        assert_eq!(ranges(&script), expected, "{failure:?}");
        assert_eq!(script.times()[2..4], [0, 1000]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_last_response_is_requested_again() {
    let script = Script::new([
        opened(),
        kept("bytes=0-262143"),
        kept("bytes=0-524287"),
        Step::Broken,
        Step::Broken,
        ok(),
    ]);
    upload(&script, exact()).await.unwrap();
    let ranges = ranges(&script);
    assert_eq!(ranges.len(), 5);
    assert_eq!(ranges[3], ("bytes */600000".to_owned(), 0));
    assert_eq!(ranges[4], ranges[3]);
}

#[tokio::test(start_paused = true)]
async fn rejections_and_disabled_retries() {
    for closed_port in [status(400), status(404), status(410)] {
        let script = Script::new([opened(), closed_port]);
        let error = upload(&script, exact()).await.unwrap_err();
        assert_eq!((error.attempts(), ranges(&script).len()), (1, 1));
    }
    for failure in [status(503), Step::Broken, Step::Connect] {
        let script = Script::new([opened(), failure]);
        upload(&script, RetryPolicy::never()).await.unwrap_err();
        assert_eq!(ranges(&script).len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_is_opened_twice_only_if_that_is_safe() {
    for (failure, count) in [(status(503), 1), (Step::Broken, 1), (Step::Connect, 5)] {
        let [first, second, last] = [kept("bytes=0-262143"), kept("bytes=0-524287"), ok()];
        let script = Script::new([failure, opened(), first, second, last]);
        let result = upload(&script, exact()).await;
        assert_eq!((result.is_ok(), script.count()), (count == 5, count));
    }
}
