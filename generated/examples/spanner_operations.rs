//! Lists the long-running operations of a Cloud Spanner instance or database, and on request creates an instance first.
//!
//! Against the emulator, which is a part of the Google Cloud SDK (`gcloud components install cloud-spanner-emulator`) and asks
//! for no credentials:
//!
//! ```console
//! $ gcloud emulators spanner start &
//! $ cargo run -p gapi --example spanner_operations --features spanner-v1 -- \
//!       --endpoint http://127.0.0.1:9020 --create projects/p/instances/my-instance
//! ```
//!
//! Against Google's servers:
//!
//! ```console
//! $ gcloud auth application-default login
//! $ cargo run -p gapi --example spanner_operations --features spanner-v1 -- projects/p/instances/i/databases/d
//! ```

use futures_util::TryStreamExt;
use gapi::gapi_runtime::Result;
use gapi::spanner_v1::schemas::{CreateInstanceRequest, Instance, Operation};
use gapi::spanner_v1::{Spanner, StandardParameters};
use std::process::ExitCode;

const USAGE: &str = "\
Usage: spanner_operations [--endpoint URL] [--create] NAME

  NAME            projects/P/instances/I or projects/P/instances/I/databases/D
  --endpoint URL  another server, for instance http://127.0.0.1:9020, the emulator
  --create        create the instance first

Credentials are the access token in the environment variable GAPI_ACCESS_TOKEN, else Application Default Credentials.
A server without TLS gets none but that token.";

#[derive(Default)]
struct Arguments {
    endpoint: Option<String>,
    create: bool,
    name: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(arguments) = arguments(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            // Where the server explains itself further: a reason to tell errors apart by, details of various types.
            for detail in error
                .status()
                .into_iter()
                .flat_map(|status| &status.details)
            {
                eprintln!("  {detail}");
            }
            ExitCode::FAILURE
        }
    }
}

fn arguments(mut given: impl Iterator<Item = String>) -> Option<Arguments> {
    let mut arguments = Arguments::default();
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--endpoint" => arguments.endpoint = Some(given.next()?),
            "--create" => arguments.create = true,
            flag if flag.starts_with('-') => return None,
            _ if arguments.name.is_empty() => arguments.name = argument,
            _ => return None,
        }
    }
    (!arguments.name.is_empty()).then_some(arguments)
}

async fn run(arguments: Arguments) -> Result<()> {
    let mut builder = Spanner::builder().user_agent("spanner_operations/1.0");
    if let Some(endpoint) = arguments.endpoint {
        builder = builder.endpoint(endpoint);
    }
    if let Ok(token) = std::env::var("GAPI_ACCESS_TOKEN") {
        builder = builder.bearer_token(token);
    }
    let spanner = builder.build().await?;

    if arguments.create {
        let instance = arguments
            .name
            .split("/databases/")
            .next()
            .unwrap_or_default();
        let operation = create_instance(&spanner, instance).await?;
        println!("creating {instance}:");
        print_table(&[operation]);
        println!();
    }
    print_table(&operations(&spanner, &arguments.name).await?);
    Ok(())
}

/// Begins to create an instance, where its project's first configuration says; the operation tells when it is there.
async fn create_instance(spanner: &Spanner, name: &str) -> Result<Operation> {
    // Whatever else is wrong with the name, the server says so.
    let (project, instance) = name.split_once("/instances/").unwrap_or((name, ""));
    let configs = spanner
        .projects()
        .instance_configs()
        .list(project)
        .page_size(1)
        .send()
        .await?;
    let config = configs
        .instance_configs
        .unwrap_or_default()
        .into_iter()
        .next();
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
    spanner
        .projects()
        .instances()
        .create(project, request)
        .send()
        .await
}

/// All operations of an instance or of a database, page after page.
async fn operations(spanner: &Spanner, name: &str) -> Result<Vec<Operation>> {
    let parent = format!("{name}/operations");
    let instances = spanner.projects().instances();
    // The two resources have methods, and so types, of their own. `fields` leaves out what the table does not show.
    let fields = "nextPageToken,operations(name,done,error)";
    if name.contains("/databases/") {
        let list = instances.databases().operations().list(parent);
        list.fields(fields)
            .page_size(100)
            .items()
            .try_collect()
            .await
    } else {
        let list = instances.operations().list(parent);
        list.fields(fields)
            .page_size(100)
            .items()
            .try_collect()
            .await
    }
}

fn print_table(operations: &[Operation]) {
    let name = |operation: &Operation| operation.name.clone().unwrap_or_default();
    let width = operations
        .iter()
        .map(|operation| name(operation).len())
        .max()
        .unwrap_or(0)
        .max("NAME".len());
    println!("{:width$}  {:5}  ERROR", "NAME", "DONE");
    for operation in operations {
        let done = operation.done.unwrap_or(false);
        let error = operation.error.as_ref().map_or_else(String::new, |error| {
            format!(
                "{}: {}",
                error.code.unwrap_or_default(),
                error.message.as_deref().unwrap_or_default()
            )
        });
        println!(
            "{}",
            format!("{:width$}  {done:5}  {error}", name(operation)).trim_end()
        );
    }
}
