//! Lists the messages of a mailbox with a login in the browser.
use futures_util::TryStreamExt as _;
use gapi_runtime::auth::{OAuthClient, UserLogin};
use workspace_apis::gmail_v1::Gmail;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let user = UserLogin::new(OAuthClient::from_file("client_secret.json")?);
    let gmail = Gmail::builder().credentials(user).build().await?;
    let mut messages = gmail.users().messages().list("me").items();
    while let Some(message) = messages.try_next().await? {
        println!("{}", message.id.unwrap_or_default());
    }
    Ok(())
}
