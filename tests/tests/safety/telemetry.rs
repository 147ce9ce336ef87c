//! Spans and metrics as an application exports them with the SDK of OpenTelemetry: names, kinds, attributes, and nothing
//! confidential.

mod metrics;
mod operations;
mod wire;

use crate::golden::media::media_upload_and_download_v1::{MediaUploadAndDownload, schemas::File};
use gapi::gapi_runtime::{Backoff, Bytes, Media, MockTransport, RetryPolicy, TransportError, http};
use gapi::spanner_v1::{Spanner, StandardParameters};
use opentelemetry::trace::{SpanId, Status, TracerProvider as _};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use std::fmt::Debug;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::SubscriberExt as _;

/// A text that all values of parameters, bodies, messages and secrets of these tests contain, and nothing else.
const CANARY: &str = "CANARY";

/// The attributes that all spans have.
const COMMON: [&str; 6] = [
    concat!("gcp.client.version=", env!("CARGO_PKG_VERSION")),
    "gcp.client.artifact=gapi-runtime",
    "gcp.client.repo=gapi",
    "gcp.client.service=spanner",
    "gcp.schema.url=https://opentelemetry.io/schemas/1.39.0",
    "rpc.system.name=http",
];

/// The attributes of calls of the method and of their attempts.
const GET: [&str; 6] = [
    "http.request.method=GET",
    "rpc.method=spanner.projects.instances.get",
    "server.address=spanner.googleapis.com",
    "server.port=443",
    "url.domain=spanner.googleapis.com",
    "url.template=/v1/{name}",
];

/// The attributes that only calls have.
const OF_CALL: [&str; 2] = ["rpc.service=spanner:v1", "rpc.system=http"];

/// The attributes that only attempts without a body have.
const OF_ATTEMPT: [&str; 2] = ["http.request.body.size=0", "url.scheme=https"];

/// An exporter in memory, for the spans of this thread.
struct Exported {
    exporter: InMemorySpanExporter,
    _guard: DefaultGuard,
}

impl Exported {
    fn new() -> Self {
        let exporter = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder()
            .with_simple_exporter(exporter.clone())
            .build();
        let layer = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("tests"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_target(false)
            .with_level(false);
        let subscriber = tracing_subscriber::registry().with(layer);
        Self {
            exporter,
            _guard: tracing::subscriber::set_default(subscriber),
        }
    }

    /// Returns the spans of this library in the order in which they ended. None of them has anything confidential.
    #[track_caller]
    fn spans(self) -> Vec<SpanData> {
        let spans = self.exporter.get_finished_spans().unwrap();
        for span in &spans {
            check(span);
        }
        spans
    }
}

#[track_caller]
fn check(shown: &impl Debug) {
    let shown = format!("{shown:?}");
    assert!(!shown.contains(CANARY), "{CANARY} is in: {shown}");
}

/// Returns the attributes of a span, sorted.
fn attributes(span: &SpanData) -> Vec<String> {
    let attributes = span.attributes.iter();
    let mut attributes: Vec<_> = attributes
        .map(|attribute| format!("{}={}", attribute.key, attribute.value))
        .collect();
    attributes.sort();
    attributes
}

/// Checks that a span has these attributes and no other.
#[track_caller]
fn has(span: &SpanData, groups: &[&[&str]]) {
    let mut expected: Vec<String> = groups.concat().into_iter().map(str::to_owned).collect();
    expected.sort();
    assert_eq!(attributes(span), expected, "{}", span.name);
}

/// Returns the name and the kind of a span, and whether it failed.
fn head(span: &SpanData) -> String {
    let failed = if matches!(span.status, Status::Error { .. }) {
        " failed"
    } else {
        ""
    };
    format!("{:?} {}{failed}", span.span_kind, span.name)
}

fn heads(spans: &[SpanData]) -> Vec<String> {
    spans.iter().map(head).collect()
}

/// Returns the events of a span: the name and the attributes.
fn events(span: &SpanData) -> Vec<String> {
    let events = span.events.iter().map(|event| {
        let attributes = event.attributes.iter().filter(|attribute| {
            // They differ from run to run.
            !["duration_ms", "level", "target"].contains(&attribute.key.as_str())
        });
        let attributes =
            attributes.map(|attribute| format!(" {}={}", attribute.key, attribute.value));
        format!("{}{}", event.name, attributes.collect::<String>())
    });
    events.collect()
}

/// Runs a future. The clock jumps to the next timer when nothing else is ready.
fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}

async fn spanner(mock: &MockTransport) -> Spanner {
    let backoff = Backoff::new().without_jitter();
    let policy = RetryPolicy::new().backoff(backoff).without_throttle();
    let builder = Spanner::builder()
        .bearer_token("CANARY-of-a-token")
        .api_key("CANARY-of-a-key")
        .default_header("x-goog-request-reason", "CANARY")
        .transport(mock.clone())
        .retry(policy);
    builder.build().await.unwrap()
}

/// Returns the spans of a `get` with these responses.
fn get(mock: &MockTransport) -> Vec<SpanData> {
    let exported = Exported::new();
    run(async {
        let call = spanner(mock).await.projects().instances();
        let call = call.get("projects/CANARY/instances/CANARY");
        let _ = call.quota_user("CANARY").fields("CANARY").send().await;
    });
    exported.spans()
}

const CALL: &str = "Internal spanner.projects.instances.get";
const ATTEMPT: &str = "Client GET /v1/{name}";

#[test]
fn a_call_and_its_attempts_have_the_attributes_of_the_conventions() {
    let body = r#"{"name": "CANARY"}"#;
    let spans = get(&MockTransport::new()
        .respond(503, "CANARY")
        .respond(200, body));
    let failed = format!("{ATTEMPT} failed");
    assert_eq!(heads(&spans), [&failed, ATTEMPT, CALL]);
    let [first, second, call] = &spans[..] else {
        unreachable!()
    };
    has(
        first,
        &[
            &COMMON,
            &GET,
            &OF_ATTEMPT,
            &[
                "error.type=503",
                "http.response.body.size=6",
                "http.response.status_code=503",
            ],
        ],
    );
    has(
        second,
        &[
            &COMMON,
            &GET,
            &OF_ATTEMPT,
            &[
                "http.request.resend_count=1",
                "http.response.body.size=18",
                "http.response.status_code=200",
            ],
        ],
    );
    has(
        call,
        &[
            &COMMON,
            &GET,
            &OF_CALL,
            &[
                "http.request.resend_count=1",
                "http.response.status_code=200",
            ],
        ],
    );
    // The attempts are children of the call, which has no parent here.
    let parents = [first, second].map(|span| span.parent_span_id);
    assert_eq!(parents, [call.span_context.span_id(); 2]);
    assert_eq!(call.parent_span_id, SpanId::INVALID);
    assert_eq!(
        events(call),
        [
            "will be sent again attempt=1 reason=503 delay_ms=1000",
            "ended"
        ]
    );
}

#[test]
fn a_failed_call_has_the_code_of_its_response() {
    let body = r#"{"error": {"code": 404, "status": "NOT_FOUND", "message": "CANARY",
        "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "CANARY", "domain": "CANARY"}]}}"#;
    let spans = get(&MockTransport::new().respond(404, body));
    assert_eq!(
        heads(&spans),
        [format!("{ATTEMPT} failed"), format!("{CALL} failed")]
    );
    let [attempt, call] = &spans[..] else {
        unreachable!()
    };
    let size = format!("http.response.body.size={}", body.len());
    has(
        attempt,
        &[
            &COMMON,
            &GET,
            &OF_ATTEMPT,
            &["error.type=404", "http.response.status_code=404", &size],
        ],
    );
    has(
        call,
        &[
            &COMMON,
            &GET,
            &OF_CALL,
            &[
                "error.type=NOT_FOUND",
                "http.response.status_code=404",
                "rpc.response.status_code=NOT_FOUND",
            ],
        ],
    );
    assert_eq!(
        events(call),
        ["given up attempts=1 reason=not retried", "ended"]
    );
}

#[test]
fn the_type_of_an_error_is_a_code_or_a_status_or_a_kind() {
    let denied = r#"{"error": {"status": "PERMISSION_DENIED"}}"#;
    let own = r#"{"error": {"status": "CANARY"}}"#;
    for (status, body, expected) in [
        (403, denied, ["403", "PERMISSION_DENIED"]),
        (403, own, ["403", "403"]),
        (418, "CANARY", ["418", "418"]),
        (500, "", ["500", "500"]),
    ] {
        assert_eq!(types(&MockTransport::new().respond(status, body)), expected);
    }
    for (error, kind) in [
        (
            TransportError::connect as fn(&'static str) -> TransportError,
            "CLIENT_CONNECTION_ERROR",
        ),
        (TransportError::timeout, "CLIENT_TIMEOUT"),
        (TransportError::decode, "CLIENT_RESPONSE_DECODE_ERROR"),
        (TransportError::permanent, "CLIENT_CONNECTION_ERROR"),
    ] {
        let mock = MockTransport::with(move |_| Err::<http::Response<Bytes>, _>(error("CANARY")));
        let types = types(&mock);
        assert!(types.iter().all(|found| found == kind), "{types:?}");
    }
    // 304 is an error of the call, and none by the conventions for HTTP.
    assert!(types(&MockTransport::new().respond(304, "")).is_empty());
}

/// Returns the types of the errors of a `get`, those of its attempts first.
fn types(mock: &MockTransport) -> Vec<String> {
    let spans = get(mock);
    let attributes = spans.iter().flat_map(attributes);
    let types = attributes.filter_map(|text| Some(text.strip_prefix("error.type=")?.to_owned()));
    types.collect()
}

#[test]
fn a_response_that_cannot_be_read_is_an_error_of_the_call() {
    let spans = get(&MockTransport::new().respond(200, r#"{"config": ["CANARY"]}"#));
    assert_eq!(
        heads(&spans),
        [ATTEMPT.to_owned(), format!("{CALL} failed")]
    );
    let attributes = attributes(&spans[1]);
    assert!(attributes.contains(&"error.type=CLIENT_RESPONSE_DECODE_ERROR".to_owned()));
}

#[test]
fn a_dropped_call_is_canceled() {
    let exported = Exported::new();
    run(async {
        let mock = MockTransport::new().respond(503, "");
        let spanner = spanner(&mock).await;
        let mut call = pin!(
            spanner
                .projects()
                .instances()
                .get("projects/CANARY/instances/i")
                .send()
        );
        // Waits for its second attempt.
        poll_fn(|context| {
            assert!(call.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
    });
    let spans = exported.spans();
    assert_eq!(
        heads(&spans),
        [format!("{ATTEMPT} failed"), format!("{CALL} failed")]
    );
    assert!(attributes(&spans[1]).contains(&"error.type=CLIENT_CANCELLED".to_owned()));
}

#[test]
fn addresses_that_a_server_names_have_no_template() {
    let exported = Exported::new();
    let start = http::Response::builder()
        .header(
            "location",
            "https://example.googleapis.com/upload/CANARY?upload_id=CANARY",
        )
        .body(Bytes::new());
    let mock = MockTransport::new()
        .respond_with(start.unwrap())
        .respond(200, "{}");
    run(async {
        let builder = MediaUploadAndDownload::builder().transport(mock.clone());
        let things = builder.build().await.unwrap().things();
        let upload = things
            .insert(File::default())
            .upload(Media::new("image/png", "CANARY"));
        upload.resumable().send().await.unwrap();
    });
    let names = heads(&exported.spans());
    assert_eq!(
        names,
        [
            "Client POST /upload/media/v1/files",
            "Internal media_upload_and_download.things.insert",
            "Client PUT",
            "Internal media_upload_and_download.things.insert",
        ]
    );
}
