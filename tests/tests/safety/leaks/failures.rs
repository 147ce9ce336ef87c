//! Error responses, and the log of successful ones.

use super::super::server::{Server, cut, json, response, status_json};
use super::super::witness::Witness;
use super::{
    ACCESS_TOKEN, DATA, KEY, OAUTH_TOKEN, PROVIDED, Provider, QUERY_KEY, SENT, SESSION, TOKEN,
    builder, client, echo, echoes, get, instance, list, see,
};
use crate::golden::media::media_upload_and_download_v1::MediaUploadAndDownload;
use futures_util::TryStreamExt;
use gapi::spanner_v1::Spanner;
use gapi_runtime::http::header::HeaderValue;
use gapi_runtime::{Backoff, Bytes, ErrorKind, Media, MockTransport, RetryPolicy, http};
use std::time::Duration;

#[tokio::test]
async fn failures_show_none() {
    let witness = Witness::new();
    let quoting = format!(r#"{{"done": "{DATA}", "name": "{DATA}"}}"#);
    let echoes = echoes();
    let mut responses: Vec<_> = echoes
        .iter()
        .map(|echo| status_json("401 Unauthorized", echo))
        .collect();
    responses.extend([
        response(
            "500 Internal Server Error",
            &["content-type: text/html", "set-cookie: SECRET"],
            echo(SENT),
        ),
        response(
            "302 Found",
            &["location: https://evil.example/?key=SECRET"],
            "",
        ),
        response("407 Proxy Authentication Required", &[], echo(SENT)),
        json(&quoting),
        response("200 OK", &["content-type: text/plain"], DATA),
        cut(""),
        cut("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"name\": \"SECRET"),
        cut("HTTP/1.1 SECRET\r\n\r\n"),
    ]);
    let count = responses.len();
    let server = Server::start(responses).await;
    let spanner: Spanner = client(&server).await;
    for _ in 0..count {
        see(
            &witness,
            "a failure",
            &get(&spanner).send().await.unwrap_err(),
        );
    }
    assert_eq!(server.requests().len(), count);
    let lines = witness.check();
    assert!(lines.iter().filter(|line| line.contains(" call ")).count() >= count);
}

#[tokio::test]
async fn an_echo_is_hidden_on_every_way() {
    let witness = Witness::new();
    let echoing = || status_json("401 Unauthorized", &echo(SENT));
    let provided = &[PROVIDED, KEY, ACCESS_TOKEN, OAUTH_TOKEN, QUERY_KEY];
    let provided = status_json("401 Unauthorized", &echo(provided));
    let server = Server::start([echoing(), echoing(), provided]).await;
    let spanner: Spanner = client(&server).await;
    // A query that is sent in the body.
    let long = list(&spanner).filter(format!("{DATA}{}", "x".repeat(3_000)));
    see(&witness, "a long query", &long.send().await.unwrap_err());
    assert!(server.lines()[0].starts_with("POST "));
    let mut items = list(&spanner).items();
    see(&witness, "items", &items.try_next().await.unwrap_err());
    let provided = builder::<Spanner>()
        .credentials(Provider)
        .endpoint(server.url());
    let error = get(&provided.build().await.unwrap()).send().await;
    see(&witness, "a provider's token", &error.unwrap_err());

    // A failed operation has status 200.
    let name = r#""name": "projects/p/instances/i/operations/o""#;
    let failed = format!(
        r#"{{{name}, "done": true, "error": {{"code": 7, "message": "{TOKEN} {KEY} may not"}}}}"#
    );
    server.then([json(&format!("{{{name}}}")), json(&failed)]);
    let create = spanner
        .projects()
        .instances()
        .create("projects/p", instance());
    let poller = create.poller().initial_delay(Duration::from_millis(1));
    let error = poller.until_done().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operation);
    assert!(
        error.to_string().contains("[hidden] [hidden] may not"),
        "{error}"
    );
    see(&witness, "an operation", &error);

    // A batch: first one of its calls fails, then the whole batch.
    let part = format!(
        "--b\r\ncontent-type: application/http\r\ncontent-id: <response-call-0>\r\n\r\n\
         HTTP/1.1 401 Unauthorized\r\n\r\n{}\r\n--b--\r\n",
        echo(SENT)
    );
    server.then([
        response(
            "200 OK",
            &["content-type: multipart/mixed; boundary=b"],
            &part,
        ),
        echoing(),
    ]);
    let mut batch = spanner.batch();
    let key = batch.add(get(&spanner));
    let mut responses = batch.send().await.unwrap();
    witness.debug("responses", &responses);
    let error = responses.take(key).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Http);
    see(&witness, "a call of a batch", &error);
    let mut batch = spanner.batch();
    let _ = batch.add(get(&spanner));
    see(&witness, "a batch", &batch.send().await.unwrap_err());
    witness.check();
}

#[tokio::test]
async fn media_shows_none() {
    let witness = Witness::new();
    let with = |status: u16, location: &str, sent: usize| {
        let mut response =
            http::Response::new(Bytes::from(echo(&[TOKEN, KEY, "SECRET-upload-id"][..sent])));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        if !location.is_empty() {
            let value = HeaderValue::from_str(location).unwrap();
            response.headers_mut().insert("location", value);
        }
        response
    };
    let mock = MockTransport::new()
        .respond_with(with(403, "", 2))
        .respond_with(with(403, "", 2))
        .respond_with(with(403, "", 2))
        .respond_with(with(200, SESSION, 2))
        .respond_with(with(403, "", 3))
        .respond_with(with(410, "", 3))
        .respond_with(with(200, "https://evil.example/?upload_id=SECRET", 2));
    let things = builder::<MediaUploadAndDownload>().transport(mock.clone());
    let things = things.build().await.unwrap().things();
    let media = || Media::new("text/plain", DATA);
    let error = things.replace(DATA, None).upload(media()).send().await;
    see(&witness, "an upload", &error.unwrap_err());
    let error = things.get(DATA).download().send().await;
    see(&witness, "a download", &error.unwrap_err());
    let error = things.get(DATA).download().stream().await;
    see(&witness, "a streamed download", &error.unwrap_err());
    let upload = things.replace(DATA, None).upload(media()).resumable();
    let mut session = upload.clone().start().await.unwrap();
    witness.debug("a session", &session);
    for _ in 0..2 {
        see(&witness, "a chunk", &session.send().await.unwrap_err());
    }
    see(
        &witness,
        "another address",
        &upload.send().await.unwrap_err(),
    );
    let error = things.replace(DATA, None).upload(media()).resumable();
    let error = error.resume("https://evil.example/?upload_id=SECRET");
    see(&witness, "an address that was kept", &error.unwrap_err());
    assert_eq!(mock.requests().len(), 7);
    witness.check();
}

#[tokio::test]
async fn retries_and_successes_log_none() {
    let witness = Witness::new();
    let busy = || status_json("503 Service Unavailable", &echo(SENT));
    let server = Server::start([busy(), busy(), json(&format!(r#"{{"name": "{DATA}"}}"#))]).await;
    let backoff = Backoff::new().initial_delay(Duration::from_millis(1));
    let policy = RetryPolicy::new().backoff(backoff).without_throttle();
    let spanner = builder::<Spanner>().endpoint(server.url()).retry(policy);
    let spanner = spanner.build().await.unwrap();
    let response = get(&spanner).send_with_headers().await.unwrap();
    assert_eq!(response.body().name.as_deref(), Some(DATA));
    // The response belongs to the program and is shown. The request is not.
    let (head, _) = response.into_parts();
    witness.debug("the head of a response", &head);
    witness.debug("its extensions", &head.extensions);
    let lines = witness.check();
    let ended =
        |line: &&String| line.contains("http.response.status_code=200 http.request.resend_count=2");
    assert_eq!(lines.iter().filter(ended).count(), 1, "{lines:#?}");
}
