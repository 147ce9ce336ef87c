//! Upload sessions: streams in chunks, interruptions, restarts.

use super::super::{answer, file, header, line, pieces as stream, refusal, shows_no_secrets};
use super::super::{things, told};
use gapi_runtime::{Bytes, ErrorKind, Media, MockTransport, RetryPolicy, TransportError, http};
use std::sync::{Arc, Mutex};

const UNIT: usize = 256 << 10;
const SESSION: &str = "https://storage.googleapis.com/session?upload_id=SECRET";

/// Returns bytes that depend on their position.
fn content(length: usize) -> Vec<u8> {
    let bytes = (0..length).map(|at| u8::try_from((at / 1000) % 251).unwrap());
    bytes.collect()
}

/// A server of sessions and its state.
#[derive(Default)]
struct Server {
    kept: Vec<u8>,
    /// The number of bytes that are kept of each of the next requests, which break.
    breaks: Vec<usize>,
    ranges: Vec<String>,
    /// `true` if the server loses its state once.
    forgets: bool,
}

/// Returns a transport to such a server.
fn transport(server: &Arc<Mutex<Server>>) -> MockTransport {
    let server = Arc::clone(server);
    MockTransport::with(move |request| {
        if request.uri().path() != "/session" {
            return Ok(answer(200, &[("location", SESSION)], ""));
        }
        assert_eq!(line(request), format!("PUT {SESSION}"));
        server.lock().unwrap().put(request)
    })
}

impl Server {
    fn put(
        &mut self,
        request: &http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let range = header(request, "content-range").to_owned();
        self.ranges.push(range.clone());
        let asks = range.starts_with("bytes */");
        if self.forgets && self.kept.len() > UNIT {
            self.forgets = false;
            self.kept.clear();
            return Ok(answer(308, &[], ""));
        }
        if !asks && !range.is_empty() {
            let (start, _) = range["bytes ".len()..].split_once('-').unwrap();
            assert_eq!(start.parse::<usize>().unwrap(), self.kept.len());
        }
        if let Some(kept) = self.breaks.pop() {
            self.kept.extend(&request.body()[..kept]);
            return Err(TransportError::other("broken"));
        }
        self.kept.extend(request.body());
        let total = range.rsplit_once('/').map_or("0", |(_, total)| total);
        if total.parse() == Ok(self.kept.len()) {
            return Ok(answer(200, &[], r#"{"name": "done"}"#));
        }
        let range = format!("bytes=0-{}", self.kept.len().saturating_sub(1));
        let ranges = [("range", range.as_str())];
        Ok(answer(
            308,
            if self.kept.is_empty() { &[] } else { &ranges },
            "",
        ))
    }
}

/// Uploads `media`. Returns the content on the server and the ranges of the requests.
async fn uploaded(server: Server, media: Media) -> (Vec<u8>, Vec<String>) {
    let server = Arc::new(Mutex::new(server));
    let things = things(&transport(&server)).await;
    let upload = things.replace("x", file("f")).upload(media);
    let upload = upload.resumable().chunk_size(UNIT);
    let response = upload.send().await.unwrap();
    assert_eq!(response.name.as_deref(), Some("done"));
    let server = Arc::into_inner(server.clone()).map_or_else(
        || std::mem::take(&mut *server.lock().unwrap()),
        |server| server.into_inner().unwrap(),
    );
    (server.kept, server.ranges)
}

/// Returns streams of this content with chunks of different lengths.
fn streams(content: &[u8]) -> Vec<Media> {
    let in_pieces = |length: usize| {
        let pieces = content.chunks(length).map(Bytes::copy_from_slice);
        stream("a/b", pieces.collect())
    };
    vec![
        in_pieces(1000),
        in_pieces(UNIT),
        in_pieces(UNIT - 1),
        in_pieces(3 * UNIT + 1),
    ]
}

#[tokio::test]
async fn the_length_is_said_when_the_end_is_seen() {
    for (length, expected) in [
        (0, vec![""]),
        (1, vec!["bytes 0-0/1"]),
        (UNIT, vec!["bytes 0-262143/262144"]),
        (
            UNIT + 1,
            vec!["bytes 0-262143/*", "bytes 262144-262144/262145"],
        ),
        (
            2 * UNIT,
            vec!["bytes 0-262143/*", "bytes 262144-524287/524288"],
        ),
    ] {
        let content = content(length);
        for media in streams(&content) {
            let (kept, ranges) = uploaded(Server::default(), media).await;
            assert_eq!(ranges, expected);
            assert!(kept == content);
        }
    }
}

#[tokio::test]
async fn a_known_length_is_said_at_once() {
    let content = content(UNIT + 1);
    for media in streams(&content) {
        let media = media.length(u64::try_from(content.len()).unwrap());
        let (kept, ranges) = uploaded(Server::default(), media).await;
        assert_eq!(
            ranges,
            ["bytes 0-262143/262145", "bytes 262144-262144/262145"]
        );
        assert!(kept == content);
    }
    let mock = MockTransport::with(|request| {
        Ok(match request.uri().path() {
            "/upload/media/v1/files/x" => answer(200, &[("location", SESSION)], ""),
            _ => answer(200, &[], "{}"),
        })
    });
    let replace = things(&mock).await.replace("x", None);
    let upload = |media| replace.clone().upload(media).resumable().send();
    upload(stream("a/b", vec!["abc"]).length(3)).await.unwrap();
    upload(stream("a/b", vec!["abc"])).await.unwrap();
    let lengths: Vec<_> = mock
        .requests()
        .iter()
        .map(|request| header(request, "x-upload-content-length").to_owned())
        .collect();
    assert_eq!(lengths, ["3", "", "", ""]);
}

#[tokio::test]
async fn a_piece_that_breaks_goes_on_where_the_server_says() {
    let content = content(3 * UNIT + 5);
    for kept in [0, 1000, UNIT] {
        for media in streams(&content) {
            let server = Server {
                breaks: vec![kept],
                ..Server::default()
            };
            let (there, ranges) = uploaded(server, media).await;
            assert!(there == content, "{kept}");
            assert_eq!(ranges[1], "bytes */*");
            assert!(
                ranges[2].starts_with(&format!("bytes {kept}-")),
                "{ranges:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn failures_in_a_row_are_retried_as_the_policy_says() {
    let content = content(2 * UNIT);
    let policy = || RetryPolicy::new().max_attempts(3).without_throttle();
    let server = Server {
        breaks: vec![0, 0],
        ..Server::default()
    };
    let server = Arc::new(Mutex::new(server));
    let things = things(&transport(&server)).await;
    let replace = things.replace("x", None).retry(policy());
    let upload = replace.upload(Media::new("a/b", content.clone()));
    upload.resumable().send().await.unwrap();
    assert!(server.lock().unwrap().kept == content);

    let server = Arc::new(Mutex::new(Server {
        breaks: vec![0, 0, 0],
        ..Server::default()
    }));
    let things = super::super::things(&transport(&server)).await;
    let replace = things.replace("x", None).retry(policy());
    let upload = replace.upload(Media::new("a/b", content));
    let error = upload.resumable().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.attempts(), 3);

    for (statuses, goes_well) in [
        (&[503, 429][..], true),
        (&[500, 502, 504], false),
        (&[403], false),
    ] {
        let mut mock = MockTransport::new().respond_with(answer(200, &[("location", SESSION)], ""));
        for status in statuses {
            mock = mock.respond(*status, "").respond_with(answer(308, &[], ""));
        }
        let mock = mock.respond(200, "{}");
        let replace = super::super::things(&mock).await.replace("x", None);
        let upload = replace.upload(Media::new("a/b", "abc")).resumable();
        assert_eq!(upload.send().await.is_ok(), goes_well, "{statuses:?}");
    }
}

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
            .ends_with("the server has lost media that can be read only once")
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
                async { Ok(futures_util::stream::iter([Ok(Bytes::from(rest))])) }
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

        let (tell, progress) = told();
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
async fn what_a_session_cannot_be_resumed_with_is_refused() {
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
        refusal(&error, "insert", reason);
    }
    let error = upload("text/plain", 1).resume(SESSION).unwrap_err();
    let reason = "the type of the media is none of image/*, video/*";
    refusal(&error, "insert", reason);

    // The server has more bytes of this session than the file.
    let mock = MockTransport::new().respond_with(answer(308, &[("range", "bytes=0-9")], ""));
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
async fn a_session_that_is_complete_gives_its_answer() {
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

#[tokio::test]
async fn progress_is_what_the_server_keeps() {
    let server = Arc::new(Mutex::new(Server::default()));
    let things = things(&transport(&server)).await;
    let (tell, progress) = told();
    let media = stream("a/b", vec![content(UNIT), content(UNIT), content(1)]);
    let upload = things.replace("x", None).upload(media).resumable();
    let upload = upload.chunk_size(UNIT).on_progress(tell);
    upload.send().await.unwrap();
    assert_eq!(
        *progress.lock().unwrap(),
        [(262_144, None), (524_288, None), (524_289, Some(524_289))]
    );
}

#[tokio::test]
async fn a_source_that_fails_ends_the_upload() {
    let mock = MockTransport::with(|request| {
        Ok(match request.method().as_str() {
            "POST" => answer(200, &[("location", SESSION)], ""),
            _ => answer(308, &[("range", "bytes=0-262143")], ""),
        })
    });
    let things = things(&mock).await;
    let upload = |media| things.insert(None).upload(media).resumable().chunk_size(1);
    let too_much: Vec<_> = (0..41).map(|_| vec![0; UNIT]).collect();
    for (media, reason) in [
        (
            stream("image/png", vec![content(UNIT), content(1)]).length(262_144),
            "it has more than 262144 bytes, which is its length",
        ),
        (
            stream("image/png", vec![content(1)]).length(2),
            "it ends after 1 bytes, and its length is 2",
        ),
        (
            stream("image/png", vec![too_much.concat()]),
            "it has more than 10485760 bytes, which is the limit",
        ),
    ] {
        let error = upload(media).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Media);
        let text = format!("the media cannot be read: {reason}");
        assert!(error.to_string().ends_with(&text), "{error}");
    }
}
