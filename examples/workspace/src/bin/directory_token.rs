//! Lists the users of a domain with an access token.
use futures_util::TryStreamExt as _;
use workspace_apis::admin_directory_v1::{Directory, scopes::ADMIN_DIRECTORY_USER_READONLY};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = std::env::var("TOKEN")?;
    let api = Directory::builder().bearer_token(token);
    let directory = api.scopes([ADMIN_DIRECTORY_USER_READONLY]).build().await?;
    let users = directory.users().list().customer("my_customer").items();
    let emails = users.map_ok(|user| user.primary_email.unwrap_or_default());
    println!("{:?}", emails.try_collect::<Vec<_>>().await?);
    Ok(())
}
