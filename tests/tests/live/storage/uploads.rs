//! Uploads in one request.

use super::{BUCKET, assert_same, download, noise, upload, with_storage};
use futures_util::TryStreamExt;
use gapi_runtime::{Bytes, Media};
use gapi_test_clients::storage_v1::schemas::Object;

/// Names that are easily encoded wrongly in a URL.
const NAMES: [&str; 8] = [
    "plain.txt",
    "a/b/c",
    "with space+plus",
    "100%25",
    "ü/é.txt",
    "?alt=json#x",
    "a//b",
    "semi;colon,comma@at:",
];

#[test]
fn media_alone_is_an_object() {
    with_storage(async |storage| {
        let object = upload(&storage, "digits", "123456789").await;
        assert_eq!(object.bucket.as_deref(), Some(BUCKET));
        assert_eq!(object.size, Some(9));
        assert_eq!(object.content_type.as_deref(), Some("text/plain"));
        // The check value of CRC-32C, and the MD5 of the same digits.
        assert_eq!(object.crc32c.as_deref(), Some("4waSgw=="));
        assert_eq!(object.md5_hash.as_deref(), Some("JfnnlDI7RTiF9RgfG2JNCw=="));
        assert!(object.generation > Some(0));
        assert_eq!(download(&storage, "digits").await, "123456789");

        let nothing = upload(&storage, "nothing", Bytes::new()).await;
        assert_eq!(nothing.size, Some(0));
        assert_eq!(download(&storage, "nothing").await, "");
    });
}

#[test]
fn media_after_the_body_has_its_metadata() {
    with_storage(async |storage| {
        let metadata = [("key".to_owned(), "value\n\"é\"".to_owned())];
        let object = Object {
            name: Some("both".to_owned()),
            cache_control: Some("no-store".to_owned()),
            metadata: Some(metadata.clone().into()),
            ..Default::default()
        };
        // The content looks like the boundary of a multipart body.
        let content = "--=\r\n--\r\n\r\n--boundary--\r\n\0\u{1}";
        let insert = storage.objects().insert(BUCKET, object);
        let media = Media::new("application/x-parts", content);
        let created = insert.upload(media).send().await.unwrap();
        assert_eq!(created.content_type.as_deref(), Some("application/x-parts"));
        assert_eq!(created.cache_control.as_deref(), Some("no-store"));
        assert_eq!(created.metadata, Some(metadata.into()));
        assert_eq!(download(&storage, "both").await, content);
    });
}

#[test]
fn a_stream_is_an_object_in_either_form() {
    with_storage(async |storage| {
        let content = noise(3 << 20);
        let stream = || {
            let chunks = content.chunks(100_000).map(Bytes::copy_from_slice);
            let chunks: Vec<_> = chunks.map(Ok).collect();
            Media::stream("a/b", futures_util::stream::iter(chunks))
        };
        let named = |name: &str| Object {
            name: Some(name.to_owned()),
            ..Default::default()
        };
        let objects = storage.objects();
        let alone = objects.insert(BUCKET, None).name("alone").upload(stream());
        alone.send().await.unwrap();
        let after = objects.insert(BUCKET, named("after")).upload(stream());
        after.send().await.unwrap();
        for name in ["alone", "after"] {
            assert_same(&download(&storage, name).await, &content);
        }
    });
}

#[test]
fn any_name_names_its_object() {
    with_storage(async |storage| {
        for name in NAMES {
            let object = upload(&storage, name, name).await;
            assert_eq!(object.name.as_deref(), Some(name));
            let get = storage.objects().get(BUCKET, name);
            assert_eq!(get.send().await.unwrap().id, object.id);
            assert_eq!(download(&storage, name).await, name);
        }
        let list = storage.objects().list(BUCKET).items();
        let listed: Vec<_> = list.try_collect().await.unwrap();
        assert_eq!(listed.len(), NAMES.len());
        for name in NAMES {
            let delete = storage.objects().delete(BUCKET, name);
            delete.send().await.unwrap();
        }
    });
}
