//! Long-running operations of Cloud Healthcare: lists them as a table, watches one with a progress bar, cancels one.
//!
//! ```console
//! $ gcloud auth application-default login
//! $ cargo run -p gapi --example healthcare_operations --features healthcare-v1 -- list projects/p/locations/l/datasets/d
//! $ cargo run -p gapi --example healthcare_operations --features healthcare-v1 -- watch projects/p/locations/l/datasets/d/operations/1
//! ```

use futures_util::TryStreamExt;
use gapi::gapi_runtime::Result;
use gapi::healthcare_v1::schemas::{Operation, OperationMetadata};
use gapi::healthcare_v1::{CloudHealthcare, StandardParameters};
use std::process::ExitCode;
use support::{Arguments, Command, Row};

#[path = "support/operations.rs"]
mod support;

const USAGE: &str = "\
Usage: healthcare_operations [--endpoint URL] COMMAND NAME

  list DATASET    projects/P/locations/L/datasets/D
  watch OPERATION  projects/P/locations/L/datasets/D/operations/O
  cancel OPERATION
  --endpoint URL  another server

Credentials are the access token in the environment variable GAPI_ACCESS_TOKEN, else Application Default Credentials.
A server without TLS gets none but that token.";

/// The columns of the table.
const FIELDS: &str = "nextPageToken,operations(name,done,error)";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    support::main(USAGE, run).await
}

async fn run(arguments: Arguments) -> Option<Result<()>> {
    Some(match &arguments.command {
        Command::List(name) => list(&arguments, name).await,
        Command::Watch(name) => watch(&arguments, name).await,
        Command::Cancel(name) => cancel(&arguments, name).await,
        Command::Other(..) => return None,
    })
}

async fn list(arguments: &Arguments, dataset: &str) -> Result<()> {
    let healthcare = arguments.client::<CloudHealthcare>().build().await?;
    let operations = healthcare.projects().locations().datasets().operations();
    let listed: Vec<Operation> = operations
        .list(dataset)
        .fields(FIELDS)
        .page_size(100)
        .items()
        .try_collect()
        .await?;
    support::print_table(listed.into_iter().map(row));
    Ok(())
}

async fn watch(arguments: &Arguments, name: &str) -> Result<()> {
    let healthcare = arguments.client::<CloudHealthcare>().build().await?;
    let operation = healthcare
        .projects()
        .locations()
        .datasets()
        .operations()
        .get(name);
    let poller = operation.poller().with_metadata::<OperationMetadata>();
    support::watch(poller, percent).await
}

async fn cancel(arguments: &Arguments, name: &str) -> Result<()> {
    let healthcare = arguments.client::<CloudHealthcare>().build().await?;
    let operations = healthcare.projects().locations().datasets().operations();
    operations.cancel(name, None).send().await?;
    println!("asked to cancel; it may still end otherwise");
    Ok(())
}

/// Returns the progress of the operation in percent.
fn percent(metadata: &OperationMetadata) -> Option<u64> {
    let counter = metadata.counter.as_ref()?;
    let units = |count: Option<i64>| {
        count
            .and_then(|count| u64::try_from(count).ok())
            .unwrap_or(0)
    };
    let finished = units(counter.success) + units(counter.failure);
    let all = finished + units(counter.pending);
    (finished * 100).checked_div(all)
}

fn row(operation: Operation) -> Row {
    Row {
        name: operation.name,
        done: operation.done,
        error: operation.error.map(|error| (error.code, error.message)),
    }
}
