//! Media that Cloud Storage decompresses.

use super::super::{header, response, things};
use super::{MEDIA, broken, download, ranges};
use gapi_runtime::MockTransport;

#[tokio::test]
async fn case_r10_decompressed_media_passes_its_checksum() {
    let stored = ("x-goog-hash", "crc32c=AAAAAA==");
    let length = ("x-goog-stored-content-length", "28");
    let gzip = ("x-goog-stored-content-encoding", "gzip");
    let warning = ("warning", "214 UploadServer gunzipped");
    let transformed = ("x-guploader-response-body-transformations", "gunzipped");
    for announced in [
        &[gzip][..],
        &[warning],
        &[transformed],
        &[gzip, warning, transformed, length],
        &[gzip, ("content-length", "10")],
        &[
            transformed,
            ("content-range", "bytes 0-9/10"),
            ("content-length", "10"),
        ],
        &[("content-encoding", "gzip")],
        &[
            ("content-encoding", "gzip"),
            gzip,
            length,
            ("content-length", "28"),
        ],
    ] {
        let headers = [&[stored], announced].concat();
        let mock = || MockTransport::new().respond_with(response(200, &headers, MEDIA));
        assert_eq!(download(mock, None).await.unwrap(), MEDIA, "{announced:?}");
        // The server ignores a range of such media.
        assert_eq!(download(mock, Some((2, Some(5)))).await.unwrap(), "234");
        assert_eq!(download(mock, Some((2, None))).await.unwrap(), "23456789");
    }
}

#[tokio::test]
async fn case_r10_decompressed_media_is_requested_from_the_start_after_a_break() {
    let headers = [
        ("x-goog-generation", "7"),
        ("x-goog-stored-content-encoding", "gzip"),
        ("x-goog-hash", "crc32c=AAAAAA=="),
    ];
    for range in [None, Some((2, None)), Some((2, Some(8)))] {
        let mock = MockTransport::new()
            .respond_streaming(broken(200, &headers, "01234"))
            .respond_streaming(broken(200, &headers, "0123456"))
            .respond_with(response(200, &headers, MEDIA));
        let get = things(&mock).await.get("x").download();
        let (get, asked) = match range {
            None => (get, ""),
            Some((_, None)) => (get.range(2..), "bytes=2-"),
            Some((_, Some(end))) => (get.range(2..end), "bytes=2-7"),
        };
        let end = range.map_or(10, |(_, end)| {
            end.map_or(10, |end| usize::try_from(end).unwrap())
        });
        let start = if range.is_some() { 2 } else { 0 };
        assert_eq!(get.send().await.unwrap(), MEDIA[start..end]);
        assert_eq!(ranges(&mock), [asked, "", ""]);
        for request in &mock.requests() {
            assert_eq!(header(request, "if-range"), "");
        }
    }
    // A part of the stored bytes is not a part of the media.
    let part = [&headers[..], &[("content-range", "bytes 5-9/28")]].concat();
    let other = [&[("x-goog-generation", "8")], &headers[1..]].concat();
    for second in [response(206, &part, "56789"), response(200, &other, MEDIA)] {
        let mock = || {
            MockTransport::new()
                .respond_streaming(broken(200, &headers, "01234"))
                .respond_with(second.clone())
        };
        download(mock, None).await.unwrap_err();
    }
}
