//! Everything that a session can have is replayed as it was.

use super::{File, client};
use crate::golden::media::media_upload_and_download_v1 as files;
use crate::golden::request_ids::request_ids_v1::RequestIds;
use crate::server::{self, Server};
use files::{MediaUploadAndDownload, schemas::File as Thing, things};
use futures_util::TryStreamExt;
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::projects::instances::{self, databases::sessions};
use gapi::spanner_v1::schemas::{Instance, PartialResultSet};
use gapi_runtime::cassette::Recorder;
use gapi_runtime::mock::{Fault, Mock, MockOperation};
use gapi_runtime::{
    Bytes, Code, Error, ErrorKind, HttpTransport, Media, MessageStream, MockTransport, Status,
    Transport, http,
};

const NAME: &str = "projects/p/instances/i";
const SESSION: &str = "projects/p/instances/i/databases/d/sessions/s";

fn instance(name: &str) -> Instance {
    Instance {
        name: Some(name.to_owned()),
        ..Instance::default()
    }
}

fn set(token: &str) -> PartialResultSet {
    PartialResultSet {
        resume_token: Some(token.into()),
        ..PartialResultSet::default()
    }
}

async fn all(
    mut stream: MessageStream<PartialResultSet>,
) -> (Vec<PartialResultSet>, Option<ErrorKind>) {
    let mut messages = Vec::new();
    loop {
        match stream.try_next().await {
            Ok(Some(message)) => messages.push(message),
            Ok(None) => return (messages, None),
            Err(error) => return (messages, Some(error.kind())),
        }
    }
}

/// Returns the results of a session.
async fn session(spanner: &Spanner) -> String {
    let instances = spanner.projects().instances();
    let sessions = instances.databases().sessions();
    let shown = |error: Error| format!("{:?} {:?} {error}", error.kind(), error.code());
    let create = |id: &str| instances.create(format!("projects/{id}"), None).poller();
    let query = || sessions.execute_streaming_sql(SESSION, None).stream();
    let items = instances.list("projects/p").items();
    let results = (
        instances.get(NAME).send().await.map_err(shown),
        instances.get(NAME).send().await.map_err(shown),
        instances.get(NAME).send().await.map_err(shown),
        items.try_collect::<Vec<_>>().await.map_err(shown),
        create("p").until_done().await.map_err(shown),
        create("q").until_done().await.map_err(shown),
        all(query()).await,
        all(query()).await,
    );
    format!("{results:#?}")
}

#[tokio::test(start_paused = true)]
async fn results_errors_faults_pages_operations_and_streams() {
    let mock = Mock::new();
    mock.on::<instances::Get>()
        .respond(instance("a"))
        .response_header("etag", "\"1\"")
        .respond_error(Status::new(Code::NotFound, "no such instance"))
        .respond_fault(Fault::Refused);
    mock.on::<instances::List>()
        .respond_items(2, ["a", "b", "c"].map(instance));
    mock.on::<instances::Create>()
        .respond_operation(MockOperation::new().running().done(&instance("new")))
        .respond_operation(
            MockOperation::new()
                .running()
                .failed(Status::new(Code::Aborted, "a conflict")),
        );
    mock.on::<sessions::ExecuteStreamingSql>()
        .respond_stream([set("YQ=="), set("Yg==")])
        .respond_stream([Ok(set("YQ==")), Err(Fault::Disconnect)]);
    let recorder = Recorder::new(mock.transport());
    let first = session(&client(recorder.transport()).await).await;
    mock.verify().unwrap();
    let file = File::new();
    let text = file.save(&recorder);
    assert_eq!(text.lines().count(), 12, "{text}");
    assert!(text.lines().all(|line| line.starts_with('{')));
    for expected in [
        r#"{"cassette":1,"#,
        r#""json":{"name":"a"}"#,
        r#""kind":"connect""#,
        r#""etag":"\"1\"""#,
        r#""chunks":[{"text":"["#,
        r#""kind":"other","message":"connection reset by peer""#,
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    for is_strict in [true, false] {
        let cassette = file.open();
        let cassette = if is_strict {
            cassette
        } else {
            cassette.matching()
        };
        let replayed = session(&client(cassette.transport()).await).await;
        assert_eq!(replayed, first);
        cassette.verify().unwrap();
    }
    // The same session has the same file.
    let cassette = file.open();
    let again = Recorder::new(cassette.transport());
    session(&client(again.transport()).await).await;
    let other = File::new();
    assert_eq!(other.save(&again), text);
    cassette.verify().unwrap();
}

/// Uploads and downloads in every form.
async fn transfers(api: &MediaUploadAndDownload, content: &Bytes) -> String {
    let media = || Media::new("image/png", content.clone());
    let thing = Thing {
        name: Some("a".to_owned()),
        ..Thing::default()
    };
    let upload = || api.things().insert(thing.clone()).upload(media());
    let chunks = futures_util::stream::iter([Ok(content.slice(..9)), Ok(content.slice(9..))]);
    let stream = Media::stream("image/png", chunks);
    let stream = api.things().insert(thing.clone()).upload(stream);
    let mut batch = api.batch();
    let keys = [
        batch.add(api.things().get("1")),
        batch.add(api.things().get("2")),
    ];
    let mut results = vec![
        format!("{:?}", upload().send().await.unwrap()),
        format!(
            "{:?}",
            upload()
                .resumable()
                .chunk_size(256 << 10)
                .send()
                .await
                .unwrap()
        ),
        format!("{:?}", stream.send().await.unwrap()),
        format!(
            "{}",
            api.things().get("1").download().send().await.unwrap() == *content
        ),
        format!(
            "{:?}",
            api.things().get("2").download().send().await.unwrap()
        ),
    ];
    let mut responses = batch.send().await.unwrap();
    for key in keys {
        results.push(format!(
            "{:?}",
            responses.take(key).map_err(|error| error.kind())
        ));
    }
    results.join("\n")
}

#[tokio::test(start_paused = true)]
async fn media_and_batches() {
    let content: Bytes = (0..=250).cycle().take(600 << 10).collect();
    let mock = Mock::new();
    let thing = |name: &str| Thing {
        name: Some(name.to_owned()),
        ..Thing::default()
    };
    mock.on::<things::Insert>()
        .respond(thing("stored"))
        .times(3);
    mock.on::<things::Get>()
        .query("alt", "media")
        .respond_media("image/png", content.clone())
        // JSON that is media keeps its white space.
        .respond_media("application/json", "{ \"a\" :  1 }\n");
    mock.on::<things::Get>()
        .respond(thing("one"))
        .respond_error(Status::new(Code::NotFound, "none"));
    let recorder = Recorder::new(mock.transport());
    let first = transfers(&client(recorder.transport()).await, &content).await;
    mock.verify().unwrap();
    let file = File::new();
    let text = file.save(&recorder);
    assert!(
        text.contains("base64") && !text.contains("mock-1"),
        "the address of the upload"
    );
    let cassette = file.open();
    let replayed = transfers(&client(cassette.transport()).await, &content).await;
    assert_eq!(replayed, first);
    cassette.verify().unwrap();
}

/// Makes calls whose ids are random, in the query and in the body.
async fn calls_with_ids(api: &RequestIds) {
    let things = api.things();
    things.create(None).send().await.unwrap();
    things.start(None).send().await.unwrap();
    things.import(None).send().await.unwrap();
    things.set_policy(None).send().await.unwrap();
}

#[tokio::test]
async fn random_ids_of_requests_do_not_matter() {
    let mock = MockTransport::with(|_| Ok(http::Response::new(Bytes::from_static(b"{}"))));
    let recorder = Recorder::new(mock.clone());
    calls_with_ids(&client(recorder.transport()).await).await;
    let file = File::new();
    let text = file.save(&recorder);
    assert!(text.contains("equestId"), "{text}");
    let cassette = file.open();
    calls_with_ids(&client(cassette.transport()).await).await;
    cassette.verify().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_canceled_stays_without_a_response() {
    let mock = Mock::new();
    mock.on::<instances::Get>()
        .respond(instance("late"))
        .delay(std::time::Duration::from_mins(1));
    let recorder = Recorder::new(mock.transport());
    let file = File::new();
    let get = |spanner: Spanner| async move {
        let call = spanner.projects().instances().get(NAME);
        let call = call.timeout(std::time::Duration::from_secs(10));
        call.send().await.unwrap_err().kind()
    };
    assert_eq!(
        get(client(recorder.transport()).await).await,
        ErrorKind::Timeout
    );
    mock.verify().unwrap();
    assert!(file.save(&recorder).contains(r#""canceled":true"#));
    let cassette = file.open();
    assert_eq!(
        get(client(cassette.transport()).await).await,
        ErrorKind::Timeout
    );
    cassette.verify().unwrap();
}

/// Returns the results of two calls to a server.
async fn two_calls(url: &str, transport: impl Transport + 'static) -> (Instance, Option<Code>) {
    let builder = Spanner::builder().endpoint(url).transport(transport);
    let spanner = builder.build().await.unwrap();
    let get = || spanner.projects().instances().get(NAME);
    let instance = get().send().await.unwrap();
    (instance, get().send().await.unwrap_err().code())
}

#[tokio::test]
async fn a_session_over_http() {
    let server = Server::start([
        server::json("{\n  \"name\": \"a\",\n  \"nodeCount\": 3\n}\n"),
        server::status_json("404 Not Found", r#"{"error": {"code": 404}}"#),
    ])
    .await;
    let recorder = Recorder::new(HttpTransport::new(false).unwrap());
    let first = two_calls(&server.url(), recorder.transport()).await;
    assert_eq!(first.1, Some(Code::NotFound));
    let file = File::new();
    let text = file.save(&recorder);
    assert!(
        text.contains(r#""json":{"name":"a","nodeCount":3}"#),
        "{text}"
    );
    let cassette = file.open();
    assert_eq!(two_calls(&server.url(), cassette.transport()).await, first);
    assert_eq!(server.requests().len(), 2);
    cassette.verify().unwrap();
}
