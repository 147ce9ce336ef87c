//! Prints the Spanner instances of a project, and the traces and metrics of the calls.
//!
//!     tower-middleware PROJECT [ENDPOINT]
//!
//! Uses Application Default Credentials, or none with an emulator: `http://localhost:9020`.

use std::error::Error;

use futures_util::TryStreamExt as _;
use gapi::spanner_v1::Spanner;
use opentelemetry_stdout::{MetricExporter, SpanExporter};
use tower_middleware::{ids, limits, telemetry, traces};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let project = arguments
        .next()
        .ok_or("usage: tower-middleware PROJECT [ENDPOINT]")?;
    let telemetry = telemetry::install(SpanExporter::default(), MetricExporter::default())?;

    let mut builder = traces::propagated(ids::numbered(limits::limited(Spanner::builder())));
    if let Some(endpoint) = arguments.next() {
        builder = builder.endpoint(endpoint);
    }
    let spanner = builder.build().await?;
    let list = spanner
        .projects()
        .instances()
        .list(format!("projects/{project}"));
    let instances: Vec<_> = list.items().try_collect().await?;
    for instance in instances {
        println!("{}", instance.name.unwrap_or_default());
    }

    telemetry.tracer.shutdown()?;
    telemetry.meter.shutdown()?;
    Ok(())
}
