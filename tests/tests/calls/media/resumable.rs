//! Uploads in chunks.

use super::{ID, file, header, line, response, shows_no_secrets, things};
use gapi_runtime::{Error, ErrorKind, Media, MockTransport};

const UNIT: usize = 256 << 10;
const SESSION: &str = "https://storage.googleapis.com/session?upload_id=SECRET";

fn opened(mock: MockTransport) -> MockTransport {
    mock.respond_with(response(200, &[("location", SESSION)], ""))
}

/// Uploads this many bytes in chunks of 256 KiB.
async fn upload(mock: &MockTransport, length: usize) -> Result<Option<String>, Error> {
    let things = things(mock).await;
    let bytes: Vec<u8> = (0..length)
        .map(|at| u8::try_from(at / UNIT).unwrap())
        .collect();
    let upload = things
        .insert(file("SECRET"))
        .upload(Media::new("image/png", bytes));
    let upload = upload.resumable().chunk_size(1);
    shows_no_secrets(&format!("{upload:?}"));
    Ok(upload.send().await?.name)
}

/// Returns the verb, the range and the length of all requests after the first.
fn chunks(mock: &MockTransport) -> Vec<(String, String, usize)> {
    let requests = mock.requests();
    let chunks = requests.iter().skip(1).map(|request| {
        assert_eq!(header(request, "authorization"), "Bearer TOKEN");
        assert!(header(request, "user-agent").starts_with("gapi/"));
        (
            line(request),
            header(request, "content-range").to_owned(),
            request.body().len(),
        )
    });
    chunks.collect()
}

fn chunk(range: &str, length: usize) -> (String, String, usize) {
    (format!("PUT {SESSION}"), range.to_owned(), length)
}

fn unusable(error: &Error, reason: &str) {
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    let attempts = format!("{reason} (1 attempt in ");
    assert!(error.to_string().contains(&attempts), "{error}");
    assert!(
        error
            .to_string()
            .starts_with(&format!("{ID}.insert: HTTP "))
    );
    shows_no_secrets(&format!("{error} {error:?}"));
}

#[tokio::test]
async fn a_session_is_opened_with_the_body() {
    let mock = opened(MockTransport::new()).respond(200, r#"{"name": "n"}"#);
    let things = things(&mock).await;
    let media = Media::new("video/mp4", "12345");
    let upload = things.insert(file("f")).upload(media).resumable();
    let response = upload.clone().send_with_headers().await.unwrap();
    assert_eq!(response.body().name.as_deref(), Some("n"));
    let requests = mock.requests();
    assert_eq!(
        line(&requests[0]),
        "POST https://example.googleapis.com/upload/media/v1/files?alt=json&uploadType=resumable"
    );
    for (name, value) in [
        ("accept", "application/json"),
        ("authorization", "Bearer TOKEN"),
        ("content-type", "application/json"),
        ("x-upload-content-length", "5"),
        ("x-upload-content-type", "video/mp4"),
    ] {
        assert_eq!(header(&requests[0], name), value, "{name}");
    }
    assert_eq!(requests[0].body(), r#"{"name":"f"}"#);
    assert_eq!(chunks(&mock), [chunk("bytes 0-4/5", 5)]);
    assert_eq!(requests[1].body(), "12345");
}

#[tokio::test]
async fn what_was_not_kept_is_sent_again() {
    let mock = opened(MockTransport::new())
        // The server keeps nothing of the first chunk, then all of it, then a part of the second.
        .respond_with(response(308, &[], ""))
        .respond_with(response(308, &[("range", "bytes=0-262143")], ""))
        .respond_with(response(308, &[("range", "bytes=0-299999")], ""))
        .respond_with(response(308, &[("range", "bytes=0-562143")], ""))
        .respond(201, r#"{"name": "done"}"#);
    let name = upload(&mock, 700_000).await.unwrap();
    assert_eq!(name.as_deref(), Some("done"));
    assert_eq!(
        chunks(&mock),
        [
            chunk("bytes 0-262143/700000", UNIT),
            chunk("bytes 0-262143/700000", UNIT),
            chunk("bytes 262144-524287/700000", UNIT),
            chunk("bytes 300000-562143/700000", UNIT),
            chunk("bytes 562144-699999/700000", 137_856),
        ]
    );
    let requests = mock.requests();
    assert!(requests[3].body().iter().all(|byte| *byte == 1));
    assert!(requests[5].body().iter().all(|byte| *byte == 2));
}

#[tokio::test]
async fn a_server_with_all_bytes_is_asked_for_its_response() {
    let mock = opened(MockTransport::new())
        .respond_with(response(308, &[("range", "bytes=0-9")], ""))
        .respond(200, "{}");
    upload(&mock, 10).await.unwrap();
    let requests = chunks(&mock);
    assert_eq!(requests[1], chunk("bytes */10", 0));
    assert_eq!(header(&mock.requests()[2], "content-length"), "0");
}

#[tokio::test]
async fn nothing_is_sent_without_a_range() {
    let mock = opened(MockTransport::new()).respond(200, "{}");
    upload(&mock, 0).await.unwrap();
    assert_eq!(header(&mock.requests()[0], "x-upload-content-length"), "0");
    assert_eq!(chunks(&mock), [chunk("", 0)]);
}

#[tokio::test]
async fn a_session_can_move() {
    let mock = opened(MockTransport::new())
        .respond_with(response(
            308,
            &[
                ("location", "https://example.googleapis.com/moved"),
                ("range", "bytes=0-0"),
            ],
            "",
        ))
        .respond(200, "{}");
    upload(&mock, 2).await.unwrap();
    let moved = &mock.requests()[2];
    assert_eq!(line(moved), "PUT https://example.googleapis.com/moved");
}

#[tokio::test]
async fn credentials_and_media_go_nowhere_else() {
    let reason = "the upload was sent to an address that credentials must not go to";
    for location in [
        "https://evil.example/SECRET",
        "http://example.googleapis.com/SECRET",
        "https://example.googleapis.com.evil.example/",
        "https://example.googleapis.com@evil.example/",
        "\u{e9}",
        "",
    ] {
        let session = response(200, &[("location", location)], "");
        let mock = MockTransport::new().respond_with(session);
        let error = upload(&mock, 1).await.unwrap_err();
        unusable(&error, reason);
        assert_eq!(mock.requests().len(), 1, "{location}");

        let moved = response(308, &[("location", location)], "");
        let mock = opened(MockTransport::new()).respond_with(moved);
        unusable(&upload(&mock, 1).await.unwrap_err(), reason);
        assert_eq!(mock.requests().len(), 2, "{location}");
    }
}

#[tokio::test]
async fn a_response_without_a_session_is_an_error() {
    let reason = "the server opened no session for the upload";
    for session in [
        response(200, &[], "{}"),
        response(201, &[("location", SESSION)], ""),
        response(204, &[], ""),
    ] {
        let mock = MockTransport::new().respond_with(session);
        unusable(&upload(&mock, 1).await.unwrap_err(), reason);
        assert_eq!(mock.requests().len(), 1);
    }
    let mock = MockTransport::new().respond(401, "");
    let error = upload(&mock, 1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Http);
}

#[tokio::test]
async fn a_range_that_makes_no_sense_is_an_error() {
    for range in [
        "",
        "bytes",
        "bytes=0-",
        "bytes=0-x",
        "bytes=0-2",
        "bytes=0-99999999999999999999",
    ] {
        let mock =
            opened(MockTransport::new()).respond_with(response(308, &[("range", range)], ""));
        let error = upload(&mock, 2).await.unwrap_err();
        unusable(&error, "the server does not say what it has of the media");
    }
}

#[tokio::test]
async fn a_server_that_keeps_nothing_is_not_asked_forever() {
    let mock = MockTransport::with(|request| {
        let is_first = request.method() == "POST";
        Ok(if is_first {
            response(200, &[("location", SESSION)], "")
        } else {
            response(308, &[], "")
        })
    });
    let error = upload(&mock, 2 * UNIT).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 3));
    // No redirect.
    let text = "HTTP 308: the server keeps nothing of the media that it is sent: it has 0 of 524288 bytes (3 attempts in ";
    assert!(error.to_string().contains(text), "{error}");
    shows_no_secrets(&format!("{error} {error:?}"));
    assert_eq!(chunks(&mock).len(), 3);
}

#[tokio::test]
async fn a_rejected_chunk_ends_the_upload() {
    for status in [400, 404, 410, 302] {
        let mock = opened(MockTransport::new()).respond(status, r#"{"error": {"message": "m"}}"#);
        let error = upload(&mock, 2 * UNIT).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Http);
        assert_eq!(error.http_status().unwrap().as_u16(), status);
        let is_lost = error
            .to_string()
            .contains(": the upload session no longer exists: m (1 attempt in ");
        assert_eq!(is_lost, matches!(status, 404 | 410), "{error}");
        assert_eq!(chunks(&mock).len(), 1);
    }
}

#[tokio::test]
async fn chunks_are_multiples_of_the_unit() {
    for (chunk_size, first) in [
        (0, UNIT),
        (1, UNIT),
        (UNIT, UNIT),
        (UNIT + 1, 2 * UNIT),
        (usize::MAX, 20 << 20),
    ] {
        let mock = opened(MockTransport::new()).respond(200, "{}");
        let media = Media::new("a/b", vec![0; 20 << 20]);
        let replace = things(&mock).await.replace("x", file(""));
        let upload = replace.upload(media).resumable().chunk_size(chunk_size);
        // Success after one chunk is an error, unless the chunk is the whole media.
        assert_eq!(upload.send().await.is_ok(), first == 20 << 20);
        assert_eq!(mock.requests()[1].body().len(), first, "{chunk_size}");
    }
    let mock = opened(MockTransport::new()).respond(200, "{}");
    let media = Media::new("a/b", vec![0; 20 << 20]);
    let replace = things(&mock).await.replace("x", file(""));
    replace.upload(media).resumable().send().await.unwrap_err();
    assert_eq!(mock.requests()[1].body().len(), 16 << 20);
}
