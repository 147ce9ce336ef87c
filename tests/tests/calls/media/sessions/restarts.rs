//! Upload sessions that end: forgotten, resumed after a restart, complete, canceled.

use super::super::{chunks as stream, file, header, line, rejection, response, shows_no_secrets};
use super::super::{reported, things};
use super::{SESSION, Server, UNIT, content, transport, uploaded};
use futures_util::StreamExt as _;
use futures_util::stream::{iter, once};
use gapi_runtime::{Bytes, Call as _, ErrorKind, Media, MockTransport, RetryPolicy};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;

#[tokio::test]
async fn a_server_that_forgets_gets_all_of_it_again_unless_it_is_gone() {
    let content = content(3 * UNIT);
    let forgets = || Server {
        forgets: true,
        ..Server::default()
    };
    let (kept, _) = uploaded(forgets(), Media::new("a/b", content.clone())).await;
    assert!(kept == content);

    let server = Arc::new(Mutex::new(forgets()));
    let things = things(&transport(&server)).await;
    let upload = things.replace("x", None);
    let upload = upload.upload(stream("a/b", vec![content])).resumable();
    let error = upload.chunk_size(1).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(
        error
            .to_string()
            .contains("the server has lost media that can be read only once (1 attempt in ")
    );
}

#[tokio::test]
async fn a_session_goes_on_after_an_error_and_after_a_restart() {
    let content = content(4 * UNIT);
    for again in [
        Media::new("a/b", content.clone()),
        stream("a/b", vec![content[..10].to_vec(), content[10..].to_vec()]),
        Media::reopenable("a/b", {
            let content = content.clone();
            move |position| {
                let rest = content[usize::try_from(position).unwrap()..].to_vec();
                async { Ok(iter([Ok(Bytes::from(rest))])) }
            }
        }),
    ] {
        let server = Arc::new(Mutex::new(Server::default()));
        let things = things(&transport(&server)).await;
        let replace = things.replace("x", file("f")).retry(RetryPolicy::never());
        let first = replace.clone().upload(stream("a/b", vec![content.clone()]));
        let first = first.resumable().chunk_size(UNIT);
        let mut session = first.start().await.unwrap();
        assert_eq!(session.uri(), SESSION);
        shows_no_secrets(&format!("{session:?}"));
        server.lock().unwrap().breaks = vec![1000];
        let error = session.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport);
        let uri = session.uri();
        drop(session);
        assert!(!server.lock().unwrap().kept.is_empty());

        let (tell, progress) = reported();
        let second = replace.upload(again).resumable().chunk_size(UNIT);
        let second = second.on_progress(tell);
        let mut session = second.resume(&uri).unwrap();
        let response = session.send_with_headers().await.unwrap();
        assert_eq!(response.body().name.as_deref(), Some("done"));
        assert!(server.lock().unwrap().kept == content);
        let progress = progress.lock().unwrap();
        assert_eq!(progress[0].0, 1000);
        assert_eq!(progress.last(), Some(&(1_048_576, Some(1_048_576))));
    }
}

#[tokio::test]
async fn the_same_session_can_be_sent_again() {
    let content = content(2 * UNIT);
    let server = Arc::new(Mutex::new(Server::default()));
    let things = things(&transport(&server)).await;
    let media = stream("a/b", vec![content.clone()]);
    let once = things.replace("x", None).retry(RetryPolicy::never());
    let upload = once.upload(media);
    let mut session = upload.resumable().chunk_size(1).start().await.unwrap();
    server.lock().unwrap().breaks = vec![700];
    session.send().await.unwrap_err();
    // The stream is not read again, because its chunk was kept.
    session.send().await.unwrap();
    assert!(server.lock().unwrap().kept == content);
}

#[tokio::test]
async fn a_stream_survives_a_send_that_is_dropped_while_it_skips() {
    let content = content(2 * UNIT);
    let server = Arc::new(Mutex::new(Server {
        kept: content[..1000].to_vec(),
        ..Server::default()
    }));
    let things = things(&transport(&server)).await;
    let arrived = Arc::new(Notify::new());
    let (late, rest) = (Arc::clone(&arrived), Bytes::from(content[10..].to_vec()));
    let chunks = iter([Ok(Bytes::from(content[..10].to_vec()))]).chain(once(async move {
        late.notified().await;
        Ok(rest)
    }));
    let upload = things.replace("x", None);
    let upload = upload.upload(Media::stream("a/b", chunks)).resumable();
    let mut session = upload.chunk_size(UNIT).resume(SESSION).unwrap();
    for _ in 0..3 {
        let sending = tokio::time::timeout(Duration::from_millis(10), session.send());
        assert!(sending.await.is_err());
    }
    arrived.notify_one();
    session.send().await.unwrap();
    assert!(server.lock().unwrap().kept == content);
}

#[tokio::test]
async fn invalid_sessions_and_media_are_rejected() {
    let mock = MockTransport::new();
    let things = things(&mock).await;
    let upload = |content_type: &str, length: usize| {
        let media = Media::new(content_type, vec![0; length]);
        things.insert(None).upload(media).resumable()
    };
    for uri in [
        "",
        "/x",
        "https://evil.example/SECRET",
        "http://storage.googleapis.com/",
    ] {
        let error = upload("image/png", 1).resume(uri).unwrap_err();
        let reason = "the session is at an address that credentials must not go to";
        rejection(&error, "insert", reason);
    }
    let error = upload("text/plain", 1).resume(SESSION).unwrap_err();
    let reason = "the type of the media is none of image/*, video/*";
    rejection(&error, "insert", reason);
    let call = things.insert(None).header("host", "evil.example");
    let upload = call.upload(Media::new("image/png", "x")).resumable();
    let error = upload.resume(SESSION).unwrap_err();
    let reason = "the header `host` is reserved: the transport sets it";
    rejection(&error, "insert", reason);

    // The server has more bytes of this session than the file.
    let mock = MockTransport::new().respond_with(response(308, &[("range", "bytes=0-9")], ""));
    let replace = super::super::things(&mock).await.replace("x", None);
    let upload = replace.upload(stream("a/b", vec!["short"])).resumable();
    let error = upload.resume(SESSION).unwrap().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Media);
    assert!(
        error
            .to_string()
            .ends_with("it ends after 5 bytes, and the server has 10")
    );
}

#[tokio::test]
async fn a_complete_session_returns_its_response() {
    let mock = MockTransport::new().respond(200, r#"{"name": "done"}"#);
    let replace = things(&mock).await.replace("x", None);
    let upload = replace.upload(Media::new("a/b", "abc")).resumable();
    let mut session = upload.resume(SESSION).unwrap();
    assert_eq!(session.send().await.unwrap().name.as_deref(), Some("done"));
    let requests = mock.requests();
    assert_eq!(header(&requests[0], "content-range"), "bytes */3");
    assert_eq!(header(&requests[0], "content-length"), "0");
    assert_eq!(requests.len(), 1);
}

#[tokio::test]
async fn a_session_can_be_cancelled() {
    for (status, goes_well) in [(204, true), (499, true), (404, false)] {
        let mock = MockTransport::new().respond(status, "");
        let replace = things(&mock).await.replace("x", None);
        let upload = replace.upload(Media::new("a/b", "abc")).resumable();
        let session = upload.resume(SESSION).unwrap();
        assert_eq!(session.cancel().await.is_ok(), goes_well, "{status}");
        let request = &mock.requests()[0];
        assert_eq!(line(request), format!("DELETE {SESSION}"));
        assert_eq!(header(request, "content-length"), "0");
        assert_eq!(header(request, "authorization"), "Bearer TOKEN");
    }
}
