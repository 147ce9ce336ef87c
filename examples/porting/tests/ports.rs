//! The requests and the results of the ported programs.

use chrono::{DateTime, Utc};
use gapi_runtime::MockTransport;
use gapi_runtime::serde_json::{self, Value, json};
use porting::calendar_v3::Calendar;
use porting::drive_v3::Drive;
use porting::gmail_v1::Gmail;
use porting::{gcal, gdrive, gmail_mcp};

/// Returns the paths and queries of the requests.
fn targets(mock: &MockTransport) -> Vec<String> {
    let requests = mock.requests();
    let target = |request: &gapi_runtime::http::Request<gapi_runtime::Bytes>| {
        request.uri().path_and_query().map(ToString::to_string)
    };
    requests.iter().filter_map(target).collect()
}

#[tokio::test]
async fn gdrive_lists_files_of_all_pages() {
    let mock = MockTransport::new()
        .respond(
            200,
            r#"{"files": [{"id": "a"}, {"id": "b"}], "nextPageToken": "2"}"#,
        )
        .respond(
            200,
            r#"{"files": [{"id": "c"}, {"id": "d"}], "nextPageToken": "3"}"#,
        );
    let drive = Drive::builder()
        .transport(mock.clone())
        .build()
        .await
        .unwrap();
    let files = gdrive::list_files(&drive, "trashed = false", "name", 3)
        .await
        .unwrap();
    let ids: Vec<_> = files.iter().filter_map(|file| file.id.as_deref()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    let targets = targets(&mock);
    assert_eq!(targets.len(), 2);
    assert!(
        targets[0].contains("pageSize=3") && targets[0].contains("nextPageToken"),
        "{targets:?}"
    );
    assert!(targets[1].contains("pageToken=2"), "{targets:?}");
}

#[tokio::test]
async fn gcal_shows_a_week_and_adds_events() {
    let monday: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
    let mock = MockTransport::new()
        .respond(200, r#"{"value": "Europe/Budapest"}"#)
        .respond(
            200,
            r#"{"items": [{"id": "late", "start": {"dateTime": "2026-11-24T15:00:00+01:00"}},
                {"id": "day", "start": {"date": "2026-11-24"}}], "nextPageToken": "2"}"#,
        )
        .respond(
            200,
            r#"{"items": [{"id": "early", "start": {"dateTime": "2026-11-24T09:00:00Z"}}]}"#,
        )
        .respond(200, r#"{"htmlLink": "https://example.com/1"}"#)
        .respond(200, r#"{"htmlLink": "https://example.com/2"}"#);
    let calendar = Calendar::builder()
        .transport(mock.clone())
        .build()
        .await
        .unwrap();
    let zone = gcal::default_time_zone(&calendar).await.unwrap();
    assert_eq!(zone.as_deref(), Some("Europe/Budapest"));
    let week = gcal::week(&calendar, monday).await.unwrap();
    let ids: Vec<_> = week
        .values()
        .flatten()
        .filter_map(|(_, event)| event.id.as_deref())
        .collect();
    assert_eq!((week.len(), ids), (1, vec!["early", "late"]));
    let link = gcal::quick_add(&calendar, "Lunch").await.unwrap();
    assert_eq!(link.as_deref(), Some("https://example.com/1"));
    let link = gcal::add(&calendar, "Retro", monday, Some("id".into()))
        .await
        .unwrap();
    assert_eq!(link.as_deref(), Some("https://example.com/2"));
    let body: Value = serde_json::from_slice(mock.requests()[4].body()).unwrap();
    let conference = json!({"createRequest": {"requestId": "id", "conferenceSolutionKey": {"type": "hangoutsMeet"}}});
    assert_eq!(body["conferenceData"], conference);
    assert_eq!(body["end"]["dateTime"], "2026-11-23T01:00:00Z");
}

#[tokio::test]
async fn gmail_mcp_summarizes_messages() {
    let message = r#"{"snippet": "Hi", "payload": {"headers": [{"name": "Subject", "value": "Hello"}],
        "parts": [{"mimeType": "text/html", "parts": [{"mimeType": "text/plain", "body": {"data": "SGVsbG8="}}]}]}}"#;
    let mock = MockTransport::new()
        .respond(200, r#"{"messages": [{"id": "1"}, {"id": "2"}]}"#)
        .respond(200, message)
        .respond(404, "{}");
    let gmail = Gmail::builder()
        .transport(mock.clone())
        .build()
        .await
        .unwrap();
    let json: Value = serde_json::from_str(&gmail_mcp::run(&gmail, 0).await.unwrap()).unwrap();
    let email = json!({"id": "1", "from": "Unknown Sender", "subject": "Hello", "snippet": "Hi", "body_raw": "Hello"});
    assert_eq!(json, json!({"count": 1, "emails": [email]}));
    assert_eq!(
        targets(&mock)[0],
        "/gmail/v1/users/me/messages?q=in%3Ainbox&maxResults=1&alt=json"
    );
}
