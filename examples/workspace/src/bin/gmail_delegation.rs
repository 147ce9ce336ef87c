//! Lists the messages of a mailbox with a service account that acts for a user.
use futures_util::TryStreamExt as _;
use gapi_runtime::auth::ServiceAccount;
use workspace_apis::gmail_v1::Gmail;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let robot = ServiceAccount::from_file("key.json")?.subject("user@example.com");
    let gmail = Gmail::builder().credentials(robot).build().await?;
    let mut messages = gmail.users().messages().list("me").items();
    while let Some(message) = messages.try_next().await? {
        println!("{}", message.id.unwrap_or_default());
    }
    Ok(())
}
