//! Media over the default transport and a real socket that breaks.

use super::fixture::media_upload_and_download_v1::{MediaUploadAndDownload, things::Things};
use super::server::{Server, Step, responses, text};
use super::{chunks, file, reported};
use futures_util::StreamExt;
use gapi_runtime::{Backoff, Bytes, ErrorKind, Media, RetryPolicy};
use std::time::Duration;

const UNIT: usize = 256 << 10;

async fn things(server: &Server) -> Things {
    let client = MediaUploadAndDownload::builder()
        .endpoint(&server.url)
        .bearer_token("TOKEN");
    client.build().await.unwrap().things()
}

/// Returns a step that closes the connection after this many bytes of a request body.
fn breaks_after(bytes: usize) -> Step {
    Step {
        reads: Some(bytes),
        writes: Vec::new(),
        breaks: true,
    }
}

fn opens(server: &Server) -> Step {
    let location = format!("location: {}/session", server.url);
    responses("200 OK", &[&location], "")
}

#[tokio::test]
async fn streams_are_chunked_unless_their_length_is_known() {
    let server = Server::start().await;
    server.then((0..3).map(|_| responses("200 OK", &[], "{}")));
    let things = things(&server).await;
    let media = || chunks("image/png", vec!["ab", "cde"]);
    for media in [media(), media().length(5)] {
        things.thumbnail().upload(media).send().await.unwrap();
    }
    let insert = things.insert(file("n")).upload(media().length(5));
    insert.send().await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].header("transfer-encoding"), "chunked");
    assert_eq!(requests[0].header("content-length"), "");
    assert_eq!(requests[0].body, b"abcde");
    assert_eq!(requests[1].header("transfer-encoding"), "");
    assert_eq!(requests[1].header("content-length"), "5");
    assert_eq!(requests[1].body, b"abcde");
    assert_eq!(
        requests[2].header("content-length"),
        requests[2].body.len().to_string()
    );
    for request in requests {
        assert_eq!(request.header("authorization"), "Bearer TOKEN");
    }
}

#[tokio::test]
async fn nothing_is_a_stream_too() {
    let server = Server::start().await;
    server.then([responses("200 OK", &[], ""), opens(&server)]);
    server.then([responses("200 OK", &[], "{}"), responses("200 OK", &[], "")]);
    let things = things(&server).await;
    let nothing = || chunks("image/png", Vec::<Bytes>::new());
    things.thumbnail().upload(nothing()).send().await.unwrap();
    let upload = things.insert(None).upload(nothing()).resumable();
    upload.send().await.unwrap();
    let media = things.get("x").download().send().await.unwrap();
    assert!(media.is_empty());
    let requests = server.requests();
    assert_eq!(requests[2].header("content-length"), "0");
    assert!(requests.iter().all(|request| request.body.is_empty()));
}

#[tokio::test]
async fn a_source_that_fails_fails_the_request() {
    let server = Server::start().await;
    server.then([breaks_after(usize::MAX)]);
    let parts = [
        Ok(Bytes::from(vec![0; UNIT])),
        Err(std::io::Error::other("the disk is gone")),
    ];
    let media = Media::stream("a/b", futures_util::stream::iter(parts));
    let replace = things(&server).await.replace("x", None).upload(media);
    let error = replace.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Media, "{error}");
    assert!(error.to_string().ends_with("the disk is gone"));
}

#[tokio::test]
async fn an_upload_in_chunks_survives_a_broken_connection() {
    let server = Server::start().await;
    server.then([
        opens(&server),
        responses("308 Resume Incomplete", &["range: bytes=0-262143"], ""),
        breaks_after(1000),
        responses("308 Resume Incomplete", &["range: bytes=0-262643"], ""),
        responses("200 OK", &[], r#"{"name": "done"}"#),
    ]);
    let content: Vec<u8> = (0..=255).cycle().take(2 * UNIT).collect();
    let (tell, progress) = reported();
    let media = chunks(
        "image/png",
        content.chunks(5000).map(<[u8]>::to_vec).collect(),
    );
    let upload = things(&server).await.insert(None).upload(media).resumable();
    let upload = upload.chunk_size(UNIT).on_progress(tell).send();
    assert_eq!(upload.await.unwrap().name.as_deref(), Some("done"));
    let requests = server.requests();
    let ranges: Vec<_> = requests[1..]
        .iter()
        .map(|request| request.header("content-range"))
        .collect();
    assert_eq!(
        ranges,
        [
            "bytes 0-262143/*",
            "bytes 262144-524287/524288",
            "bytes */524288",
            "bytes 262644-524287/524288"
        ]
    );
    assert!(requests[1].body == content[..UNIT]);
    assert!(requests[4].body == content[UNIT + 500..]);
    let bytes: Vec<_> = progress
        .lock()
        .unwrap()
        .iter()
        .map(|reported| reported.0)
        .collect();
    assert_eq!(bytes, [262_144, 262_644, 524_288]);
}

#[tokio::test]
async fn an_upload_whose_connection_always_breaks_fails() {
    let server = Server::start().await;
    server.then([opens(&server)]);
    for _ in 0..3 {
        server.then([
            breaks_after(1000),
            responses("308 Resume Incomplete", &[], ""),
        ]);
    }
    let backoff = Backoff::new().initial_delay(Duration::from_millis(1));
    let insert = things(&server).await.insert(None);
    let insert = insert.retry(RetryPolicy::new().backoff(backoff));
    let upload = insert.upload(Media::new("image/png", vec![0; 700_000]));
    let error = upload.resumable().send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 6));
    let text = "the connection broke 3 times, and the server has 0 of 700000 bytes (6 attempts in ";
    assert!(error.to_string().contains(text), "{error}");
    assert!(
        error
            .first_cause()
            .unwrap()
            .contains("the connection to 127.0.0.1:")
    );
    assert!(error.http_status().is_none() && error.host().is_some());
}

#[tokio::test]
async fn an_upload_in_one_request_does_not() {
    let server = Server::start().await;
    server.then([breaks_after(1000)]);
    let media = chunks("image/png", vec![vec![0; UNIT]; 40]);
    let replace = things(&server).await.replace("x", None).upload(media);
    let error = replace.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
    let text = "not retried: the media can be read only once); help: use media that can be read again, or `.resumable()`";
    assert!(error.to_string().contains(text), "{error}");
}

#[tokio::test]
async fn a_download_survives_a_broken_connection() {
    let server = Server::start().await;
    let cut = |status: &str, headers: &[&str], body: &str, length| Step {
        reads: None,
        writes: text(status, headers, body, length),
        breaks: true,
    };
    // The checksum is checked at the end, over all three responses.
    let hash = "x-goog-hash: crc32c=4waSgw==";
    let etag = "etag: \"v1\"";
    server.then([
        cut("200 OK", &[hash, etag], "1234", 9),
        Step {
            reads: None,
            writes: Vec::new(),
            breaks: true,
        },
        cut(
            "206 Partial Content",
            &[etag, "content-range: bytes 4-8/9"],
            "56",
            5,
        ),
        responses(
            "206 Partial Content",
            &[etag, "content-range: bytes 6-8/9"],
            "789",
        ),
    ]);
    let download = things(&server).await.get("x").download();
    let media = download.send().await.unwrap();
    assert_eq!(media, "123456789");
    let requests = server.requests();
    let ranges: Vec<_> = requests
        .iter()
        .map(|request| request.header("range"))
        .collect();
    assert_eq!(ranges, ["", "bytes=4-8", "bytes=4-8", "bytes=6-8"]);
    for request in &requests[1..] {
        assert_eq!(request.header("if-range"), "\"v1\"");
        assert_eq!(request.header("accept-encoding"), "identity");
    }
}

#[tokio::test]
async fn a_download_without_a_version_does_not() {
    let server = Server::start().await;
    server.then([Step {
        reads: None,
        writes: text("200 OK", &[], "1234", 9),
        breaks: true,
    }]);
    let download = things(&server).await.get("x").download();
    let mut media = download.stream().await.unwrap().into_body();
    assert_eq!(media.next().await.unwrap().unwrap(), "1234");
    let error = media.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(media.next().await.is_none());
    assert_eq!(server.requests().len(), 1);
}
