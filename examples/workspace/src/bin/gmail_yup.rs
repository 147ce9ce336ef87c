//! Lists the first messages of a mailbox with an authenticator of yup-oauth2.
use workspace_apis::gmail_v1::Gmail;
use yup_oauth2::{ServiceAccountAuthenticator, read_service_account_key};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = read_service_account_key("key.json").await?;
    let robot = ServiceAccountAuthenticator::builder(key).subject("user@example.com");
    let robot = robot.build().await?;
    let gmail = Gmail::builder().credentials(robot).build().await?;
    let page = gmail.users().messages().list("me").send().await?;
    println!("{:#?}", page.messages);
    Ok(())
}
