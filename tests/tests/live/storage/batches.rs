//! Batches.

use super::{BUCKET, upload, with_storage};
use gapi_runtime::ErrorKind;
use gapi_test_clients::storage_v1::schemas::Object;

#[test]
fn each_call_of_a_batch_has_its_own_response() {
    with_storage(async |storage| {
        for name in ["a", "b", "c"] {
            upload(&storage, name, name).await;
        }
        let objects = storage.objects();
        let mut batch = storage.batch();
        let got = batch.add(objects.get(BUCKET, "a"));
        let missing = batch.add(objects.get(BUCKET, "none"));
        let patch = Object {
            content_language: Some("de".to_owned()),
            ..Default::default()
        };
        let patched = batch.add(objects.patch(BUCKET, "b", patch));
        let deleted = batch.add(objects.delete(BUCKET, "c"));
        let mut responses = batch.send().await.unwrap();

        responses.take(deleted).unwrap();
        let patched = responses.take(patched).unwrap();
        assert_eq!(patched.content_language.as_deref(), Some("de"));
        let error = responses.take(missing).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Http);
        assert!(error.is_not_found(), "{error}");
        assert_eq!(responses.take(got).unwrap().size, Some(1));

        let list = objects.list(BUCKET).send().await.unwrap();
        assert_eq!(list.items.map(|items| items.len()), Some(2));
    });
}
