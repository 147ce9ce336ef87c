//! Lists sender and subject of the newest unread messages of a mailbox in Gmail.
//!
//! As a user who logs in with the browser:
//!
//!     cargo run --bin gmail
//!
//! As a service account that acts for a user of its Workspace domain (domain-wide delegation):
//!
//!     cargo run --bin gmail -- user@example.com
//!
//! Before: enable the Gmail API in a project of Google Cloud. For the login, create an OAuth client of the type "Desktop app" and
//! save its file as `client_secret.json` in this directory. For the service account, save its key as `key.json`, and let an
//! administrator of the domain allow its client id with the scope `https://www.googleapis.com/auth/gmail.readonly`.

use std::error::Error;

use gapi_examples::gmail_v1::schemas::{Message, MessagePartHeader};
use gapi_examples::gmail_v1::{Gmail, scopes, users::messages::params::get::Format};
use gapi_runtime::auth::{OAuthClient, ServiceAccount, UserLogin};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let builder = Gmail::builder().scopes([scopes::GMAIL_READONLY]);
    let builder = if let Some(user) = std::env::args().nth(1) {
        // A service account has no mailbox, so it always acts for a user.
        builder.credentials(ServiceAccount::from_file("key.json")?.subject(user))
    } else {
        // The first call opens the browser. Later runs use the refresh token, which is kept in the home directory.
        let client = OAuthClient::from_file("client_secret.json")?;
        builder.credentials(UserLogin::new(client))
    };
    let messages = builder.build().await?.users().messages();

    // "me" is the user who logged in, or the one for whom the service account acts.
    let list = messages.list("me").q("is:unread").max_results(10);
    // A list has only ids. Each message is another call.
    for message in list.send().await?.messages.unwrap_or_default() {
        let get = messages
            .get("me", message.id.unwrap_or_default())
            .format(Format::Metadata);
        let message = get.metadata_headers(["From", "Subject"]).send().await?;
        let (from, subject) = (header(&message, "From"), header(&message, "Subject"));
        println!("{from}: {subject}");
    }
    Ok(())
}

/// Returns the value of a header, or an empty text.
fn header<'a>(message: &'a Message, name: &str) -> &'a str {
    let payload = message.payload.as_ref();
    let headers = payload.and_then(|payload| payload.headers.as_deref());
    let is_named = |found: &&MessagePartHeader| {
        let found = found.name.as_deref();
        found.is_some_and(|found| found.eq_ignore_ascii_case(name))
    };
    let header = headers.unwrap_or_default().iter().find(is_named);
    header
        .and_then(|header| header.value.as_deref())
        .unwrap_or_default()
}
