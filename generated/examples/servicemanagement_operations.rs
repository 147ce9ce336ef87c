//! Long-running operations of Service Management: lists them as a table, watches one with a progress bar.
//!
//! ```console
//! $ gcloud auth application-default login
//! $ cargo run -p gapi --example servicemanagement_operations --features servicemanagement-v1 -- list library.example.com
//! $ cargo run -p gapi --example servicemanagement_operations --features servicemanagement-v1 -- watch operations/rollouts.library.example.com:1
//! ```

use futures_util::TryStreamExt;
use gapi::gapi_runtime::Result;
use gapi::servicemanagement_v1::schemas::{Operation, OperationMetadata};
use gapi::servicemanagement_v1::{ServiceManagement, StandardParameters};
use std::process::ExitCode;
use support::{Arguments, Command, Row};

#[path = "support/operations.rs"]
mod support;

const USAGE: &str = "\
Usage: servicemanagement_operations [--endpoint URL] COMMAND NAME

  list SERVICE    a managed service, library.example.com
  watch OPERATION  operations/O
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
        Command::Cancel(_) | Command::Other(..) => return None,
    })
}

async fn list(arguments: &Arguments, service: &str) -> Result<()> {
    let management = arguments.client::<ServiceManagement>().build().await?;
    let operations = management.operations();
    let listed: Vec<Operation> = operations
        .list()
        .filter(format!("serviceName={service}"))
        .fields(FIELDS)
        .page_size(100)
        .items()
        .try_collect()
        .await?;
    support::print_table(listed.into_iter().map(row));
    Ok(())
}

async fn watch(arguments: &Arguments, name: &str) -> Result<()> {
    let management = arguments.client::<ServiceManagement>().build().await?;
    let operation = management.operations().get(name);
    let poller = operation.poller().with_metadata::<OperationMetadata>();
    support::watch(poller, percent).await
}

fn percent(metadata: &OperationMetadata) -> Option<u64> {
    u64::try_from(metadata.progress_percentage?).ok()
}

fn row(operation: Operation) -> Row {
    Row {
        name: operation.name,
        done: operation.done,
        error: operation.error.map(|error| (error.code, error.message)),
    }
}
