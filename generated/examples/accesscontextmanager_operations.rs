//! Long-running operations of Access Context Manager: lists them as a table, watches one with a progress bar, cancels one.
//!
//! ```console
//! $ gcloud auth application-default login
//! $ cargo run -p gapi --example accesscontextmanager_operations --features accesscontextmanager-v1 -- list operations
//! $ cargo run -p gapi --example accesscontextmanager_operations --features accesscontextmanager-v1 -- watch operations/accessPolicies/1/create/2
//! ```

use futures_util::TryStreamExt;
use gapi::accesscontextmanager_v1::schemas::Operation;
use gapi::accesscontextmanager_v1::{AccessContextManager, StandardParameters};
use gapi::gapi_runtime::Result;
use std::process::ExitCode;
use support::{Arguments, Command, Row};

#[path = "support/operations.rs"]
mod support;

const USAGE: &str = "\
Usage: accesscontextmanager_operations [--endpoint URL] COMMAND NAME

  list operations  all of them
  watch OPERATION  operations/O
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

async fn list(arguments: &Arguments, collection: &str) -> Result<()> {
    let manager = arguments.client::<AccessContextManager>().build().await?;
    let operations = manager.operations();
    let listed: Vec<Operation> = operations
        .list(collection)
        .fields(FIELDS)
        .page_size(100)
        .items()
        .try_collect()
        .await?;
    support::print_table(listed.into_iter().map(row));
    Ok(())
}

async fn watch(arguments: &Arguments, name: &str) -> Result<()> {
    let manager = arguments.client::<AccessContextManager>().build().await?;
    let operation = manager.operations().get(name);
    // The metadata does not contain the progress.
    support::watch(operation.poller(), |_| None).await
}

async fn cancel(arguments: &Arguments, name: &str) -> Result<()> {
    let manager = arguments.client::<AccessContextManager>().build().await?;
    let operations = manager.operations();
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
