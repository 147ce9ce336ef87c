//! Lists a user's files in Drive and the events of their calendar, after a login in the browser.
//!
//!     user CLIENT_SECRET.json
//!
//! The file is that of an OAuth client of the type "Desktop app". The tokens are kept in `tokens.json`, so the next run needs
//! no login.

use std::error::Error;

use futures_util::TryStreamExt as _;
use workspace_apis::YupCredentials;
use workspace_apis::calendar_v3::{self, Calendar};
use workspace_apis::drive_v3::{self, Drive};
use yup_oauth2::{InstalledFlowAuthenticator, InstalledFlowReturnMethod, read_application_secret};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args()
        .nth(1)
        .ok_or("usage: user CLIENT_SECRET.json")?;
    let secret = read_application_secret(&path).await;
    let secret = secret.map_err(|error| format!("{path}: {error}"))?;
    let user = InstalledFlowAuthenticator::builder(secret, InstalledFlowReturnMethod::HTTPRedirect)
        .persist_tokens_to_disk("tokens.json")
        .build()
        .await?;

    let scopes = [
        drive_v3::scopes::DRIVE_METADATA_READONLY,
        calendar_v3::scopes::CALENDAR_EVENTS_READONLY,
    ];
    // Logs in now, so that no call waits for the user.
    user.token(&scopes).await?;

    let credentials = YupCredentials::new(user.clone(), scopes);
    let drive = Drive::builder().credentials(credentials).build().await?;
    let mut files = drive.files().list().items();
    while let Some(file) = files.try_next().await? {
        println!("file {}", file.name.unwrap_or_default());
    }

    let credentials = YupCredentials::new(user, scopes);
    let calendar = Calendar::builder().credentials(credentials).build().await?;
    let events = calendar
        .events()
        .list("primary")
        .single_events(true)
        .send()
        .await?;
    for event in events.items.unwrap_or_default() {
        println!("event {}", event.summary.unwrap_or_default());
    }
    Ok(())
}
