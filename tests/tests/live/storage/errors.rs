//! Errors in the format of Cloud Storage's JSON API.

use super::{BUCKET, create_bucket, upload, with_storage};
use gapi_runtime::{Error, ErrorKind, Media};
use gapi_test_clients::storage_v1::schemas::{Bucket, Object};

#[track_caller]
fn check(error: &Error, http_status: u16, method: &str, message: &str) {
    assert_eq!(error.kind(), ErrorKind::Http, "{error}");
    assert_eq!(error.http_status().unwrap().as_u16(), http_status);
    assert_eq!(error.method_id(), Some(method));
    assert_eq!(error.attempts(), 1);
    let status = error.status().unwrap();
    assert!(status.message.contains(message), "{error}");
}

#[test]
fn what_is_not_there_is_not_found() {
    with_storage(async |storage| {
        let objects = storage.objects();
        let error = objects.get(BUCKET, "none").send().await.unwrap_err();
        check(&error, 404, "storage.objects.get", "Not Found");
        assert!(error.is_not_found());

        let media = objects.get(BUCKET, "none").download();
        let error = media.send().await.unwrap_err();
        assert!(error.is_not_found(), "{error}");
        // An error of a download is not JSON.
        assert_eq!(error.status(), None);

        let error = objects.list("none").send().await.unwrap_err();
        check(&error, 404, "storage.objects.list", "Not Found");

        let error = objects.delete(BUCKET, "none").send().await.unwrap_err();
        check(&error, 404, "storage.objects.delete", "Not Found");
    });
}

#[test]
fn what_is_there_cannot_be_created() {
    with_storage(async |storage| {
        let again = Bucket {
            name: Some(BUCKET.to_owned()),
            ..Default::default()
        };
        let insert = storage.buckets().insert("project", again);
        let error = insert.send().await.unwrap_err();
        check(&error, 409, "storage.buckets.insert", "already exists");
        assert_eq!(error.to_string().lines().count(), 1);
    });
}

#[test]
fn a_condition_that_does_not_hold_is_an_error() {
    with_storage(async |storage| {
        let first = upload(&storage, "once", "1").await;
        let object = Object {
            name: Some("once".to_owned()),
            ..Default::default()
        };
        let insert = storage.objects().insert(BUCKET, object);
        let insert = insert.if_generation_match(0);
        let media = Media::new("text/plain", "2");
        let error = insert.clone().upload(media.clone()).send().await;
        check(&error.unwrap_err(), 412, "storage.objects.insert", "");

        let insert = insert.if_generation_match(first.generation.unwrap());
        insert.upload(media).send().await.unwrap();
        assert_eq!(super::download(&storage, "once").await, "2");
    });
}

#[test]
fn a_bucket_with_objects_is_not_deleted() {
    with_storage(async |storage| {
        create_bucket(&storage, "other").await;
        storage.buckets().delete("other").send().await.unwrap();
        upload(&storage, "in-the-way", "x").await;
        let delete = storage.buckets().delete(BUCKET);
        let error = delete.send().await.unwrap_err();
        check(&error, 412, "storage.buckets.delete", "must be empty");
    });
}
