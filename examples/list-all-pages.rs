//! Lists all databases of a Spanner project, with the pages of several lists at a time.
//!
//!     gcloud auth application-default login
//!     cargo run --bin list-all-pages -- PROJECT
//!     cargo run --bin list-all-pages -- PROJECT http://localhost:9020
//!
//! The second address is that of the Spanner emulator, which needs no credentials.

use std::error::Error;

use futures_util::TryStreamExt as _;
use gapi::spanner_v1::{Spanner, StandardParameters as _};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let project = arguments
        .next()
        .ok_or("usage: list-all-pages PROJECT [ENDPOINT]")?;
    let mut builder = Spanner::builder();
    if let Some(endpoint) = arguments.next() {
        builder = builder.endpoint(endpoint);
    }
    let instances = builder.build().await?.projects().instances();

    // `items` is a stream. It requests the next page when the program needs it, so a list of any length fits into memory.
    let list = instances.list(format!("projects/{project}"));
    // The server sends only these fields. The token of the next page is added by the client.
    let names = list.fields("instances(name,state)").page_size(100).items();

    // One more list for each instance, 4 of them at a time. The order of the results is that of the instances.
    let lists = names.map_ok(|instance| {
        let name = instance.name.unwrap_or_default();
        let list = instances.databases().list(name.clone()).items();
        async move { Ok((name, list.try_collect::<Vec<_>>().await?)) }
    });
    let mut lists = std::pin::pin!(lists.try_buffered(4));
    while let Some((instance, databases)) = lists.try_next().await? {
        println!("{instance}: {} databases", databases.len());
        for database in databases {
            println!("    {}", database.name.unwrap_or_default());
        }
    }
    Ok(())
}
