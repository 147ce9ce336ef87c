//! google-calendar-cli: `src/util/calendar.rs`, and the requests in `src/main.rs`.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use futures_util::TryStreamExt as _;
use gapi_runtime::auth::{OAuthClient, TokenStore, UserLogin};

use crate::calendar_v3::schemas::{
    ConferenceData, ConferenceSolutionKey, CreateConferenceRequest, Event, EventDateTime,
};
use crate::calendar_v3::{Calendar, scopes};

/// Builds a client. Its first call asks the user to log in.
///
/// # Errors
/// Fails if the file of the OAuth client cannot be read.
pub async fn auth(secret: &Path, store: &Path) -> Result<Calendar, Box<dyn Error>> {
    let login = UserLogin::new(OAuthClient::from_file(secret)?).store(TokenStore::in_file(store));
    let builder = Calendar::builder().credentials(login);
    Ok(builder.scopes([scopes::CALENDAR]).build().await?)
}

/// Returns the time zone of the user.
///
/// # Errors
/// Fails if the setting cannot be read.
pub async fn default_time_zone(calendar: &Calendar) -> Result<Option<String>, gapi_runtime::Error> {
    Ok(calendar.settings().get("timezone").await?.value)
}

/// Returns the events of a week by day, in order. Skips events of whole days.
///
/// # Errors
/// Fails if a page or a time cannot be read.
pub async fn week(
    calendar: &Calendar,
    monday: DateTime<Utc>,
) -> Result<BTreeMap<NaiveDate, Vec<(DateTime<Utc>, Event)>>, Box<dyn Error>> {
    let list = calendar.events().list("primary");
    let mut pages = list
        .time_min(monday)
        .time_max(monday + Duration::days(7))
        .single_events(true)
        .pages();
    let mut days = BTreeMap::<_, Vec<_>>::new();
    while let Some(page) = pages.try_next().await? {
        for event in page.items.unwrap_or_default() {
            let start = event
                .start
                .as_ref()
                .and_then(|start| start.date_time.as_ref());
            let Some(start) = start.map(DateTime::<Utc>::try_from).transpose()? else {
                continue;
            };
            days.entry(start.date_naive())
                .or_default()
                .push((start, event));
        }
    }
    for events in days.values_mut() {
        events.sort_by_key(|(start, _)| *start);
    }
    Ok(days)
}

/// Adds an event from a text such as "Lunch tomorrow at noon", and returns its link.
///
/// # Errors
/// Fails if the event cannot be added.
pub async fn quick_add(
    calendar: &Calendar,
    text: &str,
) -> Result<Option<String>, gapi_runtime::Error> {
    Ok(calendar
        .events()
        .quick_add("primary", text)
        .await?
        .html_link)
}

/// Adds an event of one hour, and returns its link. `conference` is a random id for a new conference.
///
/// # Errors
/// Fails if the event cannot be added.
pub async fn add(
    calendar: &Calendar,
    title: &str,
    start: DateTime<Utc>,
    conference: Option<String>,
) -> Result<Option<String>, gapi_runtime::Error> {
    let at = |time: DateTime<Utc>| EventDateTime {
        date_time: Some(time.into()),
        ..Default::default()
    };
    let mut event = Event {
        summary: Some(title.into()),
        start: Some(at(start)),
        end: Some(at(start + Duration::hours(1))),
        ..Default::default()
    };
    if conference.is_some() {
        event.conference_data = Some(ConferenceData {
            create_request: Some(CreateConferenceRequest {
                request_id: conference,
                conference_solution_key: Some(ConferenceSolutionKey {
                    r#type: Some("hangoutsMeet".into()),
                    ..Default::default()
                }),
                ..Default::default()
            }),
            ..Default::default()
        });
    }
    let insert = calendar.events().insert("primary", event);
    Ok(insert.conference_data_version(1).await?.html_link)
}
