//! The calls of the scenarios.

use super::super::storage::{assert_same, noise};
use super::server::{RetryTest, Testbench};
use futures_util::TryStreamExt;
use gapi_runtime::{Bytes, Call as _, Error, ErrorKind, Media};
use gapi_test_clients::storage_v1::schemas::{Bucket, Object};
use gapi_test_clients::storage_v1::{Storage, objects};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The bucket of all scenarios. The server requires a name of at least three letters.
const BUCKET: &str = "bucket";

/// The length of the media: 2.25 MiB and a bit, so that the last chunk is a short one.
const LENGTH: usize = (9 << 18) + 1000;

const CHUNK: usize = 512 << 10;

/// The header that names the scenario. Requests with this header get the faults.
const SCENARIO: &str = "x-retry-test-id";

/// Objects that exist before the scenarios.
const PLAIN: &str = "plain";
const COMPRESSED: &str = "compressed";
const EMPTY: &str = "empty";

/// The form of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Download,
    Range,
    Decompressed,
    Empty,
    EmptyRange,
    Upload,
    IdempotentUpload,
    Resumable,
    IdempotentResumable,
    ResumableStream,
    Resumed,
}

/// A call and its faults.
pub(super) struct Call<'a> {
    testbench: &'a Testbench,
    test: RetryTest,
    form: Form,
    faults: &'a [&'a str],
}

/// The result of a call.
pub(super) struct Outcome {
    pub(super) requests: usize,
    pub(super) result: String,
}

impl Form {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Download => "download",
            Self::Range => "download of a range, as a stream",
            Self::Decompressed => "download that the server decompresses",
            Self::Empty => "download of an empty object",
            Self::EmptyRange => "range of an empty object",
            Self::Upload => "upload in one request",
            Self::Resumable => "resumable upload",
            Self::IdempotentUpload | Self::IdempotentResumable => {
                "the same with `.idempotent(true)`"
            }
            Self::ResumableStream => "resumable upload of a stream",
            Self::Resumed => "resumed upload, half of it sent before",
        }
    }

    fn is_download(self) -> bool {
        matches!(
            self,
            Self::Download | Self::Range | Self::Decompressed | Self::Empty | Self::EmptyRange
        )
    }
}

impl Testbench {
    /// Creates the bucket and the objects that are downloaded.
    pub(super) async fn prepare(&self) {
        let storage = self.client().await;
        let bucket = Bucket {
            name: Some(BUCKET.to_owned()),
            ..Default::default()
        };
        storage
            .buckets()
            .insert("project", bucket)
            .send()
            .await
            .unwrap();
        for (name, encoding, content) in [
            (PLAIN, None, noise(LENGTH)),
            (COMPRESSED, Some("gzip"), gzip(&noise(LENGTH))),
            (EMPTY, None, Bytes::new()),
        ] {
            let object = Object {
                name: Some(name.to_owned()),
                content_encoding: encoding.map(str::to_owned),
                ..Default::default()
            };
            let insert = storage.objects().insert(BUCKET, object).idempotent(true);
            insert
                .upload(Media::new("a/b", content))
                .send()
                .await
                .unwrap();
        }
    }
}

impl<'a> Call<'a> {
    pub(super) async fn new(testbench: &'a Testbench, form: Form, faults: &'a [&'a str]) -> Self {
        let method = if form.is_download() {
            "storage.objects.get"
        } else {
            "storage.objects.insert"
        };
        Self {
            testbench,
            test: testbench.retry_test(method, faults).await,
            form,
            faults,
        }
    }

    /// Makes the call and checks every byte.
    pub(super) async fn make(self) -> Outcome {
        let (storage, requests) = self.testbench.counting_client().await;
        let result = if self.form.is_download() {
            self.download(&storage).await.map(|()| "ok".to_owned())
        } else {
            self.upload(&storage, &requests).await
        };
        if result.as_ref().is_ok_and(|result| result == "ok") {
            self.test.check(self.faults).await;
        }
        Outcome {
            requests: requests.load(Ordering::Relaxed),
            result: result.unwrap_or_else(|error| said(&error)),
        }
    }

    async fn download(&self, storage: &Storage) -> Result<(), Error> {
        let get = |name| {
            let get = storage.objects().get(BUCKET, name);
            get.header(SCENARIO, &*self.test.id).download()
        };
        let content = noise(LENGTH);
        match self.form {
            Form::Range => {
                let (start, end) = (1000, 2_000_000);
                let media = get(PLAIN).range(start..end).stream().await?.into_body();
                let media = media.try_collect::<Vec<_>>().await?.concat();
                let [start, end] = [start, end].map(|at| usize::try_from(at).unwrap());
                assert_same(&media, &content[start..end]);
            }
            Form::Decompressed => assert_same(&get(COMPRESSED).send().await?, &content),
            Form::Empty => assert_same(&get(EMPTY).send().await?, &[]),
            Form::EmptyRange => assert_same(&get(EMPTY).range(..1024).send().await?, &[]),
            _ => assert_same(&get(PLAIN).send().await?, &content),
        }
        Ok(())
    }

    async fn upload(&self, storage: &Storage, requests: &AtomicUsize) -> Result<String, Error> {
        let name = &self.test.id;
        let result = self.sent(storage, name).await;
        let sent = requests.load(Ordering::Relaxed);
        // The object is either complete or does not exist.
        let client = self.testbench.client().await;
        let stored = match client.objects().get(BUCKET, name).download().send().await {
            Ok(media) => {
                assert_same(&media, &noise(LENGTH));
                true
            }
            Err(error) => {
                assert!(error.is_not_found(), "{error}");
                false
            }
        };
        assert_eq!(requests.load(Ordering::Relaxed), sent);
        match result {
            Ok(object) => {
                assert!(stored, "{:?}", self.faults);
                assert_eq!(object.size, u64::try_from(LENGTH).ok());
                Ok("ok".to_owned())
            }
            Err(error) if stored => Ok(format!("{}, and the object is there", said(&error))),
            Err(error) => Ok(format!("{}, and there is no object", said(&error))),
        }
    }

    async fn sent(&self, storage: &Storage, name: &str) -> Result<Object, Error> {
        let insert = || -> objects::Insert {
            storage
                .objects()
                .insert(BUCKET, Object::default())
                .name(name)
                .header(SCENARIO, &*self.test.id)
        };
        let content = noise(LENGTH);
        let memory = || Media::new("a/b", content.clone());
        match self.form {
            Form::IdempotentUpload => insert().idempotent(true).upload(memory()).send().await,
            Form::IdempotentResumable => {
                let upload = insert().idempotent(true).upload(memory()).resumable();
                upload.chunk_size(CHUNK).send().await
            }
            Form::Resumable => {
                let upload = insert().upload(memory()).resumable();
                upload.chunk_size(CHUNK).send().await
            }
            Form::ResumableStream => {
                let chunks: Vec<_> = content
                    .chunks(100_000)
                    .map(Bytes::copy_from_slice)
                    .collect();
                let stream = futures_util::stream::iter(chunks.into_iter().map(Ok));
                let upload = insert().upload(Media::stream("a/b", stream)).resumable();
                upload.chunk_size(CHUNK).send().await
            }
            Form::Resumed => {
                let uri = self.begun(name, &content).await;
                let upload = insert().upload(memory()).resumable();
                upload.chunk_size(CHUNK).resume(&uri)?.send().await
            }
            _ => insert().upload(memory()).send().await,
        }
    }

    /// Begins a session in another client, which sends two chunks of it. Returns the address of the session.
    async fn begun(&self, name: &str, content: &Bytes) -> String {
        let client = self.testbench.client().await;
        let insert = client
            .objects()
            .insert(BUCKET, Object::default())
            .name(name);
        let chunks = [
            Ok(content.slice(..=(2 * CHUNK))),
            Err(std::io::Error::other("the program ends")),
        ];
        let media = Media::stream("a/b", futures_util::stream::iter(chunks));
        let upload = insert.upload(media).resumable().chunk_size(CHUNK);
        let mut session = upload.start().await.unwrap();
        let error = session.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Media);
        session.uri()
    }
}

fn said(error: &Error) -> String {
    match error.http_status() {
        Some(status) if error.kind() == ErrorKind::Http => format!("HTTP {}", status.as_u16()),
        _ => format!("`{:?}`", error.kind()),
    }
}

/// Returns a gzip file of this content (RFC 1952), in blocks that are not compressed.
fn gzip(content: &[u8]) -> Bytes {
    let mut file = b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec();
    let mut blocks = content.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        file.push(u8::from(blocks.peek().is_none()));
        let length = u16::try_from(block.len()).unwrap();
        file.extend_from_slice(&length.to_le_bytes());
        file.extend_from_slice(&(!length).to_le_bytes());
        file.extend_from_slice(block);
    }
    let crc = content.iter().fold(!0, |crc: u32, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    });
    file.extend_from_slice(&(!crc).to_le_bytes());
    file.extend_from_slice(&u32::try_from(content.len()).unwrap().to_le_bytes());
    file.into()
}
