//! Lists operations with Application Default Credentials of google-cloud-auth. See `weight.py`.

use gapi::spanner_v1::Spanner;
use google_cloud_auth::credentials::Builder;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let credentials = || Builder::default().build();
    let spanner = Spanner::builder().credentials_with(credentials).build().await?;
    let operations = spanner.projects().instances().operations();
    let page = operations.list("projects/p/instances/i").send().await?;
    println!("{}", page.operations.map_or(0, |all| all.len()));
    Ok(())
}
