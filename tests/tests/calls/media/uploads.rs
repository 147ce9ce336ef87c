//! Media in one request.

use super::fixture::media_upload_and_download_v1::StandardParameters;
use super::{file, header, line, rejection, response, shows_no_secrets, things, unreachable};
use gapi_runtime::{Bytes, Call, ErrorKind, Media, MockTransport, http, serde_json};
use serde_json::json;

#[tokio::test]
async fn media_alone_is_the_body() {
    let mock = MockTransport::new().respond_with(response(200, &[], "\u{0}raw"));
    let media = Media::new("image/png", vec![0, 0xff, b'\n']);
    let response = things(&mock).await.thumbnail().upload(media).send();
    assert_eq!(response.await.unwrap(), "\u{0}raw");
    let request = &mock.requests()[0];
    assert_eq!(
        line(request),
        "POST https://example.googleapis.com/upload/media/v1/thumb?uploadType=media"
    );
    assert_eq!(header(request, "content-type"), "image/png");
    assert_eq!(header(request, "accept"), "*/*");
    assert_eq!(header(request, "authorization"), "Bearer TOKEN");
    assert_eq!(request.body().as_ref(), [0, 0xff, b'\n']);
}

/// Returns the parts: their sorted headers in lower case, and their contents.
fn parts(request: &http::Request<Bytes>) -> Vec<(Vec<String>, Vec<u8>)> {
    let content_type = header(request, "content-type");
    let boundary = content_type
        .strip_prefix("multipart/related; boundary=\"")
        .expect("a boundary");
    let boundary = boundary.strip_suffix('"').expect("quotes");
    let body = request.body().as_ref();
    let text = |bytes: &[u8]| -> String { bytes.iter().copied().map(char::from).collect() };
    let body = text(body);
    let body = body
        .strip_suffix(&format!("\r\n--{boundary}--\r\n"))
        .expect("an end");
    let body = format!("\r\n{body}");
    let delimiter = format!("\r\n--{boundary}\r\n");
    let parts = body.split(&delimiter).skip(1).map(|part| {
        let (head, content) = part.split_once("\r\n\r\n").expect("an empty line");
        let mut head: Vec<String> = head.split("\r\n").map(str::to_lowercase).collect();
        head.sort();
        let content = content.chars().map(|c| u8::try_from(c).unwrap()).collect();
        (head, content)
    });
    parts.collect()
}

#[tokio::test]
async fn media_goes_after_a_body() {
    let mock = MockTransport::new().respond(201, r#"{"name": "there"}"#);
    let content = Bytes::from_static(b"\0\xff\r\n--gapi\r\n");
    let media = Media::new("video/mp4; codecs=\"x\"", content.clone());
    let upload = things(&mock).await.insert(file("here")).upload(media);
    let response = upload.clone().send_with_headers().await.unwrap();
    assert_eq!(response.status(), 201);
    assert_eq!(response.body().name.as_deref(), Some("there"));
    let request = &mock.requests()[0];
    assert_eq!(
        line(request),
        "POST https://example.googleapis.com/upload/media/v1/files?alt=json&uploadType=multipart"
    );
    assert_eq!(header(request, "accept"), "application/json");
    let parts = parts(request);
    assert_eq!(
        parts[0].0,
        ["content-type: application/json", "mime-version: 1.0"]
    );
    let body: serde_json::Value = serde_json::from_slice(&parts[0].1).unwrap();
    assert_eq!(body, json!({"name": "here"}));
    assert_eq!(
        parts[1].0,
        [
            "content-transfer-encoding: binary",
            "content-type: video/mp4; codecs=\"x\"",
            "mime-version: 1.0"
        ]
    );
    assert_eq!(parts[1].1, content);
    assert_eq!(parts.len(), 2);
}

#[tokio::test]
async fn a_boundary_is_never_part_of_what_it_bounds() {
    let mock = MockTransport::with(|_| Ok(http::Response::new(Bytes::from_static(b"{}"))));
    let things = things(&mock).await;
    let mut content = "x".repeat(100);
    for _ in 0..3 {
        let media = Media::new("image/png", content.clone());
        things.insert(file("")).upload(media).send().await.unwrap();
        let request = mock.requests().pop().unwrap();
        let sent = parts(&request);
        assert_eq!(sent[1].1, content.as_bytes());
        let (_, boundary) = header(&request, "content-type").split_once('=').unwrap();
        let boundary = boundary.trim_matches('"');
        assert!(!content.contains(boundary));
        // The content has the same length, so that only its bytes distinguish the requests.
        content.insert_str(0, boundary);
        content.truncate(100);
    }
}

#[tokio::test]
async fn an_upload_keeps_the_other_parameters_and_decides_its_own() {
    let mock = MockTransport::new().respond(200, "{}");
    let replace = things(&mock).await.replace("a/b", file(""));
    let replace = replace.upload_type("raw").note("n o");
    let replace = replace.map_request(|request| request.query("alt", "json"));
    replace.upload(Media::new("x/y", "")).send().await.unwrap();
    assert_eq!(
        line(&mock.requests()[0]),
        "PUT https://example.googleapis.com/upload/media/v1/files/a%2Fb?uploadType=multipart&note=n+o&alt=json"
    );
}

#[tokio::test]
async fn nothing_is_media_too() {
    let mock = MockTransport::new().respond(200, "");
    let media = Media::new("image/png", "");
    let upload = things(&mock).await.thumbnail().upload(media);
    upload.send().await.unwrap();
    let request = &mock.requests()[0];
    assert_eq!(header(request, "content-length"), "0");
    assert_eq!(header(request, "content-type"), "image/png");
}

#[tokio::test]
async fn media_that_the_method_does_not_accept_is_rejected() {
    let mock = MockTransport::with(unreachable);
    let things = things(&mock).await;
    let upload = |content_type: &str, length: usize| {
        let media = Media::new(content_type, vec![b'S'; length]);
        things.insert(file("SECRET")).upload(media)
    };
    let types = "the type of the media is none of image/*, video/*";
    for content_type in ["text/plain;SECRET", "imagery/png", "", "*/*", "image"] {
        let error = upload(content_type, 1).send().await.unwrap_err();
        rejection(&error, "insert", types);
        let error = upload(content_type, 1).resumable().send();
        rejection(&error.await.unwrap_err(), "insert", types);
    }
    let size = "the media has 10485761 bytes, and the limit is 10485760";
    let upload_of_too_much = upload("image/png", 10_485_761);
    let error = upload_of_too_much.clone().send_with_headers();
    rejection(&error.await.unwrap_err(), "insert", size);
    let error = upload_of_too_much.resumable().send_with_headers();
    rejection(&error.await.unwrap_err(), "insert", size);
    let error = upload("image/png\r\nx: SECRET", 1).send().await;
    let header = "the content type of the media is not a header value";
    rejection(&error.unwrap_err(), "insert", header);

    let error = things
        .replace("..", file(""))
        .upload(Media::new("é\n", ""))
        .send()
        .await;
    let all = format!("id is a `.` or `..` path segment; {header}");
    rejection(&error.unwrap_err(), "replace", &all);
    assert!(mock.requests().is_empty());
}

#[tokio::test]
async fn a_failed_upload_is_an_error_with_its_status() {
    let body = r#"{"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "no"}}"#;
    let mock = MockTransport::new().respond(403, body);
    let media = Media::new("image/png", "SECRET");
    let upload = things(&mock).await.insert(file("SECRET")).upload(media);
    shows_no_secrets(&format!("{upload:?}"));
    let error = upload.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Http);
    assert_eq!(
        error.to_string(),
        "media_upload_and_download.things.insert: HTTP 403 Forbidden: PERMISSION_DENIED: no \
         (1 attempt in 0.0 s at example.googleapis.com:443)"
    );
}

#[tokio::test]
async fn another_endpoint_keeps_scheme_host_and_path() {
    use super::fixture::media_upload_and_download_v1::MediaUploadAndDownload;
    let mock = MockTransport::new().respond(200, "");
    let client = MediaUploadAndDownload::builder()
        .endpoint("http://localhost:1234/proxy")
        .transport(mock.clone());
    let things = client.build().await.unwrap().things();
    let media = Media::new("image/png", "x");
    things.thumbnail().upload(media).send().await.unwrap();
    assert_eq!(
        line(&mock.requests()[0]),
        "POST http://localhost:1234/proxy/upload/media/v1/thumb?uploadType=media"
    );
}

#[test]
fn the_facts_are_stated() {
    use super::fixture::media_upload_and_download_v1::things::{Get, Insert, Replace};
    use gapi_runtime::{Method, codegen::UploadInfo};
    let insert = UploadInfo {
        accept: &["image/*", "video/*"],
        max_size: Some(10 << 20),
        resumable: true,
    };
    assert_eq!(
        (Insert::INFO.upload, Insert::INFO.download),
        (Some(insert), false)
    );
    assert_eq!((Get::INFO.upload, Get::INFO.download), (None, true));
    assert_eq!(Replace::INFO.upload.unwrap().max_size, None);
}
