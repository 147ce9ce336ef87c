//! Uploads a file to Drive with a login on another device.
use gapi_runtime::Media;
use gapi_runtime::auth::{DeviceLogin, OAuthClient};
use workspace_apis::drive_v3::{Drive, scopes::DRIVE_FILE};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let user = DeviceLogin::new(OAuthClient::from_file("client_secret.json")?);
    let builder = Drive::builder().credentials(user).scopes([DRIVE_FILE]);
    let drive = builder.build().await?;
    let media = Media::new("text/plain", "Hello, Drive!");
    let file = drive.files().create(None).upload(media).send().await?;
    println!("{}", file.id.unwrap_or_default());
    Ok(())
}
