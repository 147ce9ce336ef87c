//! Lists the messages of a user of your domain, as a service account with domain-wide delegation.
//!
//!     delegation KEY.json USER@EXAMPLE.COM
//!
//! An administrator grants the service account the scope `gmail.readonly` first:
//! <https://developers.google.com/workspace/guides/create-credentials>.

use std::error::Error;

use futures_util::TryStreamExt as _;
use workspace_apis::YupCredentials;
use workspace_apis::gmail_v1::{Gmail, scopes};
use yup_oauth2::{ServiceAccountAuthenticator, read_service_account_key};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(user)) = (arguments.next(), arguments.next()) else {
        return Err("usage: delegation KEY.json USER@EXAMPLE.COM".into());
    };
    let key = read_service_account_key(&path).await;
    let key = key.map_err(|error| format!("{path}: {error}"))?;
    let robot = ServiceAccountAuthenticator::builder(key)
        .subject(user)
        .build()
        .await?;

    let credentials = YupCredentials::new(robot, [scopes::GMAIL_READONLY]);
    let gmail = Gmail::builder().credentials(credentials).build().await?;
    let mut messages = gmail.users().messages().list("me").items();
    while let Some(message) = messages.try_next().await? {
        println!("message {}", message.id.unwrap_or_default());
    }
    Ok(())
}
