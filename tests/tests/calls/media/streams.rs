//! Media in one request that is never completely in memory.

use super::{chunks, file, header, line, rejection, response, things, unreachable};
use gapi_runtime::{Body, Bytes, ErrorKind, Media, MockTransport, Transport, TransportError, http};
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

#[tokio::test]
async fn a_stream_alone_is_the_body() {
    let mock = MockTransport::new().respond(200, "").respond(200, "");
    let things = things(&mock).await;
    let media = chunks("image/png", vec!["ab", "", "c"]);
    assert_eq!(
        format!("{media:?}"),
        r#"Media { content_type: "image/png", len: None, .. }"#
    );
    things.thumbnail().upload(media).send().await.unwrap();
    let media = chunks("image/png", Vec::<&str>::new());
    things.thumbnail().upload(media).send().await.unwrap();
    let requests = mock.requests();
    assert_eq!(
        line(&requests[0]),
        "POST https://example.googleapis.com/upload/media/v1/thumb?uploadType=media"
    );
    assert_eq!(header(&requests[0], "content-type"), "image/png");
    assert_eq!(header(&requests[0], "authorization"), "Bearer TOKEN");
    assert_eq!(requests[0].body(), "abc");
    assert_eq!(requests[1].body(), "");
}

#[tokio::test]
async fn a_stream_goes_after_a_body() {
    let mock = MockTransport::new().respond(200, r#"{"name": "there"}"#);
    let media = chunks("image/png", vec!["ab", "c"]).length(3);
    let upload = things(&mock).await.insert(file("here")).upload(media);
    let response = upload.send().await.unwrap();
    assert_eq!(response.name.as_deref(), Some("there"));
    let request = &mock.requests()[0];
    assert!(line(request).ends_with("?alt=json&uploadType=multipart"));
    let content_type = header(request, "content-type");
    let boundary = content_type
        .strip_prefix("multipart/related; boundary=\"")
        .and_then(|boundary| boundary.strip_suffix('"'))
        .unwrap();
    let expected = format!(
        "--{boundary}\r\nContent-Type: application/json\r\nMIME-Version: 1.0\r\n\r\n{{\"name\":\"here\"}}\r\n\
         --{boundary}\r\nContent-Type: image/png\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: binary\r\n\r\n\
         abc\r\n--{boundary}--\r\n"
    );
    assert_eq!(request.body(), expected.as_bytes());
}

/// A transport that only records the lengths of streams.
#[derive(Clone, Debug, Default)]
struct Lengths(Arc<Mutex<Vec<Option<u64>>>>);

impl Transport for Lengths {
    fn send(
        &self,
        _: http::Request<Bytes>,
    ) -> gapi_runtime::BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        panic!("not a stream");
    }

    fn send_streaming(
        &self,
        request: http::Request<Body>,
    ) -> gapi_runtime::BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let said = request.body().length();
            let there = request.into_body().collect().await?.len();
            assert!(said.is_none_or(|said| said == u64::try_from(there).unwrap()));
            self.0.lock().unwrap().push(said);
            Ok(http::Response::new(Bytes::from_static(b"{}").into()))
        })
    }
}

#[tokio::test]
async fn a_length_is_said_if_it_is_known() {
    use super::fixture::media_upload_and_download_v1::MediaUploadAndDownload;
    let lengths = Lengths::default();
    let client = MediaUploadAndDownload::builder().transport(lengths.clone());
    let things = client.build().await.unwrap().things();
    for media in [
        chunks("image/png", vec!["ab", "c"]),
        chunks("image/png", vec!["ab", "c"]).length(3),
    ] {
        things.thumbnail().upload(media).send().await.unwrap();
    }
    let media = chunks("image/png", vec!["ab", "c"]).length(3);
    things.insert(file("")).upload(media).send().await.unwrap();
    let lengths = lengths.0.lock().unwrap();
    assert_eq!(lengths[..2], [None, Some(3)]);
    assert!(lengths[2].unwrap() > 3);
}

#[tokio::test]
async fn a_transport_without_streams_gets_it_whole() {
    use super::fixture::media_upload_and_download_v1::MediaUploadAndDownload;
    #[derive(Debug)]
    struct Own;
    impl Transport for Own {
        fn send(
            &self,
            request: http::Request<Bytes>,
        ) -> gapi_runtime::BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
            Box::pin(std::future::ready(Ok(http::Response::new(
                request.into_body(),
            ))))
        }
    }
    let client = MediaUploadAndDownload::builder().transport(Own);
    let things = client.build().await.unwrap().things();
    let upload = things
        .thumbnail()
        .upload(chunks("image/png", vec!["ab", "c"]));
    assert_eq!(upload.send().await.unwrap(), "abc");
    assert_eq!(things.get("x").download().send().await.unwrap(), "");
}

#[tokio::test]
async fn a_stream_goes_once_and_what_can_be_reopened_again() {
    let mock = MockTransport::with(|_| Ok(response(200, &[], "")));
    let things = things(&mock).await;
    let upload = things
        .thumbnail()
        .upload(chunks("image/png", vec!["ab", "c"]));
    upload.clone().send().await.unwrap();
    let error = upload.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Media);
    assert!(
        error
            .to_string()
            .ends_with("the media cannot be read: it can be read only once, and it was")
    );
    assert_eq!(mock.requests().len(), 1);

    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    let media = Media::reopenable("image/png", move |position| {
        count.fetch_add(1, Ordering::Relaxed);
        assert_eq!(position, 0);
        async { Ok(futures_util::stream::iter([Ok(Bytes::from("abc"))])) }
    });
    for _ in 0..2 {
        let upload = things.thumbnail().upload(media.clone());
        upload.send().await.unwrap();
    }
    assert_eq!(opened.load(Ordering::Relaxed), 2);
    assert_eq!(mock.requests()[2].body(), "abc");
}

#[tokio::test]
async fn what_is_longer_shorter_or_broken_ends_the_upload() {
    let mock = MockTransport::with(unreachable);
    let things = things(&mock).await;
    let broken = [
        Ok(Bytes::from("ab")),
        Err(io::Error::other("the disk is gone")),
    ];
    let unopened = |_| async {
        Err::<futures_util::stream::Empty<_>, _>(io::Error::from(io::ErrorKind::NotFound))
    };
    for (media, reason) in [
        (
            chunks("a/b", vec!["ab", "c"]).length(2),
            "it has more than 2 bytes, which is its length",
        ),
        (
            chunks("a/b", vec!["ab", "c"]).length(4),
            "it ends after 3 bytes, and its length is 4",
        ),
        (
            chunks("a/b", vec![vec![0; 2000], vec![0; 49]]),
            "it has more than 2048 bytes, which is the limit",
        ),
        (
            Media::stream("a/b", futures_util::stream::iter(broken)),
            "the disk is gone",
        ),
        (Media::reopenable("a/b", unopened), "entity not found"),
    ] {
        let error = things.thumbnail().upload(media).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Media);
        assert_eq!(
            error.to_string(),
            format!(
                "media_upload_and_download.things.thumbnail: the media cannot be read: {reason}"
            )
        );
    }
    let media = chunks("a/b", vec!["a"]).length(2049);
    let error = things.thumbnail().upload(media).send().await.unwrap_err();
    let reason = "the media has 2049 bytes, and the limit is 2048";
    rejection(&error, "thumbnail", reason);
    assert!(mock.requests().is_empty());
}

#[tokio::test]
async fn files_and_readers_are_media() {
    let mock = MockTransport::with(|_| Ok(response(200, &[], "{}")));
    let things = things(&mock).await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("media");
    let content: Vec<u8> = (0..=255).cycle().take(600_000).collect();
    std::fs::write(&path, &content).unwrap();

    let media = Media::file("a/b", &path).await.unwrap();
    assert!(format!("{media:?}").contains("Some(600000)"), "{media:?}");
    let replace = things.replace("x", None).upload(media.clone());
    replace.clone().send().await.unwrap();
    replace.send().await.unwrap();
    let reader = io::Cursor::new(content[..500_000].to_vec());
    let replace = things
        .replace("x", None)
        .upload(Media::reader("a/b", reader));
    replace.send().await.unwrap();
    let requests = mock.requests();
    assert!(requests[0].body() == &content && requests[1].body() == &content);
    assert!(requests[2].body() == &content[..500_000]);

    std::fs::write(&path, "shorter").unwrap();
    let replace = things.replace("x", None).upload(media);
    let error = replace.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Media);
    let missing = Media::file("a/b", directory.path().join("none")).await;
    assert_eq!(missing.unwrap_err().kind(), io::ErrorKind::NotFound);
}
