//! Inserts an event into a calendar with a service account that acts for a user, without a key.
use gapi_runtime::serde_json;
use workspace_apis::calendar_v3::{Calendar, schemas::Event};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let builder = Calendar::builder().subject("user@example.com");
    let calendar = builder.build().await?;
    let day = r#"{"start": {"date": "2027-04-01"}, "end": {"date": "2027-04-02"}}"#;
    let event: Event = serde_json::from_str(day)?;
    let event = calendar.events().insert("primary", event).send().await?;
    println!("{}", event.id.unwrap_or_default());
    Ok(())
}
