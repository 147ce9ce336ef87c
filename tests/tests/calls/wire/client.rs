//! Clients of the generated crate that talk to a [`Server`].

use super::server::Server;
use gapi::gapi_runtime::{ClientBuilder, RetryPolicy, Service};

pub(super) const TOKEN: &str = "ya29.bearer-SECRET";
pub(super) const KEY: &str = "AIza-api-key-SECRET";
pub(super) const QUOTA_PROJECT: &str = "billed-project";

/// Builds a client without credentials.
pub(super) async fn anonymous<S: Service>(server: &Server) -> S {
    builder(server).build().await.unwrap()
}

/// Builds a client with every kind of credential.
pub(super) async fn authenticated<S: Service>(server: &Server) -> S {
    builder(server)
        .bearer_token(TOKEN)
        .api_key(KEY)
        .quota_project(QUOTA_PROJECT)
        .build()
        .await
        .unwrap()
}

fn builder<S: Service>(server: &Server) -> ClientBuilder<S> {
    // Each response is tested alone. Other tests cover retries.
    let never = RetryPolicy::never();
    ClientBuilder::new().endpoint(server.url()).retry(never)
}
