//! Lists the users of a domain with an impersonated service account.
use futures_util::TryStreamExt as _;
use gapi_runtime::auth::{ApplicationDefault, Impersonated};
use workspace_apis::admin_directory_v1::{Directory, scopes::ADMIN_DIRECTORY_USER_READONLY};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let robot = Impersonated::new(ApplicationDefault::new(), "robot@p.iam.gserviceaccount.com");
    let api = Directory::builder().credentials(robot);
    let directory = api.scopes([ADMIN_DIRECTORY_USER_READONLY]).build().await?;
    let users = directory.users().list().customer("my_customer").items();
    let emails = users.map_ok(|user| user.primary_email.unwrap_or_default());
    println!("{:?}", emails.try_collect::<Vec<_>>().await?);
    Ok(())
}
