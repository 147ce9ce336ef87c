//! Media instead of a response.

use super::{ID, file, header, line, response, shows_no_secrets, things};
use gapi_runtime::{Call, ErrorKind, Media, MockTransport};

#[tokio::test]
async fn media_comes_as_it_is() {
    let mock = MockTransport::new()
        .respond_with(response(200, &[("content-type", "image/png")], "\u{0}{"))
        .respond_with(response(200, &[("content-type", "image/png")], "\u{0}{"))
        .respond_with(response(204, &[], ""));
    let get = things(&mock).await.get("a b");
    assert_eq!(get.clone().download().send().await.unwrap(), "\u{0}{");
    let whole = get.clone().download().send_with_headers().await.unwrap();
    assert_eq!(whole.headers()["content-type"], "image/png");
    assert_eq!(whole.body(), "\u{0}{");
    assert_eq!(get.download().send().await.unwrap(), "");
    for request in mock.requests() {
        assert_eq!(
            line(&request),
            "GET https://example.googleapis.com/media/v1/files/a%20b?alt=media"
        );
        assert_eq!(header(&request, "accept"), "*/*");
        assert_eq!(header(&request, "authorization"), "Bearer TOKEN");
    }
}

#[tokio::test]
async fn alt_is_the_forms_own() {
    let mock = MockTransport::new().respond(200, "").respond(200, "{}");
    let get = things(&mock).await.get("x");
    let with = |alt: &'static str| {
        let get = get.clone();
        get.map_request(|request| request.query("alt", alt).query("fields", "name"))
    };
    with("media").download().send().await.unwrap();
    with("json").send().await.unwrap();
    let targets = mock.requests();
    assert_eq!(targets[0].uri().query(), Some("alt=media&fields=name"));
    assert_eq!(targets[1].uri().query(), Some("alt=json&fields=name"));
    for error in [
        with("json").download().send().await.unwrap_err(),
        with("media").send().await.unwrap_err(),
        with("").send().await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(
            error.to_string().contains("`alt` has another value"),
            "{error}"
        );
    }
    assert_eq!(mock.requests().len(), 2);
}

#[tokio::test]
async fn a_method_can_have_media_in_both_directions() {
    let mock = MockTransport::new()
        .respond(200, "{}")
        .respond(200, "media");
    let things = things(&mock).await;
    let replace = things.replace("x", file("n"));
    let media = Media::new("a/b", "c");
    replace.clone().upload(media).send().await.unwrap();
    assert_eq!(replace.download().send().await.unwrap(), "media");
    let requests = mock.requests();
    assert_eq!(
        line(&requests[1]),
        "PUT https://example.googleapis.com/media/v1/files/x?alt=media"
    );
    assert_eq!(requests[1].body(), r#"{"name":"n"}"#);
}

#[tokio::test]
async fn a_long_download_is_a_post() {
    let mock = MockTransport::new().respond(200, "");
    let get = things(&mock).await.get("x");
    let get = get.map_request(|request| request.query("fields", "f".repeat(3000)));
    get.download().send().await.unwrap();
    let request = &mock.requests()[0];
    assert_eq!(
        line(request),
        "POST https://example.googleapis.com/media/v1/files/x"
    );
    assert_eq!(header(request, "x-http-method-override"), "GET");
    assert!(request.body().ends_with(b"f&alt=media"));
}

#[tokio::test]
async fn failures_are_those_of_a_call() {
    let mock = MockTransport::new().respond(404, r#"{"error": {"message": "gone"}}"#);
    let things = things(&mock).await;
    let download = things.get("SECRET").download();
    shows_no_secrets(&format!("{download:?}"));
    let error = download.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Http);
    assert_eq!(
        error.to_string(),
        format!(
            "{ID}.get: HTTP 404 Not Found: gone (1 attempt in 0.0 s at example.googleapis.com:443)"
        )
    );
    let error = things.get("..").download().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(mock.requests().len(), 1);
}
