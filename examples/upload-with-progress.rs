//! Uploads a file of any size to Cloud Storage, with a progress bar. Started again, it continues an upload that was interrupted.
//!
//!     gcloud auth application-default login
//!     cargo run --bin upload-with-progress -- BUCKET FILE
//!     cargo run --bin upload-with-progress -- BUCKET FILE http://localhost:4443
//!
//! The last address is that of fake-gcs-server, which needs no credentials.

use std::{error::Error, fs, io::ErrorKind, path::Path};

use gapi_examples::storage_v1::{Storage, schemas::Object};
use gapi_runtime::Media;
use indicatif::{ProgressBar, ProgressStyle};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(bucket), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("usage: upload-with-progress BUCKET FILE [ENDPOINT]".into());
    };
    let mut builder = Storage::builder();
    if let Some(endpoint) = arguments.next() {
        builder = builder.endpoint(endpoint);
    }
    let objects = builder.build().await?.objects();

    let name = Path::new(&file)
        .file_name()
        .ok_or("this is no file")?
        .to_string_lossy();
    // The file is read while it is sent. One chunk of it is in memory.
    let media = Media::file("application/octet-stream", &file).await?;
    let bar = progress_bar()?;
    let shown = bar.clone();
    let upload = objects
        .insert(bucket, Object::default())
        .name(name)
        .upload(media)
        .resumable()
        // The bar moves with each chunk. The default of 16 MiB needs fewer requests.
        .chunk_size(1 << 20)
        .on_progress(move |progress| {
            shown.set_length(progress.total.unwrap_or_default());
            shown.set_position(progress.bytes);
            if shown.is_hidden() {
                // Not a terminal, so these are lines of a log.
                println!(
                    "{} of {} bytes",
                    progress.bytes,
                    progress.total.unwrap_or_default()
                );
            }
        });

    // The address of the session is all that another run needs. It lets anyone write to the session, so keep it secret.
    let saved = format!("{file}.session");
    let mut session = match fs::read_to_string(&saved) {
        Ok(uri) => upload.resume(&uri)?,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let session = upload.start().await?;
            fs::write(&saved, session.uri())?;
            session
        }
        Err(error) => return Err(error.into()),
    };
    let object = match session.send().await {
        // A session lives for a week.
        Err(error) if error.is_not_found() || error.is_gone() => {
            fs::remove_file(&saved)?;
            let help = "start the program again to upload the file from its beginning";
            return Err(format!("{error}: {help}").into());
        }
        result => result?,
    };
    fs::remove_file(&saved)?;
    bar.finish_and_clear();
    println!(
        "{}: {} bytes",
        object.name.unwrap_or_default(),
        object.size.unwrap_or_default()
    );
    Ok(())
}

/// Returns a bar with bytes, speed and remaining time.
fn progress_bar() -> Result<ProgressBar, Box<dyn Error>> {
    let style = "{wide_bar} {binary_bytes} of {binary_total_bytes} ({binary_bytes_per_sec}, {eta})";
    Ok(ProgressBar::new(0).with_style(ProgressStyle::with_template(style)?))
}
