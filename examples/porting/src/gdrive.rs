//! gdrive 3.9.1: `src/hub.rs`, and the request in `src/files/list.rs`.

use std::error::Error;
use std::path::Path;

use futures_util::{StreamExt as _, TryStreamExt as _};
use gapi_runtime::auth::{OAuthClient, TokenStore, UserLogin};

use crate::drive_v3::{Drive, StandardParameters as _, schemas::File, scopes};

const MAX_PAGE_SIZE: i32 = 1000;
const FIELDS: &str = "files(id,name,md5Checksum,mimeType,size,createdTime,parents)";

/// Builds a client. Its first call asks the user to log in.
///
/// # Errors
/// Fails if the file of the OAuth client cannot be read.
pub async fn hub(secret: &Path, tokens: &Path) -> Result<Drive, Box<dyn Error>> {
    let login = UserLogin::new(OAuthClient::from_file(secret)?)
        .store(TokenStore::in_file(tokens))
        .open_browser(false)
        .on_prompt(|prompt| {
            println!(
                "\n\nGdrive requires permissions to manage your files on Google Drive.\n{prompt}"
            );
        });
    let builder = Drive::builder().credentials(login).scopes([scopes::DRIVE]);
    Ok(builder.build().await?)
}

/// Lists at most `max_files` files.
///
/// # Errors
/// Fails if a page cannot be read.
pub async fn list_files(
    drive: &Drive,
    query: &str,
    order_by: &str,
    max_files: usize,
) -> Result<Vec<File>, gapi_runtime::Error> {
    let page_size = i32::try_from(max_files).unwrap_or(MAX_PAGE_SIZE);
    let list = drive.files().list();
    list.page_size(page_size.min(MAX_PAGE_SIZE))
        .q(query)
        .order_by(order_by)
        .supports_all_drives(true)
        .include_items_from_all_drives(true)
        .fields(FIELDS)
        .items()
        .take(max_files)
        .try_collect()
        .await
}
