//! Downloads: whole, in ranges, interrupted, changed in transit.

use super::proxy::{Fault, Head};
use super::{BUCKET, assert_same, download, noise, upload, with_proxy, with_storage};
use futures_util::TryStreamExt;
use gapi_runtime::{ErrorKind, Media, Progress};
use std::sync::{Arc, Mutex};

const SIZE: usize = 8 << 20;

#[test]
fn a_range_is_a_part_of_the_media() {
    with_storage(async |storage| {
        let content = noise(100_000);
        upload(&storage, "part", content.clone()).await;
        let part = storage.objects().get(BUCKET, "part").download();
        let found = part.clone().range(1000..2000).send().await.unwrap();
        assert_same(&found, &content[1000..2000]);
        let found = part.clone().range(..10).send_with_headers().await.unwrap();
        assert_eq!(found.status(), 206);
        assert_eq!(found.headers()["content-range"], "bytes 0-9/100000");
        assert_same(found.body(), &content[..10]);
        let found = part.clone().range(99_990..).send().await.unwrap();
        assert_same(&found, &content[99_990..]);
        let found = part.clone().range(99_990..200_000).send().await.unwrap();
        assert_same(&found, &content[99_990..]);

        let error = part.range(100_000..).send().await.unwrap_err();
        assert_eq!(error.http_status().unwrap(), 416);
    });
}

#[test]
fn media_comes_as_a_stream() {
    with_storage(async |storage| {
        let content = noise(SIZE);
        upload(&storage, "stream", content.clone()).await;
        let get = storage.objects().get(BUCKET, "stream");
        let reported: Arc<Mutex<Option<Progress>>> = Arc::default();
        let tell = Arc::clone(&reported);
        let media = get
            .download()
            .on_progress(move |progress| *tell.lock().unwrap() = Some(progress));
        let response = media.stream().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/plain");
        let chunks: Vec<_> = response.into_body().try_collect().await.unwrap();
        assert!(chunks.len() > 1);
        assert_same(&chunks.concat(), &content);
        let reported = reported.lock().unwrap().unwrap();
        assert_eq!((reported.bytes, reported.total), (8 << 20, Some(8 << 20)));
    });
}

#[test]
fn a_download_that_breaks_goes_on_where_it_was() {
    with_proxy(async |storage, proxy| {
        let content = noise(SIZE);
        upload(&storage, "broken", content.clone()).await;
        proxy.breaks(Head::is_download, Fault::CutResponse(5 << 20));
        proxy.breaks(Head::is_download, Fault::CutResponse(1 << 20));
        let get = storage.objects().get(BUCKET, "broken");
        let stream = get.download().stream().await.unwrap().into_body();
        let chunks: Vec<_> = stream.try_collect().await.unwrap();
        assert_same(&chunks.concat(), &content);

        let ranges = proxy.headers(Head::is_download, "range");
        let starts: Vec<usize> = ranges
            .iter()
            .filter_map(|range| {
                range
                    .strip_prefix("bytes=")?
                    .split('-')
                    .next()?
                    .parse()
                    .ok()
            })
            .collect();
        assert_eq!(ranges[0], "");
        assert_eq!(starts.len(), 2, "{ranges:?}");
        // A reset can discard bytes that were sent before.
        assert!(0 < starts[0] && starts[0] <= 5 << 20, "{starts:?}");
        assert!(starts[0] < starts[1] && starts[1] <= 6 << 20, "{starts:?}");
        for condition in &proxy.headers(Head::is_download, "if-range")[1..] {
            assert!(condition.starts_with('"'), "{condition}");
        }
    });
}

#[test]
fn a_byte_that_changes_on_the_way_is_noticed() {
    with_proxy(async |storage, proxy| {
        let content = noise(SIZE);
        upload(&storage, "changed", content.clone()).await;
        for position in [0, 4_000_000, SIZE - 1] {
            proxy.breaks(Head::is_download, Fault::ChangeResponse(position));
            let get = storage.objects().get(BUCKET, "changed");
            let error = get.download().send().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Checksum, "{error}");
        }
        // The change can also come after an interruption.
        proxy.breaks(Head::is_download, Fault::CutResponse(5 << 20));
        proxy.breaks(Head::is_download, Fault::ChangeResponse(1000));
        let get = storage.objects().get(BUCKET, "changed");
        let error = get.download().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Checksum, "{error}");
        assert_same(&download(&storage, "changed").await, &content);
    });
}

#[test]
fn media_that_is_stored_compressed_comes_as_it_was() {
    with_storage(async |storage| {
        // The output of `gzip -n` for four words.
        let compressed =
            b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xcbH\xcd\xc9\xc9W\xc8@'\x01\xe3Q=\x8d\x17\0\0\0";
        let insert = storage.objects().insert(BUCKET, None).name("words");
        let insert = insert.content_encoding("gzip");
        let media = Media::new("text/plain", &compressed[..]);
        let object = insert.upload(media).send().await.unwrap();
        assert_eq!(object.size, Some(28));
        // The server decompresses the object for a client without `Accept-Encoding`. The checksum is of the stored
        // object.
        let get = storage.objects().get(BUCKET, "words").download();
        let response = get.send_with_headers().await.unwrap();
        assert_eq!(response.headers()["x-goog-stored-content-encoding"], "gzip");
        assert_eq!(response.body(), "hello hello hello hello");
    });
}

#[test]
fn two_versions_are_not_mixed() {
    with_proxy(async |storage, proxy| {
        upload(&storage, "versions", noise(SIZE)).await;
        proxy.breaks(Head::is_download, Fault::CutResponse(5 << 20));
        let get = storage.objects().get(BUCKET, "versions");
        let mut stream = get.download().stream().await.unwrap().into_body();
        stream.try_next().await.unwrap().expect("a first chunk");
        upload(&storage, "versions", vec![0; SIZE]).await;
        let error = stream.try_collect::<Vec<_>>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Media, "{error}");
        assert!(error.to_string().contains("changed"), "{error}");
    });
}
