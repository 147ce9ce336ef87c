//! Uploads a file to Drive with a service account that acts for a user, without a key.
use gapi_runtime::Media;
use workspace_apis::drive_v3::Drive;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let drive = Drive::builder().subject("user@example.com").build().await?;
    let media = Media::new("text/plain", "Hello, Drive!");
    let file = drive.files().create(None).upload(media).send().await?;
    println!("{}", file.id.unwrap_or_default());
    Ok(())
}
