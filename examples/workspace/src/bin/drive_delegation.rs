//! Uploads a file to Drive with a service account that acts for a user.
use gapi_runtime::Media;
use gapi_runtime::auth::ServiceAccount;
use workspace_apis::drive_v3::Drive;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let robot = ServiceAccount::from_file("key.json")?.subject("user@example.com");
    let drive = Drive::builder().credentials(robot).build().await?;
    let media = Media::new("text/plain", "Hello, Drive!");
    let file = drive.files().create(None).upload(media).send().await?;
    println!("{}", file.id.unwrap_or_default());
    Ok(())
}
