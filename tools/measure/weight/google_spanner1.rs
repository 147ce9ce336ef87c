//! Lists operations with the crate of google-apis-rs and its default credentials. See `weight.py`.

use google_spanner1::hyper_rustls::HttpsConnectorBuilder;
use google_spanner1::hyper_util::{client::legacy::Client, rt::TokioExecutor};
use google_spanner1::yup_oauth2::authenticator::ApplicationDefaultCredentialsTypes as Found;
use google_spanner1::yup_oauth2::{
    ApplicationDefaultCredentialsAuthenticator, ApplicationDefaultCredentialsFlowOpts,
};
use google_spanner1::{Spanner, yup_oauth2};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = ApplicationDefaultCredentialsFlowOpts::default();
    let credentials: yup_oauth2::authenticator::DefaultAuthenticator =
        match ApplicationDefaultCredentialsAuthenticator::builder(options).await {
            Found::InstanceMetadata(found) => found.build().await?,
            Found::ServiceAccount(found) => found.build().await?,
        };
    let connector = HttpsConnectorBuilder::new().with_native_roots()?;
    let connector = connector.https_only().enable_http2().build();
    let http = Client::builder(TokioExecutor::new()).build(connector);
    let spanner = Spanner::new(http, credentials);
    let list = spanner.projects().instances_operations_list("projects/p/instances/i");
    let (_, page) = list.doit().await?;
    println!("{}", page.operations.map_or(0, |all| all.len()));
    Ok(())
}
