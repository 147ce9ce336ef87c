//! Long-running operations of Cloud Spanner: lists those of an instance or a database as a table, watches one with a
//! progress bar, cancels one, and creates an instance.
//!
//! With the emulator, which is a part of the Google Cloud SDK (`gcloud components install cloud-spanner-emulator`) and
//! needs no credentials:
//!
//! ```console
//! $ gcloud emulators spanner start &
//! $ cargo run -p gapi --example spanner_operations --features spanner-v1 -- \
//!       --endpoint http://127.0.0.1:9020 create projects/p/instances/my-instance
//! ```
//!
//! With Google's servers:
//!
//! ```console
//! $ gcloud auth application-default login
//! $ cargo run -p gapi --example spanner_operations --features spanner-v1 -- list projects/p/instances/i/databases/d
//! ```

use futures_util::TryStreamExt;
use gapi::gapi_runtime::{Result, Value};
use gapi::spanner_v1::schemas::{CreateInstanceRequest, Instance, Operation};
use gapi::spanner_v1::{Spanner, StandardParameters};
use std::process::ExitCode;
use support::{Arguments, Command, Row};

#[path = "support/operations.rs"]
mod support;

const USAGE: &str = "\
Usage: spanner_operations [--endpoint URL] COMMAND NAME

  list NAME         those of projects/P/instances/I or of projects/P/instances/I/databases/D
  watch OPERATION   NAME/operations/O
  cancel OPERATION
  create INSTANCE   projects/P/instances/I
  --endpoint URL    another server, for instance http://127.0.0.1:9020, the emulator

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
        Command::Other(command, name) if command == "create" => create(&arguments, name).await,
        Command::Other(..) => return None,
    })
}

async fn list(arguments: &Arguments, name: &str) -> Result<()> {
    let spanner = arguments.client::<Spanner>().build().await?;
    let parent = format!("{name}/operations");
    let instances = spanner.projects().instances();
    // The two resources have separate methods and types.
    let listed: Vec<Operation> = if name.contains("/databases/") {
        let list = instances.databases().operations().list(parent);
        let list = list.fields(FIELDS).page_size(100);
        list.items().try_collect().await?
    } else {
        let list = instances.operations().list(parent);
        let list = list.fields(FIELDS).page_size(100);
        list.items().try_collect().await?
    };
    support::print_table(listed.into_iter().map(row));
    Ok(())
}

async fn watch(arguments: &Arguments, name: &str) -> Result<()> {
    let spanner = arguments.client::<Spanner>().build().await?;
    let instances = spanner.projects().instances();
    if name.contains("/databases/") {
        let operation = instances.databases().operations().get(name);
        support::watch(operation.poller(), percent).await
    } else {
        let operation = instances.operations().get(name);
        support::watch(operation.poller(), percent).await
    }
}

async fn cancel(arguments: &Arguments, name: &str) -> Result<()> {
    let spanner = arguments.client::<Spanner>().build().await?;
    let instances = spanner.projects().instances();
    if name.contains("/databases/") {
        let operations = instances.databases().operations();
        operations.cancel(name).send().await?;
    } else {
        instances.operations().cancel(name).send().await?;
    }
    println!("asked to cancel; it may still end otherwise");
    Ok(())
}

/// Creates an instance with the first configuration of its project, and shows the progress.
async fn create(arguments: &Arguments, name: &str) -> Result<()> {
    let spanner = arguments.client::<Spanner>().build().await?;
    // The server reports other errors in the name.
    let (project, instance) = name.split_once("/instances/").unwrap_or((name, ""));
    let configs = spanner.projects().instance_configs().list(project);
    let configs = configs.page_size(1).send().await?.instance_configs;
    let config = configs.unwrap_or_default().into_iter().next();
    let request = CreateInstanceRequest {
        instance_id: Some(instance.to_owned()),
        instance: Some(Instance {
            config: config.and_then(|config| config.name),
            display_name: Some(instance.to_owned()),
            node_count: Some(1),
            ..Default::default()
        }),
        ..Default::default()
    };
    let create = spanner.projects().instances().create(project, request);
    support::watch(create.poller().with_metadata(), percent).await
}

/// Returns the progress. Each kind of operation has its own type of metadata, but many have this member.
fn percent(metadata: &Value) -> Option<u64> {
    metadata.pointer("/progress/progressPercent")?.as_u64()
}

fn row(operation: Operation) -> Row {
    Row {
        name: operation.name,
        done: operation.done,
        error: operation.error.map(|error| (error.code, error.message)),
    }
}
