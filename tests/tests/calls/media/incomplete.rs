//! Uploads that a server confirms without having every byte.

use super::fixture::media_upload_and_download_v1::{MediaUploadAndDownload, things::Things};
use super::server::{Server, Step, responses, text};
use super::{chunks as stream, header, response, shows_no_secrets, things};
use gapi_runtime::{Bytes, Error, ErrorKind, Media, MockTransport, RetryPolicy, http};
use gapi_test_clients::storage_v1::{Storage, schemas::Object};

const UNIT: usize = 256 << 10;
const SIZE: usize = 3 << 20;
const SESSION: &str = "https://storage.googleapis.com/session?upload_id=SECRET";

fn opened() -> MockTransport {
    MockTransport::new().respond_with(response(200, &[("location", SESSION)], ""))
}

fn kept(range: &str) -> http::Response<Bytes> {
    response(308, &[("range", range)], "")
}

/// Uploads 3 MiB in chunks of 256 KiB.
async fn upload(mock: &MockTransport, media: Media) -> Result<Option<String>, Error> {
    let replace = things(mock).await.replace("x", None);
    let upload = replace.upload(media).resumable().chunk_size(UNIT);
    Ok(upload.send().await?.name)
}

fn memory() -> Media {
    Media::new("a/b", vec![0; SIZE])
}

fn unknown_length() -> Media {
    stream("a/b", vec![vec![0; SIZE]])
}

#[tokio::test]
async fn case_r11_a_success_before_the_last_chunk_is_an_error() {
    let resource = r#"{"kind": "storage#object", "size": "262144"}"#;
    for success in [
        response(200, &[], ""),
        response(200, &[], resource),
        response(201, &[], "{}"),
        response(204, &[], ""),
    ] {
        for (status, has) in [
            (kept("bytes=0-262143"), "it has 262144 of 3145728 bytes"),
            (response(308, &[], ""), "it has 0 of 3145728 bytes"),
            (
                response(200, &[], resource),
                "it has 262144 of 3145728 bytes",
            ),
            (
                response(200, &[], ""),
                "it does not say how many of 3145728 bytes it has",
            ),
            (
                response(404, &[], ""),
                "it does not say how many of 3145728 bytes it has",
            ),
            (
                kept("bytes=7-262143"),
                "it does not say how many of 3145728 bytes it has",
            ),
        ] {
            let mock = opened().respond_with(success.clone()).respond_with(status);
            let error = upload(&mock, memory()).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode);
            let text = format!("the server ended the upload before the last byte: {has}");
            assert!(
                error
                    .to_string()
                    .contains(&format!("{text} (1 attempt in ")),
                "{error}"
            );
            shows_no_secrets(&format!("{error} {error:?}"));
            let requests = mock.requests();
            assert_eq!(requests.len(), 3);
            assert_eq!(header(&requests[2], "content-range"), "bytes */3145728");
        }
    }
    let mock = opened()
        .respond(200, "{}")
        .respond_with(kept("bytes=0-262143"));
    let error = upload(&mock, unknown_length()).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("it has 262144 bytes (1 attempt in "),
        "{error}"
    );
    assert_eq!(header(&mock.requests()[2], "content-range"), "bytes */*");
}

#[tokio::test(start_paused = true)]
async fn case_r11_a_success_instead_of_the_bytes_that_the_server_has() {
    // The chunk fails, and the server treats the status query as the end of the upload.
    let mock = opened()
        .respond(503, "")
        .respond(200, "{}")
        .respond_with(kept("bytes=0-99"));
    let error = upload(&mock, memory()).await.unwrap_err();
    assert!(
        error.to_string().contains("it has 100 of 3145728 bytes"),
        "{error}"
    );

    // A server that lost bytes after the last chunk is not complete with any other chunk.
    let mock = opened()
        .respond_with(kept("bytes=0-262143"))
        .respond_with(kept("bytes=0-0"))
        .respond_with(response(200, &[], "{}"))
        .respond_with(kept("bytes=0-0"));
    let error = upload(&mock, Media::new("a/b", vec![0; 2 * UNIT])).await;
    let text = error.unwrap_err().to_string();
    assert!(
        text.contains("it has 1 of 524288 bytes (1 attempt in "),
        "{text}"
    );
}

#[tokio::test]
async fn case_r11_a_session_can_continue_after_an_early_success() {
    let mock = opened()
        .respond_with(response(200, &[], ""))
        .respond_with(kept("bytes=0-0"))
        .respond_with(kept("bytes=0-1"))
        .respond_with(response(200, &[], r#"{"name": "done"}"#));
    let replace = things(&mock).await.replace("x", None);
    let media = Media::new("a/b", vec![0; UNIT + 2]);
    let upload = replace.upload(media).resumable().chunk_size(UNIT);
    let mut session = upload.start().await.unwrap();
    session.send().await.unwrap_err();
    assert_eq!(session.send().await.unwrap().name.as_deref(), Some("done"));
    let ranges = mock.requests();
    let ranges: Vec<_> = ranges[1..]
        .iter()
        .map(|request| header(request, "content-range"))
        .collect();
    assert_eq!(
        ranges,
        [
            "bytes 0-262143/262146",
            "bytes */262146",
            "bytes */262146",
            "bytes 2-262145/262146"
        ]
    );
}

#[tokio::test]
async fn case_r11_a_status_that_stands_for_another() {
    let more = [
        ("x-http-status-code-override", "308"),
        ("range", "bytes=0-262143"),
    ];
    let mock = opened()
        .respond_with(response(200, &more, ""))
        .respond(200, r#"{"name": "done"}"#);
    let media = Media::new("a/b", vec![0; UNIT + 1]);
    assert_eq!(upload(&mock, media).await.unwrap().as_deref(), Some("done"));
    assert_eq!(mock.requests().len(), 3);
}

#[tokio::test]
async fn case_r11_a_last_response_that_is_cut_off() {
    let whole = r#"{"name": "done"}"#;
    let media = || Media::new("a/b", "123");
    let mock = opened().respond(200, &whole[..9]).respond(200, whole);
    assert_eq!(
        upload(&mock, media()).await.unwrap().as_deref(),
        Some("done")
    );
    assert_eq!(header(&mock.requests()[2], "content-range"), "bytes */3");
    let mock = opened().respond(200, &whole[..9]).respond(200, &whole[..9]);
    let error = upload(&mock, media()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(mock.requests().len(), 3);
}

#[tokio::test]
async fn case_r11_ranges_with_a_gap_are_errors() {
    for range in [
        "bytes=1-262143",
        "bytes=0-99,200-262143",
        "items=0-262143",
        "bytes=0-262144",
    ] {
        let mock = opened().respond_with(kept(range));
        let error = upload(&mock, memory()).await.unwrap_err();
        let reason = "the server does not say what it has of the media";
        assert!(
            error
                .to_string()
                .contains(&format!("{reason} (1 attempt in ")),
            "{range} {error}"
        );
    }
}

#[tokio::test]
async fn case_r11_another_size_than_was_sent() {
    let object = r#"{"kind": "storage#object", "size": "8"}"#;
    let reason = "the server has stored 8 bytes, and the media has 9";
    let media = || {
        [
            Media::new("a/b", "123456789"),
            stream("a/b", vec!["12345", "6789"]),
        ]
    };
    for media in media() {
        let error = upload(&opened().respond(200, object), media)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(
            error
                .to_string()
                .contains(&format!("{reason} (1 attempt in ")),
            "{error}"
        );
    }
    for media in media() {
        let mock = MockTransport::new().respond(200, object);
        let replace = things(&mock).await.replace("x", None).upload(media);
        let error = replace.send().await.unwrap_err();
        assert!(
            error
                .to_string()
                .contains(&format!("{reason} (1 attempt in ")),
            "{error}"
        );
    }
    // A session that another process has completed.
    let mock = MockTransport::new().respond(200, object);
    let replace = things(&mock).await.replace("x", None);
    let upload = replace.upload(Media::new("a/b", "123456789")).resumable();
    let error = upload.resume(SESSION).unwrap().send().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains(&format!("{reason} (1 attempt in ")),
        "{error}"
    );
    // The size of something else.
    for other in [r#"{"size": "8"}"#, r#"{"kind": "drive#file", "size": "8"}"#] {
        let mock = opened().respond(200, other);
        let replace = things(&mock).await.replace("x", None);
        let upload = replace.upload(Media::new("a/b", "123456789")).resumable();
        upload.send().await.unwrap();
    }
}

#[tokio::test]
async fn case_r11_another_checksum_than_was_sent() {
    let right = r#"{"kind": "storage#object", "size": "9", "crc32c": "4waSgw=="}"#;
    let wrong = r#"{"kind": "storage#object", "size": "9", "crc32c": "AAAAAA=="}"#;
    for (object, is_right) in [(right, true), (wrong, false)] {
        let insert = async |mock: &MockTransport, media| {
            let client = Storage::builder()
                .transport(mock.clone())
                .build()
                .await
                .unwrap();
            let insert = client
                .objects()
                .insert("bucket", Object::default())
                .name("o");
            insert.upload(media)
        };
        let check = |result: Result<Object, Error>| match result {
            Ok(_) => assert!(is_right),
            Err(error) => {
                assert!(!is_right, "{error}");
                assert_eq!(error.kind(), ErrorKind::Checksum);
            }
        };
        let memory = || Media::new("a/b", "123456789");
        let mock = MockTransport::new().respond(200, object);
        check(insert(&mock, memory()).await.send().await);
        for media in [memory(), stream("a/b", vec!["12345", "6789"])] {
            let mock = opened().respond(200, object);
            check(insert(&mock, media).await.resumable().send().await);
            // The server keeps a part of the bytes, so that some are sent again.
        }
        let mock = opened()
            .respond_with(kept("bytes=0-2"))
            .respond(200, object);
        check(insert(&mock, memory()).await.resumable().send().await);
    }
}

async fn socket(server: &Server) -> Things {
    let client = MediaUploadAndDownload::builder()
        .endpoint(&server.url)
        .retry(RetryPolicy::never());
    client.build().await.unwrap().things()
}

#[tokio::test]
async fn case_r11_a_response_before_the_whole_stream_was_sent() {
    let server = Server::start().await;
    server.then([Step {
        reads: Some(1000),
        writes: text("200 OK", &[], "{}", 2),
        breaks: false,
    }]);
    // The stream waits for its second chunk until the response is there.
    let chunks = futures_util::stream::unfold(0, |number| async move {
        if number > 0 {
            std::future::pending::<()>().await;
        }
        Some((Ok(Bytes::from(vec![0; 1000])), number + 1))
    });
    let media = Media::stream("a/b", chunks);
    let replace = socket(&server).await.replace("x", None).upload(media);
    let error = replace.send().await.unwrap_err();
    let reason = "the server ended the upload before the last byte: 1000 bytes were sent";
    assert!(
        error
            .to_string()
            .contains(&format!("{reason} (1 attempt in ")),
        "{error}"
    );
}

#[tokio::test]
async fn case_r11_media_of_another_length_than_it_states() {
    for (length, chunks) in [
        (2, vec!["ab", "c"]),
        (2, vec!["abc"]),
        (4, vec!["ab", "c"]),
        (0, vec!["a"]),
        (1, vec![]),
    ] {
        for is_resumable in [false, true] {
            let server = Server::start().await;
            let location = format!("location: {}/session", server.url);
            server.then([
                responses("200 OK", &[&location], "{}"),
                responses("200 OK", &[], "{}"),
            ]);
            let media = stream("a/b", chunks.clone()).length(length);
            let upload = socket(&server).await.replace("x", None).upload(media);
            let result = if is_resumable {
                upload.resumable().send().await
            } else {
                upload.send().await
            };
            assert_eq!(
                result.unwrap_err().kind(),
                ErrorKind::Media,
                "{length} {chunks:?}"
            );
        }
    }
    // The exact length is correct, even if the body is not read.
    for (length, chunks) in [(3, vec!["ab", "c"]), (0, vec![]), (0, vec![""])] {
        let server = Server::start().await;
        server.then([responses("200 OK", &[], "{}")]);
        let media = stream("a/b", chunks).length(length);
        let upload = socket(&server).await.replace("x", None).upload(media);
        upload.send().await.unwrap();
    }
}
