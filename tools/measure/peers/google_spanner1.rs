//! Lists operations with the crate of google-apis-rs: `google-spanner1 URL PAGES`. See `peers.py`.

use std::error::Error;

use google_spanner1::{
    Spanner,
    common::NoToken,
    hyper_util::{
        client::legacy::{Client, connect::HttpConnector},
        rt::TokioExecutor,
    },
};

#[path = "timed.rs"]
mod timed;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (url, pages) = timed::arguments()?;
    // Follows its documentation, except for TLS and credentials.
    let http = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    let mut hub = Spanner::new(http, NoToken);
    hub.base_url(format!("{url}/"));
    timed::twice(pages, async |parent| {
        let (mut count, mut last) = (0, None);
        let mut token: Option<String> = None;
        loop {
            let mut call = hub
                .projects()
                .instances_operations_list(parent)
                .page_size(100);
            if let Some(token) = &token {
                call = call.page_token(token);
            }
            let (_, page) = call.doit().await?;
            for operation in page.operations.unwrap_or_default() {
                count += 1;
                last = operation.name;
            }
            token = page.next_page_token.filter(|token| !token.is_empty());
            if token.is_none() {
                return Ok((count, last));
            }
        }
    })
    .await
}
