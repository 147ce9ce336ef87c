//! Prints the size of the buckets of a project.
//!
//!     storage-usage PROJECT [ENDPOINT]
//!
//! Uses Application Default Credentials, or none with an emulator: `http://localhost:4443`.

gapi_runtime::include_generated!();

use std::error::Error;

use futures_util::TryStreamExt as _;
use storage_v1::{StandardParameters as _, Storage};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let project = arguments
        .next()
        .ok_or("usage: storage-usage PROJECT [ENDPOINT]")?;
    let mut builder = Storage::builder();
    if let Some(endpoint) = arguments.next() {
        builder = builder.endpoint(endpoint);
    }
    let storage = builder.build().await?;

    let mut buckets = storage.buckets().list(project).items();
    while let Some(bucket) = buckets.try_next().await? {
        let name = bucket.name.unwrap_or_default();
        let (count, bytes) = usage(&storage, &name).await?;
        println!("{name}: {count} objects, {bytes} bytes");
    }
    Ok(())
}

/// Returns the number of objects in a bucket, and their total size in bytes.
async fn usage(storage: &Storage, bucket: &str) -> gapi_runtime::Result<(u64, u64)> {
    let objects = storage.objects().list(bucket);
    objects
        .fields("items/size,nextPageToken")
        .items()
        .try_fold((0, 0), |(count, bytes), object| async move {
            Ok((count + 1, bytes + object.size.unwrap_or_default()))
        })
        .await
}
