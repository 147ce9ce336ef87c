//! Runs a query of Spanner, and prints each row as soon as it has arrived.
//!
//!     gcloud auth application-default login
//!     cargo run --bin streaming -- projects/P/instances/I/databases/D "SELECT Id, Name FROM Singers"
//!     cargo run --bin streaming -- projects/P/instances/I/databases/D "SELECT 1" http://localhost:9020
//!
//! The last address is that of the Spanner emulator, which needs no credentials.

use std::error::Error;

use futures_util::TryStreamExt as _;
use gapi::gapi_runtime::Value;
use gapi::spanner_v1::projects::instances::databases::sessions::Sessions;
use gapi::spanner_v1::{Spanner, schemas::ExecuteSqlRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(database), Some(sql)) = (arguments.next(), arguments.next()) else {
        return Err("usage: streaming DATABASE SQL [ENDPOINT]".into());
    };
    let mut builder = Spanner::builder();
    if let Some(endpoint) = arguments.next() {
        builder = builder.endpoint(endpoint);
    }
    let sessions = builder
        .build()
        .await?
        .projects()
        .instances()
        .databases()
        .sessions();

    // A query needs a session, which takes memory of the server. So the program deletes it after an error, too.
    let session = sessions
        .create(database, None)
        .send()
        .await?
        .name
        .unwrap_or_default();
    let result = query(&sessions, &session, sql).await;
    let deleted = sessions.delete(session).send().await;
    result?;
    deleted?;
    Ok(())
}

/// Prints the rows of a query.
async fn query(sessions: &Sessions, session: &str, sql: String) -> Result<(), Box<dyn Error>> {
    let request = ExecuteSqlRequest {
        sql: Some(sql),
        ..Default::default()
    };
    // `send()` would collect all messages. The stream holds one of them, so the result may have any size.
    let mut messages = sessions.execute_streaming_sql(session, request).stream();

    // A message has a number of values: several rows, a part of a row, or even a part of a value.
    let (mut columns, mut values, mut is_partial) = (0, Vec::new(), false);
    while let Some(message) = messages.try_next().await? {
        if let Some(row) = message.metadata.and_then(|metadata| metadata.row_type) {
            columns = row.fields.unwrap_or_default().len();
        }
        let mut arrived = message.values.unwrap_or_default().into_iter();
        if is_partial && let (Some(begin), Some(rest)) = (values.last_mut(), arrived.next()) {
            join(begin, rest);
        }
        values.extend(arrived);
        is_partial = message.chunked_value == Some(true);

        // The value at the end has to wait for its rest.
        while columns > 0 && values.len().saturating_sub(is_partial.into()) >= columns {
            let row = values.drain(..columns).map(|value| value.to_string());
            println!("{}", row.collect::<Vec<_>>().join("\t"));
        }
    }
    Ok(())
}

/// Appends the rest of a value that came in two messages. Only texts and lists are divided.
fn join(begin: &mut Value, rest: Value) {
    match (begin, rest) {
        (Value::String(begin), Value::String(rest)) => begin.push_str(&rest),
        (Value::Array(begin), Value::Array(rest)) => {
            let mut rest = rest.into_iter();
            match (begin.last_mut(), rest.next()) {
                (Some(last @ (Value::String(_) | Value::Array(_))), Some(first)) => {
                    join(last, first);
                }
                (_, first) => begin.extend(first),
            }
            begin.extend(rest);
        }
        _ => {}
    }
}
