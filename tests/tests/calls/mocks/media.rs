//! Uploads, downloads and batches.

use super::files::media_upload_and_download_v1 as files;
use files::{MediaUploadAndDownload, schemas::File, things};
use gapi_runtime::mock::{Fault, Mock};
use gapi_runtime::{Bytes, Code, ErrorKind, Media, Status};

fn file(name: &str) -> File {
    File {
        name: Some(name.to_owned()),
        ..File::default()
    }
}

#[tokio::test(start_paused = true)]
async fn media_of_every_kind_of_upload_is_kept() {
    let mock = Mock::new();
    let api: MediaUploadAndDownload = mock.client().await.unwrap();
    mock.on::<things::Insert>()
        .partial_body(&file("a"))
        .respond(file("stored"))
        .times(3);
    mock.on::<things::Insert>().respond(file("alone"));
    let content = Bytes::from(vec![7; 600 << 10]);
    let media = || Media::new("image/png", content.clone());
    let upload = || api.things().insert(file("a")).upload(media());
    assert_eq!(upload().send().await.unwrap(), file("stored"));
    let chunked = upload().resumable().chunk_size(256 << 10);
    assert_eq!(chunked.send().await.unwrap(), file("stored"));
    let chunks = futures_util::stream::iter([Ok(content.clone())]);
    let stream = Media::stream("image/png", chunks);
    let streamed = api.things().insert(file("a")).upload(stream).send().await;
    assert_eq!(streamed.unwrap(), file("stored"));
    let alone = api.things().insert(None).upload(media()).send().await;
    assert_eq!(alone.unwrap(), file("alone"));
    let calls = mock.calls::<things::Insert>();
    assert_eq!(calls.len(), 4);
    for call in &calls {
        assert_eq!(call.media(), Some(("image/png", &content)));
    }
    assert_eq!(calls[1].body::<File>().unwrap(), file("a"));
    mock.verify().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_session_can_be_rejected_and_canceled() {
    let mock = Mock::new();
    let api: MediaUploadAndDownload = mock.client().await.unwrap();
    let upload = || {
        let media = Media::new("image/png", vec![7; 600 << 10]);
        api.things().insert(file("a")).upload(media).resumable()
    };
    mock.on::<things::Insert>()
        .respond_error(Status::new(Code::PermissionDenied, "not yours"))
        .respond(file("never"));
    assert!(upload().send().await.unwrap_err().is_permission_denied());
    let mut session = upload().start().await.unwrap();
    let uri = session.uri();
    session.send().await.unwrap();
    session.cancel().await.unwrap();
    let media = Media::new("image/png", vec![7; 9]);
    let resumed = api.things().insert(file("a")).upload(media).resumable();
    let error = resumed.resume(&uri).unwrap().send().await.unwrap_err();
    assert!(error.to_string().contains("no such upload"), "{error}");
    mock.verify().unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn downloads_return_media() {
    let mock = Mock::new();
    let api: MediaUploadAndDownload = mock.client().await.unwrap();
    mock.on::<things::Get>()
        .query("alt", "media")
        .respond_media("image/png", "content")
        .times(2)
        .respond_media("image/png", "content")
        .disconnect_after(3);
    mock.on::<things::Get>().respond(file("a"));
    let get = || api.things().get("1");
    assert_eq!(get().download().send().await.unwrap(), "content");
    assert_eq!(get().download().range(2..4).send().await.unwrap(), "nt");
    let broken = get().download().send().await.unwrap_err();
    assert_eq!(broken.kind(), ErrorKind::Transport);
    assert_eq!(get().send().await.unwrap(), file("a"));
    mock.on::<things::Thumbnail>()
        .respond(Bytes::from_static(b"\0\xff"));
    let media = Media::new("image/png", "large");
    let small = api.things().thumbnail().upload(media).send().await;
    assert_eq!(small.unwrap(), &b"\0\xff"[..]);
    mock.verify().unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_calls_of_a_batch_have_responses_of_their_own() {
    let mock = Mock::new();
    let api: MediaUploadAndDownload = mock.client().await.unwrap();
    mock.on::<things::Get>()
        .path("id", "ä/1")
        .respond(file("one"));
    mock.on::<things::Get>()
        .path("id", "2")
        .respond_error(Status::new(Code::NotFound, "no such file"));
    mock.on::<things::Replace>()
        .body(&file("b"))
        .query("note", "n")
        .respond(file("three"));
    let mut batch = api.batch();
    let one = batch.add(api.things().get("ä/1"));
    let two = batch.add(api.things().get("2"));
    let three = batch.add(api.things().replace("3", file("b")).note("n"));
    let mut responses = batch.send().await.unwrap();
    assert_eq!(responses.take(one).unwrap(), file("one"));
    assert!(responses.take(two).unwrap_err().is_not_found());
    assert_eq!(responses.take(three).unwrap(), file("three"));
    assert_eq!(mock.calls::<things::Get>()[0], api.things().get("ä/1"));

    // A fault and an unmatched call are those of the batch.
    mock.on::<things::Get>().respond_fault(Fault::Disconnect);
    let mut batch = api.batch().retry(gapi_runtime::RetryPolicy::never());
    let _ = batch.add(api.things().get("4"));
    assert_eq!(batch.send().await.unwrap_err().kind(), ErrorKind::Transport);
    mock.verify().unwrap();
    let mut batch = api.batch();
    let _ = batch.add(api.things().get("5"));
    let error = batch.send().await.unwrap_err().to_string();
    assert!(error.contains("GET /media/v1/files/5"), "{error}");
}
