//! Lists the users of a domain with a service account that acts for a user, without a key.
use futures_util::TryStreamExt as _;
use workspace_apis::admin_directory_v1::{Directory, scopes::ADMIN_DIRECTORY_USER_READONLY};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = Directory::builder().subject("user@example.com");
    let directory = api.scopes([ADMIN_DIRECTORY_USER_READONLY]).build().await?;
    let users = directory.users().list().customer("my_customer").items();
    let emails = users.map_ok(|user| user.primary_email.unwrap_or_default());
    println!("{:?}", emails.try_collect::<Vec<_>>().await?);
    Ok(())
}
