//! A server of Cloud Storage in memory, fake-gcs-server: got, started, waited for, and stopped whatever happens.
//!
//! It is not Google's. What it does otherwise than Cloud Storage, and how the tests deal with that:
//!
//! * It takes the question what it has of an upload (`Content-Range: bytes */N`) for the end of the upload, and makes an
//!   object of what there is. The proxy answers the question, with what the server last said.
//! * It appends whatever a piece holds, wherever its range says that it belongs. So an upload that sends something twice is
//!   noticed: the object is longer than the media.
//! * Cancelling a session is confirmed as by Cloud Storage, with the status 499, and does nothing.
//! * Lists of buckets have one page and no order, and are not limited to their project.
//! * `If-Range` is of no effect on it; that the answer to another request is of the same version is seen by its headers.
//! * Conditions such as `ifGenerationMatch` count for uploads with a body only.

mod batches;
mod downloads;
mod errors;
mod lists;
mod proxy;
mod sessions;
mod uploads;

use super::process::{Group, block_on, got_by, python, skip, with_free_ports};
use gapi_runtime::{Bytes, Media};
use gapi_test_clients::storage_v1::Storage;
use gapi_test_clients::storage_v1::schemas::{Bucket, Object};
use proxy::Proxy;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// The server under way, one for each test.
struct Server {
    _processes: Group,
    port: u16,
}

impl Server {
    /// A server that takes itself to be at another address, if there is one: the addresses in its answers are there.
    fn start(program: &PathBuf, external_url: Option<&str>) -> Self {
        with_free_ports(|[port]| {
            let own = url(port);
            let mut command = Command::new(program);
            command
                .args(["-scheme", "http", "-host", "127.0.0.1", "-port"])
                .arg(port.to_string())
                .args(["-backend", "memory", "-external-url"])
                .arg(external_url.unwrap_or(&own));
            let is_up = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
            let processes = Group::start(&mut command, is_up)?;
            Some(Self {
                _processes: processes,
                port,
            })
        })
    }
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Where the program is, if it is here or can be had. Says once why not.
fn program() -> Option<&'static PathBuf> {
    static PROGRAM: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let get = || got_by(&mut python("tests/tests/live/fake_gcs_server.py"));
    let program = PROGRAM.get_or_init(|| get().map(PathBuf::from));
    match program {
        Ok(program) => Some(program),
        Err(reason) => {
            skip(&format!("no fake-gcs-server: {reason}"));
            None
        }
    }
}

async fn client(url: &str) -> Storage {
    Storage::builder().endpoint(url).build().await.unwrap()
}

/// Runs a test with a client of a new server that has a bucket, if the server can be had.
fn with_storage<F: Future<Output = ()>>(test: impl FnOnce(Storage) -> F) {
    if let Some(program) = program() {
        let server = Server::start(program, None);
        block_on(async {
            let storage = client(&url(server.port)).await;
            create_bucket(&storage, BUCKET).await;
            test(storage).await;
        });
    }
}

/// The same through a proxy that can be told to break what goes through it.
fn with_proxy<F: Future<Output = ()>>(test: impl FnOnce(Storage, Proxy) -> F) {
    if let Some(program) = program() {
        block_on(async {
            let proxy = Proxy::bind().await;
            let server = Server::start(program, Some(proxy.url()));
            proxy.lead_to(server.port);
            let storage = client(proxy.url()).await;
            create_bucket(&storage, BUCKET).await;
            test(storage, proxy).await;
        });
    }
}

/// The bucket that each server has.
const BUCKET: &str = "bucket";

async fn create_bucket(storage: &Storage, name: &str) -> Bucket {
    let bucket = Bucket {
        name: Some(name.to_owned()),
        ..Default::default()
    };
    let insert = storage.buckets().insert("project", bucket);
    insert.send().await.unwrap()
}

/// Uploads a small object in one request.
async fn upload(storage: &Storage, name: &str, content: impl Into<Bytes>) -> Object {
    let insert = storage.objects().insert(BUCKET, None).name(name);
    let media = Media::new("text/plain", content);
    insert.upload(media).send().await.unwrap()
}

/// All of an object.
async fn download(storage: &Storage, name: &str) -> Bytes {
    let get = storage.objects().get(BUCKET, name);
    get.download().send().await.unwrap()
}

/// Up to 64 MiB without a pattern, the same each time.
fn noise(count: usize) -> Bytes {
    static NOISE: OnceLock<Bytes> = OnceLock::new();
    let noise = NOISE.get_or_init(|| {
        let mut bytes = vec![0; 64 << 20];
        fastrand::Rng::with_seed(20_261_123).fill(&mut bytes);
        bytes.into()
    });
    noise.slice(..count)
}

/// Whether two contents are the same; shows neither.
#[track_caller]
fn assert_same(found: &[u8], expected: &[u8]) {
    assert_eq!(found.len(), expected.len(), "bytes");
    if found != expected {
        let first = found.iter().zip(expected).position(|(a, b)| a != b);
        panic!("another byte at {first:?}");
    }
}
