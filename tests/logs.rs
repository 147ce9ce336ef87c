//! What is logged of calls, and that nothing confidential is, at the most talkative level.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use gapi::gapi_runtime::{Backoff, Recording, RetryPolicy, TransportError, http};
use gapi::spanner_v1::schemas::{CreateInstanceRequest, Instance};
use gapi::spanner_v1::{Spanner, StandardParameters};
use std::collections::HashMap;
use std::fmt::{Debug, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const TOKEN: &str = "ya29.bearer-SECRET";
const KEY: &str = "AIza-api-key-SECRET";
const DATA: &str = "patient-4711";

/// Writes down everything at every level: spans when they close, events when they happen.
#[derive(Clone, Default)]
struct Log(Arc<State>);

#[derive(Default)]
struct State {
    next: AtomicU64,
    open: Mutex<HashMap<u64, (String, usize)>>,
    lines: Mutex<Vec<String>>,
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Durations differ from run to run.
        if field.name() == "duration_ms" {
            write!(self.0, " duration_ms").unwrap();
        } else {
            write!(self.0, " {}={value:?}", field.name()).unwrap();
        }
    }
}

fn head(metadata: &Metadata<'_>) -> String {
    format!(
        "{} {} {}",
        metadata.level(),
        metadata.target(),
        metadata.name()
    )
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let id = self.0.next.fetch_add(1, Ordering::Relaxed) + 1;
        let mut line = head(attributes.metadata());
        attributes.record(&mut Line(&mut line));
        self.0.open.lock().unwrap().insert(id, (line, 1));
        Id::from_u64(id)
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        let mut open = self.0.open.lock().unwrap();
        let (line, _) = open.get_mut(&id.into_u64()).unwrap();
        values.record(&mut Line(line));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let mut line = format!("{} {}", metadata.level(), metadata.target());
        event.record(&mut Line(&mut line));
        self.0.lines.lock().unwrap().push(line);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}

    fn clone_span(&self, id: &Id) -> Id {
        self.0
            .open
            .lock()
            .unwrap()
            .get_mut(&id.into_u64())
            .unwrap()
            .1 += 1;
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let mut open = self.0.open.lock().unwrap();
        let (line, count) = open.get_mut(&id.into_u64()).unwrap();
        *count -= 1;
        let closed = (*count == 0).then(|| std::mem::take(line));
        if let Some(line) = closed {
            open.remove(&id.into_u64());
            self.0.lines.lock().unwrap().push(line);
            return true;
        }
        false
    }
}

impl Log {
    /// The lines of this library so far.
    fn ours(&self) -> Vec<String> {
        let lines = self.0.lines.lock().unwrap();
        let ours = lines.iter().filter(|line| line.contains("gapi"));
        ours.cloned().collect()
    }

    /// That no line of anybody has what is confidential. Open spans count as lines.
    fn check(&self) {
        let open = self.0.open.lock().unwrap();
        assert!(open.is_empty(), "{open:?}");
        for line in self.0.lines.lock().unwrap().iter() {
            for secret in [TOKEN, KEY, "SECRET", DATA, "projects/", "/v1/"] {
                assert!(!line.contains(secret), "{secret} is in: {line}");
            }
        }
    }
}

fn policy() -> RetryPolicy {
    let backoff = Backoff::new().without_jitter();
    RetryPolicy::new().backoff(backoff).without_throttle()
}

async fn calls(spanner: &Spanner) {
    let instances = spanner.projects().instances();
    let call = instances
        .get(format!("projects/{DATA}/instances/i"))
        .access_token(TOKEN)
        .key(KEY)
        .quota_user(DATA);
    // What becomes of them is in the log.
    drop(call.send().await);
    let instance = Instance {
        display_name: Some(DATA.to_owned()),
        ..Default::default()
    };
    let request = CreateInstanceRequest {
        instance: Some(instance),
        ..Default::default()
    };
    let create = instances.create(format!("projects/{DATA}"), request);
    drop(create.timeout(Duration::from_secs(9)).send().await);
}

#[tokio::test(start_paused = true)]
async fn a_call_is_a_span_and_so_is_each_attempt() {
    let log = Log::default();
    let guard = tracing::subscriber::set_default(log.clone());
    let quoting =
        format!(r#"{{"error": {{"status": "{DATA}", "message": "{DATA} is not there"}}}}"#);
    let recording = Recording::new()
        .answer(503, "")
        .answer(200, format!(r#"{{"name": "{DATA}"}}"#))
        .answer(404, quoting.clone());
    let builder = Spanner::builder()
        .bearer_token(TOKEN)
        .api_key(KEY)
        .transport(recording)
        .retry(policy());
    let spanner = builder.build().await.unwrap();
    calls(&spanner).await;
    // Dropped in the middle.
    drop(
        spanner
            .projects()
            .instances()
            .get("projects/p/instances/i")
            .send(),
    );
    drop(guard);
    log.check();
    let get = "service=\"spanner:v1\" method=\"spanner.projects.instances.get\" verb=\"GET\"";
    let create =
        "service=\"spanner:v1\" method=\"spanner.projects.instances.create\" verb=\"POST\"";
    let length = quoting.len();
    assert_eq!(
        log.ours(),
        [
            "DEBUG gapi_runtime message=ended".to_owned(),
            "DEBUG gapi_runtime attempt attempt=1 request_bytes=0 http_status=503 response_bytes=0 duration_ms".to_owned(),
            "INFO gapi_runtime message=will be sent again attempt=1 delay_ms=1000".to_owned(),
            "DEBUG gapi_runtime message=ended".to_owned(),
            "DEBUG gapi_runtime attempt attempt=2 request_bytes=0 http_status=200 response_bytes=24 duration_ms".to_owned(),
            format!("INFO gapi_runtime call {get} attempts=2 http_status=200 response_bytes=24 duration_ms"),
            "DEBUG gapi_runtime message=ended".to_owned(),
            format!("DEBUG gapi_runtime attempt attempt=1 request_bytes=43 http_status=404 response_bytes={length} duration_ms"),
            "DEBUG gapi_runtime message=given up attempts=1 reason=\"not retried\"".to_owned(),
            format!("INFO gapi_runtime call {create} attempts=1 http_status=404 response_bytes={length} duration_ms"),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn failures_without_an_answer_are_named_by_their_kind() {
    let log = Log::default();
    let guard = tracing::subscriber::set_default(log.clone());
    let recording = Recording::with(|request| {
        // A transport that says too much.
        let url = request.uri().to_string();
        Err::<http::Response<_>, _>(TransportError::connect(url))
    });
    let builder = Spanner::builder()
        .bearer_token(TOKEN)
        .api_key(KEY)
        .transport(recording)
        .retry(policy().max_attempts(2));
    calls(&builder.build().await.unwrap()).await;
    drop(guard);
    log.check();
    let lines = log.ours();
    assert!(
        lines
            .iter()
            .any(|line| line.contains("attempts=2 error=Connect")),
        "{lines:#?}"
    );
}

#[tokio::test]
async fn nobody_else_tells_what_is_confidential() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let log = Log::default();
    let guard = tracing::subscriber::set_default(log.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        for _ in 0..2 {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut buffer = vec![0; 65_536];
            let _ = socket.read(&mut buffer).await.unwrap();
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
            socket.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let builder = Spanner::builder()
        .endpoint(format!("http://{address}"))
        .bearer_token(TOKEN)
        .api_key(KEY);
    calls(&builder.build().await.unwrap()).await;
    server.await.unwrap();
    drop(guard);
    let lines = log.ours();
    assert_eq!(
        lines
            .iter()
            .filter(|line| line.contains("http_status=200"))
            .count(),
        4
    );
    log.check();
}
