//! Upload sessions: streams in chunks, interruptions, restarts.

mod restarts;

use super::{chunks as stream, file, header, line, response};
use super::{reported, things};
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
            return Ok(response(200, &[("location", SESSION)], ""));
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
            return Ok(response(308, &[], ""));
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
            return Ok(response(200, &[], r#"{"name": "done"}"#));
        }
        let range = format!("bytes=0-{}", self.kept.len().saturating_sub(1));
        let ranges = [("range", range.as_str())];
        Ok(response(
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
    let in_chunks = |length: usize| {
        let chunks = content.chunks(length).map(Bytes::copy_from_slice);
        stream("a/b", chunks.collect())
    };
    vec![
        in_chunks(1000),
        in_chunks(UNIT),
        in_chunks(UNIT - 1),
        in_chunks(3 * UNIT + 1),
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
            "/upload/media/v1/files/x" => response(200, &[("location", SESSION)], ""),
            _ => response(200, &[], "{}"),
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
async fn an_interrupted_chunk_continues_where_the_server_says() {
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
    let things = super::things(&transport(&server)).await;
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
        let mut mock =
            MockTransport::new().respond_with(response(200, &[("location", SESSION)], ""));
        for status in statuses {
            mock = mock
                .respond(*status, "")
                .respond_with(response(308, &[], ""));
        }
        let mock = mock.respond(200, "{}");
        let replace = super::things(&mock).await.replace("x", None);
        let upload = replace.upload(Media::new("a/b", "abc")).resumable();
        assert_eq!(upload.send().await.is_ok(), goes_well, "{statuses:?}");
    }
}

#[tokio::test]
async fn progress_is_what_the_server_keeps() {
    let server = Arc::new(Mutex::new(Server::default()));
    let things = things(&transport(&server)).await;
    let (tell, progress) = reported();
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
            "POST" => response(200, &[("location", SESSION)], ""),
            _ => response(308, &[("range", "bytes=0-262143")], ""),
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
