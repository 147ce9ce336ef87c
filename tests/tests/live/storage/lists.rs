//! Buckets and objects: created, listed, changed and deleted.

use super::{BUCKET, create_bucket, upload, with_storage};
use futures_util::TryStreamExt;
use gapi_test_clients::storage_v1::Storage;
use gapi_test_clients::storage_v1::schemas::{Object, Objects};

fn names(objects: Vec<Object>) -> Vec<String> {
    let names = objects.into_iter().filter_map(|object| object.name);
    names.collect()
}

/// Creates seven objects with two prefixes.
async fn fill(storage: &Storage) -> Vec<String> {
    let mut expected = Vec::new();
    for name in ["a/1", "a/2", "a/3", "b/1", "b/2", "top", "zoo"] {
        let object = upload(storage, name, name).await;
        assert_eq!(object.name.as_deref(), Some(name));
        expected.push(name.to_owned());
    }
    expected
}

#[test]
fn buckets_are_created_listed_changed_and_deleted() {
    with_storage(async |storage| {
        let buckets = storage.buckets();
        let created = create_bucket(&storage, "second").await;
        assert_eq!(created.kind.as_deref(), Some("storage#bucket"));
        assert_eq!(created.location.as_deref(), Some("US-CENTRAL1"));
        assert_eq!(created.project_number, Some(0));
        assert!(created.time_created.is_some());
        assert!(created.unknown_fields.is_empty());

        let got = buckets.get("second").send().await.unwrap();
        assert_eq!(got, created);
        let listed: Vec<_> = buckets.list("project").items().try_collect().await.unwrap();
        let names = listed.into_iter().filter_map(|bucket| bucket.name);
        let mut listed: Vec<_> = names.collect();
        listed.sort();
        assert_eq!(listed, [BUCKET, "second"]);

        buckets.delete("second").send().await.unwrap();
        let error = buckets.get("second").send().await.unwrap_err();
        assert!(error.is_not_found(), "{error}");
    });
}

#[test]
fn objects_come_in_pages() {
    with_storage(async |storage| {
        let expected = fill(&storage).await;
        let list = storage.objects().list(BUCKET).max_results(3);

        let items: Vec<_> = list.clone().items().try_collect().await.unwrap();
        assert_eq!(names(items), expected);

        let pages: Vec<Objects> = list.clone().pages().try_collect().await.unwrap();
        let on_pages: Vec<_> = pages
            .iter()
            .map(|page| names(page.items.clone().unwrap_or_default()))
            .collect();
        assert_eq!(on_pages, [&expected[..3], &expected[3..6], &expected[6..]]);

        // Requests the pages one by one.
        let first = list.clone().send().await.unwrap();
        assert_eq!(first, pages[0]);
        let second = list.clone().next_page(&first).unwrap().send().await;
        let second = second.unwrap();
        assert_eq!(second, pages[1]);
        let third = list.clone().next_page(&second).unwrap().send().await;
        assert_eq!(third.unwrap(), pages[2]);
        assert!(list.next_page(&pages[2]).is_none());
    });
}

#[test]
fn parameters_choose_what_is_listed() {
    with_storage(async |storage| {
        fill(&storage).await;
        let list = storage.objects().list(BUCKET);
        let below: Vec<_> = list
            .clone()
            .prefix("a/")
            .max_results(2)
            .items()
            .try_collect()
            .await
            .unwrap();
        assert_eq!(names(below), ["a/1", "a/2", "a/3"]);

        let top = list.clone().delimiter("/").send().await.unwrap();
        assert_eq!(
            top.prefixes,
            Some(vec!["a/".to_owned(), "b/".to_owned()]),
            "folders"
        );
        assert_eq!(names(top.items.unwrap()), ["top", "zoo"]);

        let between = list.clone().start_offset("a/3").end_offset("top");
        let between = between.send().await.unwrap();
        assert_eq!(names(between.items.unwrap()), ["a/3", "b/1", "b/2"]);

        let none = list.prefix("none").items();
        assert_eq!(names(none.try_collect().await.unwrap()), [""; 0]);
    });
}

#[test]
fn an_object_is_patched_copied_composed_and_deleted() {
    use gapi_test_clients::storage_v1::schemas::{ComposeRequest, compose_request};
    with_storage(async |storage| {
        let objects = storage.objects();
        let created = upload(&storage, "first", "one ").await;
        let metadata = [("colour".to_owned(), "grün".to_owned())];
        let patch = Object {
            metadata: Some(metadata.clone().into()),
            ..Default::default()
        };
        let patched = objects.patch(BUCKET, "first", patch).send().await.unwrap();
        assert_eq!(patched.metadata, Some(metadata.into()));
        assert_eq!(patched.crc32c, created.crc32c);

        let rewrite = objects.rewrite(BUCKET, "first", BUCKET, "second", None);
        let rewritten = rewrite.send().await.unwrap();
        assert_eq!(rewritten.done, Some(true));
        assert_eq!(rewritten.total_bytes_rewritten, Some(4));

        let source = |name: &str| compose_request::SourceObjects {
            name: Some(name.to_owned()),
            ..Default::default()
        };
        let request = ComposeRequest {
            source_objects: Some(vec![source("first"), source("second")]),
            ..Default::default()
        };
        let composed = objects.compose(BUCKET, "both", request).send().await;
        assert_eq!(composed.unwrap().size, Some(8));
        assert_eq!(super::download(&storage, "both").await, "one one ");

        for name in ["first", "second", "both"] {
            objects.delete(BUCKET, name).send().await.unwrap();
        }
        let left: Vec<_> = objects.list(BUCKET).items().try_collect().await.unwrap();
        assert_eq!(left, []);
    });
}
