//! Uploads, lists and downloads files of Google Drive, with a login of the user in the browser.
//!
//!     cargo run --bin drive -- upload FILE
//!     cargo run --bin drive -- list
//!     cargo run --bin drive -- download ID FILE
//!
//! Before: enable the Drive API in a project of Google Cloud, create an OAuth client of the type "Desktop app", and save its
//! file as `client_secret.json` in this directory.

use std::{error::Error, fs::File, io::Write as _, path::Path};

use futures_util::TryStreamExt as _;
use gapi_examples::drive_v3::{Drive, StandardParameters as _, schemas, scopes};
use gapi_runtime::Media;
use gapi_runtime::auth::{OAuthClient, UserLogin};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();

    // The first call opens the browser. Later runs use the refresh token, which is kept in the home directory.
    let user = UserLogin::new(OAuthClient::from_file("client_secret.json")?);
    // This scope is for the files that the program has made itself. Google does not review such programs.
    let builder = Drive::builder()
        .credentials(user)
        .scopes([scopes::DRIVE_FILE]);
    let drive = builder.build().await?;

    match arguments[..] {
        ["upload", path] => upload(&drive, path).await,
        ["list"] => list(&drive).await,
        ["download", id, path] => download(&drive, id, path).await,
        _ => Err("usage: drive upload FILE | drive list | drive download ID FILE".into()),
    }
}

async fn upload(drive: &Drive, path: &str) -> Result<(), Box<dyn Error>> {
    let name = Path::new(path).file_name().ok_or("this is no file")?;
    let metadata = schemas::File {
        name: Some(name.to_string_lossy().into_owned()),
        ..Default::default()
    };
    let media = Media::file("application/octet-stream", path).await?;
    // For large files add `.resumable()`, as in `upload-with-progress`.
    let file = drive.files().create(metadata).upload(media).send().await?;
    println!(
        "{} {}",
        file.id.unwrap_or_default(),
        file.name.unwrap_or_default()
    );
    Ok(())
}

async fn list(drive: &Drive) -> Result<(), Box<dyn Error>> {
    let list = drive
        .files()
        .list()
        .q("trashed = false")
        .order_by("modifiedTime desc");
    let mut files = list.fields("files(id,name)").items();
    while let Some(file) = files.try_next().await? {
        println!(
            "{} {}",
            file.id.unwrap_or_default(),
            file.name.unwrap_or_default()
        );
    }
    Ok(())
}

async fn download(drive: &Drive, id: &str, path: &str) -> Result<(), Box<dyn Error>> {
    // Documents, sheets and slides have no content to download: `files().export(id, "application/pdf")` converts them.
    let mut media = drive.files().get(id).download().stream().await?.into_body();
    let mut file = File::create(path)?;
    while let Some(chunk) = media.try_next().await? {
        file.write_all(&chunk)?;
    }
    println!("{path}");
    Ok(())
}
