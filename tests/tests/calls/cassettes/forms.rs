//! Hidden values have the form of the original ones, so that a replay can be decoded, and tells uploads apart.

use super::{File, client};
use crate::golden::media::media_upload_and_download_v1 as files;
use files::MediaUploadAndDownload;
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::projects::instances::databases::sessions;
use gapi::spanner_v1::schemas::{Instance, ResultSet};
use gapi_runtime::cassette::Recorder;
use gapi_runtime::{Bytes, Media, MockTransport, http, serde_json::Value};
use std::sync::atomic::{AtomicUsize, Ordering};

const NAME: &str = "projects/p/instances/i";

/// Returns the instance of a cassette, and the text of the file.
async fn replayed(recorder: Recorder) -> (Instance, String) {
    let get = |spanner: Spanner| spanner.projects().instances().get(NAME).send();
    get(client(recorder.transport()).await).await.unwrap();
    let file = File::new();
    let text = file.save(&recorder);
    let cassette = file.open();
    let instance = get(client(cassette.transport()).await).await.unwrap();
    cassette.verify().unwrap();
    (instance, text)
}

#[tokio::test]
async fn a_number_that_is_hidden_elsewhere_remains_a_number() {
    let mock = MockTransport::new().respond(
        200,
        r#"{"name":"n","nodeCount":1000000,"processingUnits":1000000,"displayName":"of 1000000"}"#,
    );
    let (instance, text) = replayed(Recorder::new(mock).hide_field("nodeCount")).await;
    assert_eq!(instance.node_count, Some(0));
    assert_eq!(instance.processing_units, Some(0));
    assert_eq!(instance.display_name.as_deref(), Some("of [hidden]"));
    assert!(text.contains(r#""name":"n""#), "{text}");
}

#[tokio::test]
async fn the_name_of_a_secret_hides_no_other_names() {
    let body = r#"{"name":"projects/p/instances/i","labels":{"secret":"projects/p/secrets/s"}}"#;
    let (instance, _) = replayed(Recorder::new(MockTransport::new().respond(200, body))).await;
    assert_eq!(instance.name.as_deref(), Some(NAME));
}

#[tokio::test]
async fn integers_in_strings_and_bytes_can_be_decoded() {
    let body =
        r#"{"stats":{"rowCountExact":"12345678","queryStats":{"privateKeyData":"YSBrZXk="}}}"#;
    let mock = MockTransport::new().respond(200, body);
    let recorder = Recorder::new(mock).hide_field("rowCountExact");
    let execute = async |spanner: Spanner| -> ResultSet {
        let sessions: sessions::Sessions = spanner.projects().instances().databases().sessions();
        let name = "projects/p/instances/i/databases/d/sessions/s";
        sessions.execute_sql(name, None).send().await.unwrap()
    };
    execute(client(recorder.transport()).await).await;
    let file = File::new();
    let text = file.save(&recorder);
    assert!(
        !text.contains("12345678") && !text.contains("YSBrZXk"),
        "{text}"
    );
    let cassette = file.open();
    let stats = execute(client(cassette.transport()).await)
        .await
        .stats
        .unwrap();
    assert_eq!(stats.row_count_exact, Some(0));
    let hidden = Value::from("W2hpZGRlbl0=");
    let query_stats = stats.query_stats.unwrap();
    assert_eq!(query_stats.get("privateKeyData"), Some(&hidden));
    cassette.verify().unwrap();
}

/// Uploads two files at the same time, and returns the names that the server gave them.
async fn two_uploads(api: &MediaUploadAndDownload) -> [Option<String>; 2] {
    let upload = |content: &'static [u8]| {
        let media = Media::new("image/png", content);
        let upload = api.things().insert(None).upload(media).resumable();
        async { upload.send().await.unwrap().name }
    };
    let (one, other) = tokio::join!(upload(b"same"), upload(b"same"));
    [one, other]
}

#[tokio::test]
async fn uploads_at_the_same_time_are_told_apart() {
    // The session that began last ends first.
    let begun = AtomicUsize::new(0);
    let mock = MockTransport::with(move |request| {
        let query = request.uri().query().unwrap_or_default();
        let Some((_, id)) = query.split_once("upload_id=") else {
            let number = begun.fetch_add(1, Ordering::Relaxed);
            let location = format!(
                "https://example.googleapis.com/upload?upload_id=session-of-number-{number}"
            );
            let response = http::Response::builder().header("location", location);
            return Ok(response.body(Bytes::new()).unwrap());
        };
        let number = id.rsplit('-').next().unwrap_or_default();
        Ok(http::Response::new(
            format!(r#"{{"name":"file {number}"}}"#).into(),
        ))
    });
    let recorder = Recorder::new(mock);
    let first = two_uploads(&client(recorder.transport()).await).await;
    assert_ne!(first[0], first[1]);
    let file = File::new();
    let text = file.save(&recorder);
    assert!(!text.contains("session-of-number"), "{text}");
    // The lines of the chunks in the other order.
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.len() - 1;
    lines.swap(last - 1, last);
    std::fs::write(file.path(), lines.join("\n")).unwrap();
    let cassette = file.open().matching();
    let replayed = two_uploads(&client(cassette.transport()).await).await;
    assert_eq!(replayed, first);
    cassette.verify().unwrap();
}
