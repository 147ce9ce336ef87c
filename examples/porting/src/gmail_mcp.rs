//! `gmail_MCP`: `src/lib.rs`.

use std::error::Error;

use gapi_runtime::auth::{OAuthClient, TokenStore, UserLogin};
use gapi_runtime::serde_json::{self, Value, json};

use crate::gmail_v1::Gmail;
use crate::gmail_v1::schemas::{Message, MessagePart};
use crate::gmail_v1::users::messages::params::get::Format;

/// Builds a client. Its first call asks the user to log in.
///
/// # Errors
/// Fails if the file of the OAuth client cannot be read.
pub async fn client() -> Result<Gmail, Box<dyn Error>> {
    let login = UserLogin::new(OAuthClient::from_file("client_secret.json")?);
    let login = login.store(TokenStore::in_file("token_cache.json"));
    Ok(Gmail::builder().credentials(login).build().await?)
}

/// Returns the newest messages of the inbox as JSON.
///
/// # Errors
/// Fails if the messages cannot be listed.
pub async fn run(gmail: &Gmail, max_results: u32) -> Result<String, Box<dyn Error>> {
    let messages = gmail.users().messages();
    let list = messages
        .list("me")
        .q("in:inbox")
        .max_results(max_results.clamp(1, 500));
    let mut emails = Vec::new();
    for id in list
        .await?
        .messages
        .into_iter()
        .flatten()
        .filter_map(|message| message.id)
    {
        match messages.get("me", &id).format(Format::Full).await {
            Ok(message) => emails.extend(summary(&id, message)),
            Err(error) if error.is_permission_denied() => {
                eprintln!("{error}; consider deleting token_cache.json");
            }
            Err(error) => eprintln!("failed to fetch message {id}: {error}"),
        }
    }
    Ok(serde_json::to_string_pretty(
        &json!({"count": emails.len(), "emails": emails}),
    )?)
}

/// Returns the summary of a message with headers.
fn summary(id: &str, message: Message) -> Option<Value> {
    let payload = message.payload?;
    let headers = payload.headers.as_ref()?;
    let header = |name: &str| {
        let found = headers
            .iter()
            .find(|header| header.name.as_deref() == Some(name));
        found.and_then(|header| header.value.as_deref())
    };
    Some(json!({
        "id": id,
        "from": header("From").unwrap_or("Unknown Sender"),
        "subject": header("Subject").unwrap_or("No Subject"),
        "snippet": message.snippet.unwrap_or_default(),
        "body_raw": text(&payload).or_else(|| plain_text(payload.parts.as_ref()?)).unwrap_or_default(),
    }))
}

/// Returns the text of the body of a part.
fn text(part: &MessagePart) -> Option<String> {
    let data = part.body.as_ref()?.data.as_ref()?;
    String::from_utf8(data.decode().ok()?).ok()
}

/// Returns the text of the first part with plain text, at any depth.
fn plain_text(parts: &[MessagePart]) -> Option<String> {
    parts.iter().find_map(|part| {
        let own = (part.mime_type.as_deref() == Some("text/plain")).then(|| text(part));
        own.flatten().or_else(|| plain_text(part.parts.as_ref()?))
    })
}
