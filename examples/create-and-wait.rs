//! Creates a Spanner database, which is a long-running operation, and waits for it.
//!
//!     gcloud auth application-default login
//!     cargo run --bin create-and-wait -- projects/P/instances/I my-database
//!     cargo run --bin create-and-wait -- projects/P/instances/I my-database http://localhost:9020
//!
//! The last address is that of the Spanner emulator, which needs no credentials.

use std::{error::Error, time::Duration};

use futures_util::TryStreamExt as _;
use gapi::gapi_runtime::Update;
use gapi::spanner_v1::{Spanner, schemas::CreateDatabaseRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(instance), Some(name)) = (arguments.next(), arguments.next()) else {
        return Err("usage: create-and-wait INSTANCE DATABASE [ENDPOINT]".into());
    };
    let mut builder = Spanner::builder();
    if let Some(endpoint) = arguments.next() {
        builder = builder.endpoint(endpoint);
    }
    let databases = builder.build().await?.projects().instances().databases();

    let request = CreateDatabaseRequest {
        create_statement: Some(format!("CREATE DATABASE `{name}`")),
        extra_statements: Some(vec![
            "CREATE TABLE Singers (Id INT64) PRIMARY KEY (Id)".into(),
        ]),
        ..Default::default()
    };
    // The limit is for the wait. Without one the program waits for as long as the operation takes.
    let poller = databases
        .create(instance, request)
        .poller()
        .timeout(Duration::from_mins(10));

    // `poller.until_done().await?` is enough to get the database. `updates` shows the states before that, too.
    let mut updates = poller.updates();
    loop {
        match updates.try_next().await {
            Ok(Some(Update::InProgress(operation))) => {
                println!("{}: in progress", operation.name().unwrap_or_default());
            }
            Ok(Some(Update::Done(database))) => {
                println!("{}: done", database.name.unwrap_or_default());
            }
            // `Update` may gain variants.
            Ok(Some(_)) => {}
            Ok(None) => return Ok(()),
            Err(error) => {
                // The operation may still be running: `operations().get(name).poller()` waits for it again.
                if let Some(operation) = error.operation_name() {
                    eprintln!("{operation}: no result");
                }
                return Err(error.into());
            }
        }
    }
}
