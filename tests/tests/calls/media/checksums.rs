//! Checksums of media.

use super::{ID, response, things};
use gapi_runtime::{ErrorKind, MockTransport};

/// The checksum of `123456789`, which every catalog of checksums lists.
const RIGHT: &str = "crc32c=4waSgw==";

/// Downloads media with these headers, and returns it or the kind of the error.
async fn downloaded(headers: &[(&str, &str)], range: bool) -> Result<String, ErrorKind> {
    let mock = MockTransport::new().respond_with(response(200, headers, "123456789"));
    let mut download = things(&mock).await.get("x").download();
    if range {
        download = download.range(2..);
    }
    let media = download.send().await.map_err(|error| {
        assert_eq!(
            error.to_string(),
            format!("{ID}.get: the media is not what its checksum (CRC-32C) says (1 attempt in 0.0 s at example.googleapis.com:443)")
        );
        error.kind()
    })?;
    Ok(String::from_utf8(media.to_vec()).unwrap())
}

#[tokio::test]
async fn media_is_held_against_its_checksum() {
    let wrong = "crc32c=AAAAAA==";
    let media = Ok("123456789".to_owned());
    assert_eq!(downloaded(&[("x-goog-hash", RIGHT)], false).await, media);
    for hashes in [
        &[("x-goog-hash", wrong)][..],
        &[("x-goog-hash", "md5=x, crc32c=AAAAAA==")],
        &[("x-goog-hash", "md5=x"), ("x-goog-hash", wrong)],
        &[("x-goog-hash", wrong), ("content-length", "9")],
        // The right one among others.
        &[("x-goog-hash", "crc32c=4waSgw==,crc32c=AAAAAA==")],
        &[("x-goog-hash", "crc32c=AAAAAA==,md5=x,crc32c=4waSgw==")],
        &[("x-goog-hash", RIGHT), ("x-goog-hash", wrong)],
    ] {
        let found = downloaded(hashes, false).await;
        assert_eq!(found, Err(ErrorKind::Checksum), "{hashes:?}");
    }
}

#[tokio::test]
async fn a_checksum_of_something_else_does_not_count() {
    let wrong = ("x-goog-hash", "crc32c=AAAAAA==");
    let media = Ok("123456789".to_owned());
    for headers in [
        // The checksum is that of the stored object, which the server has decompressed.
        &[wrong, ("x-goog-stored-content-encoding", "gzip")][..],
        &[wrong, ("content-encoding", "gzip")],
        &[("x-goog-hash", "md5=AAAA")],
        &[("x-goog-hash", "crc32c=AAAA")],
        &[("x-goog-hash", "crc32c=\u{e9}")],
    ] {
        assert_eq!(downloaded(headers, false).await, media, "{headers:?}");
    }
    // The checksum is that of the whole object, and a range of it came.
    let head = [wrong, ("content-range", "bytes 2-8/9")];
    let mock = MockTransport::new().respond_with(response(206, &head, "3456789"));
    let download = things(&mock).await.get("x").download().range(2..);
    assert_eq!(download.send().await.unwrap(), "3456789");
    // All of it came instead of the range.
    let found = downloaded(&[wrong], true).await;
    assert_eq!(found, Err(ErrorKind::Checksum));
}
