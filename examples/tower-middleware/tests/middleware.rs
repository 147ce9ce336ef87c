//! The middleware against a server on loopback.

mod server;

use std::{process::Command, time::Duration};

use futures_util::{StreamExt as _, stream};
use gapi::spanner_v1::Spanner;
use gapi_runtime::ClientBuilder;
use opentelemetry_sdk::{
    metrics::{
        InMemoryMetricExporter,
        data::{ResourceMetrics, ScopeMetrics},
    },
    trace::InMemorySpanExporter,
};
use ring::hmac;
use tower_middleware::{ids, limits, signatures, telemetry, traces};

/// Lists instances this many times at once.
async fn list(builder: ClientBuilder<Spanner>, count: usize) {
    let spanner = builder.build().await.expect("a client");
    let instances = spanner.projects().instances();
    let calls = stream::iter(0..count).map(|_| instances.list("projects/p").send());
    let results: Vec<_> = calls.buffer_unordered(count).collect().await;
    for result in results {
        assert!(result.expect("a list").instances.is_some());
    }
}

#[tokio::test]
async fn requests_stay_within_the_limits() {
    let (url, record) = server::serve(&[]);
    list(limits::limited(Spanner::builder().endpoint(url)), 50).await;
    let record = record.lock().expect("no panic");
    assert_eq!(record.requests.len(), 50);
    assert!(record.most <= 4, "{} at a time", record.most);
    // 20 in the first 200 ms, and 20 in the next ones.
    let took = record.times[49] - record.times[0];
    assert!(took >= Duration::from_millis(380), "{took:?}");
}

#[tokio::test]
async fn each_attempt_has_an_id() {
    let (url, record) = server::serve(&["503 Service Unavailable"]);
    list(ids::numbered(Spanner::builder().endpoint(url)), 1).await;
    let record = record.lock().expect("no panic");
    assert_eq!(record.values("x-request-id"), ["1", "2"]);
}

#[tokio::test]
async fn the_server_can_check_the_signature() {
    let (url, record) = server::serve(&[]);
    let builder = Spanner::builder().endpoint(&url);
    list(signatures::signed(builder, b"a shared secret"), 1).await;
    let record = record.lock().expect("no panic");
    let (target, _) = &record.requests[0];
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"a shared secret");
    let signed = format!("GET\n{url}{target}\n");
    let expected = hmac::sign(&key, signed.as_bytes());
    let hexadecimal: Vec<String> = expected
        .as_ref()
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    assert_eq!(record.values("x-signature"), [hexadecimal.concat()]);
}

#[tokio::test]
async fn attempts_carry_their_spans_and_are_exported() {
    let (spans, metrics) = (
        InMemorySpanExporter::default(),
        InMemoryMetricExporter::default(),
    );
    let telemetry = telemetry::install(spans.clone(), metrics.clone()).expect("no subscriber yet");
    let (url, record) = server::serve(&["503 Service Unavailable"]);
    list(traces::propagated(Spanner::builder().endpoint(&url)), 1).await;

    let spans = spans.get_finished_spans().expect("the spans");
    // Other tests of this process have spans, too.
    let port = url.rsplit(':').next().expect("a port");
    let own = spans.iter().filter(|span| {
        let mut attributes = span.attributes.iter();
        span.name == "GET /v1/{parent}/instances"
            && attributes
                .any(|found| found.key.as_str() == "server.port" && found.value.to_string() == port)
    });
    let sent = own.map(|span| {
        let context = &span.span_context;
        format!("00-{}-{}-01", context.trace_id(), context.span_id())
    });
    let record = record.lock().expect("no panic");
    let parents = record.values("traceparent");
    assert_eq!(parents.len(), 2);
    assert_eq!(parents, sent.collect::<Vec<_>>());

    telemetry.meter.force_flush().expect("the metrics");
    let finished = metrics.get_finished_metrics().expect("the metrics");
    let scopes = finished.iter().flat_map(ResourceMetrics::scope_metrics);
    let mut names: Vec<_> = scopes
        .flat_map(ScopeMetrics::metrics)
        .map(|metric| metric.name().to_owned())
        .collect();
    names.sort();
    assert!(
        names.contains(&"http.client.request.duration".to_owned()),
        "{names:?}"
    );
}

#[test]
fn the_program_prints_instances_and_telemetry() {
    let (url, record) = server::serve(&[]);
    let output = Command::new(env!("CARGO_BIN_EXE_tower-middleware"))
        .args(["p", &url])
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
    for text in [
        "projects/p/instances/orders",
        "spanner.projects.instances.list",
        "rpc.client.call.duration",
    ] {
        assert!(said.contains(text), "{text} is not in: {said}");
    }
    let record = record.lock().expect("no panic");
    assert_eq!(record.values("x-request-id"), ["1"]);
    assert!(record.values("traceparent")[0].starts_with("00-"));
}
