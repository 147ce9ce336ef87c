//! Lists the events of the next seven days in a Google calendar, or adds an event.
//!
//!     cargo run --bin calendar
//!     cargo run --bin calendar -- Lunch 2027-04-01T12:00:00+02:00 60
//!
//! The arguments are a title, the beginning and the minutes of a new event.
//!
//! Before: enable the Calendar API in a project of Google Cloud, create an OAuth client of the type "Desktop app", and save its
//! file as `client_secret.json` in this directory.

use std::error::Error;

use futures_util::TryStreamExt as _;
use gapi_examples::calendar_v3::schemas::{Event, EventDateTime};
use gapi_examples::calendar_v3::{Calendar, events::params::list::OrderBy, scopes};
use gapi_runtime::auth::{OAuthClient, UserLogin};
use jiff::{Timestamp, ToSpan as _};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();

    // The first call opens the browser. Later runs use the refresh token, which is kept in the home directory.
    let user = UserLogin::new(OAuthClient::from_file("client_secret.json")?);
    // One scope for both uses, so that the user is asked only once.
    let builder = Calendar::builder()
        .credentials(user)
        .scopes([scopes::CALENDAR_EVENTS]);
    let calendar = builder.build().await?;

    match &arguments[..] {
        [] => list(&calendar).await,
        [title, start, minutes] => add(&calendar, title, start.parse()?, minutes.parse()?).await,
        _ => Err("usage: calendar [TITLE START MINUTES]".into()),
    }
}

async fn list(calendar: &Calendar) -> Result<(), Box<dyn Error>> {
    let now = Timestamp::now();
    let end = now.checked_add(168.hours())?;
    let list = calendar
        .events()
        .list("primary")
        .time_min(now)
        .time_max(end);
    // Without `single_events` the list has one entry for all repetitions of an event, and cannot be sorted by time.
    let mut events = list
        .single_events(true)
        .order_by(OrderBy::StartTime)
        .items();
    while let Some(event) = events.try_next().await? {
        let start = event.start.unwrap_or_default();
        // An event of whole days has a date instead of a time.
        let time = start.date_time.map(|time| time.to_string());
        let start = time
            .or(start.date.map(|date| date.to_string()))
            .unwrap_or_default();
        println!("{start} {}", event.summary.unwrap_or_default());
    }
    Ok(())
}

async fn add(
    calendar: &Calendar,
    title: &str,
    start: Timestamp,
    minutes: i64,
) -> Result<(), Box<dyn Error>> {
    let at = |time: Timestamp| EventDateTime {
        date_time: Some(time.into()),
        ..Default::default()
    };
    let event = Event {
        summary: Some(title.to_owned()),
        start: Some(at(start)),
        end: Some(at(start.checked_add(minutes.minutes())?)),
        ..Default::default()
    };
    let event = calendar.events().insert("primary", event).send().await?;
    println!(
        "{} {}",
        event.id.unwrap_or_default(),
        event.summary.unwrap_or_default()
    );
    Ok(())
}
