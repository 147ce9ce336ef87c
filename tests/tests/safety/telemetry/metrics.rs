//! The metrics of calls and attempts.

use super::{check, run};
use gapi::gapi_runtime::{Backoff, MockTransport, RetryPolicy};
use gapi::spanner_v1::Spanner;
use opentelemetry::{KeyValue, global};
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, Histogram, Metric, MetricData, ResourceMetrics, ScopeMetrics,
};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use std::collections::BTreeMap;
use std::time::Duration;

const MISSING: &str = r#"{"error": {"status": "NOT_FOUND", "message": "CANARY"}}"#;

/// A histogram as text: its unit, and for each set of attributes the number of values and their sum.
fn text(metric: &Metric, host: &str) -> Vec<String> {
    match metric.data() {
        AggregatedMetrics::F64(MetricData::Histogram(histogram)) => {
            // Durations differ from run to run. On the paused clock they are those of the delays.
            points(histogram, host, |sum| format!("{sum:.0}"))
        }
        AggregatedMetrics::U64(MetricData::Histogram(histogram)) => {
            points(histogram, host, |sum| sum.to_string())
        }
        _ => panic!("{} is no histogram", metric.name()),
    }
}

fn points<T: Copy>(
    histogram: &Histogram<T>,
    host: &str,
    show: impl Fn(T) -> String,
) -> Vec<String> {
    let host = format!("server.address={host}");
    let points = histogram.data_points().filter_map(|point| {
        let attribute = |found: &KeyValue| format!("{}={}", found.key, found.value);
        let mut attributes: Vec<_> = point.attributes().map(attribute).collect();
        attributes.sort();
        let is_own = attributes.contains(&host);
        let (count, sum) = (point.count(), show(point.sum()));
        is_own.then(|| format!("{count} {sum} {}", attributes.join(" ")))
    });
    let mut points: Vec<_> = points.collect();
    points.sort();
    points
}

/// Calls a method three times at a separate host: the first call is sent twice, the second one fails, and the third one is dropped
/// while it waits for its second attempt.
async fn calls(host: &str) {
    let mock = MockTransport::new()
        .respond(503, "")
        .respond(200, r#"{"name": "CANARY"}"#)
        .respond(404, MISSING)
        .respond(503, "");
    let backoff = Backoff::new().without_jitter();
    let spanner = Spanner::builder()
        .endpoint(format!("https://{host}"))
        .bearer_token("CANARY-of-a-token")
        .transport(mock)
        .retry(RetryPolicy::new().backoff(backoff).without_throttle())
        .build()
        .await
        .unwrap();
    let instances = spanner.projects().instances();
    for _ in 0..2 {
        let _ = instances
            .get("projects/CANARY/instances/CANARY")
            .send()
            .await;
    }
    let call = instances.get("projects/CANARY/instances/CANARY").send();
    let dropped = tokio::time::timeout(Duration::from_millis(500), call).await;
    assert!(dropped.is_err());
}

#[test]
fn calls_and_attempts_are_measured_by_the_conventions() {
    let host = "metrics.example";
    let exporter = InMemoryMetricExporter::default();
    let reader = PeriodicReader::builder(exporter.clone()).build();
    let provider = SdkMeterProvider::builder().with_reader(reader).build();
    // The only test of this process that sets it. Clients of other tests may use it meanwhile, at other hosts.
    global::set_meter_provider(provider.clone());
    run(calls(host));
    provider.force_flush().unwrap();
    let finished = exporter.get_finished_metrics().unwrap();
    check(&finished);
    let scopes = finished.iter().flat_map(ResourceMetrics::scope_metrics);
    let scopes = scopes.filter(|scope| scope.scope().name() == "gapi-runtime");
    let mut found = BTreeMap::new();
    for metric in scopes.flat_map(ScopeMetrics::metrics) {
        found.insert(
            (metric.name().to_owned(), metric.unit().to_owned()),
            text(metric, host),
        );
    }
    let common = "gcp.client.service=spanner";
    let rpc = "rpc.method=spanner.projects.instances.get";
    let end = "rpc.system.name=http server.address=metrics.example server.port=443";
    let ok = format!("{common} {rpc} {end}");
    let not_found =
        format!("error.type=NOT_FOUND {common} {rpc} rpc.response.status_code=NOT_FOUND {end}");
    let canceled = format!("error.type=CLIENT_CANCELLED {common} {rpc} {end}");
    let attempt = |status: u16, is_error: bool| {
        let error = if is_error {
            format!("error.type={status} ")
        } else {
            String::new()
        };
        format!(
            "{error}{common} http.request.method=GET http.response.status_code={status} {rpc} {end} url.scheme=https url.template=/v1/{{name}}"
        )
    };
    let (good, busy, missing) = (attempt(200, false), attempt(503, true), attempt(404, true));
    let expected = [
        (
            ("gapi.client.call.attempts", "{attempt}"),
            vec![
                format!("1 1 {canceled}"),
                format!("1 1 {not_found}"),
                format!("1 2 {ok}"),
            ],
        ),
        (
            ("http.client.request.body.size", "By"),
            vec![
                format!("1 0 {missing}"),
                format!("2 0 {busy}"),
                format!("1 0 {good}"),
            ],
        ),
        (
            ("http.client.request.duration", "s"),
            vec![
                format!("1 0 {missing}"),
                format!("2 0 {busy}"),
                format!("1 0 {good}"),
            ],
        ),
        (
            ("http.client.response.body.size", "By"),
            vec![
                format!("2 0 {busy}"),
                format!("1 18 {good}"),
                format!("1 {} {missing}", MISSING.len()),
            ],
        ),
        (
            ("rpc.client.call.duration", "s"),
            // The half of a second of the dropped call is rounded to the even number.
            vec![
                format!("1 0 {canceled}"),
                format!("1 0 {not_found}"),
                format!("1 1 {ok}"),
            ],
        ),
    ];
    let expected: BTreeMap<_, _> = expected
        .into_iter()
        .map(|((name, unit), mut points)| {
            points.sort();
            ((name.to_owned(), unit.to_owned()), points)
        })
        .collect();
    assert_eq!(found, expected);
}
