//! Lists the Spanner instances of a project.
//!
//!     gcloud auth application-default login
//!     cargo run --bin quickstart -- PROJECT
//!
//! The project needs the API `spanner.googleapis.com`, and you the permission to list instances.

use futures_util::TryStreamExt as _;
use gapi::spanner_v1::Spanner;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let project = std::env::args().nth(1).ok_or("usage: quickstart PROJECT")?;
    // Application Default Credentials: gcloud's login, a file, or the service account of this machine.
    let spanner = Spanner::builder().build().await?;
    let list = spanner
        .projects()
        .instances()
        .list(format!("projects/{project}"));
    let mut instances = list.items();
    while let Some(instance) = instances.try_next().await? {
        println!("{}", instance.name.unwrap_or_default());
    }
    Ok(())
}
