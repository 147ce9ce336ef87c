//! The states of an operation as a stream.

use crate::operations::{
    Server,
    named::operations_read_by_name_v1::{
        OperationsReadByName,
        schemas::{Thing, ThingMetadata},
    },
};
use futures_util::{StreamExt, TryStreamExt};
use gapi_runtime::{ErrorKind, InProgress, Poller, Update};

const NAME: &str = "things/t/operations/o";
const QUARTER: &str = r#"{"name": "things/t/operations/o", "metadata":
    {"@type": "type.googleapis.com/google.example.v1.ThingMetadata", "percent": 25}}"#;
const DONE: &str = r#"{"name": "things/t/operations/o", "done": true, "response":
    {"@type": "type.googleapis.com/google.example.v1.Thing", "name": "things/t"}}"#;

async fn begin(server: &Server) -> Poller<Thing, ThingMetadata> {
    let api: OperationsReadByName = server.client().await;
    let poller = api.things().create(Thing::default()).poller();
    poller.with_response().with_metadata()
}

fn in_progress(update: Option<Update<Thing, ThingMetadata>>) -> InProgress<ThingMetadata> {
    match update {
        Some(Update::InProgress(state)) => state,
        other => panic!("{other:?} is not under way"),
    }
}

#[tokio::test(start_paused = true)]
async fn states_come_one_after_the_other() {
    let server = Server::new([QUARTER, QUARTER, DONE]);
    let mut updates = begin(&server).await.updates();
    assert!(server.seen().is_empty());
    for polls in 1..=2 {
        let state = in_progress(updates.try_next().await.unwrap());
        assert_eq!(state.name(), Some(NAME));
        assert_eq!(state.metadata().unwrap().percent, Some(25));
        assert_eq!(server.seen().len(), polls);
    }
    let Some(Update::Done(thing)) = updates.try_next().await.unwrap() else {
        panic!("it is done");
    };
    assert_eq!(thing.name.as_deref(), Some("things/t"));
    assert!(thing.unknown_fields.is_empty(), "the type is no member");
    assert!(updates.next().await.is_none());
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn metadata_that_is_something_else_is_there_as_it_came() {
    for other in [
        r#"{"name": "things/t/operations/o"}"#,
        r#"{"name": "things/t/operations/o", "metadata": null}"#,
        r#"{"name": "things/t/operations/o", "metadata": {"@type": "x/google.example.v1.Thing", "size": 1}}"#,
        r#"{"name": "things/t/operations/o", "metadata": {"percent": "half"}}"#,
        r#"{"name": "things/t/operations/o", "metadata": [1]}"#,
    ] {
        let server = Server::new([other, DONE]);
        let mut updates = begin(&server).await.updates();
        let state = in_progress(updates.try_next().await.unwrap());
        assert_eq!(state.metadata(), None, "{other}");
        let whole: gapi_runtime::Value = serde_json::from_str(other).unwrap();
        assert_eq!(state.operation().get("metadata"), whole.get("metadata"));
        assert!(matches!(
            updates.try_next().await,
            Ok(Some(Update::Done(_)))
        ));
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_error_is_the_end() {
    let server = Server::new([QUARTER, "404"]);
    let mut updates = begin(&server).await.updates();
    in_progress(updates.try_next().await.unwrap());
    let error = updates.try_next().await.unwrap_err();
    assert_eq!(error.operation_name(), Some(NAME));
    assert!(updates.next().await.is_none());
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn cancelling_is_a_call_of_its_own() {
    let cancelled = r#"{"name": "things/t/operations/o", "done": true, "error": {"code": 1, "message": "cancelled"}}"#;
    let server = Server::new([QUARTER, "{}", cancelled]);
    let mut updates = begin(&server).await.updates();
    in_progress(updates.try_next().await.unwrap())
        .cancel()
        .await
        .unwrap();
    let error = updates.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operation);
    assert_eq!(error.status().unwrap().status.as_deref(), Some("CANCELLED"));
    assert_eq!(
        server.seen(),
        [
            "0 POST v1/things",
            "0 POST v1/things/t/operations/o:cancel",
            "1 GET v1/things/t/operations/o",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_cancelled_says_so() {
    let running = r#"{"name": "parts/p/operations/o"}"#;
    let server = Server::new([running, "501"]);
    let mut updates = begin(&server).await.updates();
    let error = in_progress(updates.try_next().await.unwrap())
        .cancel()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);

    let server = Server::new([QUARTER, "501"]);
    let mut updates = begin(&server).await.updates();
    let error = in_progress(updates.try_next().await.unwrap())
        .cancel()
        .await
        .unwrap_err();
    assert_eq!(error.http_status().unwrap(), 501);
    assert_eq!(error.operation_name(), Some(NAME));
}

#[tokio::test(start_paused = true)]
async fn nothing_of_it_shows_what_the_service_says() {
    let server = Server::new([QUARTER]);
    let poller = begin(&server).await;
    assert!(format!("{poller:?}").contains("operations_read_by_name.things.create"));
    let mut updates = poller.updates();
    let state = in_progress(updates.try_next().await.unwrap());
    let shown = format!("{updates:?} {state:?}");
    assert!(!shown.contains("percent"), "{shown}");
}

fn is_send<T: Send + 'static>(_: &T) {}

#[tokio::test(start_paused = true)]
async fn all_of_it_goes_from_thread_to_thread() {
    let server = Server::new([QUARTER, DONE]);
    let poller = begin(&server).await;
    is_send(&poller);
    is_send(&poller.clone().until_done());
    is_send(&poller.updates());
}
