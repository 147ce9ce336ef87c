//! Downloads as streams: ranges, interruptions, versions, progress.

use super::unreachable;
use super::{
    ID, builder, exact, header, line, rejection, reported, response, shows_no_secrets, things,
};
use futures_util::{StreamExt, TryStreamExt};
use gapi_runtime::{
    Body, Bytes, Error, ErrorKind, MockTransport, RetryPolicy, TransportError, http,
};

const MEDIA: &str = "0123456789";

/// Returns a response with these headers whose body has these chunks, and then breaks or ends.
fn streamed(
    status: u16,
    headers: &[(&str, &str)],
    chunks: &[&'static str],
    breaks: bool,
) -> http::Response<Body> {
    let mut chunks: Vec<Result<Bytes, TransportError>> =
        chunks.iter().map(|chunk| Ok(Bytes::from(*chunk))).collect();
    if breaks {
        chunks.push(Err(TransportError::other("broken")));
    }
    let body = Body::new(futures_util::stream::iter(chunks));
    response(status, headers, "").map(|_| body)
}

/// Downloads media as a stream.
async fn download(mock: &MockTransport) -> Result<String, Error> {
    let things = things(mock).await;
    let stream = things.get("SECRET").download().stream().await?;
    shows_no_secrets(&format!("{stream:?}"));
    let chunks: Vec<Bytes> = stream.into_body().try_collect().await?;
    Ok(String::from_utf8(chunks.concat()).unwrap())
}

fn ranges(mock: &MockTransport) -> Vec<String> {
    let requests = mock.requests();
    let ranges = requests
        .iter()
        .map(|request| header(request, "range").to_owned());
    ranges.collect()
}

#[tokio::test]
async fn a_download_is_a_stream_with_a_head() {
    let headers = [("content-type", "image/png"), ("content-length", "10")];
    let mock = MockTransport::new().respond_streaming(streamed(
        200,
        &headers,
        &["0123", "", "456789"],
        false,
    ));
    let (tell, progress) = reported();
    let download = things(&mock).await.get("x").download().on_progress(tell);
    let (head, mut media) = download.stream().await.unwrap().into_parts();
    assert_eq!(head.headers["content-type"], "image/png");
    assert_eq!(media.next().await.unwrap().unwrap(), "0123");
    assert_eq!(media.next().await.unwrap().unwrap(), "456789");
    assert!(media.next().await.is_none() && media.next().await.is_none());
    assert_eq!(*progress.lock().unwrap(), [(4, Some(10)), (10, Some(10))]);
    let request = &mock.requests()[0];
    assert_eq!(
        line(request),
        "GET https://example.googleapis.com/media/v1/files/x?alt=media"
    );
    assert_eq!(header(request, "accept-encoding"), "identity");
    assert_eq!(header(request, "range"), "");
}

#[tokio::test]
async fn ranges_are_requested() {
    for (range, asked, part, got) in [
        ((2, Some(5)), "bytes=2-4", "bytes 2-4/10", "234"),
        ((2, Some(100)), "bytes=2-99", "bytes 2-9/10", "23456789"),
        ((2, None), "bytes=2-", "bytes 2-9/10", "23456789"),
    ] {
        let part = [("content-range", part)];
        // The server may send the range or everything.
        let mock = MockTransport::new()
            .respond_with(response(206, &part, got))
            .respond_with(response(200, &[("content-length", "10")], MEDIA))
            .respond_with(response(200, &[], MEDIA));
        let download = things(&mock).await.get("x").download();
        let download = match range {
            (start, Some(end)) => download.range(start..end),
            (start, None) => download.range(start..),
        };
        assert_eq!(download.clone().send().await.unwrap(), got);
        let end = range
            .1
            .map_or(10, |end| usize::try_from(end).unwrap().min(10));
        for _ in 0..2 {
            assert_eq!(download.clone().send().await.unwrap(), MEDIA[2..end]);
        }
        assert_eq!(ranges(&mock), [asked; 3]);
    }
    let mock = MockTransport::new()
        .respond_with(response(206, &[("content-range", "bytes 0-9/10")], MEDIA))
        .respond_with(response(200, &[], MEDIA));
    let get = things(&mock).await.get("x");
    assert_eq!(
        get.clone().download().range(..=9).send().await.unwrap(),
        MEDIA
    );
    assert_eq!(get.download().range(..).send().await.unwrap(), MEDIA);
    assert_eq!(ranges(&mock), ["bytes=0-9", ""]);
}

#[tokio::test]
async fn an_empty_range_is_rejected() {
    let mock = MockTransport::with(unreachable);
    let get = things(&mock).await.get("x");
    for download in [
        get.clone().download().range(5..5),
        get.clone().download().range(..0),
    ] {
        let error = download.send().await.unwrap_err();
        rejection(&error, "get", "the range of the media is empty");
    }
}

#[tokio::test]
async fn another_part_than_was_asked_for_is_an_error() {
    for (range, reason) in [
        ("bytes 3-4/10", "it begins at byte 3, and not at byte 2"),
        ("bytes 4-3/10", "its content-range cannot be read"),
        ("bytes */10", "its content-range has no bytes"),
        ("", "its content-range cannot be read"),
        ("3-4", "its content-range cannot be read"),
    ] {
        let part = response(206, &[("content-range", range)], "34");
        let mock = MockTransport::new().respond_with(part);
        let download = things(&mock).await.get("x").download().range(2..5);
        let error = download.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{range}");
        let text = "HTTP 206 Partial Content: the response is not the requested part of the media";
        let times = "(1 attempt in 0.0 s at example.googleapis.com:443)";
        assert_eq!(
            error.to_string(),
            format!("{ID}.get: {text}: {reason} {times}")
        );
    }
    let mock = MockTransport::new().respond(416, "");
    let download = things(&mock).await.get("x").download().range(20..);
    let error = download.send().await.unwrap_err();
    assert_eq!(error.http_status().unwrap(), 416);
}

#[tokio::test(start_paused = true)]
async fn a_download_resumes_if_the_version_is_known() {
    for (name, value, condition) in [
        ("etag", "\"v1\"", "\"v1\""),
        ("etag", "unquoted", ""),
        ("x-goog-generation", "17", ""),
        ("x-goog-hash", "crc32c=KAwGng==,md5=x", ""),
    ] {
        let first = [(name, value), ("content-length", "10")];
        let second = [(name, value), ("content-range", "bytes 4-9/10")];
        let third = [(name, value), ("content-length", "10")];
        let mock = MockTransport::new()
            .respond_streaming(streamed(200, &first, &["0123"], true))
            // A body that ends early counts as interrupted as well.
            .respond_streaming(streamed(206, &second, &["45"], false))
            .respond(503, "")
            // The server sends everything again.
            .respond_streaming(streamed(200, &third, &["0123456", "789"], false));
        assert_eq!(download(&mock).await.unwrap(), MEDIA);
        assert_eq!(ranges(&mock), ["", "bytes=4-9", "bytes=6-9", "bytes=6-9"]);
        let requests = mock.requests();
        assert_eq!(header(&requests[1], "if-range"), condition);
        assert_eq!(header(&requests[1], "authorization"), "Bearer TOKEN");
        assert_eq!(line(&requests[1]), line(&requests[0]));
    }
}

#[tokio::test]
async fn a_range_resumes_within_its_bounds() {
    let etag = ("etag", "\"v1\"");
    let first = [etag, ("content-range", "bytes 2-7/10")];
    let second = [etag, ("content-range", "bytes 4-7/10")];
    let mock = MockTransport::new()
        .respond_streaming(streamed(206, &first, &["23"], true))
        .respond_streaming(streamed(206, &second, &["4567"], false));
    let (tell, progress) = reported();
    let download = things(&mock).await.get("x").download().range(2..8);
    let media = download.on_progress(tell).send().await.unwrap();
    assert_eq!(media, "234567");
    assert_eq!(ranges(&mock), ["bytes=2-7", "bytes=4-7"]);
    assert_eq!(*progress.lock().unwrap(), [(2, Some(6)), (6, Some(6))]);
}

#[tokio::test]
async fn an_interruption_is_an_error_without_a_version() {
    let no_etag = "4 of 10 bytes: broken; not continued: the server states no strong etag";
    for (headers, text) in [
        (&[("content-length", "10")][..], no_etag),
        (&[("content-length", "10"), ("etag", "W/\"v1\"")], no_etag),
        (
            &[("etag", "\"v1\"")],
            "4 bytes: broken; not continued: the server states no length of the media",
        ),
        (
            &[
                ("content-length", "10"),
                ("etag", "\"v1\""),
                ("content-encoding", "gzip"),
            ],
            "4 bytes: broken; not continued: the body is compressed",
        ),
    ] {
        let broken = streamed(200, headers, &["0123"], true);
        let mock = MockTransport::new().respond_streaming(broken);
        let error = download(&mock).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport);
        let text = format!("the download was interrupted after {text} (1 attempt in ");
        assert!(error.to_string().contains(&text), "{error}");
        assert_eq!(mock.requests().len(), 1, "{headers:?}");
    }
    // A body that ends early is never taken for the whole.
    let short = streamed(200, &[("content-length", "10")], &["0123"], false);
    let error = download(&MockTransport::new().respond_streaming(short)).await;
    let text = "4 of 10 bytes: the body ended before the media did; not continued: the server states no strong etag";
    assert!(error.unwrap_err().to_string().contains(text));
}

#[tokio::test]
async fn an_error_counts_all_requests() {
    let rest = [("content-range", "bytes 4-9/10"), ("etag", "\"v1\"")];
    let first = [("content-length", "10"), ("etag", "\"v1\"")];
    let mock = MockTransport::new()
        .respond_streaming(streamed(200, &first, &["0123"], true))
        .respond_streaming(streamed(206, &rest, &[], true))
        .respond_streaming(streamed(206, &rest, &[], true));
    let error = download(&mock).await.unwrap_err();
    assert_eq!((error.attempts(), mock.requests().len()), (3, 3));
    let text = "after 4 of 10 bytes: broken; not continued: several attempts in a row brought no new byte (3 attempts in ";
    assert!(error.to_string().contains(text), "{error}");
    let first_cause = error.first_cause().unwrap();
    assert_eq!(
        first_cause,
        "the download was interrupted after 4 of 10 bytes: broken"
    );
    // The request for the rest fails.
    let mock = MockTransport::new()
        .respond_streaming(streamed(200, &first, &["0123"], true))
        .respond(404, "");
    let error = download(&mock).await.unwrap_err();
    assert_eq!((error.attempts(), error.kind()), (2, ErrorKind::Http));
    // A part of the media in each response.
    let mock = MockTransport::new()
        .respond_streaming(streamed(200, &first, &["0123"], true))
        .respond_with(response(
            206,
            &[("content-range", "bytes 4-5/10"), ("etag", "\"v1\"")],
            "45",
        ))
        .respond_with(response(
            206,
            &[("content-range", "bytes 6-9/10"), ("etag", "\"v2\"")],
            "6789",
        ));
    let error = download(&mock).await.unwrap_err();
    assert_eq!((error.attempts(), error.kind()), (3, ErrorKind::Media));
}

#[tokio::test]
async fn a_version_that_changes_is_an_error() {
    let first = [
        ("etag", "\"v1\""),
        ("x-goog-generation", "1"),
        ("content-length", "10"),
    ];
    for (status, headers) in [
        (200, &[("etag", "\"v2\"")][..]),
        (
            206,
            &[("etag", "\"v2\""), ("content-range", "bytes 4-9/10")],
        ),
        (206, &[("content-range", "bytes 4-9/10")]),
        (
            206,
            &[
                ("etag", "\"v1\""),
                ("x-goog-generation", "2"),
                ("content-range", "bytes 4-9/10"),
            ],
        ),
    ] {
        let mock = MockTransport::new()
            .respond_streaming(streamed(200, &first, &["0123"], true))
            .respond_with(response(status, headers, "456789"));
        let error = download(&mock).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Media, "{headers:?}");
        assert!(error.to_string().contains(
            "the media cannot be read: it changed on the server on the way (2 attempts in "
        ));
    }
}

#[tokio::test]
async fn three_breaks_in_a_row_end_a_download() {
    let headers = [("etag", "\"v1\""), ("content-length", "10")];
    let broken = || streamed(200, &headers, &["0123"], true);
    let mock = MockTransport::new()
        .respond_streaming(broken())
        .respond_streaming(broken())
        .respond_streaming(broken());
    let error = download(&mock).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(mock.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_is_asked_for_as_the_policy_says() {
    let headers = [("etag", "\"v1\""), ("content-length", "10")];
    let broken = || streamed(200, &headers, &["0123"], true);
    for (status, attempts) in [(500, 7), (429, 7), (503, 7), (403, 2)] {
        let responses = (0..10).fold(
            MockTransport::new().respond_streaming(broken()),
            |all, _| all.respond(status, ""),
        );
        let client = builder(&responses).retry(exact()).build().await.unwrap();
        let start = tokio::time::Instant::now();
        let error = client
            .things()
            .get("x")
            .download()
            .send()
            .await
            .unwrap_err();
        assert_eq!(error.http_status().unwrap(), status);
        assert_eq!(error.attempts(), attempts);
        assert_eq!(responses.requests().len(), error.attempts() as usize);
        let waited = if attempts == 2 { 0 } else { 31 };
        assert_eq!(start.elapsed().as_secs(), waited);
    }

    let mock = MockTransport::new()
        .respond_streaming(broken())
        .respond(404, r#"{"error": {"message": "gone"}}"#);
    let error = download(&mock).await.unwrap_err();
    assert_eq!(error.http_status().unwrap(), 404);
    assert!(
        error.to_string().contains(": gone (2 attempts in "),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_fails_before_the_media_comes_is_retried_as_any_call() {
    let broken = |request: &http::Request<Bytes>| {
        assert_eq!(request.method(), "GET");
        Err(TransportError::other("broken"))
    };
    for (first, retried) in [(503, true), (500, false), (404, false)] {
        let mock = MockTransport::new().respond(first, "").respond(200, MEDIA);
        let client = builder(&mock).retry(exact()).build().await.unwrap();
        let result = client.things().get("x").download().send().await;
        assert_eq!(result.is_ok(), retried);
        assert_eq!(mock.requests().len(), 1 + usize::from(retried));
    }
    let mock = MockTransport::with(broken);
    let client = builder(&mock).retry(exact()).build().await.unwrap();
    let error = client
        .things()
        .get("x")
        .download()
        .send()
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 6));

    // The call has its own policy.
    let mock = MockTransport::new().respond(503, "").respond(200, MEDIA);
    let things = things(&mock).await;
    let get = things.get("x").retry(RetryPolicy::never());
    assert!(get.download().send().await.is_err());
    assert_eq!(mock.requests().len(), 1);

    // A call that may have side effects is not retried.
    let mock = MockTransport::new().respond(503, "").respond(200, MEDIA);
    let client = builder(&mock).retry(exact()).build().await.unwrap();
    let download = client.things().thumbnail().download();
    assert_eq!(download.send().await.unwrap_err().attempts(), 1);
}
