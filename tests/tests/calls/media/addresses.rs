//! Addresses of sessions: other names of this machine, and relative ones.

use super::fixture::media_upload_and_download_v1::MediaUploadAndDownload;
use super::server::{Server, responses};
use super::{line, response, things};
use gapi_runtime::{ClientBuilder, Error, Media, MockTransport, UploadSession};

/// Uploads five bytes to a server whose session is at this address.
async fn upload(
    server: &Server,
    location: &str,
    credentials: impl Fn(ClientBuilder<MediaUploadAndDownload>) -> ClientBuilder<MediaUploadAndDownload>,
) -> Result<String, Error> {
    let location = format!("location: {location}");
    let moved = [location.as_str(), "range: bytes=0-1"];
    server.then([
        responses("200 OK", &[&location], ""),
        responses("308 Resume Incomplete", &moved, ""),
        responses("200 OK", &[], "{}"),
    ]);
    let builder = MediaUploadAndDownload::builder().endpoint(&server.url);
    let client = credentials(builder).build().await.unwrap();
    let insert = client.things().insert(None);
    let upload = insert.upload(Media::new("image/png", "12345")).resumable();
    let mut session = upload.start().await?;
    session.send().await?;
    Ok(UploadSession::uri(&session))
}

#[tokio::test]
async fn case_r9_loopback_names_are_one_host() {
    let server = Server::start().await;
    assert!(server.url.starts_with("http://127.0.0.1:"));
    let at = |host: &str| server.url.replace("127.0.0.1", host) + "/session?upload_id=1";
    for host in ["127.0.0.1", "localhost", "LOCALHOST", "[::ffff:127.0.0.1]"] {
        let uri = upload(&server, &at(host), |builder| builder).await;
        assert_eq!(uri.unwrap().to_lowercase(), at(host).to_lowercase());
    }
    assert_eq!(server.requests().last().unwrap().body, b"345");
    // A client with credentials follows only the name of its endpoint.
    let sent = |server: &Server| server.requests().len();
    for host in ["localhost", "localhost.", "[::1]", "127.0.0.2"] {
        let server = Server::start().await;
        let at = server.url.replace("127.0.0.1", host) + "/session";
        upload(&server, &at, |builder| builder.bearer_token("TOKEN"))
            .await
            .unwrap_err();
        upload(&server, &at, |builder| builder.api_key("KEY"))
            .await
            .unwrap_err();
        assert!(
            server
                .requests()
                .iter()
                .all(|request| request.head.starts_with("POST "))
        );
        assert!(sent(&server) > 0);
    }
    for location in [
        "http://localhost:1/session",
        "https://localhost/",
        "http://user@localhost/",
    ] {
        let server = Server::start().await;
        upload(&server, location, |builder| builder)
            .await
            .unwrap_err();
        assert_eq!(sent(&server), 1, "{location}");
    }
}

#[tokio::test]
async fn case_r9_relative_locations_are_resolved() {
    let server = Server::start().await;
    let authority = server.url.strip_prefix("http:").unwrap().to_owned();
    for (location, target) in [
        ("/session?upload_id=1", "/session?upload_id=1"),
        ("session", "/upload/media/v1/session"),
        ("../x/./y?z=..", "/upload/media/x/y?z=.."),
        ("?upload_id=1", "/upload/media/v1/files?upload_id=1"),
        (&format!("{authority}/session#part"), "/session"),
    ] {
        let uri = upload(&server, location, |builder| builder.bearer_token("TOKEN")).await;
        let uri = uri.unwrap_or_else(|error| panic!("{location}: {error}"));
        // The second address is relative to the first.
        assert!(uri.starts_with(&server.url), "{uri}");
        let requests = server.requests();
        let chunk = &requests[requests.len() - 2];
        assert!(
            chunk
                .head
                .starts_with(&format!("PUT {target} HTTP/1.1\r\n")),
            "{}",
            chunk.head
        );
        assert_eq!(chunk.header("authorization"), "Bearer TOKEN");
    }
}

#[tokio::test]
async fn case_r9_other_hosts_stay_rejected() {
    for location in [
        "//evil.example/SECRET",
        "///evil.example/SECRET",
        "/\\evil.example/SECRET",
        "\\\\evil.example/SECRET",
        "http:/evil.example",
        "//example.googleapis.com@evil.example/",
        "//example.googleapis.com:8443/",
        "http://example.googleapis.com/",
        "",
        "#",
    ] {
        let mock = MockTransport::new()
            .respond_with(response(200, &[("location", location)], ""))
            .respond(200, "{}");
        let insert = things(&mock).await.insert(None);
        let upload = insert.upload(Media::new("image/png", "1")).resumable();
        let result = upload.send().await;
        let lines: Vec<_> = mock.requests().iter().map(line).collect();
        assert!(result.is_err() && lines.len() == 1, "{location} {lines:?}");
    }
}
