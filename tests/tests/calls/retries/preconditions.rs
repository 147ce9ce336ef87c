//! Preconditions that are false for a repeated request.

use super::script::{Script, Step, ok, status};
use crate::golden::request_ids::request_ids_v1::{
    RequestIds,
    schemas::{Policy, SetPolicyRequest, Thing},
};
use gapi::gapi_runtime::{Base64, Media, RetryPolicy};
use gapi_test_clients::storage_v1::{
    Storage,
    schemas::{Bucket, ComposeRequest, Object, Policy as BucketPolicy},
};

/// Returns the number of requests of a call of Cloud Storage that gets no first response.
macro_rules! sent {
    (|$storage:ident| $call:expr) => {{
        let script = Script::new([Step::Broken, ok()]);
        let $storage: Storage = script.client().await;
        let result = $call.send().await;
        assert_eq!(result.is_ok(), script.count() == 2);
        script.count()
    }};
}

#[tokio::test(start_paused = true)]
async fn cloud_storage_as_its_retry_strategy_says() {
    let object = Object::default;
    let always = [
        sent!(|storage| storage.buckets().insert("p", Bucket::default())),
        sent!(|storage| storage.buckets().lock_retention_policy("b", 1)),
        sent!(|storage| storage.buckets().delete("b")),
        sent!(|storage| storage.objects().get("b", "o")),
    ];
    assert_eq!(always, [2; 4]);
    let with_condition = [
        sent!(|storage| storage
            .objects()
            .insert("b", object())
            .if_generation_match(0)),
        sent!(|storage| storage
            .objects()
            .copy("b", "o", "c", "p", object())
            .if_generation_match(7)),
        sent!(|storage| storage
            .objects()
            .rewrite("b", "o", "c", "p", object())
            .if_generation_match(7)),
        sent!(|storage| storage
            .objects()
            .compose("b", "o", ComposeRequest::default())
            .if_generation_match(7)),
        sent!(|storage| storage.objects().delete("b", "o").if_generation_match(7)),
        sent!(|storage| storage.objects().delete("b", "o").generation(7)),
        sent!(|storage| storage
            .objects()
            .patch("b", "o", object())
            .if_metageneration_match(7)),
        sent!(|storage| storage
            .objects()
            .update("b", "o", object())
            .if_metageneration_match(7)),
        sent!(|storage| storage
            .buckets()
            .patch("b", Bucket::default())
            .if_metageneration_match(7)),
        sent!(|storage| storage
            .buckets()
            .update("b", Bucket::default())
            .if_metageneration_match(7)),
        sent!(|storage| {
            let etag = Some(Base64::from("CAE="));
            storage.buckets().set_iam_policy(
                "b",
                BucketPolicy {
                    etag,
                    ..Default::default()
                },
            )
        }),
    ];
    assert_eq!(with_condition, [2; 11]);
    let without = [
        sent!(|storage| storage.objects().insert("b", object())),
        sent!(|storage| storage.objects().copy("b", "o", "c", "p", object())),
        // The new object has the same metageneration again, and the source does not change.
        sent!(|storage| storage
            .objects()
            .insert("b", object())
            .if_metageneration_match(1)),
        sent!(|storage| storage
            .objects()
            .copy("b", "o", "c", "p", object())
            .if_source_generation_match(7)),
        sent!(|storage| storage.objects().delete("b", "o")),
        sent!(|storage| storage
            .objects()
            .delete("b", "o")
            .if_metageneration_match(1)),
        sent!(|storage| storage.objects().patch("b", "o", object())),
        sent!(|storage| storage
            .objects()
            .patch("b", "o", object())
            .if_generation_match(7)),
        sent!(|storage| storage.objects().update("b", "o", object())),
        sent!(|storage| storage.buckets().patch("b", Bucket::default())),
        sent!(|storage| storage
            .buckets()
            .set_iam_policy("b", BucketPolicy::default())),
    ];
    assert_eq!(without, [1; 11]);
    // The setting of the call overrides this.
    let own = [
        sent!(|storage| storage.objects().delete("b", "o").idempotent(true)),
        sent!(|storage| storage
            .objects()
            .delete("b", "o")
            .generation(7)
            .idempotent(false)),
    ];
    assert_eq!(own, [2, 1]);
}

#[tokio::test(start_paused = true)]
async fn uploads_with_a_precondition() {
    for (generation, expected) in [(Some(0), 2), (None, 1)] {
        let script = Script::new([Step::Broken, ok()]);
        let storage: Storage = script.client().await;
        let insert = storage.objects().insert("b", Object::default());
        let insert = match generation {
            Some(generation) => insert.if_generation_match(generation),
            None => insert,
        };
        let upload = insert.upload(Media::new("text/plain", "abc"));
        let result = upload.send().await;
        assert_eq!((result.is_ok(), script.count()), (expected == 2, expected));
    }
}

#[tokio::test(start_paused = true)]
async fn an_etag_in_the_body() {
    let patched = async |etag: Option<&str>| {
        let script = Script::new([status(503), ok()]);
        let api: RequestIds = script.client().await;
        let thing = Thing {
            etag: etag.map(str::to_owned),
            ..Default::default()
        };
        let _ = api.things().patch("x", thing).send().await;
        script.count()
    };
    assert_eq!(patched(Some("e")).await, 2);
    assert_eq!(patched(Some("")).await, 1);
    assert_eq!(patched(Some("*")).await, 1);
    assert_eq!(patched(None).await, 1);
    let set = async |etag: Option<&str>| {
        let script = Script::new([status(503), ok()]);
        let api: RequestIds = script.client().await;
        let policy = Policy {
            etag: etag.map(Base64::from),
            ..Default::default()
        };
        let request = SetPolicyRequest {
            policy: Some(policy),
            ..Default::default()
        };
        let _ = api.things().set_policy(request).send().await;
        script.count()
    };
    assert_eq!(set(Some("CAE=")).await, 2);
    assert_eq!(set(None).await, 1);
    // A method that creates a resource does not compare versions.
    let script = Script::new([status(503), ok()]);
    let builder = script.builder::<RequestIds>(super::script::exact());
    let api = builder.fill_request_ids(false).build().await.unwrap();
    let thing = Thing {
        etag: Some("e".to_owned()),
        ..Default::default()
    };
    api.things().create(thing).send().await.unwrap_err();
    assert_eq!(script.count(), 1);
}

/// The response to the first attempt is lost, and the second one finds its effect.
#[tokio::test(start_paused = true)]
async fn the_error_shows_that_there_was_an_earlier_attempt() {
    let script = Script::new([Step::Broken, status(412)]);
    let storage: Storage = script.client().await;
    let insert = storage.objects().insert("b", Object::default());
    let error = insert.if_generation_match(0).send().await.unwrap_err();
    assert_eq!(error.http_status().unwrap(), 412);
    assert_eq!(
        (error.attempts(), error.host()),
        (2, Some("storage.googleapis.com:443"))
    );
    let first = "the connection to storage.googleapis.com:443 failed: broken";
    assert_eq!(error.first_cause(), Some(first));
    let text = error.to_string();
    assert!(
        text.contains("HTTP 412 Precondition Failed (2 attempts in 1.0 s at "),
        "{text}"
    );
    assert!(text.ends_with(&format!("; first: {first})")), "{text}");
    let never = storage
        .objects()
        .insert("b", Object::default())
        .retry(RetryPolicy::never());
    assert_eq!(never.send().await.unwrap_err().first_cause(), None);
}
