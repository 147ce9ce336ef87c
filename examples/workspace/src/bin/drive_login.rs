//! Uploads a file to Drive with a login in the browser.
use gapi_runtime::Media;
use gapi_runtime::auth::{OAuthClient, UserLogin};
use workspace_apis::drive_v3::Drive;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let user = UserLogin::new(OAuthClient::from_file("client_secret.json")?);
    let drive = Drive::builder().credentials(user).build().await?;
    let media = Media::new("text/plain", "Hello, Drive!");
    let file = drive.files().create(None).upload(media).send().await?;
    println!("{}", file.id.unwrap_or_default());
    Ok(())
}
