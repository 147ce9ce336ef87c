//! Ranges without bytes.

use super::super::{response, things};
use super::{MEDIA, download, ranges};
use gapi_runtime::{ErrorKind, MockTransport};

#[tokio::test]
async fn case_r12_a_range_of_empty_media_is_empty() {
    for content_range in ["bytes */0", "Bytes */0"] {
        let headers = [("content-range", content_range)];
        let mock = || MockTransport::new().respond_with(response(416, &headers, "no"));
        assert_eq!(download(mock, Some((0, Some(1024)))).await.unwrap(), "");
        let error = download(mock, Some((1, None))).await.unwrap_err();
        let reason = "the range begins at byte 1, and the media has 0 bytes";
        assert!(
            error
                .to_string()
                .contains(&format!("{reason} (1 attempt in ")),
            "{error}"
        );
    }
    // A response without the header: the request for everything shows what is there.
    for (media, expected) in [("", ""), (MEDIA, "01234")] {
        let mock = MockTransport::new()
            .respond_with(response(416, &[], ""))
            .respond_with(response(200, &[], media));
        let get = things(&mock).await.get("x").download();
        assert_eq!(get.range(..5).send().await.unwrap(), expected);
        assert_eq!(ranges(&mock), ["bytes=0-4", ""]);
    }
    // Headers of an empty media that state a checksum.
    let headers = [
        ("content-range", "bytes */0"),
        ("x-goog-hash", "crc32c=4waSgw=="),
    ];
    let mock = || MockTransport::new().respond_with(response(416, &headers, ""));
    let error = download(mock, Some((0, Some(5)))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Checksum);
}

#[tokio::test]
async fn case_r12_a_range_after_the_end_names_the_length() {
    let body = r#"{"error": {"code": 416, "message": "m"}}"#;
    let headers = [("content-range", "bytes */10")];
    let mock = || MockTransport::new().respond_with(response(416, &headers, body));
    for range in [(20, None), (20, Some(30)), (10, None)] {
        let error = download(mock, Some(range)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Http);
        assert_eq!(error.http_status().unwrap(), 416);
        assert_eq!(error.status().unwrap().message, "m");
        let start = range.0;
        let reason = format!("the range begins at byte {start}, and the media has 10 bytes");
        assert!(
            error
                .to_string()
                .contains(&format!("{reason} (1 attempt in ")),
            "{error}"
        );
    }
    // Without a range, 416 is a status like any other.
    let error = download(mock, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Http);
    assert!(error.to_string().contains(": m (1 attempt in "), "{error}");
}
