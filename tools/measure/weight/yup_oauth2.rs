//! Lists operations with Application Default Credentials of yup-oauth2. See `weight.py`.

use gapi::spanner_v1::Spanner;
use yup_oauth2::authenticator::ApplicationDefaultCredentialsTypes as Found;
use yup_oauth2::{ApplicationDefaultCredentialsAuthenticator, ApplicationDefaultCredentialsFlowOpts};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = ApplicationDefaultCredentialsFlowOpts::default();
    let credentials = match ApplicationDefaultCredentialsAuthenticator::builder(options).await {
        Found::InstanceMetadata(found) => found.build().await?,
        Found::ServiceAccount(found) => found.build().await?,
    };
    let spanner = Spanner::builder().credentials(credentials).build().await?;
    let operations = spanner.projects().instances().operations();
    let page = operations.list("projects/p/instances/i").send().await?;
    println!("{}", page.operations.map_or(0, |all| all.len()));
    Ok(())
}
