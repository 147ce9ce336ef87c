//! Lists the messages of a mailbox with a service account that acts for a user, without a key.
use futures_util::TryStreamExt as _;
use workspace_apis::gmail_v1::Gmail;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gmail = Gmail::builder().subject("user@example.com").build().await?;
    let mut messages = gmail.users().messages().list("me").items();
    while let Some(message) = messages.try_next().await? {
        println!("{}", message.id.unwrap_or_default());
    }
    Ok(())
}
