//! Inserts an event into a calendar with an impersonated service account.
use gapi_runtime::auth::{ApplicationDefault, Impersonated};
use gapi_runtime::serde_json;
use workspace_apis::calendar_v3::{Calendar, schemas::Event};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let robot = Impersonated::new(ApplicationDefault::new(), "robot@p.iam.gserviceaccount.com");
    let calendar = Calendar::builder().credentials(robot).build().await?;
    let day = r#"{"start": {"date": "2027-04-01"}, "end": {"date": "2027-04-02"}}"#;
    let event: Event = serde_json::from_str(day)?;
    let event = calendar.events().insert("primary", event).send().await?;
    println!("{}", event.id.unwrap_or_default());
    Ok(())
}
