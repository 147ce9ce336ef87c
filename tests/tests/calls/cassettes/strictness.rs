//! Requests that differ from the recorded ones.

use super::{File, client, recorder_of};
use gapi::spanner_v1::projects::instances::Instances;
use gapi::spanner_v1::schemas::{CreateInstanceRequest, Instance};
use gapi::spanner_v1::{Spanner, StandardParameters};
use gapi_runtime::{Call, ErrorKind};

fn request(nodes: i32) -> CreateInstanceRequest {
    CreateInstanceRequest {
        instance: Some(Instance {
            node_count: Some(nodes),
            ..Instance::default()
        }),
        ..CreateInstanceRequest::default()
    }
}

/// Records three calls: `get` of `a` and of `b`, and `create`.
async fn recorded() -> File {
    let recorder = recorder_of(&[
        (200, r#"{"name": "a"}"#),
        (200, r#"{"name": "b"}"#),
        (200, r#"{"name": "o"}"#),
    ]);
    let instances = instances(recorder.transport()).await;
    for name in ["a", "b"] {
        get(&instances, name).await.unwrap();
    }
    instances
        .create("projects/p", request(3))
        .send()
        .await
        .unwrap();
    let file = File::new();
    file.save(&recorder);
    file
}

async fn instances(transport: impl gapi_runtime::Transport + 'static) -> Instances {
    client::<Spanner>(transport).await.projects().instances()
}

async fn get(instances: &Instances, name: &str) -> gapi_runtime::Result<Instance> {
    instances
        .get(format!("projects/p/instances/{name}"))
        .send()
        .await
}

#[tokio::test]
async fn a_strict_cassette_has_an_order_and_an_end() {
    let file = recorded().await;
    let cassette = file.open();
    let strict = instances(cassette.transport()).await;
    get(&strict, "a").await.unwrap();
    let error = get(&strict, "c").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    let text = error.to_string();
    let expected = "line 3: the URL is spanner.googleapis.com/v1/projects/p/instances/c, \
                    recorded is spanner.googleapis.com/v1/projects/p/instances/b";
    assert!(text.contains(expected), "{text}");
    let error = cassette.verify().unwrap_err();
    assert_eq!(error.line(), Some(3));

    let cassette = file.open();
    let strict = instances(cassette.transport()).await;
    get(&strict, "a").await.unwrap();
    get(&strict, "b").await.unwrap();
    let error = cassette.verify().unwrap_err();
    assert_eq!(error.line(), Some(4));
    let text = error.to_string();
    assert!(
        text.ends_with(
            "session.jsonl, line 4: the request of spanner.projects.instances.create was not sent (1 unused requests)"
        ),
        "{text}"
    );
    strict
        .create("projects/p", request(3))
        .send()
        .await
        .unwrap();
    cassette.verify().unwrap();
    let text = get(&strict, "a").await.unwrap_err().to_string();
    assert!(text.contains("all recorded requests were used"), "{text}");
}

#[tokio::test]
async fn a_matching_cassette_has_any_order() {
    let file = recorded().await;
    let cassette = file.open().matching();
    let matching = instances(cassette.transport()).await;
    matching
        .create("projects/p", request(3))
        .send()
        .await
        .unwrap();
    assert_eq!(
        get(&matching, "b").await.unwrap().name.as_deref(),
        Some("b")
    );
    cassette.verify().unwrap();
    // Each line responds once.
    get(&matching, "b").await.unwrap_err();
    assert_eq!(cassette.verify().unwrap_err().line(), Some(2));
}

#[tokio::test]
async fn differences_are_told() {
    let file = recorded().await;
    let cassette = file.open().matching();
    let matching = instances(cassette.transport()).await;
    let get = || matching.get("projects/p/instances/a");
    for (error, expected) in [
        (
            get().fields("name").send().await.unwrap_err(),
            "line 2: the query is `alt=json&fields=name`, recorded is `alt=json`",
        ),
        (
            get().if_none_match("\"1\"").send().await.unwrap_err(),
            "line 2: the header `if-none-match` is `\"1\"`, recorded is missing",
        ),
        (
            matching
                .create("projects/p", request(4))
                .send()
                .await
                .unwrap_err(),
            "line 4: the body.instance.nodeCount is `4`, recorded is `3`",
        ),
        (
            matching
                .create("projects/p", None)
                .send()
                .await
                .unwrap_err(),
            "line 4: the body has 0 bytes of another content than the recorded 28 bytes",
        ),
        (
            matching
                .delete("projects/p/instances/a")
                .send()
                .await
                .unwrap_err(),
            "line 2: the method is spanner.projects.instances.delete, recorded is spanner.projects.instances.get",
        ),
    ] {
        let text = error.to_string();
        assert!(text.contains(expected), "{text}");
    }
    cassette.verify().unwrap_err();
}

#[tokio::test]
#[should_panic(expected = "line 2: the request of spanner.projects.instances.get was not sent")]
async fn a_strict_cassette_that_is_not_verified_panics() {
    let file = recorded().await;
    drop(file.open());
}
