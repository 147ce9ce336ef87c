//! Traces and metrics of all clients of the program, by OpenTelemetry.

use opentelemetry::{global, trace::TracerProvider as _};
use opentelemetry_sdk::{
    metrics::{SdkMeterProvider, exporter::PushMetricExporter},
    propagation::TraceContextPropagator,
    trace::{SdkTracerProvider, SpanExporter},
};
use tracing_subscriber::{layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// The providers. Shut them down at the end of the program, so that nothing is lost.
pub struct Telemetry {
    /// The provider of spans.
    pub tracer: SdkTracerProvider,
    /// The provider of metrics.
    pub meter: SdkMeterProvider,
}

/// Installs the exporters for the whole program. Call it before you build clients, because metrics need their provider then.
///
/// # Errors
/// Fails if the program has a subscriber of `tracing` already.
pub fn install(
    spans: impl SpanExporter + 'static,
    metrics: impl PushMetricExporter,
) -> Result<Telemetry, Box<dyn std::error::Error>> {
    let tracer = SdkTracerProvider::builder()
        .with_simple_exporter(spans)
        .build();
    let meter = SdkMeterProvider::builder()
        .with_periodic_exporter(metrics)
        .build();
    global::set_meter_provider(meter.clone());
    global::set_text_map_propagator(TraceContextPropagator::new());
    let layer = tracing_opentelemetry::layer().with_tracer(tracer.tracer("my-program"));
    tracing_subscriber::registry().with(layer).try_init()?;
    Ok(Telemetry { tracer, meter })
}
