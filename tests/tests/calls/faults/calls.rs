//! The calls that the faults affect.

use super::clock::{Clock, Clocked};
use super::kinds::{LIMIT, SUCCESS, json};
use super::media::media_upload_and_download_v1::MediaUploadAndDownload;
use super::server::{Actions, Received, Server};
use futures_util::TryStreamExt as _;
use gapi::gapi_runtime::{Backoff, ClientBuilder, Error, ErrorKind, Media, RetryPolicy, Service};
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::schemas::{CreateInstanceRequest, ExecuteSqlRequest};
use std::collections::HashSet;
use tokio::time::Instant;

/// A text that no error and no other host may receive.
pub(super) const TOKEN: &str = "ya29.SECRET";

const INSTANCE: &str = "projects/p/instances/i";
const OPERATION: &str = "projects/p/instances/i/operations/o";
const SESSION: &str = "projects/p/instances/i/databases/d/sessions/s";
const CHUNK: usize = 256 << 10;

/// A call. Its fault occurs each time or once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// An idempotent call; the fault occurs each time.
    Get,
    /// A call that is not idempotent; the fault occurs each time.
    Post,
    /// A call that is not idempotent, and whose messages are read as they arrive; the fault occurs each time.
    Stream,
    /// A download; the fault occurs each time.
    Download,
    /// The second page of a list; the fault occurs once.
    Page,
    /// The second poll of an operation; the fault occurs once.
    Poll,
    /// The second of two chunks of an upload; the fault occurs once.
    Chunk,
}

/// The outcome of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The number of attempts, as the transport counts them.
    pub(super) attempts: usize,
    /// The number of received requests, as the server counts them.
    pub(super) received: usize,
    /// The result.
    pub(super) result: String,
    /// The duration in milliseconds, on a clock that is paused while the server works.
    pub(super) waited: u128,
}

impl Call {
    pub(super) const ALL: [Self; 7] = [
        Self::Get,
        Self::Post,
        Self::Stream,
        Self::Download,
        Self::Page,
        Self::Poll,
        Self::Chunk,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Get => "`GET`",
            Self::Post => "`POST`",
            Self::Stream => "stream",
            Self::Download => "download",
            Self::Page => "page",
            Self::Poll => "poll",
            Self::Chunk => "chunk",
        }
    }

    /// Returns the responses before the fault.
    fn before(self, url: &str) -> Vec<Actions> {
        match self {
            Self::Get | Self::Post | Self::Stream | Self::Download => vec![],
            Self::Page => vec![json(r#"{"nextPageToken":"2"}"#)],
            Self::Poll => {
                let running = json(&format!(r#"{{"name":"{OPERATION}"}}"#));
                vec![running.clone(), running]
            }
            Self::Chunk => vec![opened(url), kept()],
        }
    }

    /// Returns the responses after the fault, if it occurs once.
    fn after(self) -> Vec<Actions> {
        match self {
            Self::Get | Self::Post | Self::Stream | Self::Download => vec![],
            Self::Page | Self::Poll => vec![json(SUCCESS)],
            Self::Chunk => vec![kept(), json(SUCCESS)],
        }
    }

    /// Makes the call to a server with this fault.
    pub(super) async fn suffer(
        self,
        clock: &Clock,
        fault: &Actions,
        is_unexecuted: bool,
    ) -> Outcome {
        let server = Server::start(clock, |url| {
            let responses = [self.before(url), vec![fault.clone()], self.after()];
            responses.concat()
        });
        let outcome = self.make(clock, &server.url()).await;
        let before = self.before("").len();
        let requests = server.requests();
        self.check(&requests, is_unexecuted);
        Outcome {
            attempts: outcome.attempts - before,
            received: requests.len() - before,
            ..outcome
        }
    }

    /// Makes the call to the server at this URL.
    pub(super) async fn make(self, clock: &Clock, url: &str) -> Outcome {
        let transport = Clocked::new(clock);
        let start = Instant::now();
        let result = self.send(&transport, url).await;
        if let Err(error) = &result {
            shows_no_secrets(error);
        }
        Outcome {
            attempts: transport.attempts(),
            received: 0,
            result: result.map_or_else(|error| in_short(&error), |()| "ok".to_owned()),
            waited: start.elapsed().as_millis(),
        }
    }

    async fn send(self, transport: &Clocked, url: &str) -> Result<(), Error> {
        let spanner: Spanner = builder(transport, url).bearer_token(TOKEN).build().await?;
        let media: MediaUploadAndDownload =
            builder(transport, url).bearer_token(TOKEN).build().await?;
        let instances = spanner.projects().instances();
        let create = instances.create("projects/p", CreateInstanceRequest::default());
        match self {
            Self::Get => instances
                .operations()
                .get(OPERATION)
                .send()
                .await
                .map(|_| ()),
            Self::Post => create.send().await.map(|_| ()),
            Self::Stream => {
                let sessions = instances.databases().sessions();
                let query = sessions.execute_streaming_sql(SESSION, ExecuteSqlRequest::default());
                query.stream().try_collect::<Vec<_>>().await.map(|_| ())
            }
            Self::Download => media.things().get("x").download().send().await.map(|_| ()),
            Self::Page => {
                let list = instances
                    .operations()
                    .list(format!("{INSTANCE}/operations"));
                list.pages().try_collect::<Vec<_>>().await.map(|_| ())
            }
            Self::Poll => create.poller().until_done().await.map(|_| ()),
            Self::Chunk => {
                let content = Media::new("image/png", vec![0; CHUNK + 1000]);
                let insert = media.things().insert(None).upload(content);
                let upload = insert.resumable().chunk_size(CHUNK);
                upload.send().await.map(|_| ())
            }
        }
    }

    /// Checks that no request that the server may have executed was sent twice if it can have side effects.
    fn check(self, requests: &[Received], is_unexecuted: bool) {
        let posts = requests.iter().filter(|request| request.verb() == "POST");
        assert!(is_unexecuted || posts.count() <= 1, "{self:?}");
        let chunks = requests.iter().filter(|request| !request.body.is_empty());
        let mut chunks = chunks.map(|request| request.header("content-range"));
        let mut seen = HashSet::new();
        // The client sends the second chunk again only after the server reports that it is missing.
        let again = chunks.find(|range| !range.is_empty() && !seen.insert(*range));
        if let Some(again) = again {
            let question = format!("bytes */{}", CHUNK + 1000);
            let asked = |request: &Received| request.header("content-range") == question;
            assert!(requests.iter().any(asked), "{again} was sent again");
        }
    }
}

/// Returns a builder with this transport and without jitter.
pub(super) fn builder<S: Service>(transport: &Clocked, url: &str) -> ClientBuilder<S> {
    let policy = RetryPolicy::new().backoff(Backoff::new().without_jitter());
    ClientBuilder::new()
        .endpoint(url)
        .transport(transport.clone())
        .retry(policy.without_throttle())
        .max_response_size(LIMIT)
}

/// Returns the response that opens an upload session.
pub(super) fn opened(url: &str) -> Actions {
    super::kinds::response("200 OK", &[&format!("location: {url}/session")], "")
}

/// Returns the response after the first chunk.
pub(super) fn kept() -> Actions {
    let range = format!("range: bytes=0-{}", CHUNK - 1);
    super::kinds::response("308 Resume Incomplete", &[&range], "")
}

/// Returns the kind of an error, and the part of its text that this library wrote.
pub(super) fn in_short(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Http => format!("HTTP {}", error.http_status().unwrap().as_str()),
        ErrorKind::Decode => {
            let text = error.to_string();
            let (_, text) = text.split_once(": ").unwrap();
            // The host has another port each time.
            let attempts = format!(" ({} attempt", error.attempts());
            let (text, _) = text.rsplit_once(&attempts).unwrap();
            format!("`Decode`: {text}")
        }
        kind => format!("`{kind:?}`"),
    }
}

/// Checks that an error names the method and contains nothing confidential.
pub(super) fn shows_no_secrets(error: &Error) {
    let text = error.to_string();
    assert!(text.starts_with(error.method_id().unwrap()), "{text}");
    for shown in [text, format!("{error:?}")] {
        for secret in ["SECRET", "http:", "/session", "projects/p", "Bearer"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
