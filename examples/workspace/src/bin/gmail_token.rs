//! Lists the messages of a mailbox with an access token.
use futures_util::TryStreamExt as _;
use workspace_apis::gmail_v1::Gmail;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = std::env::var("TOKEN")?;
    let gmail = Gmail::builder().bearer_token(token).build().await?;
    let mut messages = gmail.users().messages().list("me").items();
    while let Some(message) = messages.try_next().await? {
        println!("{}", message.id.unwrap_or_default());
    }
    Ok(())
}
