//! Interrupted and resumed uploads of 64 MiB in chunks.

use super::proxy::{Fault, Head, Proxy};
use super::{BUCKET, assert_same, client, download, noise, with_proxy, with_storage};
use gapi_runtime::{Bytes, Media, Progress, ResumableUpload};
use gapi_test_clients::storage_v1::Storage;
use gapi_test_clients::storage_v1::objects::Insert;
use std::sync::{Arc, Mutex};

const SIZE: usize = 64 << 20;
const CHUNK: usize = 16 << 20;

/// Returns an upload in chunks that records its progress.
fn resumable(
    storage: &Storage,
    name: &str,
    media: Media,
) -> (ResumableUpload<Insert>, Arc<Mutex<Vec<u64>>>) {
    let reported: Arc<Mutex<Vec<u64>>> = Arc::default();
    let tell = Arc::clone(&reported);
    let insert = storage.objects().insert(BUCKET, None).name(name);
    let upload = insert.upload(media).resumable().chunk_size(CHUNK);
    let upload = upload.on_progress(move |progress: Progress| {
        tell.lock().unwrap().push(progress.bytes);
    });
    (upload, reported)
}

/// Returns the ranges of the chunks that were sent; `bytes 0-1/2` as `0-1`.
fn chunks(proxy: &Proxy) -> Vec<String> {
    let ranges = proxy.headers(Head::is_chunk, "content-range");
    let start = |range: &str| {
        range
            .trim_start_matches("bytes ")
            .split('/')
            .next()
            .map(str::to_owned)
    };
    ranges.iter().filter_map(|range| start(range)).collect()
}

fn questions(proxy: &Proxy) -> usize {
    proxy.headers(Head::is_status_query, "content-range").len()
}

/// The ranges of four complete chunks.
const WHOLE: [&str; 4] = [
    "0-16777215",
    "16777216-33554431",
    "33554432-50331647",
    "50331648-67108863",
];

#[test]
fn media_is_sent_in_chunks() {
    with_storage(async |storage| {
        let content = noise(SIZE);
        let (upload, reported) =
            resumable(&storage, "film", Media::new("video/mp4", content.clone()));
        let object = upload.send().await.unwrap();
        assert_eq!(object.size, Some(64 << 20));
        let reported = reported.lock().unwrap().clone();
        assert_eq!(reported, [1, 2, 3, 4].map(|chunks| chunks * (16 << 20)));
        // The download is checked against the checksum of the server.
        assert_same(&download(&storage, "film").await, &content);
    });
}

#[test]
fn media_of_unknown_length_is_sent_in_chunks() {
    with_storage(async |storage| {
        for size in [0, 1 << 20, 2 * CHUNK, 2 * CHUNK + 1] {
            let content = noise(size);
            let parts = content.chunks(1_000_003).map(Bytes::copy_from_slice);
            let parts: Vec<_> = parts.map(Ok).collect();
            let media = Media::stream("a/b", futures_util::stream::iter(parts));
            let name = format!("stream-{size}");
            let object = resumable(&storage, &name, media).0.send().await.unwrap();
            assert_eq!(object.size, u64::try_from(size).ok());
            assert_same(&download(&storage, &name).await, &content);
        }
    });
}

#[test]
fn a_connection_that_breaks_within_a_chunk_is_resumed() {
    with_proxy(async |storage, proxy| {
        let content = noise(SIZE);
        proxy.breaks(skip_one, Fault::CutRequest(5_000_000));
        let (upload, reported) = resumable(&storage, "cut", Media::new("a/b", content.clone()));
        let object = upload.send().await.unwrap();
        assert_eq!(object.size, Some(64 << 20));
        // The server discards an incomplete chunk.
        assert_eq!(
            chunks(&proxy),
            [WHOLE[0], WHOLE[1], WHOLE[1], WHOLE[2], WHOLE[3]]
        );
        assert_eq!(questions(&proxy), 1);
        assert_eq!(reported.lock().unwrap().last(), Some(&(64 << 20)));
        assert_same(&download(&storage, "cut").await, &content);
    });
}

/// Returns whether a chunk is not the first one.
fn skip_one(head: &Head) -> bool {
    let range = head.header("content-range").unwrap_or_default();
    head.is_chunk() && !range.starts_with("bytes 0-")
}

#[test]
fn a_chunk_whose_response_is_lost_is_not_sent_again() {
    with_proxy(async |storage, proxy| {
        let content = noise(SIZE);
        // The media can be read only once, so no byte of it may be needed again.
        let parts = content.chunks(1 << 20).map(Bytes::copy_from_slice);
        let parts: Vec<_> = parts.map(Ok).collect();
        let media = Media::stream("a/b", futures_util::stream::iter(parts));
        proxy.breaks(skip_one, Fault::LoseResponse);
        let (upload, _) = resumable(&storage, "lost", media.length(64 << 20));
        upload.send().await.unwrap();
        assert_eq!(chunks(&proxy), WHOLE);
        assert_eq!(questions(&proxy), 1);
        assert_same(&download(&storage, "lost").await, &content);
    });
}

#[test]
fn an_upload_that_is_dropped_goes_on() {
    with_proxy(async |storage, proxy| {
        let content = noise(SIZE);
        proxy.breaks(skip_one, Fault::HoldRequest(3_000_000));
        let (upload, _) = resumable(&storage, "dropped", Media::new("a/b", content.clone()));
        let mut session = upload.start().await.unwrap();
        tokio::select! {
            sent = session.send() => panic!("the upload is held: {sent:?}"),
            () = proxy.holds() => {}
        }
        assert_eq!(chunks(&proxy), WHOLE[..2]);

        let object = session.send().await.unwrap();
        assert_eq!(object.size, Some(64 << 20));
        assert_eq!(chunks(&proxy)[2..], WHOLE[1..]);
        assert_eq!(questions(&proxy), 1);
        assert_same(&download(&storage, "dropped").await, &content);
    });
}

#[test]
fn an_upload_goes_on_after_a_restart() {
    with_proxy(async |storage, proxy| {
        let content = noise(SIZE);
        let directory = tempfile::tempdir().unwrap();
        let (media, kept) = (
            directory.path().join("media"),
            directory.path().join("session"),
        );
        std::fs::write(&media, &content).unwrap();

        // Only the recorded session remains of the first process.
        let (address, held) = (proxy.url().to_owned(), proxy.clone());
        let (file, note) = (media.clone(), kept.clone());
        proxy.breaks(skip_one, Fault::HoldRequest(1_000_000));
        let (ended, end) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            super::block_on(async {
                let storage = client(&address).await;
                let media = Media::file("a/b", file).await.unwrap();
                let (upload, _) = resumable(&storage, "restarted", media);
                let mut session = upload.start().await.unwrap();
                std::fs::write(note, session.uri()).unwrap();
                tokio::select! {
                    sent = session.send() => panic!("the upload is held: {sent:?}"),
                    () = held.holds() => {}
                }
            });
            ended.send(()).unwrap();
        });
        end.await.unwrap();

        let uri = std::fs::read_to_string(kept).unwrap();
        let media = Media::file("a/b", media).await.unwrap();
        let (upload, reported) = resumable(&storage, "restarted", media);
        let object = upload.resume(&uri).unwrap().send().await.unwrap();
        assert_eq!(object.size, Some(64 << 20));
        assert_eq!(chunks(&proxy)[2..], WHOLE[1..]);
        // The progress includes the bytes that the server already has.
        assert_eq!(reported.lock().unwrap().first(), Some(&(16 << 20)));
        assert_same(&download(&storage, "restarted").await, &content);
    });
}

#[test]
fn a_session_is_cancelled() {
    with_storage(async |storage| {
        let (upload, _) = resumable(&storage, "cancelled", Media::new("a/b", "content"));
        upload.start().await.unwrap().cancel().await.unwrap();
        let get = storage.objects().get(BUCKET, "cancelled").send();
        assert!(get.await.unwrap_err().is_not_found());
    });
}

#[test]
fn a_session_that_is_over_is_not_found() {
    with_storage(async |storage| {
        let (upload, _) = resumable(&storage, "over", Media::new("a/b", "content"));
        let mut session = upload.clone().start().await.unwrap();
        session.send().await.unwrap();
        let mut again = upload.resume(&session.uri()).unwrap();
        let error = again.send().await.unwrap_err();
        assert!(error.is_not_found(), "{error}");
        assert_eq!(error.method_id(), Some("storage.objects.insert"));
        assert_eq!(download(&storage, "over").await, "content");
    });
}
