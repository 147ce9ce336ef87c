//! Lists operations with the client of this repository: `gapi URL PAGES`. See `peers.py`.

use std::error::Error;

use futures_util::TryStreamExt as _;
use gapi::spanner_v1::Spanner;

#[path = "timed.rs"]
mod timed;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (url, pages) = timed::arguments()?;
    let spanner = Spanner::builder().endpoint(url).build().await?;
    let operations = spanner.projects().instances().operations();
    timed::twice(pages, async |parent| {
        let (mut count, mut last) = (0, None);
        let mut items = operations.list(parent).page_size(100).items();
        while let Some(operation) = items.try_next().await? {
            count += 1;
            last = operation.name;
        }
        Ok((count, last))
    })
    .await
}
