//! Request ids (AIP-155): filled in once for each call, and kept for all of its attempts.

use super::script::{Script, Step, exact, ok, response, status};
use crate::golden::request_ids::request_ids_v1::{
    RequestIds,
    schemas::{ImportRequest, StartRequest, Thing},
};
use futures_util::{StreamExt as _, stream};
use gapi::gapi_runtime::{Backoff, Media, RetryPolicy, Value, http, serde_json};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Returns the request ids in the queries of all requests.
fn in_queries(script: &Script) -> Vec<String> {
    let requests = script.requests();
    requests
        .iter()
        .map(|request| id_of(request.uri()))
        .collect()
}

fn id_of(uri: &http::Uri) -> String {
    let query = uri.query().unwrap_or_default();
    let id = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("requestId="));
    id.unwrap_or_default().to_owned()
}

fn in_bodies(script: &Script) -> Vec<Value> {
    let requests = script.requests();
    let bodies = requests
        .iter()
        .map(|request| serde_json::from_slice(request.body()).unwrap());
    bodies
        .map(|body: Value| body["requestId"].clone())
        .collect()
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<_> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && &text[14..15] == "4"
}

#[tokio::test(start_paused = true)]
async fn a_call_keeps_its_id_over_all_attempts() {
    let script = Script::new([Step::Broken, status(503), Step::Connect, ok()]);
    let api: RequestIds = script.client().await;
    let create = api.things().create(Thing::default());
    create.clone().send().await.unwrap();
    let ids = in_queries(&script);
    assert_eq!(ids.len(), 4);
    assert!(
        is_uuid(&ids[0]) && ids.iter().all(|id| *id == ids[0]),
        "{ids:?}"
    );
    // Another call has another id, even if it is a clone.
    create.send().await.unwrap();
    assert!(is_uuid(&in_queries(&script)[4]) && in_queries(&script)[4] != ids[0]);

    let script = Script::new([Step::Broken, ok()]);
    let api: RequestIds = script.client().await;
    api.things().delete("x").send().await.unwrap();
    let ids = in_queries(&script);
    assert!(
        ids.len() == 2 && is_uuid(&ids[0]) && ids[0] == ids[1],
        "{ids:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_body_keeps_its_text() {
    let script = Script::new([Step::Broken, ok()]);
    let api: RequestIds = script.client().await;
    let request = StartRequest {
        speed: Some(7),
        ..Default::default()
    };
    let start = api.things().start(request);
    start.send().await.unwrap();
    let ids = in_bodies(&script);
    let id = ids[0].as_str().unwrap();
    assert!(is_uuid(id) && ids == [id, id], "{ids:?}");
    assert_eq!(
        script.requests()[0].body(),
        &format!(r#"{{"requestId":"{id}","speed":7}}"#)
    );
    assert_eq!(script.requests()[0].body(), script.requests()[1].body());
    // Without a body, and with an empty one.
    for body in [None, Some(StartRequest::default())] {
        let script = Script::new([Step::Broken, ok()]);
        let api: RequestIds = script.client().await;
        api.things().start(body).send().await.unwrap();
        let request = &script.requests()[0];
        let id = in_bodies(&script)[0].as_str().unwrap().to_owned();
        assert_eq!(request.body(), &format!(r#"{{"requestId":"{id}"}}"#));
        assert_eq!(request.headers()["content-type"], "application/json");
        assert_eq!(script.count(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn an_id_of_the_caller_is_kept() {
    let script = Script::new([Step::Broken, ok()]);
    let api: RequestIds = script.client().await;
    api.things()
        .create(Thing::default())
        .request_id("mine")
        .send()
        .await
        .unwrap();
    assert_eq!(in_queries(&script), ["mine", "mine"]);

    let script = Script::new([Step::Broken, ok()]);
    let api: RequestIds = script.client().await;
    let request = StartRequest {
        request_id: Some("mine".to_owned()),
        ..Default::default()
    };
    api.things().start(request).send().await.unwrap();
    assert_eq!(in_bodies(&script), ["mine", "mine"]);

    // The document does not say that a UUID is possible, or requires an id.
    let script = Script::new([Step::Broken, ok()]);
    let api: RequestIds = script.client().await;
    let request = ImportRequest {
        request_id: Some("mine".to_owned()),
        ..Default::default()
    };
    api.things().import(request).send().await.unwrap();
    api.things().reserve("mine").send().await.unwrap();
    assert_eq!(script.count(), 3);

    // An empty id is the wish to have none.
    let script = Script::new([Step::Broken, ok()]);
    let api: RequestIds = script.client().await;
    let create = api.things().create(Thing::default()).request_id("");
    assert_eq!(create.send().await.unwrap_err().attempts(), 1);
    assert_eq!(in_queries(&script), [""]);
}

#[tokio::test(start_paused = true)]
async fn without_a_promise_nothing_is_filled_in_or_retried() {
    let script = Script::new([Step::Broken]);
    let api: RequestIds = script.client().await;
    let things = api.things();
    let failed = [
        things.report().send().await.unwrap_err(),
        things.report().request_id("mine").send().await.unwrap_err(),
        things
            .import(ImportRequest::default())
            .send()
            .await
            .unwrap_err(),
        things
            .create(Thing::default())
            .idempotent(false)
            .send()
            .await
            .unwrap_err(),
    ];
    assert!(
        failed.iter().all(|error| error.attempts() == 1),
        "{failed:?}"
    );
    let ids = in_queries(&script);
    assert_eq!(ids[..3], ["", "mine", ""]);
    assert_eq!(script.requests()[2].body(), "{}");
}

#[tokio::test(start_paused = true)]
async fn one_setting_turns_it_off() {
    let script = Script::new([Step::Broken, ok()]);
    let builder = script
        .builder::<RequestIds>(exact())
        .fill_request_ids(false);
    let api = builder.build().await.unwrap();
    let error = api
        .things()
        .create(Thing::default())
        .send()
        .await
        .unwrap_err();
    assert_eq!((error.attempts(), script.count()), (1, 1));
    api.things().start(None).send().await.unwrap();
    assert!(script.requests()[1].body().is_empty());
    assert_eq!(in_queries(&script), ["", ""]);
    let script = Script::new([Step::Broken, ok()]);
    let builder = script
        .builder::<RequestIds>(exact())
        .fill_request_ids(false);
    let api = builder.build().await.unwrap();
    // An id that the caller sets counts nevertheless.
    api.things()
        .create(Thing::default())
        .request_id("mine")
        .send()
        .await
        .unwrap();
    assert_eq!(script.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn uploads_pollers_and_batches_have_ids_too() {
    let script = Script::new([Step::Broken, ok()]);
    let api: RequestIds = script.client().await;
    let media = || Media::new("image/png", "abc");
    let upload = || api.things().upload(Thing::default());
    upload().upload(media()).send().await.unwrap();
    let ids = in_queries(&script);
    assert!(
        ids.len() == 2 && is_uuid(&ids[0]) && ids[0] == ids[1],
        "{ids:?}"
    );

    let session = response(200, &[("location", "https://example.googleapis.com/s")], "");
    let script = Script::new([Step::Broken, session, ok()]);
    let api: RequestIds = script.client().await;
    let upload = api.things().upload(Thing::default());
    upload.upload(media()).resumable().send().await.unwrap();
    let ids = in_queries(&script);
    assert!(
        ids.len() == 3 && is_uuid(&ids[0]) && ids[0] == ids[1],
        "{ids:?}"
    );

    let done = response(
        200,
        &[],
        r#"{"name":"operations/o","done":true,"response":{}}"#,
    );
    let script = Script::new([Step::Broken, done]);
    let api: RequestIds = script.client().await;
    api.things()
        .start(None)
        .poller()
        .until_done()
        .await
        .unwrap();
    let ids = in_bodies(&script);
    assert!(ids.len() == 2 && ids[0] == ids[1], "{ids:?}");

    let script = Script::new([Step::Broken, ok()]);
    let api: RequestIds = script.client().await;
    let mut batch = api.batch();
    let _first = batch.add(api.things().create(Thing::default()));
    let _second = batch.add(api.things().create(Thing::default()));
    // The second response is not one of a batch.
    batch.send().await.unwrap_err();
    let bodies: Vec<_> = script
        .requests()
        .iter()
        .map(|request| request.body().clone())
        .collect();
    assert_eq!((bodies.len(), &bodies[0]), (2, &bodies[1]));
    let text = String::from_utf8(bodies[0].to_vec()).unwrap();
    let ids: HashSet<_> = text
        .split("requestId=")
        .skip(1)
        .map(|rest| &rest[..36])
        .collect();
    assert!(ids.len() == 2 && ids.iter().all(|id| is_uuid(id)), "{text}");
}

/// A server that honors request ids. It drops the connection after the first request with each id, executed or not.
#[derive(Clone, Default)]
struct Honoring(Arc<Mutex<HashMap<String, Seen>>>);

#[derive(Clone, Copy, Default)]
struct Seen {
    requests: u32,
    executions: u32,
}

impl Honoring {
    async fn serve(self, listener: TcpListener) {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(self.clone().answer(socket));
        }
    }

    async fn answer(self, mut socket: TcpStream) -> Option<()> {
        let mut buffer = Vec::new();
        loop {
            let head = loop {
                if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                    break String::from_utf8(buffer.drain(..end + 4).collect()).ok()?;
                }
                if socket.read_buf(&mut buffer).await.ok()? == 0 {
                    return None;
                }
            };
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            while buffer.len() < length {
                socket.read_buf(&mut buffer).await.ok()?;
            }
            buffer.drain(..length);
            let uri = head.split(' ').nth(1)?.parse().ok()?;
            let is_first = {
                let mut seen = self.0.lock().unwrap();
                let count = seen.len();
                let seen = seen.entry(id_of(&uri)).or_default();
                seen.requests += 1;
                // Half of the first requests are executed, and all their responses are lost.
                let is_first = seen.requests == 1;
                if seen.executions == 0 && (!is_first || count.is_multiple_of(2)) {
                    seen.executions += 1;
                }
                is_first
            };
            if is_first {
                return None;
            }
            let response =
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
            socket.write_all(response.as_bytes()).await.ok()?;
        }
    }
}

/// Sends 10,000 calls to a server that drops every first response.
#[tokio::test]
async fn every_call_is_executed_exactly_once() {
    const CALLS: usize = 10_000;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Honoring::default();
    let serving = tokio::spawn(server.clone().serve(listener));
    let backoff = Backoff::new().initial_delay(Duration::from_millis(1));
    let policy = RetryPolicy::new().backoff(backoff).without_throttle();
    let builder = RequestIds::builder()
        .anonymous()
        .endpoint(format!("http://{address}"));
    let api = builder.retry(policy).build().await.unwrap();
    let calls = stream::iter(0..CALLS).map(|_| api.things().create(Thing::default()).send());
    let results: Vec<_> = calls.buffer_unordered(64).collect().await;
    for result in &results {
        assert!(result.is_ok(), "{result:?}");
    }
    serving.abort();
    let seen = server.0.lock().unwrap();
    assert_eq!((results.len(), seen.len()), (CALLS, CALLS));
    assert!(seen.keys().all(|id| is_uuid(id)));
    assert!(seen.values().all(|seen| seen.executions == 1));
    assert_eq!(
        seen.values()
            .map(|seen| seen.requests as usize)
            .sum::<usize>(),
        2 * CALLS
    );
}
