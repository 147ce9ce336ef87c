//! Uploads a file to Drive with an impersonated service account.
use gapi_runtime::Media;
use gapi_runtime::auth::{ApplicationDefault, Impersonated};
use workspace_apis::drive_v3::Drive;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let robot = Impersonated::new(ApplicationDefault::new(), "robot@p.iam.gserviceaccount.com");
    let drive = Drive::builder().credentials(robot).build().await?;
    let media = Media::new("text/plain", "Hello, Drive!");
    let file = drive.files().create(None).upload(media).send().await?;
    println!("{}", file.id.unwrap_or_default());
    Ok(())
}
