//! Downloads an object of Cloud Storage into a file. Started again, it requests only the bytes that are missing.
//!
//!     gcloud auth application-default login
//!     cargo run --bin download-resume -- BUCKET OBJECT FILE
//!     cargo run --bin download-resume -- BUCKET OBJECT FILE http://localhost:4443
//!
//! The last address is that of fake-gcs-server, which needs no credentials. A short break of the connection needs no second
//! run: the client continues by itself.

use std::{
    error::Error,
    fs::{self, File},
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
};

use futures_util::TryStreamExt as _;
use gapi_examples::storage_v1::Storage;
use gapi_runtime::Base64;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(bucket), Some(name), Some(file)) =
        (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err("usage: download-resume BUCKET OBJECT FILE [ENDPOINT]".into());
    };
    let mut builder = Storage::builder();
    if let Some(endpoint) = arguments.next() {
        builder = builder.endpoint(endpoint);
    }
    let objects = builder.build().await?.objects();

    let object = objects.get(&bucket, &name).send().await?;
    let size = object.size.ok_or("the object has no size")?;
    let generation = object.generation.ok_or("the object has no generation")?;

    // The generation is the version of the object. With it in the name, bytes of two versions are never mixed.
    let part = format!("{file}.{generation}.part");
    let mut output = File::options().create(true).append(true).open(&part)?;
    let kept = output.metadata()?.len();
    if kept > 0 {
        println!("{kept} of {size} bytes are there");
    }
    if kept < size {
        // Reports an error if this version was deleted in the meantime.
        let get = objects.get(&bucket, &name).generation(generation);
        let mut media = get.download().range(kept..).stream().await?.into_body();
        while let Some(chunk) = media.try_next().await? {
            output.write_all(&chunk)?;
        }
        output.sync_all()?;
    }

    // The client compares the checksum of media that it has downloaded as a whole. This file may come from several runs.
    if let Some(expected) = object.crc32c
        && Base64::from(expected).decode()? != checksum(Path::new(&part))?.to_be_bytes()
    {
        fs::remove_file(&part)?;
        return Err("the file does not match its checksum, so it was removed".into());
    }
    fs::rename(&part, &file)?;
    println!("{file}: {size} bytes");
    Ok(())
}

/// Returns the CRC-32C of a file, which is that of Cloud Storage.
fn checksum(path: &Path) -> std::io::Result<u32> {
    let mut reader = BufReader::new(File::open(path)?);
    let mut checksum = 0;
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(checksum);
        }
        checksum = crc32c::crc32c_append(checksum, bytes);
        let read = bytes.len();
        reader.consume(read);
    }
}
