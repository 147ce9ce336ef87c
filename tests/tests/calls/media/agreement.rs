//! Downloads whose status, headers and body must agree.

mod decompression;
mod empty;

use super::{header, response, things};
use futures_util::TryStreamExt;
use gapi_runtime::{Body, Bytes, Error, ErrorKind, MockTransport, TransportError, http};

const MEDIA: &str = "0123456789";
const ETAG: (&str, &str) = ("etag", "\"v1\"");

type Range = Option<(u64, Option<u64>)>;

/// Downloads media as a whole and as a stream, each with its own transport, and returns the result of both.
async fn download(make: impl Fn() -> MockTransport, range: Range) -> Result<String, Error> {
    let mut results = Vec::new();
    for is_stream in [false, true] {
        let mut download = things(&make()).await.get("x").download();
        download = match range {
            None => download,
            Some((start, None)) => download.range(start..),
            Some((start, Some(end))) => download.range(start..end),
        };
        results.push(if is_stream {
            match download.stream().await {
                Ok(response) => response.into_body().try_collect::<Vec<_>>().await,
                Err(error) => Err(error),
            }
            .map(|chunks| chunks.concat())
        } else {
            download.send().await.map(|media| media.to_vec())
        });
    }
    let [whole, stream] = <[_; 2]>::try_from(results).unwrap();
    assert_eq!(whole.as_ref().ok(), stream.as_ref().ok());
    whole.map(|media| String::from_utf8(media).unwrap())
}

fn ranges(mock: &MockTransport) -> Vec<String> {
    let requests = mock.requests();
    let ranges = requests
        .iter()
        .map(|request| header(request, "range").to_owned());
    ranges.collect()
}

/// Returns a response whose body breaks after these bytes.
fn broken(status: u16, headers: &[(&str, &str)], bytes: &'static str) -> http::Response<Body> {
    let chunks = [Ok(Bytes::from(bytes)), Err(TransportError::other("broken"))];
    let body = Body::new(futures_util::stream::iter(chunks));
    response(status, headers, "").map(|_| body)
}

#[tokio::test]
async fn case_r10_the_rest_of_a_partial_response_is_requested() {
    for (range, first, body, second, asked, expected) in [
        (
            None,
            "bytes 0-3/10",
            "0123",
            "bytes 4-9/10",
            ["", "bytes=4-9"],
            MEDIA,
        ),
        (
            None,
            "bytes 0-3/*",
            "0123",
            "bytes 4-9/10",
            ["", "bytes=4-"],
            MEDIA,
        ),
        (
            Some((2, Some(8))),
            "bytes 2-3/10",
            "23",
            "bytes 4-7/10",
            ["bytes=2-7", "bytes=4-7"],
            "234567",
        ),
        (
            Some((2, None)),
            "bytes 2-3/10",
            "23",
            "bytes 4-9/10",
            ["bytes=2-", "bytes=4-9"],
            "23456789",
        ),
        (
            Some((2, Some(99))),
            "bytes 2-3/*",
            "23",
            "bytes 4-9/10",
            ["bytes=2-98", "bytes=4-98"],
            "23456789",
        ),
    ] {
        // Some servers send a part with the status 200.
        for status in [200, 206] {
            let end = expected.len() + range.map_or(0, |_| 2);
            let mock = MockTransport::new()
                .respond_with(response(status, &[ETAG, ("content-range", first)], body))
                .respond_with(response(
                    206,
                    &[ETAG, ("content-range", second)],
                    &MEDIA[4..end],
                ));
            let get = things(&mock).await.get("x").download();
            let get = match range {
                None => get,
                Some((start, None)) => get.range(start..),
                Some((start, Some(end))) => get.range(start..end),
            };
            assert_eq!(get.send().await.unwrap(), expected);
            assert_eq!(ranges(&mock), asked);
            assert_eq!(header(&mock.requests()[1], "if-range"), "\"v1\"");
        }
        // Without a version, the rest could be that of other media.
        let only = || {
            let headers = [("content-range", first)];
            MockTransport::new().respond_with(response(206, &headers, body))
        };
        let error = download(only, range).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(
            error
                .to_string()
                .contains("the response ended before byte 4"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn case_r10_the_end_of_media_of_unknown_length() {
    let part = || {
        let headers = [ETAG, ("content-range", "bytes 2-4/*")];
        MockTransport::new().respond_with(response(206, &headers, "234"))
    };
    // The range has ended, so nothing is missing.
    assert_eq!(download(part, Some((2, Some(5)))).await.unwrap(), "234");
    for (headers, goes_well) in [
        (&[ETAG, ("content-range", "bytes */5")][..], true),
        (&[ETAG, ("content-range", "bytes */9")], false),
        (&[("content-range", "bytes */5")], false),
        (&[("etag", "\"v2\""), ("content-range", "bytes */5")], false),
        (&[ETAG], false),
    ] {
        let ended = || part().respond_with(response(416, headers, ""));
        let result = download(ended, Some((2, Some(99)))).await;
        assert_eq!(
            result.ok().as_deref(),
            goes_well.then_some("234"),
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn case_r10_responses_that_do_not_agree_are_errors() {
    let long = "0123456789x";
    for (range, status, headers, body) in [
        // A part that was not asked for.
        (
            Some((50, Some(60))),
            206,
            &[("content-range", "bytes 0-3/100")][..],
            "0123",
        ),
        (
            Some((4, Some(6))),
            206,
            &[("content-range", "bytes 0-9/10")],
            MEDIA,
        ),
        (None, 206, &[("content-range", "bytes 1-9/10")], &MEDIA[1..]),
        (Some((4, Some(6))), 206, &[], "45"),
        (
            Some((4, Some(6))),
            206,
            &[("content-type", "multipart/byteranges; boundary=b")],
            "--b",
        ),
        (None, 200, &[("content-range", "bytes */10")], MEDIA),
        // Bodies that are longer than the headers state.
        (None, 206, &[("content-range", "bytes 0-9/10")], long),
        (None, 200, &[("content-length", "10")], long),
        (None, 200, &[("x-goog-stored-content-length", "10")], long),
        (
            Some((2, Some(5))),
            206,
            &[("content-range", "bytes 2-4/10")],
            MEDIA,
        ),
        (None, 204, &[], "x"),
        // Bodies that are shorter.
        (None, 200, &[("content-length", "11")], MEDIA),
        (None, 200, &[("x-goog-stored-content-length", "11")], MEDIA),
        (
            Some((2, Some(5))),
            206,
            &[("content-range", "bytes 2-4/10")],
            "23",
        ),
        (
            Some((2, Some(5))),
            200,
            &[("content-length", "10"), ETAG],
            "234",
        ),
        (
            Some((2, Some(5))),
            200,
            &[("content-range", "bytes 0-9/10"), ETAG],
            "234",
        ),
        // Headers that contradict each other.
        (
            Some((2, Some(5))),
            206,
            &[("content-range", "bytes 2-4/10"), ("content-length", "10")],
            "234",
        ),
        (
            Some((2, None)),
            206,
            &[
                ("content-range", "bytes 2-4/5"),
                ("x-goog-stored-content-length", "10"),
            ],
            "234",
        ),
        // A range after the end of what is there.
        (
            Some((50, Some(60))),
            200,
            &[("content-length", "10")],
            MEDIA,
        ),
        (Some((10, None)), 200, &[], MEDIA),
        (Some((11, None)), 200, &[], MEDIA),
    ] {
        let mock = || MockTransport::new().respond_with(response(status, headers, body));
        let result = download(mock, range).await;
        let error = result.expect_err(&format!("{range:?} {status} {headers:?} {body}"));
        let kinds = [ErrorKind::Decode, ErrorKind::Transport];
        assert!(kinds.contains(&error.kind()), "{error:?}");
    }
}

#[tokio::test]
async fn case_r10_a_range_with_the_status_of_the_whole() {
    let headers = [
        ("content-range", "bytes 1000-89999/100000"),
        ("content-length", "89000"),
    ];
    let content = || {
        (0..89_000_u32)
            .map(|at| at.to_le_bytes()[0])
            .collect::<Bytes>()
    };
    let mock = MockTransport::new().respond_with(response(200, &headers, "").map(|_| content()));
    let get = things(&mock).await.get("x").download();
    assert!(get.range(1000..90_000).send().await.unwrap() == content());
    assert_eq!(ranges(&mock), ["bytes=1000-89999"]);
}

#[tokio::test]
async fn case_r10_what_changes_between_two_responses_is_an_error() {
    let first = [ETAG, ("content-length", "10")];
    for second in [
        &[ETAG, ("content-range", "bytes 4-9/11")][..],
        &[ETAG, ("content-range", "bytes 4-8/9")],
        &[
            ETAG,
            ("content-range", "bytes 4-9/10"),
            ("content-encoding", "gzip"),
        ],
        &[
            ETAG,
            ("content-range", "bytes 4-9/10"),
            ("warning", "214 UploadServer gunzipped"),
        ],
        &[("etag", "\"v2\""), ("content-range", "bytes 4-9/10")],
    ] {
        let mock = || {
            MockTransport::new()
                .respond_streaming(broken(200, &first, "0123"))
                .respond_with(response(206, second, "456789"))
        };
        let error = download(mock, None).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Media, "{second:?} {error}");
    }
    // A value that the first response does not have is compared from the second on.
    let generation = |number: &'static str, range| {
        [
            ETAG,
            ("x-goog-generation", number),
            ("content-range", range),
        ]
    };
    let mock = || {
        MockTransport::new()
            .respond_streaming(broken(200, &first, "0123"))
            .respond_streaming(broken(206, &generation("1", "bytes 4-9/10"), "45"))
            .respond_with(response(206, &generation("2", "bytes 6-9/10"), "6789"))
    };
    assert_eq!(
        download(mock, None).await.unwrap_err().kind(),
        ErrorKind::Media
    );
    // A server that ignores the range repeats the first bytes. If they are others, it does not send the same media.
    for (repeated, expected) in [
        (MEDIA, Ok(MEDIA.to_owned())),
        ("012x456789", Err(ErrorKind::Media)),
    ] {
        let mock = || {
            MockTransport::new()
                .respond_streaming(broken(200, &first, "0123"))
                .respond_streaming(broken(200, &first, "0"))
                .respond_with(response(200, &first, repeated))
        };
        let result = download(mock, None).await.map_err(|error| error.kind());
        assert_eq!(result, expected);
    }
}

#[tokio::test]
async fn case_r10_a_range_of_the_whole_has_the_checksum_of_the_whole() {
    for (range, content_range, body) in [
        (None, "bytes 0-8/9", "123456789"),
        (Some((0, Some(1024))), "bytes 0-8/9", "123456789"),
        (Some((0, Some(9))), "bytes 0-8/9", "123456789"),
        (Some((0, Some(8))), "bytes 0-7/9", "12345678"),
        (Some((1, None)), "bytes 1-8/9", "23456789"),
    ] {
        for (hash, is_right) in [("crc32c=4waSgw==", true), ("crc32c=AAAAAA==", false)] {
            let headers = [("content-range", content_range), ("x-goog-hash", hash)];
            let mock = || MockTransport::new().respond_with(response(206, &headers, body));
            let result = download(mock, range).await.map_err(|error| error.kind());
            let is_compared = body.len() == 9;
            let expected = if is_right || !is_compared {
                Ok(body.to_owned())
            } else {
                Err(ErrorKind::Checksum)
            };
            assert_eq!(result, expected, "{range:?}");
        }
    }
}
