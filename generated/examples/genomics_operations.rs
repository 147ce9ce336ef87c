//! Long-running operations of Genomics: lists them as a table, watches one with a progress bar, cancels one.
//!
//! ```console
//! $ gcloud auth application-default login
//! $ cargo run -p gapi --example genomics_operations --features genomics-v2alpha1 -- list projects/p/operations
//! $ cargo run -p gapi --example genomics_operations --features genomics-v2alpha1 -- watch projects/p/operations/1
//! ```

use futures_util::TryStreamExt;
use gapi::gapi_runtime::Result;
use gapi::genomics_v2alpha1::schemas::Operation;
use gapi::genomics_v2alpha1::{Genomics, StandardParameters};
use std::process::ExitCode;
use support::{Arguments, Command, Row};

#[path = "support/operations.rs"]
mod support;

const USAGE: &str = "\
Usage: genomics_operations [--endpoint URL] COMMAND NAME

  list PROJECT    projects/P/operations
  watch OPERATION  projects/P/operations/O
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

async fn list(arguments: &Arguments, project: &str) -> Result<()> {
    let genomics = arguments.client::<Genomics>().build().await?;
    let operations = genomics.projects().operations();
    let listed: Vec<Operation> = operations
        .list(project)
        .fields(FIELDS)
        .page_size(100)
        .items()
        .try_collect()
        .await?;
    support::print_table(listed.into_iter().map(row));
    Ok(())
}

async fn watch(arguments: &Arguments, name: &str) -> Result<()> {
    let genomics = arguments.client::<Genomics>().build().await?;
    let operation = genomics.projects().operations().get(name);
    // The progress of a pipeline is unknown, because its metadata is a list of events.
    support::watch(operation.poller(), |_| None).await
}

async fn cancel(arguments: &Arguments, name: &str) -> Result<()> {
    let genomics = arguments.client::<Genomics>().build().await?;
    let operations = genomics.projects().operations();
    operations.cancel(name, None).send().await?;
    println!("asked to cancel; it may still end otherwise");
    Ok(())
}

fn row(operation: Operation) -> Row {
    Row {
        name: operation.name,
        done: operation.done,
        error: operation.error.map(|error| (error.code, error.message)),
    }
}
